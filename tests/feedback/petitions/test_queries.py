"""What people see: lists against a plain reading of every row, and the plan of each."""

import random
from datetime import UTC, date, datetime, timedelta

import pytest
import sqlalchemy as sa
import time_machine

from feedback import clock
from feedback.db import db, transaction
from feedback.errors import BadInput, NotFound
from feedback.people.actor import CITIZEN
from feedback.people.models import Channel, Permission
from feedback.petitions import listing, queries
from feedback.petitions.approval import may_sign
from feedback.petitions.models import STOPPED, Kind, Petition, Status, Urgency
from feedback.petitions.queries import Filters, Pile
from feedback.petitions.visibility import can_see, visible_to
from feedback.text import fold
from tests.database import statements
from tests.feedback.petitions.stories import do, petition_at
from tests.world import PEOPLE, let_go, make_world

MONDAY = datetime(2026, 10, 5, 2, 0, tzinfo=UTC)
SEERS = ["chair", "vice", "clerk", "dept_head", "an", "chi", "head_tdp", "supervisor"]


@pytest.fixture
def crowd(lived):
    world = lived(three_weeks)
    with time_machine.travel(MONDAY + timedelta(hours=12 * 38), tick=False):
        yield world


def three_weeks():
    """Fifty petitions of every sort over three weeks; some lived on, some about officers."""
    rnd, world = random.Random(7), make_world()
    with time_machine.travel(MONDAY, tick=False) as travel:
        for i in range(38):
            world.submit(
                rnd.choice(["Đèn đường hỏng", "Rác bốc mùi", "Ngập ngõ nhỏ"]) + f" {i}",
                field_id=world.fields[rnd.choice([2, 3, 4, 17, 25])].id,
                neighbourhood_id=rnd.choice([None, *(n.id for n in world.neighbourhoods.values())]),
                urgency=rnd.choice(list(Urgency)),
                kind=rnd.choice([Kind.PHAN_ANH, Kind.PHAN_ANH, Kind.HOI_DAP, Kind.TO_CAO]),
                channel=rnd.choice([Channel.WEB, Channel.ZALO]),
                phone=rnd.choice(["0912345678", "0987654321"]),
                complained_officer_id=rnd.choice([None] * 8 + [world.an.id, world.chair.id]),
            )
            travel.shift(timedelta(hours=12))
        for status in Status:
            petition_at(world, status)
        helped = petition_at(world, Status.IN_PROGRESS)
        unit = world.departments["van_hoa_xa_hoi"]
        do("consult", helped, world.actor("an"), department_id=unit.id, question="?")
    return let_go(world)


def walk(actor, filters=None, limit=4):
    """Every row of a list, page by page, and the same backwards from its end."""
    pages = [queries.listing(actor, filters, limit=limit)]
    while pages[-1].next:
        pages.append(queries.listing(actor, filters, pages[-1].next, limit))
    back = [pages[-1]]
    while back[-1].previous:
        back.append(queries.listing(actor, filters, back[-1].previous, limit))
    there = [row.id for page in pages for row in page.rows]
    assert [row.id for page in reversed(back) for row in page.rows] == there
    return there, pages[0]


def fits(petition, filters, now):
    names = ("status", "field_id", "neighbourhood_id", "urgency", "handler_id", "kind", "channel")
    names += ("is_open", "is_flagged")
    on = clock.local(petition.received_at).date()
    return (
        all(getattr(filters, n) in (None, getattr(petition, n)) for n in names)
        and (not filters.is_overdue or queries.is_overdue(petition, now))
        and (filters.received_from or on) <= on <= (filters.received_to or on)
        and all(word in petition.folded.split() for word in fold(filters.text).split())
    )


def every_filter(world):
    yield Filters()
    yield from (Filters(status=status) for status in Status)
    yield from (Filters(urgency=urgency) for urgency in Urgency)
    yield from (Filters(kind=kind) for kind in (Kind.PHAN_ANH, Kind.HOI_DAP, Kind.TO_CAO))
    yield from (Filters(channel=channel) for channel in (Channel.WEB, Channel.ZALO, Channel.EMAIL))
    yield from (Filters(is_open=is_open) for is_open in (True, False))
    yield Filters(field_id=world.fields[2].id)
    yield Filters(field_id=world.fields[2].id, status=Status.RECEIVED, urgency=Urgency.QUICK)
    yield Filters(neighbourhood_id=world.neighbourhoods[1].id, is_open=True)
    yield Filters(handler_id=world.an.id)
    yield Filters(is_overdue=True)
    yield Filters(is_overdue=True, field_id=world.fields[3].id)
    yield Filters(is_flagged=True)
    yield Filters(received_from=date(2026, 10, 8), received_to=date(2026, 10, 11))
    yield Filters(received_to=date(2026, 10, 7), channel=Channel.WEB)
    yield Filters(received_from=date(2026, 10, 20), status=Status.RECEIVED)
    yield Filters(text="den duong")
    yield Filters(text="RÁC", status=Status.RECEIVED)


def test_every_list_is_what_a_plain_reading_gives(crowd):
    everything = db.session.scalars(sa.select(Petition).order_by(Petition.id)).all()
    assert len(everything) > 50
    now = clock.now()
    for name in SEERS:
        actor = crowd.actor(name)
        for filters in every_filter(crowd):
            expected = {p.id for p in everything if can_see(p, actor) and fits(p, filters, now)}
            found, page = walk(actor, filters)
            assert len(found) == len(set(found)), (name, filters)
            assert set(found) == expected, (name, filters)
            assert page.count_capped == len(expected), (name, filters)
            assert not page.is_more


@pytest.mark.parametrize(("probed", "recent"), [(2, 1000), (2, 12), (8, 12), (40, 45)])
def test_a_search_finds_the_same_however_far_it_looks_first(crowd, monkeypatch, probed, recent):
    clerk = crowd.actor("clerk")
    whole, _ = walk(clerk, Filters(text="den duong"))
    assert len(whole) > 8
    monkeypatch.setattr(listing, "PROBED", probed)
    monkeypatch.setattr(listing, "RECENT", recent)
    assert walk(clerk, Filters(text="den duong"))[0] == whole


def test_the_order_of_lists(crowd):
    clerk = crowd.actor("clerk")
    newest, _ = walk(clerk)
    assert newest == sorted(newest, reverse=True)
    late, _ = walk(clerk, Filters(is_overdue=True))
    rows = {p.id: p.due_at for p in db.session.scalars(sa.select(Petition))}
    assert late
    assert late == sorted(late, key=lambda i: (rows[i], i))


def test_the_condition_and_the_row_agree(crowd):
    everything = db.session.scalars(sa.select(Petition)).all()
    for name in PEOPLE:
        actor = crowd.actor(name)
        seen = set(db.session.scalars(sa.select(Petition.id).where(visible_to(actor))))
        assert seen == {p.id for p in everything if can_see(p, actor)}, name


def test_what_is_sealed_is_seen_by_chair_and_clerk_alone(world):
    petition = world.submit(kind=Kind.TO_CAO, field_id=world.fields[2].id)
    seers = [n for n in PEOPLE if can_see(petition, world.actor(n))]
    assert seers == ["chair", "clerk"]
    about_the_chair = world.submit(kind=Kind.TO_CAO, complained_officer_id=world.chair.id)
    assert [n for n in PEOPLE if can_see(about_the_chair, world.actor(n))] == ["clerk"]


def test_another_ward_is_another_world(world):
    petition = world.submit()
    other = make_world("TX", "thanh-xuan")
    chair = other.actor("chair")
    assert queries.listing(chair).rows == []
    assert queries.listing(chair, Filters(text=petition.number)).rows == []
    assert queries.listing(chair, Filters(text="den duong")).rows == []
    with pytest.raises(NotFound):
        queries.case(petition.number, chair)
    with pytest.raises(NotFound):
        queries.to_change(petition.number, chair)


def test_the_counters_are_what_a_plain_reading_gives(crowd):
    everything = db.session.scalars(sa.select(Petition)).all()
    now = clock.now()
    for name in SEERS:
        actor = crowd.actor(name)
        seen = [p for p in everything if can_see(p, actor)]
        mine = [p for p in seen if p.is_open and p.handler_id == actor.officer_id]
        near = [p for p in mine if now <= p.due_at < queries.soon(now)]
        statuses = dict.fromkeys(Pile, 0)
        for p in mine:
            statuses[Pile.WAITING] += p.status in STOPPED
            statuses[Pile.APPROVAL] += p.status is Status.AWAITING_APPROVAL
            statuses[Pile.NEW] += p.status in (
                "received",
                "accepted",
                "assigned",
                "reopened",
                "signed",
            )
        statuses[Pile.LATE] = sum(queries.is_overdue(p, now) for p in mine)
        statuses[Pile.SOON] = sum(p.status not in STOPPED for p in near)
        intake = actor.has(Permission.INTAKE)
        asked = [p for p in seen if p.helping_department_id in actor.department_ids]
        assert queries.counters(actor) == {
            "mine": len(mine),
            **{pile.value: count for pile, count in statuses.items()},
            "to_accept": intake * sum(p.status is Status.RECEIVED for p in seen),
            "to_approve": sum(
                p.status is Status.AWAITING_APPROVAL and may_sign(p, actor.officer_id, actor.rights)
                for p in seen
            ),
            "to_help": sum(p.status is Status.COORDINATING for p in asked),
            "overdue": sum(queries.is_overdue(p, now) for p in seen),
        }, name
        for pile in Pile:
            assert len(queries.my_work(actor, pile=pile, limit=99).rows) == statuses[pile]


def test_work_goes_by_its_dates(crowd):
    rows = queries.my_work(crowd.actor("an"), limit=99).rows
    assert len(rows) > 5
    assert rows == sorted(rows, key=lambda row: (row.due_at, row.id))
    queue = queries.approval_queue(crowd.actor("chair"))
    assert [row.status for row in queue.rows] == [Status.AWAITING_APPROVAL]
    assert queries.approval_queue(crowd.actor("clerk")).rows == []


def looks(job):
    db.session.expunge_all()
    with statements() as asked:
        job()
    return [each for each in asked if each[0].lstrip().startswith(("SELECT", "WITH"))]


def test_a_page_costs_the_same_number_of_queries_however_full(crowd):
    clerk, an = crowd.actor("clerk"), crowd.actor("an")
    for limit in (1, 3, 9):
        assert len(looks(lambda n=limit: queries.listing(clerk, limit=n))) <= 3
        assert len(looks(lambda n=limit: queries.listing(an, limit=n))) <= 3
        assert len(looks(lambda n=limit: queries.my_work(an, limit=n))) <= 3
    assert len(looks(lambda: queries.counters(clerk))) == 1
    numbers = list(db.session.scalars(sa.select(Petition.number)))
    counts = {len(looks(lambda n=n: queries.case(n, clerk))) for n in numbers}
    assert max(counts) <= 5


def test_in_sqlite_one_index_leads_and_nothing_is_sorted(crowd):
    if db.engine.dialect.name != "sqlite":
        pytest.skip("PostgreSQL plans by the rows it has")
    clerk, an = crowd.actor("clerk"), crowd.actor("an")
    led_by = {
        "ix_petition_ward_newest": lambda: queries.listing(clerk),
        "ix_petition_ward_status": lambda: queries.listing(clerk, Filters(status=Status.CLOSED)),
        "ix_petition_ward_field": lambda: queries.listing(
            clerk, Filters(field_id=1, channel=Channel.WEB)
        ),
        "ix_petition_ward_kind": lambda: queries.listing(clerk, Filters(kind=Kind.TO_CAO)),
        "ix_petition_ward_urgency": lambda: queries.listing(clerk, Filters(urgency=Urgency.URGENT)),
        "ix_petition_ward_channel": lambda: queries.listing(clerk, Filters(channel=Channel.PAPER)),
        "ix_petition_ward_flagged": lambda: queries.listing(clerk, Filters(is_flagged=True)),
        "ix_petition_ward_received": lambda: queries.listing(
            clerk, Filters(received_to=date(2026, 10, 9))
        ),
        "ix_petition_ward_work": lambda: queries.listing(an, Filters(is_overdue=True)),
        "ix_petition_ward_handler": lambda: queries.listing(an),
        "ix_petition_ward_department": lambda: queries.listing(an),
        "ix_petition_work": lambda: queries.my_work(an),
        "petition_fts VIRTUAL TABLE": lambda: queries.listing(
            an, Filters(text="den", status=Status.RECEIVED)
        ),
        "ix_petition_phone_hash": lambda: queries.listing(clerk, Filters(text="0912345678")),
    }
    for index, job in led_by.items():
        plans = []
        for statement, parameters in looks(job)[:1]:
            rows = db.session.connection().exec_driver_sql(
                "EXPLAIN QUERY PLAN " + statement, parameters
            )
            plans += [row[3] for row in rows]
        text = "\n".join(plans)
        assert index in text, text
        assert "SCAN petition\n" not in text + "\n", text
        is_merged = "UNION" in text or index == "ix_petition_phone_hash"
        assert is_merged or "TEMP B-TREE" not in text, text


def test_a_tracking_link_opens_one_petition(world):
    petition = world.submit()
    assert queries.by_token(petition.token).number == petition.number
    with pytest.raises(NotFound):
        queries.by_token(petition.token.swapcase())


def test_number_and_phone_fail_alike(world):
    petition = world.submit(phone="0912345678")
    unphoned = world.submit(phone=None)
    found = queries.by_number_and_phone(world.ward.id, petition.number.lower(), "+84 912 345 678")
    assert found.id == petition.id
    wrong = [
        (petition.number, "0987654321"),
        ("BD-2026-999999", "0912345678"),
        (unphoned.number, "0912345678"),
        ("gì đó", "0912345678"),
        (petition.number, "không nhớ"),
    ]
    for number, phone in wrong:
        with pytest.raises(NotFound) as refused:
            queries.by_number_and_phone(world.ward.id, number, phone)
        assert refused.value.sentence == NotFound.default


@pytest.mark.parametrize("mark", ["x1", "f", "f1.x", "b-1", "f1;drop", "f" + "9" * 19])
def test_a_broken_mark_is_refused(world, mark):
    with pytest.raises(BadInput):
        queries.listing(world.actor("clerk"), after=mark)


def test_more_than_are_counted_are_said_to_be_more(world):
    first = world.submit()
    table = Petition.__table__
    row = db.session.execute(sa.select(table).where(table.c.id == first.id)).one()._asdict()
    del row["id"]
    rows = [row | {"seq": n, "number": f"BD-2026-{n:06d}", "token": f"t{n}"} for n in range(2, 603)]
    with transaction():
        db.session.execute(sa.insert(Petition), rows)
    page = queries.listing(world.actor("clerk"))
    assert (page.count_words, page.is_more) == ("500+", True)
    assert queries.counters(world.actor("clerk"))["to_accept"] == 501


def test_a_resident_is_no_officer(world):
    assert queries.listing(CITIZEN).rows == []
