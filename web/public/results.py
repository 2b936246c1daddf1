"""`/<ward>/ket-qua`: how the ward answers, for everybody; nobody in it, and no small numbers."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from flask import g, render_template

from feedback import clock
from feedback.indicators.counting import tally
from feedback.indicators.figures import FEW, Figures
from feedback.indicators.reports import GROUPS, Line, lines
from feedback.wards.setup import Setup
from web.public import public, wards

MONTHS = 12
KEPT = timedelta(minutes=10)  # everybody sees the same page for so long: it costs one count


@dataclass(frozen=True)
class Results:
    """What the page shows. Lines with fewer than `FEW` petitions have no figures."""

    at: datetime
    total: Figures
    months: list[Line]
    fields: list[Line]


_kept: dict[tuple[int, date], Results] = {}


@public.get("/<slug:slug>/ket-qua")
def results() -> str:
    return render_template("public/results.html", results=of_ward(wards.setup(g.ward)), few=FEW)


def of_ward(setup: Setup) -> Results:
    """The last twelve months, counted at most every ten minutes by one process."""
    now, key = clock.now(), (setup.ward_id, clock.today())
    kept = _kept.get(key)
    if kept is None or not kept.at <= now < kept.at + KEPT:
        if len(_kept) > 100:
            _kept.clear()
        kept = _kept[key] = _counted(setup)
    return kept


def _counted(setup: Setup) -> Results:
    today = clock.today()
    first = today.replace(day=1)
    for _ in range(MONTHS - 1):
        first = (first - timedelta(days=1)).replace(day=1)
    counted = tally(setup.ward_id, first, today)
    by = {group.key: lines(counted, group, setup) for group in GROUPS}
    big = [line for line in by["field"] if line.figures.received >= FEW]
    return Results(counted.at, counted.total, by["month"][::-1], big)
