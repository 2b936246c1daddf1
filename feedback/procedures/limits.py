"""A time limit as the law or the ward's service level states it. Pure values; no dates computed."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date

from feedback.labels import Labelled
from feedback.procedures.refusals import BadProcedure, LockedByLaw, NoSuchLimit, UnknownChoice

URGENCIES = frozenset({"urgent", "quick", "normal", "complex"})


class Unit(Labelled):
    CALENDAR_DAYS = "calendar_days", "ngày"
    WORKING_DAYS = "working_days", "ngày làm việc"
    WORKING_HOURS = "working_hours", "giờ làm việc"

    @property
    def is_hours(self) -> bool:
        return self is Unit.WORKING_HOURS


class Event(Labelled):
    """What a limit is counted from."""

    RECEIVED = "received", "Tiếp nhận"
    SIGNED_RECEIVED = "signed_received", "Nhận đơn có chữ ký"
    ACCEPTED = "accepted", "Thụ lý"
    RESOLVED = "resolved", "Giải quyết xong"
    DECISION_SIGNED = "decision_signed", "Ban hành quyết định"
    DECISION_RECEIVED = "decision_received", "Nhận được quyết định"
    GROUNDS_FOUND = "grounds_found", "Có đủ căn cứ"
    REQUESTED = "requested", "Nhận yêu cầu"
    MEETING = "meeting", "Ngày tổ chức"


class Pausing(Labelled):
    """What stops the clock: the ward's own wait, a decision to suspend, or nothing."""

    NONE = "none", "không tạm dừng"
    WARD = "ward", "tạm dừng khi chờ người dân bổ sung"
    SUSPENSION = "suspension", "chỉ tạm dừng bằng quyết định tạm đình chỉ"


class Confidence(Labelled):
    """How sure we are of a number."""

    VERIFIED = "V", "đã đọc trong văn bản"
    ONE_COPY = "V1", "đã đọc trong một bản chép, cần đối chiếu Công báo"
    SECONDARY = "V~", "theo nguồn thứ cấp"
    MEMORY = "M", "chưa kiểm chứng"
    DESIGN = "D", "mức phục vụ do phường đặt, không phải quy định của luật"


@dataclass(frozen=True, slots=True)
class Length:
    """How long. `when`: options that must hold; `urgency`: only at this one.

    `extended_to`: the total after the first, second… extension. `cap_days`: never later than this
    many calendar days (where an old and a new text differ, both are kept).
    """

    amount: int
    unit: Unit
    urgency: str | None = None
    when: frozenset[str] = frozenset()
    extended_to: tuple[int, ...] = ()
    cap_days: int | None = None

    @property
    def words(self) -> str:
        return f"{self.amount} {self.unit.label}"


@dataclass(frozen=True, slots=True)
class Limit:
    """One dated row of law: for petitions received from `applies_from` to `applies_to` (incl.).

    `before`: counted back from the event ("ít nhất 05 ngày trước"). Of several `lengths` the last
    one whose conditions hold is meant.
    """

    kind: str
    step: str
    name: str
    counted_from: Event
    lengths: tuple[Length, ...]
    article: str
    source: str
    confidence: Confidence
    applies_from: date
    applies_to: date | None = None
    legal: bool = True
    pauses: Pausing = Pausing.NONE
    before: bool = False

    def length(self, urgency: str, options: frozenset[str]) -> Length:
        for length in reversed(self.lengths):
            if length.urgency in (None, urgency) and length.when <= options:
                return length
        raise UnknownChoice(f"Mức độ “{urgency}” không có cho bước “{self.name}”.")

    def applies_on(self, received_on: date) -> bool:
        return self.applies_from <= received_on and (
            self.applies_to is None or received_on <= self.applies_to
        )


@dataclass(frozen=True, slots=True)
class ServiceLevel:
    """A ward's own length in place of a default one. `urgency` None: of a row without urgency."""

    kind: str
    step: str
    amount: int
    unit: Unit
    urgency: str | None = None
    extended_to: tuple[int, ...] = ()


@dataclass(frozen=True)
class Procedures:
    """Every limit, found by kind, step and the day the petition was received."""

    limits: tuple[Limit, ...]
    _found: Mapping[tuple[str, str], tuple[Limit, ...]] = field(init=False, repr=False)
    _options: Mapping[str, frozenset[str]] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        found: dict[tuple[str, str], tuple[Limit, ...]] = {}
        options: dict[str, frozenset[str]] = defaultdict(frozenset)
        for limit in self.limits:
            found[limit.kind, limit.step] = (*found.get((limit.kind, limit.step), ()), limit)
            options[limit.kind] = options[limit.kind].union(*(row.when for row in limit.lengths))
        object.__setattr__(self, "_found", found)
        object.__setattr__(self, "_options", options)

    def limit(self, kind: str, step: str, received_on: date) -> Limit:
        """The row that holds for a petition received on a day. Raises NoSuchLimit."""
        for limit in self._found.get((kind, step), ()):
            if limit.applies_on(received_on):
                return limit
        raise NoSuchLimit(self._why_not(kind, step, received_on))

    def length(self, limit: Limit, urgency: str, options: frozenset[str]) -> Length:
        """The length that holds. Raises UnknownChoice for words the kind's procedure lacks."""
        if urgency not in URGENCIES:
            raise UnknownChoice(f"Mức độ “{urgency}” không có; chọn {_listed(URGENCIES)}.")
        if not options <= self._options[limit.kind]:
            unknown = _listed(options - self._options[limit.kind])
            raise UnknownChoice(f"Quy trình “{limit.kind}” không có tuỳ chọn {unknown}.")
        return limit.length(urgency, options)

    def kinds(self) -> list[str]:
        return list(self._options)

    def steps(self, kind: str) -> list[str]:
        return [step for of, step in self._found if of == kind]

    def override(self, levels: Iterable[ServiceLevel]) -> "Procedures":
        """These procedures with a ward's own service levels. Raises LockedByLaw, NoSuchLimit."""
        limits = self.limits
        for level in levels:
            if (level.kind, level.step) not in self._found:
                raise NoSuchLimit(self._why_not(level.kind, level.step))
            limits = tuple(_overridden(limit, level) for limit in limits)
        return Procedures(limits)

    def _why_not(self, kind: str, step: str, on: date | None = None) -> str:
        if kind not in self._options:
            return f"Không có loại đơn “{kind}”; chọn {_listed(self.kinds())}."
        if (kind, step) not in self._found:
            return f"Loại “{kind}” không có bước “{step}”; chọn {_listed(self.steps(kind))}."
        assert on is not None  # noqa: S101 - the row exists, so its dates are what refused
        return f"Bước “{step}” của “{kind}” chưa có quy định cho đơn nhận ngày {on:%d/%m/%Y}."


def _overridden(limit: Limit, level: ServiceLevel) -> Limit:
    if (limit.kind, limit.step) != (level.kind, level.step):
        return limit
    if limit.legal:
        raise LockedByLaw(f"“{limit.name}” theo {limit.article}: phường không tự thay đổi được.")
    if level.amount <= 0 or any(total <= level.amount for total in level.extended_to):
        raise BadProcedure(f"“{limit.name}”: thời hạn phải lớn hơn 0, gia hạn phải dài hơn.")
    if level.urgency not in {row.urgency for row in limit.lengths}:
        raise UnknownChoice(f"“{limit.name}” không có mức “{level.urgency}”.")
    rows = (_replaced(row, level) for row in limit.lengths)
    return replace(limit, lengths=tuple(rows))


def _replaced(row: Length, level: ServiceLevel) -> Length:
    if row.urgency != level.urgency:
        return row
    return replace(row, amount=level.amount, unit=level.unit, extended_to=level.extended_to)


def _listed(words: Iterable[str]) -> str:
    return ", ".join(sorted(words))
