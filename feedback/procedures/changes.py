"""What may be done to a limit under way: stop it, or lengthen it, as far as it allows."""

from dataclasses import dataclass
from datetime import datetime

from feedback.procedures.limits import Length, Limit, Pausing
from feedback.procedures.refusals import ExtensionRefused, PauseRefused


@dataclass(frozen=True, slots=True)
class Pause:
    """The clock stood still from an aware instant to another (None: it still does).

    With the number of a decision it is a suspension; without, the ward's own wait.
    """

    starts_at: datetime
    ends_at: datetime | None = None
    decision: str = ""


@dataclass(frozen=True, slots=True)
class Extension:
    """`amount` more of the limit's unit, why, and by which document (the law asks for one)."""

    amount: int
    reason: str
    decision: str = ""


def refuse_pause(limit: Limit, pause: Pause) -> None:
    """Raises PauseRefused: a legal clock stops only by a decision to suspend, most not at all."""
    if limit.pauses is Pausing.NONE:
        raise PauseRefused(f"Thời hạn “{limit.name}” ({limit.article}) không tạm dừng được.")
    if limit.pauses is Pausing.SUSPENSION and not pause.decision.strip():
        raise PauseRefused(
            f"“{limit.name}” theo {limit.article} chỉ dừng khi có quyết định tạm đình chỉ; "
            "chờ bổ sung thông tin không dừng thời hạn này."
        )
    if pause.ends_at is not None and pause.ends_at < pause.starts_at:
        raise PauseRefused("Ngày tiếp tục không thể trước ngày tạm dừng.")


def refuse_extension(
    limit: Limit, length: Length, made: tuple[Extension, ...], extension: Extension
) -> None:
    """Raises ExtensionRefused: past the maximum, once too often, without reason or document."""
    what, unit = f"“{limit.name}” ({limit.article})", length.unit.label
    if len(made) >= len(length.extended_to):
        already = f"đã gia hạn {len(made)} lần" if made else "không có gia hạn"
        raise ExtensionRefused(f"{what}: {already}, không gia hạn thêm được.")
    most = length.extended_to[len(made)]
    rest = most - length.amount - sum(earlier.amount for earlier in made)
    if not 0 < extension.amount <= rest:
        raise ExtensionRefused(
            f"{what}: gia hạn lần {len(made) + 1} không được quá tổng cộng {most} {unit}, "
            f"tức thêm từ 1 đến {rest} {unit}."
        )
    if not extension.reason.strip():
        raise ExtensionRefused("Cần ghi lý do gia hạn.")
    if limit.legal and not extension.decision.strip():
        raise ExtensionRefused(f"Gia hạn theo {limit.article} cần số văn bản gia hạn.")
