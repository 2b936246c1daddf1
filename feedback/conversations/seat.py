"""What an officer's own chat may know: plain values, looked up only where a step asks for them."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

from feedback.petitions.lifecycle import Action


class Line(NamedTuple):
    """A petition in a list. Of a sealed one nothing but that it is there."""

    id: int
    number: str
    title: str
    status: str
    due: str
    is_late: bool
    is_sealed: bool
    handler: str = ""


class Lines(NamedTuple):
    """A page of a list; `after`: where the next begins, "" at the end."""

    rows: tuple[Line, ...]
    after: str = ""
    total: str = ""


@dataclass(frozen=True)
class Draft:
    """The newest answer: `mark` names exactly these words; `preview` is what the resident would read."""

    mark: str
    state: str
    preview: str
    returned: str = ""
    is_written: bool = True


@dataclass(frozen=True)
class Dossier:
    """One petition as its officer may read it in a chat; of a sealed one only number and link."""

    id: int
    number: str
    link: str
    status: str
    is_sealed: bool = False
    is_open: bool = True
    title: str = ""
    text: str = ""
    place: str = ""
    kind: str = ""
    field: str = ""
    urgency: str = ""
    clear: tuple[tuple[str, str], ...] = ()  # the six "rõ"
    photos: tuple[str, ...] = ()
    results: tuple[str, ...] = ()
    answer: Draft | None = None
    may: frozenset[Action] = frozenset()
    can_ask_time: bool = False
    is_sent_by_handler: bool = False
    room: str = ""  # how much more time may be given
    said: tuple[str, ...] = ()  # what happened last
    needs_photo: str = ""  # the sentence that says so, while no photo shows the result


class Pile(NamedTuple):
    """A heap of work: its name in payloads, its words, how much is in it."""

    name: str
    words: str
    size: int


class Told(NamedTuple):
    """A session this officer spreads the word of. `areas`: their neighbourhoods it concerns; `owed`: those
    of them where nobody has confirmed that it was told."""

    id: int
    title: str
    when: str
    areas: tuple[str, ...]
    owed: tuple[str, ...] = ()
    poster: str = ""


class Spoken(NamedTuple):
    """The words of a session: for the neighbourhood's group, for the loudspeaker, and when to read those."""

    group: str
    speaker: str
    on_air: str


class Look(NamedTuple):
    """An announcement before it is sent: the message as residents read it, how many chats, when it goes."""

    text: str
    chats: int
    starts: str


@dataclass(frozen=True)
class Seat:
    """Whose chat it is and what they may be shown; every call looks with their rights of today."""

    officer_id: int
    name: str
    title: str
    is_neighbourhood_head: bool
    may_enter: bool
    find_piles: Callable[[], tuple[Pile, ...]]
    find_lines: Callable[[str, str], Lines]  # (pile, after)
    find_case: Callable[[str], Dossier | None]  # by id or number
    find_hands: Callable[[int], tuple[tuple[int, str], ...]]  # who it could be given to
    areas: tuple[tuple[int, str], ...] = ()  # where they may enter petitions
    scopes: tuple[tuple[str, str], ...] = ()  # (topic, name) they may announce about
    find_posters: Callable[[], tuple[tuple[str, str], ...]] = tuple  # (neighbourhood, its sheet)
    find_sessions: Callable[[], tuple[Told, ...]] = tuple
    find_words: Callable[[int], Spoken | None] = lambda _id: None
    preview: Callable[[str, str], Look] = lambda _topic, text: Look(text, 0, "")
