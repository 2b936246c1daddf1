"""The steps that explain a date, in Vietnamese, ready for JSON.

A step is `{"kind": …, "text": …}` with `"on"` or `"from"`/`"to"` as ISO dates where it has them.
Kinds here: `skip` (days that do not count), `makeup` (a Saturday that does), `roll` (the last day
moves to a working day), `hours` (what was used of a working day, or a day with hours of its own).
"""

from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from itertools import groupby

from feedback.worktime.holidays import Day, DayKind
from feedback.worktime.words import day_month, day_name

Step = dict[str, str]
Trace = list[Step]

_MOST = 4  # as many weekends, or part-days, are told one by one; more are told in one line
_ONE_DAY = timedelta(days=1)


def said(kind: str, text: str, first: date | None = None, last: date | None = None) -> Step:
    """One step; a single day stands under `on`, a run of days under `from` and `to`."""
    if first is None:
        return {"kind": kind, "text": text}
    if last is None or last == first:
        return {"kind": kind, "on": first.isoformat(), "text": text}
    return {"kind": kind, "from": first.isoformat(), "to": last.isoformat(), "text": text}


def odd_days(days: Iterable[date], known: Mapping[date, Day]) -> Trace:
    """Explain days walked over: those that did not count, and make-up days that did.

    Neighbouring days off share a step; many plain weekends share one.
    """
    runs = _runs(sorted(days), known)
    weekends = [run for run in runs if known.keys().isdisjoint(run)] if len(runs) > _MOST else []
    if len(weekends) < 3:
        return [_tell(run, known) for run in runs]
    others = [_tell(run, known) for run in runs if run not in weekends]
    count = sum(map(len, weekends))
    text = f"Không tính {count} ngày cuối tuần trong {len(weekends)} tuần."
    return [said("skip", text, weekends[0][0], weekends[-1][-1]), *others]


def rolled(skipped: list[date], to: date, known: Mapping[date, Day]) -> Step:
    """The last day was no working day."""
    days = _named(sorted(skipped), known)
    return said(
        "roll", f"Ngày cuối rơi vào {days}: chuyển sang {day_name(to)} (BLDS 2015 Đ.148).", to
    )


def spells(worked: list[tuple[datetime, datetime]], known: Mapping[date, Day]) -> Trace:
    """Explain working hours: what was used of each day."""
    by_day: dict[date, list[tuple[datetime, datetime]]] = {}
    for begins, ends in worked:
        by_day.setdefault(begins.date(), []).append((begins, ends))
    if len(by_day) > _MOST:
        first, last = min(by_day), max(by_day)
        spent = sum(((ends - begins) for begins, ends in worked), timedelta())
        text = f"Tính {_hours(spent)} trong {len(by_day)} ngày làm việc."
        return [said("hours", text, first, last)]
    return [
        said("hours", f"{_named([on], known)}: {', '.join(_spell(*spell) for spell in spent)}.", on)
        for on, spent in by_day.items()
    ]


def _runs(days: list[date], known: Mapping[date, Day]) -> list[list[date]]:
    """Neighbouring days off together; a make-up day alone."""
    runs: list[list[date]] = []
    before, was_worked = date.min, True
    for day in days:
        worked = _is_worked(day, known)
        if worked or was_worked or day - before != _ONE_DAY:
            runs.append([])
        runs[-1].append(day)
        before, was_worked = day, worked
    return runs


def _is_worked(day: date, known: Mapping[date, Day]) -> bool:
    return day in known and known[day].is_worked


def _tell(run: list[date], known: Mapping[date, Day]) -> Step:
    if _is_worked(run[0], known):
        return said(
            "makeup" if known[run[0]].kind is DayKind.MAKEUP else "hours",
            f"Có tính {_named(run, known)}.",
            run[0],
        )
    return said("skip", f"Không tính {_named(run, known)}.", run[0], run[-1])


def _named(days: list[date], known: Mapping[date, Day]) -> str:
    """'Thứ Bảy 29/8, Chủ nhật 30/8, Thứ Ba 1/9 – Thứ Tư 2/9 (nghỉ lễ Quốc khánh)'."""
    return ", ".join(
        _span(list(same), why) if why else ", ".join(map(day_month, same))
        for why, same in groupby(days, lambda on: known[on].why if on in known else None)
    )


def _span(days: list[date], why: str) -> str:
    first, last = day_month(days[0]), day_month(days[-1])
    return f"{first} ({why})" if len(days) == 1 else f"{first} – {last} ({why})"


def _spell(begins: datetime, ends: datetime) -> str:
    return f"{begins:%H:%M}–{ends:%H:%M}"


def _hours(spent: timedelta) -> str:
    hours, minutes = divmod(int(spent.total_seconds()) // 60, 60)
    return f"{hours} giờ {minutes} phút" if minutes else f"{hours} giờ"
