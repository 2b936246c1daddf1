"""One definition of every figure: the counting, the lists behind it and a slow count by hand agree."""

from collections import Counter
from datetime import date, timedelta
from operator import attrgetter

import pytest
import sqlalchemy as sa

from feedback import clock
from feedback.db import db, transaction
from feedback.indicators.counting import intake, months_in, tally
from feedback.indicators.figures import Figures, percent
from feedback.indicators.periods import current, periods
from feedback.people.actor import CITIZEN
from feedback.petitions import actions, queries
from feedback.petitions.models import Kind, Petition, Rating, Status
from feedback.petitions.outcome import COUNTED, Outcome, outcome_of
from feedback.petitions.queries import Filters
from tests.feedback.petitions.stories import do, petition_at
from tests.world import let_go, make_world

SETTLED = (Status.ANSWERED, Status.CLOSED)


@pytest.fixture
def busy(lived):
    return lived(two_months)


def two_months():
    """A ward with petitions in every state, on time and late, content and not, some of them sealed."""
    world = make_world()
    for days, status in [(days, status) for days in (50, 20, 1) for status in Status]:
        with clock.at(clock.now() - timedelta(days=days)):
            petition_at(world, status)
    with clock.at(clock.now() - timedelta(days=30)):
        slow = petition_at(world, Status.IN_PROGRESS)
        world.submit("Tôi tố cáo ông A nhận hối lộ", kind=Kind.TO_CAO)
        world.submit("Cảm ơn phường", kind=Kind.KHEN_NGOI)
    do("submit_answer", slow, world.actor("an"), text="Đã xong.")
    do("approve", slow, world.actor("chair"))
    scores = (1, 2, 3, 4)
    answered = db.session.scalars(sa.select(Petition).filter_by(status=Status.ANSWERED)).all()
    for petition, score in zip(answered, scores, strict=False):
        do("rate", petition, CITIZEN, score=score)
    return let_go(world)


def by_hand(world, starts_on: date, ends_on: date, keep=lambda p: True) -> Counter:
    """Petition by petition, read from the rows as a person would."""
    now, found = clock.now(), Counter()
    for p in db.session.scalars(sa.select(Petition)):
        day = clock.local(p.received_at).date()
        if not (starts_on <= day <= ends_on and keep(p)) or p.is_restricted:
            continue
        if p.kind in (Kind.KHEN_NGOI, Kind.KHIEU_NAI, Kind.TO_CAO) or p.status is Status.MERGED:
            continue
        limit = p.late_at or p.due_at
        if p.status in (Status.TRANSFERRED, Status.REJECTED):
            kind = "away"
        elif p.status in SETTLED:
            kind = "late" if limit and p.answered_at >= limit else "on_time"
        elif limit and limit <= now and p.status is not Status.WAITING_CITIZEN:
            kind = "overdue"
        else:
            kind = "running"
        assert outcome_of(p, now) == kind
        found["received"] += 1
        found[kind] += 1
        marks = db.session.scalars(sa.select(Rating.score).filter_by(petition_id=p.id)).all()
        found["rated"] += bool(marks)
        found["marks"] += sum(marks[-1:])
        found["unhappy"] += kind == "on_time" and bool(marks) and marks[-1] <= 2
        found["reopened"] += p.reopened > 0
    return found


def as_counts(figures: Figures) -> Counter:
    names = Figures.__dataclass_fields__
    return Counter({name: getattr(figures, name) for name in names if getattr(figures, name)})


def clean(found: Counter) -> Counter:
    return Counter({name: n for name, n in found.items() if n})


def test_the_query_and_the_slow_count_agree(busy):
    today = clock.today()
    first = today - timedelta(days=60)
    counted = tally(busy.ward.id, first, today)
    found = by_hand(busy, first, today)
    assert as_counts(counted.total) == clean(found)
    assert {"on_time", "late", "overdue", "running", "away", "unhappy", "reopened"} <= set(found)
    total = counted.total
    parts = total.on_time + total.late + total.overdue + total.running + total.away
    assert parts == total.received


def test_each_table_adds_up_to_the_same(busy):
    today = clock.today()
    first = today - timedelta(days=60)
    counted = tally(busy.ward.id, first, today)
    for name in ("field_id", "department_id", "handler_id"):
        for value, figures in counted.by(attrgetter(name)).items():
            own = by_hand(busy, first, today, lambda p, n=name, v=value: getattr(p, n) == v)
            assert as_counts(figures) == clean(own), (name, value)
    months = tally(busy.ward.id, first, today).by(lambda cell: cell.month)
    for month, figures in months.items():
        own = by_hand(busy, first, today, lambda p, m=month: month_of(p) == (m.year, m.month))
        assert as_counts(figures) == clean(own)
    assert set(months) <= set(months_in(first, today))


def month_of(petition) -> tuple[int, int]:
    day = clock.local(petition.received_at).date()
    return day.year, day.month


def test_the_list_behind_a_figure_holds_that_many(busy):
    today = clock.today()
    first = today - timedelta(days=60)
    actor = busy.actor("chair")
    total = tally(busy.ward.id, first, today).total
    for outcome in Outcome:
        filters = Filters(received_from=first, received_to=today, outcome=outcome)
        page = queries.listing(actor, filters, limit=200)
        assert len(page.rows) == getattr(total, outcome.value), outcome
    everything = Filters(received_from=first, received_to=today, is_counted=True)
    assert len(queries.listing(actor, everything, limit=200).rows) == total.received


def test_of_what_is_counted_the_overdue_are_those_of_every_other_page(busy):
    """The counter, the overdue list and the figure: all overdue here are counted ones."""
    today = clock.today()
    overdue = tally(busy.ward.id, today - timedelta(days=60), today).total.overdue
    actor = busy.actor("chair")
    others = [
        row
        for row in queries.listing(actor, Filters(is_overdue=True), limit=200).rows
        if row.is_restricted or row.kind not in COUNTED
    ]
    assert queries.counters(actor)["overdue"] == overdue + len(others)
    assert overdue > 0


def test_a_unit_alone(busy):
    today = clock.today()
    unit = busy.departments["kinh_te_ha_tang"].id
    first = today - timedelta(days=60)
    counted = tally(busy.ward.id, first, today, [unit])
    own = by_hand(busy, first, today, lambda p: p.department_id == unit)
    assert as_counts(counted.total) == clean(own)
    assert tally(busy.ward.id, first, today, []).total == Figures()


def test_what_is_overdue_counts_against_both_shares():
    figures = Figures(received=10, on_time=6, late=1, overdue=1, running=2, unhappy=2)
    assert figures.due == 8
    assert figures.on_time_share == 6 / 8
    assert figures.content_share == 4 / 8
    assert percent(figures.on_time_share) == "75 %"
    assert percent(1 / 3) == "33,3 %"
    assert percent(Figures().on_time_share) == "–"


def test_the_newest_mark_speaks(world):
    petition = petition_at(world, Status.ANSWERED)
    do("rate", petition, CITIZEN, score=1)
    today = clock.today()
    assert tally(world.ward.id, today, today).total.unhappy == 1
    with transaction():
        found = queries.to_change(petition.number, world.actor("clerk"))
        actions.reopen(found, by=CITIZEN, reason="Vẫn tối")
    for verb, who, values in (
        ("submit_answer", "an", {"text": "Đã thay lần nữa."}),
        ("approve", "chair", {}),
    ):
        do(verb, petition, world.actor(who), **values)
    do("rate", petition, CITIZEN, score=5)
    total = tally(world.ward.id, today, today).total
    assert (total.unhappy, total.marks, total.rated, total.reopened) == (0, 5, 1, 1)


def test_intake_counts_the_sealed_apart_and_no_duplicates(busy):
    today = clock.today()
    rows = intake(busy.ward.id, today - timedelta(days=60), today)
    assert sum(row.received for row in rows if row.is_sealed) == 1
    stored = db.session.scalar(
        sa.select(sa.func.count(Petition.id)).where(Petition.status != Status.MERGED)
    )
    assert sum(row.received for row in rows) == stored


def test_too_long_a_period_is_refused(world):
    with pytest.raises(ValueError, match="months"):
        tally(world.ward.id, date(2024, 1, 1), date(2026, 1, 1))


def test_the_periods_of_a_year():
    found = {period.code: (period.starts_on, period.ends_on) for period in periods(2026)}
    assert found["q1"] == (date(2025, 12, 15), date(2026, 3, 14))
    assert found["q2"] == (date(2026, 3, 15), date(2026, 6, 14))
    assert found["6m"] == (date(2025, 12, 15), date(2026, 6, 14))
    assert found["9m"] == (date(2025, 12, 15), date(2026, 9, 14))
    assert found["year"] == (date(2025, 12, 15), date(2026, 12, 14))
    quarters = [found[f"q{n}"] for n in range(1, 5)]
    for earlier, later in zip(quarters, quarters[1:], strict=False):
        assert later[0] == earlier[1] + timedelta(days=1)


@pytest.mark.parametrize(
    ("on", "code", "year"),
    [
        (date(2026, 11, 22), "q4", 2026),
        (date(2026, 12, 14), "q4", 2026),
        (date(2026, 12, 15), "q1", 2027),
        (date(2026, 1, 1), "q1", 2026),
    ],
)
def test_the_quarter_of_a_day(on, code, year):
    assert (current(on).code, current(on).year) == (code, year)
