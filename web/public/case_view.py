"""One petition as its own page shows it to the resident: public things only, the person half hidden."""

from dataclasses import dataclass
from datetime import datetime

from flask import url_for

from feedback import clock
from feedback.documents.models import FileUse, StoredFile
from feedback.people.actor import CITIZEN
from feedback.people.models import Party
from feedback.petitions import by_itself
from feedback.petitions.dating import days_left, name_of
from feedback.petitions.guards import RECALL_WINDOW, reopen_until
from feedback.petitions.lifecycle import STANDINGS, Action, allowed_actions
from feedback.petitions.models import Kind, Petition, Status, TimelineEntry, Urgency
from feedback.text import mask_name, mask_phone
from feedback.wards.setup import Setup
from web.public.stages import Stage, stage_of


@dataclass(frozen=True)
class Event:
    """A line of the history. `text`: what stands there beyond the action's own words."""

    action: str
    title: str
    at: datetime
    by: str
    text: str


@dataclass(frozen=True)
class FileShown:
    """As `parts/photos.html` wants it."""

    url: str
    thumbnail_url: str | None
    name: str
    size: int


@dataclass(frozen=True)
class Limit:
    """A date with its reasons, each a sentence."""

    title: str
    due_at: datetime
    article: str
    steps: list[str]


@dataclass(frozen=True)
class CaseView:
    """What the templates read; it asks the database nothing beyond what came with the petition."""

    petition: Petition
    setup: Setup
    events: list[Event]  # newest first
    is_out: bool  # the last answer can no longer be recalled

    @property
    def status(self) -> Status:
        return self.petition.status if self.is_out else Status.AWAITING_APPROVAL

    @property
    def due_at(self) -> datetime | None:
        """While it runs; afterwards a date would promise nothing."""
        standing = STANDINGS[self.status]
        return self.petition.due_at if standing.is_open and not standing.why_no_date else None

    @property
    def days_left(self) -> int | None:
        """Working days until then, today not counted."""
        return days_left(self.due_at, self.setup) if self.due_at else None

    @property
    def why_no_date(self) -> str:
        return STANDINGS[self.status].why_no_date

    @property
    def handler(self) -> str:
        person = f"{self.petition.handler.full_name}, {self.petition.handler_position.title}"
        absent = self.petition.handler_for
        return f"{person} (thay {absent.full_name})" if absent else person

    @property
    def head(self) -> str:
        """Who is accountable, with the post they hold."""
        name, who = self.petition.head.full_name, self.petition.head_id
        held = [h.position_id for h in self.setup.holdings if h.officer_id == who]
        post = next((self.setup.posts[p] for p in held if p in self.setup.posts), None)
        return f"{name}, {post.title}" if post else name

    @property
    def is_settled(self) -> bool:
        """Whether the newest answer is the answer to what was last asked."""
        return self.status in (Status.ANSWERED, Status.CLOSED)

    @property
    def place(self) -> str:
        near = self.petition.neighbourhood
        return ", ".join(filter(None, [self.petition.address, near.name if near else ""]))

    @property
    def sender(self) -> str:
        """Enough to know oneself by."""
        name, phone = self.petition.reporter_name, self.petition.reporter_phone
        shown = [mask_name(name) if name else "", mask_phone(phone) if phone else ""]
        return ", ".join(filter(None, shown))

    @property
    def masked_phone(self) -> str:
        return mask_phone(self.petition.reporter_phone) if self.petition.reporter_phone else ""

    @property
    def is_urgent(self) -> bool:
        return self.petition.urgency is Urgency.URGENT

    @property
    def stage(self) -> Stage | None:
        return stage_of(self.petition)

    @property
    def is_sealed(self) -> bool:
        """The page tells how it goes on, and nothing of the matter or of who wrote."""
        return self.petition.is_restricted

    @property
    def is_complaint(self) -> bool:
        return self.petition.proposed_kind is Kind.KHIEU_NAI

    @property
    def question(self) -> Event | None:
        """What the resident is asked, while we wait for it."""
        if self.status is not Status.WAITING_CITIZEN:
            return None
        return self._newest(Action.ASK)

    @property
    def answer(self) -> Event | None:
        return self._newest(Action.APPROVE)

    @property
    def history(self) -> list[Event]:
        """The events; the newest answer stands above them and is not repeated."""
        return [_without_text(e) if e is self.answer or self.is_sealed else e for e in self.events]

    @property
    def files(self) -> list[FileShown]:
        return _shown(self.petition.files, FileUse.EVIDENCE, FileUse.ADDED)

    @property
    def result_files(self) -> list[FileShown]:
        return _shown(self.petition.files, FileUse.RESULT) if self.answer else []

    @property
    def may(self) -> frozenset[Action]:
        """What the resident can do now."""
        return frozenset(allowed_actions(self.petition, CITIZEN)) if self.is_out else frozenset()

    @property
    def limits(self) -> list[Limit]:
        """The dates of the present round and how they came about."""
        return [
            Limit(
                name_of(row.step, self.petition.kind),
                row.due_at,
                row.article,
                [str(step["text"]) for step in row.trace],
            )
            for row in self.petition.deadlines
            if row.round == self.petition.reopened
        ]

    @property
    def reopen_until(self) -> datetime | None:
        return reopen_until(self.petition)

    @property
    def photo_with_place(self) -> StoredFile | None:
        """A photo that knows where it was taken, while the petition does not know its place."""
        if self.petition.lat is not None or self.question or Action.ADD not in self.may:
            return None
        return next((f for f in self.petition.files if f.lat is not None and _is_own(f)), None)

    def _newest(self, action: Action) -> Event | None:
        return next((event for event in self.events if event.action == action), None)


def case_view(petition: Petition, setup: Setup) -> CaseView:
    """`petition` as `queries.by_token` gives it."""
    answered_at = petition.answered_at
    is_out = (
        petition.status is not Status.ANSWERED
        or answered_at is None
        or clock.now() > answered_at + RECALL_WINDOW
    )
    told: list[TimelineEntry] = []
    for entry in petition.timeline:
        if entry.action == Action.RECALL:
            _take_back(told)
        elif entry.is_public:
            told.append(entry)
    if not is_out:
        _take_back(told)
    return CaseView(petition, setup, [_event(entry, petition) for entry in reversed(told)], is_out)


def _take_back(told: list[TimelineEntry]) -> None:
    """An answer that was recalled, or still can be, was never given."""
    last = next((e for e in reversed(told) if e.action == Action.APPROVE), None)
    if last is not None:
        told.remove(last)


def _event(entry: TimelineEntry, petition: Petition) -> Event:
    words = by_itself.words(entry.action)
    return Event(
        action=entry.action,
        title=by_itself.title(entry, petition),
        at=entry.at,
        by=_who(entry),
        text=entry.text.removeprefix(words).strip(),
    )


def _who(entry: TimelineEntry) -> str:
    if entry.party is Party.CITIZEN:
        return "Ông/Bà"
    if entry.officer is None:
        return "Hệ thống"
    absent = f" (thay {entry.acting_for.full_name})" if entry.acting_for else ""
    return entry.officer.full_name + absent


def _without_text(event: Event) -> Event:
    return Event(event.action, event.title, event.at, event.by, "")


def _is_own(file: StoredFile) -> bool:
    return file.use in (FileUse.EVIDENCE, FileUse.ADDED)


def _shown(files: list[StoredFile], *uses: FileUse) -> list[FileShown]:
    return [
        FileShown(
            url=url_for("public.file", key=file.key),
            thumbnail_url=url_for("public.thumbnail", key=file.key) if file.width else None,
            name=file.name,
            size=file.size,
        )
        for file in files
        if file.use in uses
    ]
