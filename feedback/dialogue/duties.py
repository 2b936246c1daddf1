"""What is owed because of a session: computed from its state, kept as rows that can be counted down.

A duty belongs to a position, so it outlives the person. `settle` is called after every change.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

import sqlalchemy as sa

from feedback import clock
from feedback.db import db
from feedback.dialogue import gates
from feedback.dialogue.duty_models import Duty, DutyRow
from feedback.dialogue.kinds import Convener
from feedback.dialogue.models import Dialogue, Status
from feedback.dialogue.question_models import Commitment, CommitmentState, Question
from feedback.people.models import Role
from feedback.text import clip
from feedback.wards.calendar_rows import calendar_of
from feedback.wards.setup import Setup, setup_of
from feedback.worktime.calendar import Calendar

OFFICE_CLOSES = time(17, 0)
CONFIRM_DAYS = 2  # working days a head has to confirm; the ward's own rule
OWN_RULE = "Quy định của phường"
_HEARD = frozenset({Status.ANNOUNCED, Status.QUESTIONS, Status.LIVE})
_ENDED = frozenset({Status.PUBLISHED, Status.CLOSED})


@dataclass(frozen=True)
class Owed:
    """One duty as the state of a session asks for it. `met_at`: when it was done."""

    key: str
    duty: Duty
    position_id: int
    due_at: datetime
    words: str
    article: str
    met_at: datetime | None = None
    neighbourhood_id: int | None = None
    commitment_id: int | None = None


def settle(dialogue: Dialogue) -> None:
    """Let the session's duties be what its state asks for; what is asked no longer goes away."""
    setup = setup_of(dialogue.ward_id)
    asked = {each.key: each for each in owed(dialogue, setup, calendar_of(setup))}
    query = sa.select(DutyRow).where(DutyRow.dialogue_id == dialogue.id)
    known = {row.key: row for row in db.session.scalars(query)}
    now = clock.now()
    for key, row in known.items():
        if key not in asked and row.met_at is None:
            row.met_at, row.look_at = now, None
    for key, each in asked.items():
        row = known.get(key) or _new(dialogue, each, now)
        _bring_up_to_date(row, each, now)
    db.session.flush()


def owed(dialogue: Dialogue, setup: Setup, calendar: Calendar) -> Iterator[Owed]:
    """Everything the session asks of somebody, done or not."""
    convener = convener_post(dialogue, setup)
    if convener is None or dialogue.status is Status.CANCELLED:
        return
    notice = dialogue.of_kind.rule(clock.local(dialogue.starts_at).date()).notice
    yield Owed(
        f"{dialogue.id}:announce",
        Duty.ANNOUNCE,
        convener,
        _closing(gates.announce_by(dialogue, calendar)),
        notice.words,
        notice.article,
        met_at=dialogue.announced_at,
    )
    if dialogue.announced_at and dialogue.status in _HEARD and dialogue.of_kind.is_public:
        yield from _to_confirm(dialogue, setup, calendar, convener)
    yield from _to_prepare(dialogue, setup)
    if by := gates.publish_by(dialogue, calendar):
        term = dialogue.of_kind.rule(by).publication
        yield Owed(
            f"{dialogue.id}:publish",
            Duty.PUBLISH,
            convener,
            _closing(by),
            term.words if term else "",
            term.article if term else "",
            met_at=dialogue.published_at,
        )
    if by := gates.report_by(dialogue, calendar):
        term = dialogue.of_kind.rule(by).report
        reported = next((e.at for e in dialogue.events if e.action == "report"), None)
        yield Owed(
            f"{dialogue.id}:report",
            Duty.REPORT,
            convener,
            _closing(by),
            term.words if term else "",
            term.article if term else "",
            met_at=reported,
        )
    yield from _to_keep(dialogue)


def post_of_clerk(setup: Setup) -> int | None:
    """The post that prepares: reception's, else the chair's."""
    for role in (Role.CLERK, Role.CHAIR, Role.VICE_CHAIR):
        if found := _post(setup, role):
            return found
    return None


def post_of_head(setup: Setup, neighbourhood_id: int) -> int | None:
    """The post of a neighbourhood's head."""
    return _post(setup, Role.NEIGHBOURHOOD_HEAD, neighbourhood_id=neighbourhood_id)


def post_of_department(setup: Setup, department_id: int) -> int | None:
    """The post that answers for a department: its head's, else its first."""
    leads = _post(setup, Role.DEPARTMENT_HEAD, department_id=department_id)
    posts = (p.id for p in setup.posts.values() if p.department_id == department_id)
    return leads or next(posts, None)


def convener_post(dialogue: Dialogue, setup: Setup) -> int | None:
    """Who owes what the law asks of a session."""
    if dialogue.of_kind.convened_by is Convener.NEIGHBOURHOOD and dialogue.concerned:
        own = post_of_head(setup, dialogue.concerned[0].neighbourhood_id)
        return own or post_of_clerk(setup)
    return post_of_clerk(setup)


def _to_confirm(
    dialogue: Dialogue, setup: Setup, calendar: Calendar, convener: int
) -> Iterator[Owed]:
    told_on = clock.local(dialogue.announced_at or dialogue.created_at).date()
    eve = clock.local(dialogue.starts_at).date() - timedelta(days=1)
    by = min(calendar.add_working_days(told_on, CONFIRM_DAYS), max(eve, told_on))
    for row in dialogue.concerned:
        yield Owed(
            f"{dialogue.id}:confirm:{row.neighbourhood_id}",
            Duty.CONFIRM,
            post_of_head(setup, row.neighbourhood_id) or convener,
            _closing(by),
            setup.neighbourhoods.get(row.neighbourhood_id, ""),
            OWN_RULE,
            met_at=row.confirmed_at,
            neighbourhood_id=row.neighbourhood_id,
        )


def _to_prepare(dialogue: Dialogue, setup: Setup) -> Iterator[Owed]:
    if dialogue.status not in _HEARD:
        return
    eve = clock.local(dialogue.starts_at).date() - timedelta(days=1)
    query = sa.select(Question).where(
        Question.dialogue_id == dialogue.id, Question.department_id.is_not(None)
    )
    for question in db.session.scalars(query):
        position_id = post_of_department(setup, question.department_id or 0)
        if position_id:
            yield Owed(
                f"{dialogue.id}:prepare:{question.id}",
                Duty.PREPARE,
                position_id,
                _closing(eve),
                clip(question.text, 120),
                OWN_RULE,
                met_at=question.prepared_at or question.settled_at,
            )


def _to_keep(dialogue: Dialogue) -> Iterator[Owed]:
    query = sa.select(Commitment).where(Commitment.dialogue_id == dialogue.id)
    for each in db.session.scalars(query):
        yield Owed(
            f"{dialogue.id}:keep:{each.id}",
            Duty.KEEP,
            each.position_id,
            _closing(each.due_on),
            clip(each.text, 120),
            f"Cam kết tại {dialogue.title}",
            met_at=each.done_at if each.state is CommitmentState.DONE else None,
            commitment_id=each.id,
        )


def _new(dialogue: Dialogue, each: Owed, now: datetime) -> DutyRow:
    row = DutyRow(
        dialogue_id=dialogue.id, key=each.key, duty=each.duty, started_at=now, look_at=now
    )
    db.session.add(row)
    return row


def _bring_up_to_date(row: DutyRow, each: Owed, now: datetime) -> None:
    is_again = row.due_at != each.due_at or (row.met_at is not None and each.met_at is None)
    row.position_id, row.due_at = each.position_id, each.due_at
    row.words, row.article = each.words, each.article
    row.neighbourhood_id, row.commitment_id = each.neighbourhood_id, each.commitment_id
    row.met_at = each.met_at
    if each.met_at is not None:
        row.look_at = None
    elif is_again:
        row.started_at = row.look_at = now


def _closing(on: date) -> datetime:
    """Until the office closes on a local day."""
    return datetime.combine(on, OFFICE_CLOSES, clock.ZONE)


def _post(
    setup: Setup,
    role: Role,
    *,
    neighbourhood_id: int | None = None,
    department_id: int | None = None,
) -> int | None:
    for post in setup.posts.values():
        wanted = (neighbourhood_id in (None, post.neighbourhood_id)) and (
            department_id in (None, post.department_id)
        )
        if post.role is role and wanted:
            return post.id
    return None
