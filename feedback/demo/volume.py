"""Realistic volume for measurements: a million invented petitions written in bulk.

These rows are made in the shape the verbs leave behind, not by the verbs; numbers, statuses, dates,
timelines and the search index are consistent. Never mixed into a real ward: it refuses.
"""

import random
import secrets
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import timedelta
from itertools import islice
from typing import Any

import sqlalchemy as sa

from feedback import clock
from feedback.db import Base, db, transaction
from feedback.demo.stories import addresses, names, stories
from feedback.errors import NotAllowed
from feedback.people.models import Channel, Officer, Party, Position, Role, Tenure
from feedback.petitions.models import (
    Answer,
    AnswerState,
    Deadline,
    Kind,
    Petition,
    Status,
    TimelineEntry,
    Urgency,
)
from feedback.sealing import fingerprint, seal
from feedback.text import clip, fold
from feedback.wards.models import Delegation, Field, Neighbourhood, NumberSeries, Ward

CHUNK = 10_000
SPAN = timedelta(days=3 * 365)
OPEN = (
    Status.RECEIVED,
    Status.ACCEPTED,
    Status.ASSIGNED,
    Status.IN_PROGRESS,
    Status.AWAITING_APPROVAL,
)
ENDED = (Status.CLOSED,) * 8 + (Status.TRANSFERRED, Status.REJECTED)


def fill(
    ward: Ward, count: int, *, seed: int = 7, progress: Callable[[int], None] = lambda done: None
) -> None:
    """Add `count` petitions to a demonstration ward, a chunk a transaction.

    `progress` is called with the number written so far. Raises NotAllowed for a real ward.
    """
    if not ward.is_demo:
        raise NotAllowed("Chỉ phường mẫu mới được thêm dữ liệu mẫu.")
    rows = _rows(_Setting(ward), count, random.Random(seed))  # noqa: S311  invented data, not a secret
    done = 0
    while chunk := list(islice(rows, CHUNK)):
        with transaction():
            _write(ward.id, chunk)
        done += len(chunk)
        progress(done)


class _Setting:
    """What every invented row points to: the ward's own people, fields and areas."""

    def __init__(self, ward: Ward):
        self.ward_id, self.code = ward.id, ward.code
        self.areas = db.session.scalars(
            sa.select(Neighbourhood.id).where(Neighbourhood.ward_id == ward.id)
        ).all()
        fields = db.session.scalars(sa.select(Field).where(Field.ward_id == ward.id)).all()
        self.fields = {field.no: field.id for field in fields}
        self.departments = {field.id: field.department_id for field in fields}
        holder = (
            sa.select(Position.id, Tenure.officer_id)
            .join(Tenure)
            .where(Position.ward_id == ward.id)
        )
        self.chair = db.session.execute(holder.where(Position.role == Role.CHAIR)).one()[1]
        self.clerk = tuple(
            db.session.execute(holder.where(Position.role == Role.CLERK)).first() or ()
        )
        given = holder.add_columns(Delegation.field_id).join(
            Delegation, Delegation.position_id == Position.id
        )
        self.handlers = {field: (post, who) for post, who, field in db.session.execute(given)}
        self.last = Counter(
            {
                s.year: s.last
                for s in db.session.scalars(
                    sa.select(NumberSeries).where(NumberSeries.name == "petition")
                )
            }
        )
        self.people = [(seal(name), seal(phone), fingerprint(phone)) for name, phone in names(500)]
        self.officers = db.session.scalar(sa.select(sa.func.count(Officer.id)))


def _rows(setting: _Setting, count: int, chance: random.Random) -> Iterator[dict[str, Any]]:
    texts, places = stories(), addresses()
    now = clock.now()
    for index in range(count):
        received = now - SPAN * (1 - index / count)
        story = chance.choice(texts)
        is_open = index > count * 0.98 or chance.random() < 0.005
        status = chance.choice(OPEN if is_open else ENDED)
        address = f"số {chance.randint(1, 400)} {chance.choice(places)}"
        text = f"{story.text} Chỗ này ở {address}, {chance.choice(story.details)}"
        year = clock.local(received).year
        setting.last[year] += 1
        number = f"{setting.code}-{year}-{setting.last[year]:06d}"
        field_id = setting.fields[story.field]
        position_id, handler_id = setting.handlers.get(field_id, setting.clerk)
        name, phone, phone_hash = chance.choice(setting.people)
        ended_at = None if is_open else received + timedelta(days=chance.uniform(0.5, 9))
        title = clip(story.text, 120)
        yield {
            "ward_id": setting.ward_id,
            "year": year,
            "seq": setting.last[year],
            "number": number,
            "token": secrets.token_hex(16),
            "version": 1,
            "status": status,
            "is_open": is_open,
            "kind": Kind.PHAN_ANH,
            "proposed_kind": Kind.PHAN_ANH,
            "urgency": chance.choice(
                (Urgency.NORMAL, Urgency.NORMAL, Urgency.QUICK, Urgency.COMPLEX)
            ),
            "field_id": field_id,
            "department_id": setting.departments[field_id],
            "is_restricted": False,
            "title": title,
            "text": text,
            "folded": fold(f"{number} {title} {text} {address}"),
            "neighbourhood_id": chance.choice(setting.areas),
            "address": address,
            "lat": 21.03 + chance.random() / 60,
            "lng": 105.82 + chance.random() / 60,
            "channel": chance.choice((Channel.WEB, Channel.TELEGRAM, Channel.ZALO, Channel.DESK)),
            "reporter_name": name,
            "reporter_phone": phone,
            "phone_hash": phone_hash,
            "is_anonymous": False,
            "consented_at": received,
            "head_id": setting.chair,
            "handler_id": handler_id,
            "handler_position_id": position_id,
            "route_reason": "Dữ liệu mẫu để đo tốc độ",
            "work": "Xem xét, xử lý nội dung người dân phản ánh",
            "responsibility": "Chịu trách nhiệm trước Chủ tịch UBND phường",
            "expected_result": "Trả lời bằng văn bản, kèm minh chứng",
            "authority": "Thuộc thẩm quyền UBND phường",
            "received_at": received,
            "due_at": received + timedelta(days=9),
            "accepted_at": received,
            "answered_at": ended_at,
            "closed_at": ended_at,
            "updated_at": ended_at or received,
            "transfers": 0,
            "was_handed_back": False,
            "is_flagged": False,
            "reopened": 0,
        }


_tables = Base.metadata.tables
_sealed_as_text = {"reporter_name": sa.Text, "reporter_phone": sa.Text}


def _write(ward_id: int, rows: list[dict[str, Any]]) -> None:
    first = (db.session.scalar(sa.select(sa.func.max(Petition.id))) or 0) + 1
    for offset, row in enumerate(rows):
        row["id"] = first + offset
    closed = [row for row in rows if row["status"] is Status.CLOSED]
    for table, values in (
        (_raw_petition(tuple(rows[0])), rows),
        (_tables[TimelineEntry.__tablename__], [entry for row in rows for entry in _timeline(row)]),
        (_tables[Deadline.__tablename__], [_deadline(row) for row in rows]),
        (_tables[Answer.__tablename__], [_answer(row) for row in closed]),
    ):  # tables, not classes: those start a new statement wherever a value is None
        if values:  # the newest petitions are all open
            db.session.execute(sa.insert(table), values)
    _count_up(ward_id, rows)
    if db.session.get_bind().dialect.name == "postgresql":
        db.session.execute(
            sa.text("SELECT setval('petition_id_seq', (SELECT max(id) FROM petition))")
        )


def _raw_petition(names: tuple[str, ...]) -> sa.TableClause:
    """The petition table with its sealed columns as plain text: these values are sealed already."""
    columns = _tables[Petition.__tablename__].c
    return sa.table(
        "petition",
        *(sa.column(name, _sealed_as_text.get(name, columns[name].type)) for name in names),
    )


def _timeline(row: dict[str, Any]) -> Iterator[dict[str, Any]]:
    steps: list[tuple[Any, ...]] = [
        ("submit", None, Status.RECEIVED, Party.CITIZEN, None, row["received_at"])
    ]
    if row["status"] is not Status.RECEIVED:
        later = row["received_at"] + timedelta(hours=2)
        steps.append(
            ("accept", Status.RECEIVED, Status.ACCEPTED, Party.OFFICER, row["handler_id"], later)
        )
    if row["closed_at"]:
        steps.append(
            (
                "close",
                Status.ANSWERED,
                row["status"],
                Party.OFFICER,
                row["handler_id"],
                row["closed_at"],
            )
        )
    for action, before, after, party, officer_id, at in steps:
        yield {
            "petition_id": row["id"],
            "at": at,
            "action": action,
            "from_status": before,
            "to_status": after,
            "party": party,
            "officer_id": officer_id,
            "is_public": True,
            "text": "",
            "detail": {},
        }


def _deadline(row: dict[str, Any]) -> dict[str, Any]:
    return {
        "petition_id": row["id"],
        "step": "answer",
        "round": 0,
        "started_at": row["received_at"],
        "due_at": row["due_at"],
        "article": "",
        "trace": [],
        "met_at": row["answered_at"],
    }


def _answer(row: dict[str, Any]) -> dict[str, Any]:
    return {
        "petition_id": row["id"],
        "version": 1,
        "state": AnswerState.APPROVED,
        "text": "Đơn vị đã kiểm tra, xử lý xong và chụp ảnh kèm theo (mẫu).",
        "drafted_by_id": row["handler_id"],
        "updated_at": row["answered_at"],
        "decided_by_id": row["head_id"],
        "decided_at": row["answered_at"],
    }


def _count_up(ward_id: int, rows: list[dict[str, Any]]) -> None:
    for year, last in {row["year"]: row["seq"] for row in rows}.items():
        key = {"ward_id": ward_id, "name": "petition", "year": year}
        series = db.session.scalar(sa.select(NumberSeries).filter_by(**key).with_for_update())
        if series is None:
            series = NumberSeries(**key)
            db.session.add(series)
        series.last = last
