"""The list: narrowed, searched, paged, exported, handled many at once."""

import csv
import io
import re

import pytest
import sqlalchemy as sa

from feedback.audit import AuditRow
from feedback.db import db
from feedback.people.models import Channel
from feedback.petitions.models import Kind, Petition, Status, Urgency
from tests.database import statements
from tests.web.desk import walks
from tests.web.lint import lint_page
from tests.web.staff import at_desk

CASES = "/desk/cases"


@pytest.fixture
def clerk(app, world):
    return at_desk(app, world.clerk)


def numbers(page) -> list[str]:
    """The petitions of a list, in its order."""
    assert page.status_code == 200
    lint_page(page.text)
    return re.findall(r'href="/desk/cases/(BD-[\d-]+)"', page.text)


def test_the_empty_list_says_how_it_fills(clerk):
    page = clerk.get(CASES)
    assert numbers(page) == []
    assert "sẽ hiện ở đây" in page.text


def test_newest_first(clerk, world):
    first, second = walks.received(world).number, walks.received(world).number
    assert numbers(clerk.get(CASES)) == [second, first]


@pytest.mark.parametrize(
    ("query", "values"),
    [
        ("status=accepted", {"walk": walks.accepted}),
        ("field={field}", {"field": 4}),
        ("neighbourhood={place}", {"place": 2}),
        ("urgency=urgent", {"urgency": Urgency.URGENT}),
        ("handler={binh}", {"field": 4}),
        ("kind=kien_nghi", {"kind": Kind.KIEN_NGHI}),
        ("channel=telegram", {"channel": Channel.TELEGRAM}),
        ("open=0", {"walk": walks.answered}),
        ("q=cay+do", {"text": "Cây đổ chắn ngang đường"}),
        ("q=cây+đổ", {"text": "Cây đổ chắn ngang đường"}),
        ("q=0987654321", {"phone": "0987654321"}),
        ("from=2026-01-01&to=2030-01-01&status=accepted", {"walk": walks.accepted}),
    ],
)
def test_each_filter_finds_its_own(clerk, world, query, values):
    values = dict(values)
    walk = values.pop("walk", walks.received)
    if "field" in values:
        values["field_id"] = world.fields[values.pop("field")].id
    if "place" in values:
        values["neighbourhood_id"] = world.neighbourhoods[values.pop("place")].id
    wanted = walk(world, **values).number
    walks.received(world)
    query = query.format(
        field=world.fields[4].id, place=world.neighbourhoods[2].id, binh=world.binh.id
    )
    page = clerk.get(f"{CASES}?{query}")
    assert numbers(page) == [wanted]
    assert ('aria-label="Điều kiện đang lọc"' in page.text) is not query.startswith("q=")


def test_each_filter_in_force_can_be_dropped_alone(clerk, world):
    walks.received(world)
    page = clerk.get(f"{CASES}?status=accepted&urgency=urgent&q=den").text
    assert "Tình trạng: <strong>Đã tiếp nhận</strong>" in page
    assert f'href="{CASES}?urgency=urgent&amp;q=den">Bỏ' in page


def test_a_number_typed_loosely_is_found(clerk, world):
    number = walks.received(world).number
    walks.received(world)
    typed = number.replace("-", " ").lower()
    assert numbers(clerk.get(CASES, query_string={"q": typed})) == [number]


def test_dates_outside_find_nothing_and_nonsense_is_left_out(clerk, world):
    number = walks.received(world).number
    assert numbers(clerk.get(f"{CASES}?to=2026-01-01")) == []
    assert numbers(clerk.get(f"{CASES}?from=2999-01-01")) == []
    nonsense = "status=lost&field=x&from=morgen&urgency=&q="
    assert numbers(clerk.get(f"{CASES}?{nonsense}")) == [number]
    assert numbers(clerk.get(f"{CASES}?handler=99999&from=2026-01-02")) == []
    assert clerk.get(f"{CASES}?after=zzz").status_code == 422


def test_late_ones_stand_by_date(app, world, time_machine):
    from datetime import timedelta

    from feedback import clock

    slow = walks.accepted(world, urgency=Urgency.COMPLEX).number
    quick = walks.accepted(world, urgency=Urgency.URGENT).number
    time_machine.move_to(clock.now() + timedelta(days=90), tick=False)
    page = at_desk(app, world.clerk).get(f"{CASES}?overdue=1")
    assert numbers(page) == [quick, slow]


def test_pages_by_key_keep_the_filters_and_lead_back(clerk, world):
    made = [walks.received(world).number for _ in range(60)]
    walks.received(world, urgency=Urgency.URGENT)
    first = clerk.get(f"{CASES}?urgency=normal")
    assert "Có <strong>60</strong> phản ánh" in first.text
    older = re.search(r'href="([^"]+)" rel="next"', first.text)[1].replace("&amp;", "&")
    second = clerk.get(older)
    third = clerk.get(re.search(r'href="([^"]+)" rel="next"', second.text)[1].replace("&amp;", "&"))
    seen = numbers(first) + numbers(second) + numbers(third)
    assert seen == made[::-1]
    back = re.search(r'href="([^"]+)" rel="prev"', second.text)[1].replace("&amp;", "&")
    assert numbers(clerk.get(back)) == numbers(first)


def test_a_page_costs_the_same_number_of_queries_at_3_and_at_60_rows(app, world):
    people = ("clerk", "an", "head_tdp", "supervisor")
    clients = {who: at_desk(app, world.people[who]) for who in people}
    pages = [(who, path) for who in people for path in (CASES, "/desk/", CASES + "?q=den+duong")]
    for _ in range(3):
        walks.accepted(world)
    for who, path in pages:
        clients[who].get(path)
    few = {(who, path): queries_of(clients[who], path) for who, path in pages}
    for _ in range(57):
        walks.received(world)
    for who, path in pages:
        many = queries_of(clients[who], path)
        extra = 1 if path != "/desk/" else 2  # beyond one page, the count is a query of its own
        # fewer, when the first rows already fill a search
        assert many <= few[who, path] + extra, (who, path)
        assert many <= 10, (who, path)


def queries_of(client, path) -> int:
    with statements() as seen:
        client.get(path)
    return len(seen)


def test_the_export_is_the_filtered_list_without_people(clerk, world):
    wanted = walks.accepted(world, text="Gọi 0912 345 678. Đèn hỏng", title="Gọi 0912 345 678")
    walks.received(world)
    file = clerk.get(f"{CASES}.csv?status=accepted")
    assert file.mimetype == "text/csv"
    rows = list(csv.reader(io.StringIO(file.text.removeprefix("\ufeff"))))
    assert [row[0] for row in rows[1:]] == [wanted.number]
    assert "Trần Thị Dân" not in file.text
    assert "345 678" not in file.text
    row = db.session.query(AuditRow).filter_by(action="petitions.exported").one()
    assert row.officer_id == world.clerk.id
    assert row.detail == {"filters": {"status": "accepted"}}


def test_a_cell_that_looks_like_a_formula_is_only_text(clerk, world):
    walks.received(world, title="=HYPERLINK(1)")
    assert "'=HYPERLINK(1)" in clerk.get(f"{CASES}.csv").text


def test_the_export_reads_page_after_page(clerk, world):
    made = [walks.received(world).number for _ in range(7)]
    from web.desk import petitions

    seen = []
    original = petitions.queries.listing

    def small(actor, filters, after=None, limit=25):
        seen.append(after)
        return original(actor, filters, after, limit=3)

    petitions.queries.listing, kept = small, original
    try:
        text = clerk.get(f"{CASES}.csv").text
    finally:
        petitions.queries.listing = kept
    assert re.findall(r"BD-[\d-]+", text) == made[::-1]
    assert len(seen) == 3


def test_many_are_taken_in_at_once_and_a_refusal_stops_no_other(clerk, world):
    new = [walks.received(world).number for _ in range(2)]
    old = walks.in_progress(world).number
    answer = clerk.post(
        f"{CASES}/bulk",
        data={
            "act": "acceptance",
            "number": [new[0], old, new[1]],
            "back": f"{CASES}?status=received",
        },
    )
    assert answer.location == f"{CASES}?status=received"
    page = clerk.get(answer.location).text
    assert "Đã tiếp nhận 2 phản ánh." in page
    assert f"{old}: " in page
    assert [walks.status_of(number) for number in new] == [Status.ACCEPTED] * 2


def test_many_are_assigned_at_once(clerk, world):
    made = [walks.accepted(world).number for _ in range(2)]
    form = {"act": "assignment", "officer_id": world.binh.id, "number": made}
    clerk.post(f"{CASES}/bulk", data=form)
    db.session.rollback()
    handlers = set(db.session.scalars(sa.select(Petition.handler_id)))
    assert handlers == {world.binh.id}


def test_nothing_picked_and_nobody_chosen_are_said(clerk, world):
    number = walks.accepted(world).number
    clerk.post(f"{CASES}/bulk", data={"act": "acceptance"})
    assert "Chưa chọn dòng nào" in clerk.get(CASES).text
    assert (
        clerk.post(f"{CASES}/bulk", data={"act": "assignment", "number": number}).status_code == 422
    )


def test_an_officer_has_no_boxes_to_pick(app, world):
    walks.accepted(world)
    page = at_desk(app, world.an).get(CASES)
    assert numbers(page)
    assert "ward-pick" not in page.text
