"""What the law asks before an act, with its article. A gate is passed against the rule only with a reason.

Pure: a gate looks at a session, a local day and the ward's calendar, and says what stands in the way.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

from feedback import clock
from feedback.dialogue.models import Dialogue
from feedback.errors import Refusal
from feedback.worktime.calendar import Calendar
from feedback.worktime.words import day_name


@dataclass(frozen=True)
class Gate:
    """What stands in the way: the sentence, the article it rests on, and the day it was due."""

    key: str
    sentence: str
    article: str
    latest_on: date


Check = Callable[[Dialogue, date, Calendar], Gate | None]


class Gated(Refusal):
    """A legal rule stands against it; it can be done all the same when the reason is written down."""

    status = 409

    def __init__(self, gates: Sequence[Gate]):
        self.gates = tuple(gates)
        super().__init__(" ".join(f"{gate.sentence} ({gate.article})" for gate in gates))


def notice(dialogue: Dialogue, on: date, calendar: Calendar) -> Gate | None:
    """Announced on `on`, is it early enough?"""
    starts_on = clock.local(dialogue.starts_at).date()
    term = dialogue.of_kind.rule(on).notice
    latest = term.before(starts_on, calendar)
    if on <= latest:
        return None
    sentence = (
        f"{dialogue.of_kind.name} phải được thông báo {term.words}. "
        f"Buổi này tổ chức {day_name(starts_on)} nên muộn nhất phải thông báo {day_name(latest)}."
    )
    return Gate("notice", sentence, term.article, latest)


def publication(dialogue: Dialogue, on: date, calendar: Calendar) -> Gate | None:
    """Published on `on`, is it in time? Late is better than never, so the reason is asked for."""
    latest = publish_by(dialogue, calendar)
    if latest is None or on <= latest:
        return None
    term = dialogue.of_kind.rule(on).publication
    words, article = (term.words, term.article) if term else ("", "")
    sentence = f"Kết quả phải được công bố {words}, muộn nhất {day_name(latest)}."
    return Gate("publication", sentence, article, latest)


def announce_by(dialogue: Dialogue, calendar: Calendar) -> date:
    """The last day on which announcing is early enough."""
    starts_on = clock.local(dialogue.starts_at).date()
    return dialogue.of_kind.rule(starts_on).notice.before(starts_on, calendar)


def publish_by(dialogue: Dialogue, calendar: Calendar) -> date | None:
    """The last day for the results; None before the session was held, or when none are published."""
    if dialogue.held_at is None:
        return None
    held_on = clock.local(dialogue.held_at).date()
    term = dialogue.of_kind.rule(held_on).publication
    return term.after(held_on, calendar) if term else None


def report_by(dialogue: Dialogue, calendar: Calendar) -> date | None:
    """The last day to report to the committee and the Front, for the kinds that must."""
    if dialogue.held_at is None:
        return None
    held_on = clock.local(dialogue.held_at).date()
    term = dialogue.of_kind.rule(held_on).report
    return term.after(held_on, calendar) if term else None
