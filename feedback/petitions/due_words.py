"""What a due date's trace says besides the days: where it began, what moved it, where it ended."""

from datetime import date, datetime, time

from feedback.clock import ZONE
from feedback.procedures.changes import Extension, Pause
from feedback.procedures.limits import Length, Limit, Unit
from feedback.worktime.trace import Step, Trace, said
from feedback.worktime.words import day_name, minute_name


def opening(
    limit: Limit, length: Length, start: datetime, extensions: tuple[Extension, ...]
) -> Trace:
    on = start.date()
    how = "tính ngay từ lúc đó" if length.unit.is_hours else "ngày đầu không tính (BLDS 2015 Đ.147)"
    direction = "chậm nhất trước đó " if limit.before else ""
    trace = [
        said("start", f"{limit.counted_from.label}: {_began(start)}; {how}.", on),
        said("limit", f"{limit.name}: {direction}{length.words} – {limit.article}."),
    ]
    total = length.amount
    for number, extension in enumerate(extensions, start=1):
        total += extension.amount
        by = f" theo {extension.decision}" if extension.decision else ""
        text = (
            f"Gia hạn lần {number}{by}: thêm {extension.amount} {length.unit.label}, "
            f"tổng cộng {total}. Lý do: {extension.reason}"
        )
        trace.append(said("extension", text))
    return trace


def _began(start: datetime) -> str:
    """A day alone where only the day is known."""
    return minute_name(start) if start.time() != time() else day_name(start.date())


def standing(pause: Pause, unit: Unit, left: int) -> Step:
    stop = pause.starts_at.astimezone(ZONE)
    by = f" theo {pause.decision}" if pause.decision else ""
    rest = (
        f"{left // 60} giờ {left % 60} phút làm việc" if unit.is_hours else f"{left} {unit.label}"
    )
    if pause.ends_at is None:
        text = f"Tạm dừng{by} từ {_began(stop)}, còn lại {rest}; chưa tiếp tục."
        return said("pause", text, stop.date())
    ends = pause.ends_at.astimezone(ZONE)
    text = f"Tạm dừng{by} từ {_began(stop)} đến {_began(ends)}, còn lại {rest}."
    return said("pause", text, stop.date(), ends.date())


def ending(at: datetime, unit: Unit, is_stopped: bool) -> Step:
    when = minute_name(at) if unit.is_hours else f"hết {day_name(at.date())}"
    text = f"Hạn trước khi tạm dừng: {when}." if is_stopped else f"Hạn: {when}."
    return said("end", text, at.date())


def cap(on: date, latest: date, days: int) -> Step:
    which = "lấy ngày sớm hơn này" if latest < on else "ngày tính ở trên không muộn hơn"
    return said("cap", f"Đối chiếu {days} ngày: {day_name(latest)}; {which}.", latest)
