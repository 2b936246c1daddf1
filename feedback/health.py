"""Is everything that should happen happening? Counts and ages only: nothing here is secret."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from feedback import clock, jobs
from feedback.db import db
from feedback.outbox import tokens
from feedback.outbox.channel import CALLBACK
from feedback.outbox.models import OutboxRow, OutboxState
from feedback.outbox.tokens import Condition
from feedback.wards.models import ChannelAccount

LONGEST_WAIT = timedelta(minutes=10)  # of a message that is due, before somebody must look
DAY = timedelta(hours=24)


@dataclass(frozen=True)
class Health:
    """`problems` names what is wrong ("queue", "job:heartbeat"); `figures` says it in numbers."""

    problems: tuple[str, ...]
    figures: dict[str, Any] = field(default_factory=dict)

    @property
    def is_well(self) -> bool:
        return not self.problems


def examine() -> Health:
    """Look at the database, the queue and the jobs. Never raises."""
    try:
        now = clock.now()
        held = tokens.conditions()
        accounts = [_account(row, now) | _token(held.get(row.id), now) for row in _accounts()]
        last = jobs.last_runs()
    except Exception:
        db.session.rollback()
        return Health(("database",), {"database": "down"})
    ticks = {job.name: _tick(job, last.get(job.name), now) for job in jobs.SCHEDULE}
    oldest = max((each["oldest_due_seconds"] for each in accounts), default=0)
    problems = [f"job:{name}" for name, tick in ticks.items() if tick["late"]]
    if oldest > LONGEST_WAIT.total_seconds():
        problems.append("queue")
    lost = [each for each in accounts if each.get("token") == "lost" and each["state"] != "off"]
    problems += [f"token:{each['channel']}:{each['name']}" for each in lost]
    figures = {
        "database": "ok",
        "oldest_due_seconds": oldest,
        "unknown_24h": sum(each["unknown_24h"] for each in accounts),
        "failed_24h": sum(each["failed_24h"] for each in accounts),
        "channels": accounts,
        "jobs": ticks,
    }
    return Health(tuple(problems), figures)


def _accounts() -> list[ChannelAccount]:
    query = sa.select(ChannelAccount).options(sa.orm.defer(ChannelAccount.credentials))
    return list(db.session.scalars(query.order_by(ChannelAccount.id)))


def _account(row: ChannelAccount, now: datetime) -> dict[str, Any]:
    own = OutboxRow.channel == row.channel, OutboxRow.account == row.name
    oldest = db.session.scalar(
        sa.select(sa.func.min(OutboxRow.not_before)).where(
            OutboxRow.state == OutboxState.QUEUED, *own, OutboxRow.not_before <= now
        )
    )
    ended = db.session.execute(
        sa.select(OutboxRow.state, sa.func.count())
        .where(
            OutboxRow.state.in_((OutboxState.FAILED, OutboxState.UNKNOWN)),
            *own,
            OutboxRow.not_before > now - DAY,
            OutboxRow.notice != CALLBACK,
        )
        .group_by(OutboxRow.state)
    ).all()
    counts = {row[0]: row[1] for row in ended}
    return {
        "channel": row.channel.value,
        "name": row.name,
        "state": _state(row, now),
        "oldest_due_seconds": int((now - oldest).total_seconds()) if oldest else 0,
        "failed_24h": counts.get(OutboxState.FAILED, 0),
        "unknown_24h": counts.get(OutboxState.UNKNOWN, 0),
        "last_event_at": row.last_event_at,
        "last_sent_at": row.last_sent_at,
    }


def _token(held: Condition | None, now: datetime) -> dict[str, Any]:
    return held.figures(now) if held else {}


def _state(row: ChannelAccount, now: datetime) -> str:
    """off; error (the provider refuses us or is down); idle (nobody sends for it); sending."""
    if not row.is_enabled:
        return "off"
    if row.last_error:
        return "error"
    is_leased = row.sender_lease_until is not None and row.sender_lease_until > now
    return "sending" if is_leased else "idle"


def _tick(job: jobs.Job, last: Any, now: datetime) -> dict[str, Any]:
    finished = last.finished_at if last else None
    return {
        "last_run_at": finished,
        "late": job.is_late(finished, now),
        "failed": bool(last and last.error),
    }
