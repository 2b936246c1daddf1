"""A rung was reached: decide who is reminded, write it down, let the leaders' share stand on the timeline."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from feedback.db import db
from feedback.people.directory import table_of
from feedback.petitions import by_itself, notices
from feedback.petitions.by_itself import Entry, News
from feedback.petitions.models import Petition, Urgency
from feedback.reminders import telling
from feedback.reminders.ladder import Rung
from feedback.reminders.models import Reminder
from feedback.reminders.recipients import Recipient, recipients
from feedback.wards.calendar_rows import calendar_of
from feedback.wards.delegation import Table

_reminders = cast(sa.Table, Reminder.__table__)
_KEY = ["petition_id", "rung", "due_at", "officer_id"]
# One written before, for a date that went away and came back, stands again; it is not told again.
_insert: dict[str, Any] = {
    name: insert(_reminders).on_conflict_do_update(
        index_elements=_KEY, set_={"cleared_at": sa.null()}
    )
    for name, insert in (("sqlite", sqlite.insert), ("postgresql", postgresql.insert))
}


@dataclass(frozen=True)
class Reached:
    """A rung of a petition's date that was reached, and when."""

    petition: Petition
    step: str
    due_at: datetime
    rung: Rung
    at: datetime

    @property
    def is_urgent(self) -> bool:
        return self.petition.urgency is Urgency.URGENT


def remind(reached: Sequence[Reached], now: datetime) -> None:
    """Decide, write down, and tell at once what is urgent; the rest waits for the morning's digest."""
    if not reached:
        return
    tables = {id: table_of(id) for id in {each.petition.ward_id for each in reached}}
    rows, entries = [], []
    for each in reached:
        table = tables[each.petition.ward_id]
        told = recipients(each.petition, each.rung.to, table)
        rows += [_row(each, recipient) for recipient in told]
        if each.rung.escalates:
            entries.append(_escalated(each, told, table))
        if each.rung.tells_resident and not each.petition.is_restricted:
            entries.append(_apology(each))
            opens = calendar_of(table.setup).next_office_time(now)
            notices.late(each.petition, each.due_at, opens)
    if rows:
        db.session.execute(_insert[db.session.get_bind().dialect.name], rows)
    by_itself.note(*entries)
    telling.at_once({each.petition.id for each in reached if each.is_urgent}, now)


def _row(reached: Reached, told: Recipient) -> dict[str, Any]:
    return {
        "petition_id": reached.petition.id,
        "rung": reached.rung.name,
        "step": reached.step,
        "due_at": reached.due_at,
        "officer_id": told.officer_id,
        "for_id": told.for_id,
        "relation": told.relation,
        "is_urgent": reached.is_urgent,
        "at": reached.at,
    }


def _escalated(reached: Reached, told: list[Recipient], table: Table) -> Entry:
    officers = table.setup.officers
    names = [officers.get(each.officer_id, "cơ quan cấp trên") for each in told]
    to = f"đã báo {', '.join(names)}" if names else "chưa có người giữ vị trí để báo"
    return Entry(
        reached.petition.id,
        News.ESCALATED,
        f"Hạn {notices.when(reached.due_at)}: {reached.rung.words}; {to}.",
        detail={"rung": reached.rung.name, "told": [each.officer_id for each in told]},
    )


def _apology(reached: Reached) -> Entry:
    promised = f"Hạn đã hẹn: {notices.when(reached.due_at)}."
    text = f"{promised} Phường đang tiếp tục xử lý và sẽ trả lời sớm nhất."
    return Entry(reached.petition.id, News.APOLOGY, text, is_public=True)
