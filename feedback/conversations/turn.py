"""What the steps of a flow take and give: plain values, so that every step is a pure function."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cached_property
from typing import Any, NamedTuple

from feedback.conversations.inbound import Inbound
from feedback.conversations.seat import Seat
from feedback.petitions.models import Status

Slots = dict[str, Any]  # what a conversation remembers between turns; JSON
Choices = tuple[tuple[str, str], ...]  # (label, payload) of each button


@dataclass(frozen=True)
class Say:
    """One message to send: a block of `messages/chat.txt` (or 'officer.block'), its values, its buttons.

    Payloads may name what the turn's effect brings back: 'o:submit:7:{mark}'. `url`: a link offered as a
    button where the channel can (label, address).
    """

    block: str
    values: dict[str, Any] = field(default_factory=dict)
    choices: Choices = ()
    ask_location: bool = False
    ask_phone: bool = False
    url: tuple[str, str] | None = None


@dataclass(frozen=True)
class Effect:
    """Something to do in the world: the name of a function of `effects.py` and its keywords."""

    do: str
    values: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Turn:
    """The answer to one inbound message.

    `flow` and `step` are where the conversation stands afterwards (None: nowhere, all is done). What
    `effect` brings back may be used by `says`; if it is refused, `otherwise` counts instead, with the
    refusal's `sentence` for its words. `memo` is remembered beyond the flow. `is_confused`: we did not
    understand. `wants_person`: somebody of the ward is to look. `ignored`: why nothing is answered.
    """

    flow: str | None = None
    step: str | None = None
    slots: Slots = field(default_factory=dict)
    says: tuple[Say, ...] = ()
    effect: Effect | None = None
    otherwise: "Turn | None" = None
    memo: Slots = field(default_factory=dict)
    is_confused: bool = False
    wants_person: bool = False
    ignored: str = ""

    def after(self, *says: Say) -> "Turn":
        """The same turn with something said first."""
        return replace(self, says=says + self.says)


class Case(NamedTuple):
    """One petition of this person, as far as a chat needs to know it."""

    id: int
    number: str
    title: str
    status: Status
    is_open: bool
    can_reopen: bool = False
    token: str = ""

    @property
    def has_question(self) -> bool:
        """Whether an officer waits for an answer of this person."""
        return self.status is Status.WAITING_CITIZEN


class Kept(NamedTuple):
    """A file that was stored: its number, its name, and where the picture was taken if it says so."""

    id: int
    name: str
    lat: float | None = None
    lng: float | None = None
    media_type: str = ""


class Refused(NamedTuple):
    """A file that was not stored, and the sentence that says why and what to do."""

    name: str
    sentence: str


class Area(NamedTuple):
    """A neighbourhood."""

    id: int
    number: int
    name: str


class Hint(NamedTuple):
    """What the words alone suggest. `danger`: advice with the number to call, or nothing."""

    is_accusation: bool = False
    needs_place: bool = True
    danger: str = ""
    is_question: bool = False


class Found(NamedTuple):
    """An answer given before."""

    title: str
    text: str


class OpenDay(NamedTuple):
    """A day on which the chair receives: 'Thứ Năm 10/12', its opening in words, how many times are free."""

    id: int
    label: str
    when: str
    where: str
    free: int


class Session(NamedTuple):
    """A session of dialogue. `registration_id`: this chat's own."""

    id: int
    title: str
    when: str
    where: str
    takes_people: bool = False
    takes_questions: bool = False
    is_live: bool = False
    is_over: bool = False
    registration_id: int | None = None


class Asking(NamedTuple):
    """A question that waits for its answer."""

    id: int
    text: str
    votes: int


class Draft(NamedTuple):
    """A draft residents are asked about. `own`: what this person said, what became of it and why."""

    id: int
    title: str
    summary: str
    until: str
    link: str
    is_open: bool = False
    is_explained: bool = False
    outcome: str = ""
    own: tuple[tuple[str, str, str], ...] = ()


class Demand(NamedTuple):
    """How many voters ask the ward for a dialogue. `needed`: from how many on it must; None: unknown."""

    asking: int = 0
    needed: int | None = None
    article: str = ""


class Meetings:
    """What there is to come to; nothing. `feedback/conversations/meetings.py` reads the ward's."""

    def name(self) -> str:
        """The person's name as the channel gives it."""
        return ""

    def days(self) -> tuple[OpenDay, ...]:
        return ()

    def times(self, day_id: int) -> tuple[tuple[int, str], ...]:
        """The free times of a day: (slot, '08:30')."""
        return ()

    def appointments(self) -> tuple[tuple[int, str], ...]:
        """The person's own: (id, when)."""
        return ()

    def sessions(self) -> tuple[Session, ...]:
        return ()

    def session(self, dialogue_id: int) -> Session | None:
        return None

    def questions(self, dialogue_id: int) -> tuple[Asking, ...]:
        return ()

    def drafts(self) -> tuple[Draft, ...]:
        """What residents are asked about now, then what was explained lately; without what was said."""
        return ()

    def draft(self, consultation_id: int) -> Draft | None:
        return None

    def demand(self) -> Demand:
        return Demand()


@dataclass(frozen=True)
class Scene:
    """What is known when a message comes in. `turn` is unique to it, and the same when it is retried.

    `seat`: the officer whose own chat this is.
    """

    turn: int
    now: datetime
    ward_code: str = ""
    areas: tuple[Area, ...] = ()
    kept: tuple[Kept, ...] = ()
    refused: tuple[Refused, ...] = ()
    phone: str = ""
    memo: Slots = field(default_factory=dict)
    hint: Callable[[str], Hint] = lambda _text: Hint()
    find_cases: Callable[[], tuple[Case, ...]] = tuple
    find_answers: Callable[[str], tuple[Found, ...]] = lambda _text: ()
    find_news: Callable[[], tuple[tuple[str, str], ...]] = tuple  # (topic, name) subscribed to
    find_fields: Callable[[], tuple[tuple[int, str], ...]] = tuple  # (id, name)
    meetings: Meetings = field(default_factory=Meetings)
    seat: Seat | None = None

    @cached_property
    def cases(self) -> tuple[Case, ...]:
        """The person's petitions, newest first; looked up only where they matter."""
        return self.find_cases()

    def case(self, key: str) -> Case | None:
        """The person's own petition with this id, number or token."""
        return next((c for c in self.cases if key and key in (str(c.id), c.number, c.token)), None)

    @property
    def area_kind(self) -> str:
        """What the ward calls its parts: 'tổ dân phố' in a phường, 'thôn' in a xã; '' without any."""
        if not self.areas:
            return ""
        first = self.areas[0].name.partition(" ")[0].lower()
        return "tổ dân phố" if first in ("tổ", "tdp") else first

    def area(self, number: int | None) -> Area | None:
        return next((area for area in self.areas if area.number == number), None)


@dataclass(frozen=True)
class Standing:
    """Where a conversation stands before a turn. `choices`: the buttons offered last."""

    flow: str | None = None
    step: str | None = None
    slots: Slots = field(default_factory=dict)
    choices: Choices = ()

    def stay(self, *says: Say, **changes: Any) -> Turn:
        """A turn that leaves the conversation where it is."""
        return replace(Turn(self.flow, self.step, self.slots, says), **changes)


Step = Callable[[Standing, Inbound, Scene], Turn | None]  # None: this is about something else
Button = Callable[[str, Standing, Inbound, Scene], Turn]  # the first is what follows "name:"
