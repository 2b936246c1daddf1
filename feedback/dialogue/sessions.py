"""Verbs of a session, from plan to closing. Each goes through the funnel; none commits."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from dateutil.rrule import rrulestr

from feedback import clock
from feedback.db import db
from feedback.dialogue import duties, notices, seats, spreading, survey
from feedback.dialogue.funnel import apply, needed, note
from feedback.dialogue.kinds import kinds
from feedback.dialogue.lifecycle import Action, may_run, may_see
from feedback.dialogue.models import Dialogue, DialogueEvent, Mode, Reach, Status
from feedback.dialogue.reminding import first_reminder
from feedback.errors import BadInput, NotAllowed, NotFound
from feedback.people.actor import Actor
from feedback.text import nfc, squeeze
from feedback.wards.models import Neighbourhood

MOST_SEATS = 5000
MOST_OCCURRENCES = 24
LONGEST = timedelta(hours=12)
# What those who were told must be told again; it changes through `move` alone once announced.
TOLD = ("kind", "mode", "place", "starts_at", "ends_at")
PLAIN = (
    *("title", "theme", "lat", "lng", "access", "languages"),
    *("online_url", "seats", "petition_id"),
)


@dataclass(frozen=True)
class Plan:
    """A session as its conveners want it. Instants are aware; lists keep their order."""

    kind: str
    title: str
    starts_at: datetime
    ends_at: datetime
    neighbourhood_ids: Sequence[int]
    theme: str = ""
    mode: Mode = Mode.IN_PERSON
    place: str = ""
    lat: float | None = None
    lng: float | None = None
    access: str = ""
    languages: str = ""
    online_url: str = ""
    agenda: Sequence[str] = field(default=())
    presiding: Sequence[str] = field(default=())
    seats: int | None = None
    petition_id: int | None = None


def plan(ward_id: int, wanted: Plan, *, by: Actor) -> Dialogue:
    """A new session, still to be announced. Raises BadInput, NotAllowed."""
    _check(wanted)
    now = clock.now()
    dialogue = Dialogue(
        ward_id=ward_id,
        uid=secrets.token_hex(12),
        status=Status.DRAFT,
        created_at=now,
        updated_at=now,
        created_by_id=by.officer_id or 0,
    )
    _write(dialogue, wanted)
    db.session.add(dialogue)
    db.session.flush()
    _concern(dialogue, wanted.neighbourhood_ids)
    if not may_run(dialogue, by):
        raise NotAllowed
    dialogue.status = Status.DRAFT
    note(dialogue, Action.PLAN, by, "Lập kế hoạch.")
    duties.settle(dialogue)
    return dialogue


def revise(
    dialogue: Dialogue, wanted: Plan, *, by: Actor, expected_version: int | None = None
) -> Dialogue:
    """Change the plan. Once announced, time, place and kind move through `move`. Raises BadInput."""
    _check(wanted)
    if dialogue.status is not Status.DRAFT:
        moved = [n for n in TOLD if getattr(dialogue, n) != _clean(n, getattr(wanted, n))]
        if moved:
            raise BadInput("Buổi đối thoại đã thông báo: đổi giờ, đổi nơi xin dùng “Dời lịch”.")
    if wanted.seats is not None and wanted.seats < dialogue.seats_taken:
        raise BadInput(fields={"seats": f"Đã có {dialogue.seats_taken} người giữ chỗ."})
    apply(dialogue, Action.REVISE, by, expected_version=expected_version)
    _write(dialogue, wanted)
    _concern(dialogue, wanted.neighbourhood_ids)
    if not may_run(dialogue, by):
        raise NotAllowed
    db.session.flush()
    seats.promote(dialogue)
    duties.settle(dialogue)
    return dialogue


def announce(dialogue: Dialogue, *, by: Actor, override: str = "") -> Dialogue:
    """Tell everybody at once: page, calendars, feeds, papers, heads, subscribers in chats. Raises Gated when
    it is late."""
    apply(dialogue, Action.ANNOUNCE, by, override=override)
    dialogue.remind_at = first_reminder(dialogue, clock.now())
    notices.to_heads(dialogue, "announce")
    spreading.tell(dialogue, by=by)
    return dialogue


def open_questions(dialogue: Dialogue, *, by: Actor) -> Dialogue:
    """From now on anybody may ask."""
    apply(dialogue, Action.OPEN_QUESTIONS, by)
    return dialogue


def move(
    dialogue: Dialogue,
    *,
    by: Actor,
    reason: str,
    starts_at: datetime,
    ends_at: datetime,
    place: str | None = None,
    override: str = "",
) -> Dialogue:
    """Another time or place; everybody registered is told, and every head announces again."""
    reason = needed(reason, "lý do dời lịch", field="reason")
    _check_times(starts_at, ends_at)
    before = {"starts_at": dialogue.starts_at.isoformat(), "place": dialogue.place}
    changes: dict[str, Any] = {
        "starts_at": starts_at,
        "ends_at": ends_at,
        "sequence": dialogue.sequence + 1,
        "reason": reason,
    }
    if place:
        changes["place"] = nfc(squeeze(place))
    for row in dialogue.concerned:
        row.confirmed_at = row.confirmed_by_id = row.told_at = row.file_id = None
        row.where = ""
    apply(
        dialogue,
        Action.MOVE,
        by,
        text=reason,
        detail={"before": before},
        changes=changes,
        override=override,
    )
    dialogue.remind_at = first_reminder(dialogue, clock.now())
    notices.to_registered(dialogue, "moved", reason=reason)
    notices.to_heads(dialogue, "moved_head")
    spreading.tell(dialogue, by=by)
    return dialogue


def cancel(dialogue: Dialogue, *, by: Actor, reason: str) -> Dialogue:
    """It will not take place; everybody registered is told why."""
    reason = needed(reason, "lý do hủy", field="reason")
    changes = {"sequence": dialogue.sequence + 1, "reason": reason, "remind_at": None}
    was_announced = dialogue.announced_at is not None
    apply(dialogue, Action.CANCEL, by, text=reason, changes=changes)
    if was_announced:
        notices.to_registered(dialogue, "cancelled", reason=reason)
        notices.to_heads(dialogue, "cancelled_head")
        spreading.tell(dialogue, by=by, cancelled=True)
    return dialogue


def confirm(
    dialogue: Dialogue,
    neighbourhood_id: int,
    *,
    by: Actor,
    where: str,
    told_at: datetime | None = None,
    file_id: int | None = None,
) -> Reach:
    """The head says when and where it was announced. Raises NotFound, NotAllowed, BadInput."""
    row = next((r for r in dialogue.concerned if r.neighbourhood_id == neighbourhood_id), None)
    if row is None or not may_see(dialogue, by):
        raise NotFound
    if not (may_run(dialogue, by) or neighbourhood_id in by.neighbourhood_ids):
        raise NotAllowed
    where = needed(where, "đã loan báo ở đâu, bằng cách nào", field="where")
    now = clock.now()
    if told_at and told_at > now:
        raise BadInput(fields={"told_at": "Giờ loan báo không thể ở tương lai."})
    row.confirmed_at, row.confirmed_by_id = now, by.officer_id
    row.told_at, row.where = told_at or now, where
    row.file_id = file_id or row.file_id
    db.session.flush()
    apply(
        dialogue,
        Action.CONFIRM,
        by,
        text=f"{row.neighbourhood.name}: {where}",
        detail={"neighbourhood_id": neighbourhood_id},
    )
    return row


def start(dialogue: Dialogue, *, by: Actor) -> Dialogue:
    apply(dialogue, Action.START, by, changes={"remind_at": None})
    return dialogue


def end(dialogue: Dialogue, *, by: Actor) -> Dialogue:
    apply(dialogue, Action.END, by)
    first, words = next(iter(survey.QUESTIONS.items()))
    notices.to_registered(
        dialogue,
        "survey",
        only_present=True,
        buttons=lambda row: survey.buttons(row.id, first),
        question=words,
    )
    return dialogue


def conclude(dialogue: Dialogue, *, by: Actor, conclusion: str) -> Dialogue:
    """The chair's closing words, for minutes and results."""
    apply(dialogue, Action.CONCLUDE, by, changes={"conclusion": squeeze(conclusion)})
    return dialogue


def publish(dialogue: Dialogue, *, by: Actor, override: str = "") -> Dialogue:
    """The results are public. Raises Gated when it is late, WrongState while a question is open."""
    apply(dialogue, Action.PUBLISH, by, override=override)
    notices.to_registered(dialogue, "published")
    notices.to_heads(dialogue, "published_head")
    return dialogue


def report(dialogue: Dialogue, *, by: Actor, sign: str = "") -> Dialogue:
    """The yearly meeting was reported to the committee and the Front; `sign` names the paper."""
    apply(dialogue, Action.REPORT, by, text=squeeze(sign))
    return dialogue


def close(dialogue: Dialogue, *, by: Actor) -> Dialogue:
    apply(dialogue, Action.CLOSE, by)
    return dialogue


def repeat(dialogue: Dialogue, rule: str, *, by: Actor, count: int) -> list[Dialogue]:
    """Further sessions like this one, as drafts: each is announced by itself, as the law asks."""
    if not may_run(dialogue, by):
        raise NotAllowed
    dialogue.repeats = rule
    length = dialogue.ends_at - dialogue.starts_at
    made = []
    for starts_at in occurrences(rule, dialogue.starts_at, count):
        values = {name: getattr(dialogue, name) for name in (*TOLD, *PLAIN)}
        values |= {"starts_at": starts_at, "ends_at": starts_at + length}
        wanted = Plan(
            **values,
            agenda=dialogue.agenda,
            presiding=dialogue.presiding,
            neighbourhood_ids=[row.neighbourhood_id for row in dialogue.concerned],
        )
        made.append(plan(dialogue.ward_id, wanted, by=by))
    return made


def occurrences(rule: str, first: datetime, count: int) -> list[datetime]:
    """The next `count` instants after the first, by an RRULE on the Vietnamese wall clock.

    Raises BadInput for a rule that makes no sense or never ends.
    """
    if not 1 <= count <= MOST_OCCURRENCES:
        raise BadInput(fields={"count": f"Từ 1 đến {MOST_OCCURRENCES} buổi."})
    wall = clock.local(first).replace(tzinfo=None)
    try:
        dates = rrulestr(f"RRULE:{rule};COUNT={count + 2}", dtstart=wall)
        found = [each for each in dates if each > wall][:count]
    except ValueError as error:
        raise BadInput(fields={"repeats": "Quy tắc lặp lại chưa đúng."}) from error
    return [each.replace(tzinfo=clock.ZONE) for each in found]


def _check(wanted: Plan) -> None:
    fields: dict[str, str] = {}
    if wanted.kind not in kinds():
        fields["kind"] = "Xin chọn loại đối thoại."
    if not squeeze(wanted.title):
        fields["title"] = "Xin ghi tên buổi đối thoại."
    if wanted.mode is not Mode.ONLINE and not squeeze(wanted.place):
        fields["place"] = "Xin ghi nơi tổ chức."
    if wanted.mode is not Mode.IN_PERSON and not wanted.online_url.startswith("https://"):
        fields["online_url"] = "Xin ghi đường dẫn vào phòng họp trực tuyến, bắt đầu bằng https://"
    if wanted.seats is not None and not 1 <= wanted.seats <= MOST_SEATS:
        fields["seats"] = f"Số chỗ từ 1 đến {MOST_SEATS}, hoặc để trống nếu không giới hạn."
    if not wanted.neighbourhood_ids:
        fields["neighbourhood_ids"] = "Xin chọn ít nhất một tổ dân phố được mời."
    if fields:
        raise BadInput(fields=fields)
    _check_times(wanted.starts_at, wanted.ends_at)


def _check_times(starts_at: datetime, ends_at: datetime) -> None:
    if not starts_at < ends_at <= starts_at + LONGEST:
        raise BadInput(fields={"ends_at": "Giờ kết thúc phải sau giờ bắt đầu, trong cùng ngày."})
    if starts_at <= clock.now():
        raise BadInput(fields={"starts_on": "Ngày giờ tổ chức phải ở tương lai."})


def _write(dialogue: Dialogue, wanted: Plan) -> None:
    for name in (*TOLD, *PLAIN):
        setattr(dialogue, name, _clean(name, getattr(wanted, name)))
    dialogue.agenda = [line for each in wanted.agenda if (line := squeeze(each))]
    dialogue.presiding = [line for each in wanted.presiding if (line := squeeze(each))]


def _clean(name: str, value: Any) -> Any:
    return squeeze(value) if isinstance(value, str) and name != "kind" else value


def _concern(dialogue: Dialogue, neighbourhood_ids: Sequence[int]) -> None:
    """The neighbourhoods named, in the ward's order; rows that stay keep their confirmation."""
    query = sa.select(Neighbourhood.id).where(
        Neighbourhood.ward_id == dialogue.ward_id, Neighbourhood.id.in_(neighbourhood_ids)
    )
    wanted = set(db.session.scalars(query))
    known = {row.neighbourhood_id: row for row in dialogue.concerned}
    for gone in known.keys() - wanted:
        db.session.delete(known[gone])
    for new in sorted(wanted - known.keys()):
        db.session.add(Reach(dialogue_id=dialogue.id, neighbourhood_id=new))
    db.session.flush()
    db.session.expire(dialogue, ["concerned"])


def overrides(ward_id: int, year: int) -> list[DialogueEvent]:
    """Every legal gate passed against its rule in a local year, oldest first: for the yearly report."""
    begins = datetime(year, 1, 1, tzinfo=clock.ZONE)
    query = (
        sa.select(DialogueEvent)
        .join(Dialogue, Dialogue.id == DialogueEvent.dialogue_id)
        .where(
            Dialogue.ward_id == ward_id,
            DialogueEvent.has_override,
            DialogueEvent.at >= begins,
            DialogueEvent.at < begins.replace(year=year + 1),
        )
        .order_by(DialogueEvent.id)
    )
    return list(db.session.scalars(query))
