"""Minutes written while the session goes on: the secretary's lines beside what the table records by itself.

A line is a row of the session's history and is never changed; a wrong one is struck, and the history keeps it.
"""

from dataclasses import dataclass
from datetime import datetime

from feedback import clock
from feedback.dialogue import questions
from feedback.dialogue.funnel import needed, note
from feedback.dialogue.lifecycle import may_run
from feedback.dialogue.models import Dialogue, DialogueEvent, Status
from feedback.errors import NotAllowed, NotFound, WrongState
from feedback.people.actor import Actor

REMARK, STRUCK = "remark", "remark_struck"
LONGEST = 2000
WRITABLE = frozenset({Status.LIVE, Status.HELD})
_BY_ITSELF = ("start", "promise", "conclude", "end")  # acts that belong into the minutes


@dataclass(frozen=True)
class Line:
    """One thing that happened. `event_id`: of the secretary's own line, which may be struck."""

    at: datetime
    text: str
    event_id: int | None = None


def remark(dialogue: Dialogue, *, by: Actor, text: str) -> DialogueEvent:
    """A line of the secretary. Raises NotAllowed, WrongState, BadInput."""
    _may_write(dialogue, by)
    text = needed(text, "diễn biến", field="text")[:LONGEST]
    return note(dialogue, REMARK, by, text)


def strike(dialogue: Dialogue, event_id: int, *, by: Actor) -> None:
    """Take a line out of the minutes; twice does nothing more. Raises NotFound, NotAllowed, WrongState."""
    _may_write(dialogue, by)
    if event_id not in {e.id for e in dialogue.events if e.action == REMARK}:
        raise NotFound
    if event_id not in _struck(dialogue):
        note(dialogue, STRUCK, by, "Gạch một dòng biên bản.", {"event_id": event_id})


def lines(dialogue: Dialogue) -> list[Line]:
    """Everything as it happened: acts, the secretary's lines, each question's end."""
    struck = _struck(dialogue)
    found = [
        Line(event.at, event.text, event.id if event.action == REMARK else None)
        for event in dialogue.events
        if event.action in (*_BY_ITSELF, REMARK) and event.id not in struck
    ]
    found += [
        Line(q.settled_at, f"{questions.who_spoke(q)}: {q.text} – {q.state.label}. {q.outcome}")
        for q in questions.every(dialogue)
        if q.settled_at and q.state is not questions.S.REFUSED
    ]
    return sorted(found, key=lambda line: line.at)


def remarks(dialogue: Dialogue) -> list[str]:
    """The secretary's lines as the paper prints them: '08:15 Bà Hoa khai mạc'."""
    own = [line for line in lines(dialogue) if line.event_id is not None]
    return [f"{clock.local(line.at):%H:%M} {line.text}" for line in own]


def _may_write(dialogue: Dialogue, by: Actor) -> None:
    if not may_run(dialogue, by):
        raise NotAllowed
    if dialogue.status not in WRITABLE:
        raise WrongState("Biên bản được ghi khi buổi đối thoại đang diễn ra hoặc vừa kết thúc.")


def _struck(dialogue: Dialogue) -> set[int]:
    return {e.detail["event_id"] for e in dialogue.events if e.action == STRUCK}
