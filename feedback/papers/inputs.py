"""What each form needs to be filled in: one small value for each, named in the form's file."""

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from feedback.papers.signing import Authority, Capacity, Signer

NOBODY = Signer("", Capacity.SELF)


@dataclass(frozen=True)
class Office:
    """The ward as papers name it. `over` is the superior authority, where the ward prints one.

    `authority`: on whose behalf the ward signs forms that `may_be_collective`. `corrections` are the
    ward's own words: form key -> changes.
    """

    names: tuple[str, ...]  # ("ỦY BAN NHÂN DÂN", "PHƯỜNG BA ĐÌNH")
    name: str  # "Ủy ban nhân dân phường Ba Đình"
    place: str  # "Ba Đình"
    province: str = ""
    over: str = ""
    address: str = ""
    hotline: str = ""
    hours: str = ""
    authority: Authority | None = None
    corrections: dict[str, dict[str, Any]] = field(default_factory=dict)

    @property
    def chair(self) -> str:
        """'Chủ tịch Ủy ban nhân dân phường Ba Đình'"""
        return f"Chủ tịch {self.name}"


@dataclass(frozen=True)
class Person:
    """A resident on paper. Empty fields become dots to be filled in by hand."""

    name: str = ""
    address: str = ""
    id_number: str = ""
    id_issued_on: date | None = None
    id_issued_by: str = ""


@dataclass(frozen=True)
class Official:
    """Somebody present in their office."""

    name: str
    title: str = ""
    office: str = ""


@dataclass(frozen=True, kw_only=True)
class PaperContext:
    """What every paper has. `on` is the local day printed on it; `to` follows "Kính gửi".

    `copies_to` are further recipients, named under "Nơi nhận".
    """

    office: Office
    signer: Signer = NOBODY
    on: date
    to: tuple[str, ...] = ()
    copies_to: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Receipt(PaperContext):
    """Phiếu tiếp nhận. `due_at` is UTC-aware or empty; `link` opens the tracking page."""

    number: str
    received_at: datetime
    kind: str
    subject: str
    field: str
    place: str
    handler: str
    due_at: datetime | None
    link: str
    person: Person


@dataclass(frozen=True)
class Item:
    """One thing handed in: what, how many pages, in which state."""

    name: str
    pages: str = ""
    state: str = ""


@dataclass(frozen=True, kw_only=True)
class DocumentsReceipt(PaperContext):
    """Giấy biên nhận thông tin, tài liệu (02/TCD)."""

    at: datetime
    where: str
    person: Person
    items: tuple[Item, ...]
    copies: int = 2


@dataclass(frozen=True, kw_only=True)
class ReceptionRefusal(PaperContext):
    """Thông báo từ chối tiếp công dân (01/TCD). `ground` is an article and clause in words."""

    came_on: date
    where: str
    person: Person
    kind: str
    about: str
    ground: str


@dataclass(frozen=True)
class Concluded:
    """One matter of a reception: who came about what, the conclusion, whose post until which local day."""

    who: str
    about: str
    conclusion: str
    owner: str = ""
    due_on: date | None = None
    number: str = ""


@dataclass(frozen=True, kw_only=True)
class ReceptionConclusions(PaperContext):
    """Thông báo kết luận việc tiếp công dân."""

    held_on: date
    where: str
    received_by: str
    attending: tuple[str, ...]
    items: tuple[Concluded, ...]


@dataclass(frozen=True)
class ReceptionDate:
    """One line of the timetable, between two instants."""

    opens_at: datetime
    closes_at: datetime
    where: str
    attending: str = ""
    topics: str = ""


@dataclass(frozen=True, kw_only=True)
class ReceptionTimetable(PaperContext):
    """Lịch tiếp công dân of the chair, for the board."""

    dates: tuple[ReceptionDate, ...]


@dataclass(frozen=True, kw_only=True)
class Guidance(PaperContext):
    """Phiếu hướng dẫn: to whom the resident should turn, and why."""

    received_on: date
    person: Person
    kind: str
    about: str
    ground: str
    competent: str
    competent_contact: str = ""


@dataclass(frozen=True, kw_only=True)
class Referral(PaperContext):
    """Phiếu chuyển đơn; goes to `to`."""

    received_on: date
    person: Person
    kind: str
    about: str
    ground: str
    enclosures: str = ""


@dataclass(frozen=True, kw_only=True)
class AcceptanceProposal(PaperContext):
    """Phiếu đề xuất thụ lý đơn (Mẫu số 01, TT 05/2021). `proposer` signs beside the head.

    `why`: in the proposer's words. `split_from`: the number of the letter of which it was one content.
    """

    received_on: date
    person: Person
    kind: str
    about: str
    proposer: Official
    decided_before: str = ""
    due_on: date | None = None
    why: str = ""
    split_from: str = ""


@dataclass(frozen=True, kw_only=True)
class ComplaintNotice(PaperContext):
    """Thông báo thụ lý (Mẫu số 03) or không thụ lý (Mẫu số 04, with `reason`)."""

    person: Person
    about: str
    reason: str = ""
    due_on: date | None = None


@dataclass(frozen=True, kw_only=True)
class ExtensionNotice(PaperContext):
    """Thông báo gia hạn. `article` is the law or promise that allows it."""

    person: Person
    kind: str
    number: str
    about: str
    reason: str
    old_due_on: date
    new_due_on: date
    article: str = ""


@dataclass(frozen=True, kw_only=True)
class ComplaintDecision(PaperContext):
    """Quyết định tạm đình chỉ or đình chỉ (14a, `is_final` for the latter), tiếp tục (14b)."""

    person: Person
    about: str
    accepted_by: str  # "Thông báo số 12/TB-UBND ngày 03/08/2026"
    reason: str
    clause: str = ""  # of Điều 11a Luật Khiếu nại
    proposed_by: str = ""
    suspended_by: str = ""  # the decision that 14b ends
    is_final: bool = False


@dataclass(frozen=True)
class Opinion:
    """Who said what in a dialogue."""

    who: str
    text: str


@dataclass(frozen=True, kw_only=True)
class ComplaintDialogue(PaperContext):
    """Biên bản đối thoại với người khiếu nại (Mẫu số 14). `absence`: why the complainant was away."""

    starts_at: datetime
    ends_at: datetime
    where: str
    chair: Official
    secretary: Official
    complainant: Person
    complained: tuple[Official, ...]
    purpose: str
    opinions: tuple[Opinion, ...]
    agreed: str
    differing: str
    absence: str = ""
    interested: tuple[Person, ...] = ()
    attending: tuple[Official, ...] = ()
    other: str = ""
    refusals: str = ""  # who did not sign, and why
    copies: int = 3


@dataclass(frozen=True, kw_only=True)
class AnswerLetter(PaperContext):
    """Thông báo kết quả, or công văn trả lời."""

    person: Person
    kind: str
    number: str
    received_on: date
    about: str
    answer: str
    reopen_until: date | None = None


@dataclass(frozen=True, kw_only=True)
class Apology(PaperContext):
    """Thư xin lỗi for a late answer."""

    person: Person
    kind: str
    number: str
    received_on: date
    about: str
    due_on: date
    reason: str
    new_due_on: date | None = None
    contact: str = ""


@dataclass(frozen=True, kw_only=True)
class Complaint(PaperContext):
    """Đơn khiếu nại (Mẫu số 01): the resident's, to be signed by hand."""

    person: Person
    representative: Person = Person()
    complained: str = ""
    about: str = ""
    text: str = ""
    enclosures: str = ""


@dataclass(frozen=True, kw_only=True)
class Accusation(PaperContext):
    """Đơn tố cáo to be written by hand, with guidance where to bring it. Knows nothing of the sender."""

    timetable: str = ""


@dataclass(frozen=True)
class Answered:
    """A question of a public dialogue and what became of it. `result`: "Đã trả lời"."""

    who: str
    text: str
    result: str
    answer: str = ""


@dataclass(frozen=True)
class Promised:
    """A promise: what, whose position, until which local day."""

    text: str
    owner: str
    due_on: date
    state: str = ""


@dataclass(frozen=True, kw_only=True)
class PublicDialogue(PaperContext):
    """Thông báo, biên bản, thông báo kết quả, báo cáo of a public dialogue. `starts_at`, `ends_at` are instants.

    `people` were there; `earlier` are the promises of sessions before.
    """

    kind: str
    article: str
    title: str
    theme: str
    starts_at: datetime
    ends_at: datetime
    where: str
    how: str
    areas: str
    agenda: tuple[str, ...]
    presiding: tuple[str, ...]
    invited: tuple[str, ...]
    link: str
    chair: str = ""
    secretary: str = ""
    people: int = 0
    questions: tuple[Answered, ...] = ()
    promises: tuple[Promised, ...] = ()
    earlier: tuple[Promised, ...] = ()
    remarks: tuple[str, ...] = ()  # the secretary's lines: "08:15 …"
    conclusion: str = ""
    told_on: date | None = None  # the local day it was announced
    told_how: tuple[str, ...] = ()  # as the heads confirmed it
    households: int | None = None  # in the neighbourhoods invited


@dataclass(frozen=True, kw_only=True)
class Register(PaperContext):
    """A register: one row of cells for each entry, in the order of the form's columns.

    Days and counts stay days and counts in the spreadsheet. `sealed`: how many further entries are kept
    from every register.
    """

    starts_on: date
    ends_on: date
    rows: tuple[tuple[str | int | date, ...], ...]
    sealed: int = 0
