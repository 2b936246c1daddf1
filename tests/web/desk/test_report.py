"""The report page: its numbers are those of the lists they open, for every reader, and of the public page."""

import csv
import io
import re
from datetime import timedelta

import pytest

from feedback import clock
from feedback.audit import AuditRow
from feedback.db import db
from feedback.petitions.models import Kind
from tests.web.desk import walks
from tests.web.lint import lint_page
from tests.web.staff import at_desk
from web.public import results


@pytest.fixture
def ward(world):
    """Some answered, one late, one overdue, one sealed."""
    results._kept.clear()
    walks.answered(world)
    walks.accepted(world)
    with clock.at(clock.now() - timedelta(days=40)):
        walks.accepted(world)
        late = walks.submitted(world)
        walks.received(world, text="Tôi tố cáo ông A nhận hối lộ", kind=Kind.TO_CAO)
    from feedback.petitions import actions

    walks.step(world, late, "chair", actions.approve)
    return world


def whole(day=None) -> str:
    first = clock.today() - timedelta(days=60)
    return f"/desk/report?from={first:%d/%m/%Y}"


def test_every_number_opens_a_list_that_long(app, ward):
    client = at_desk(app, ward.chair)
    page = client.get(whole())
    lint_page(page.text)
    links = re.findall(r'href="(/desk/cases\?[^"]+)">([\d.]+)<', page.text)
    assert len(links) > 12
    for address, shown in links:
        found = client.get(address.replace("&amp;", "&"))
        numbers = re.findall(r'href="/desk/cases/(BD-[^"]+)"', found.text)
        assert len(set(numbers)) == int(shown), address
    figures = re.findall(r'ward-figure__number">(?:<a[^>]*>)?([^<]+)<', page.text)
    assert [each.strip() for each in figures] == ["4", "1", "1", "1", "1", "0", "33,3 %", "33,3 %"]
    assert "hối lộ" not in page.text


def test_all_readers_see_the_same_figures_and_the_head_their_own(app, ward):
    def tiles(who):
        page = at_desk(app, ward.people[who]).get(whole())
        assert page.status_code == 200, who
        lint_page(page.text)
        return re.findall(r'ward-figure__number">(?:<a[^>]*>)?([^<]+)<', page.text)

    seen = {who: tiles(who) for who in ("chair", "vice", "clerk", "supervisor", "admin")}
    assert len({tuple(each) for each in seen.values()}) == 1
    assert tiles("dept_head")[0] == "4"  # all of them are his department's
    assert "/desk/cases?" not in at_desk(app, ward.admin).get(whole()).text
    for who in ("an", "binh", "chi", "head_tdp"):
        assert at_desk(app, ward.people[who]).get("/desk/report").status_code == 404


def test_the_public_page_says_the_same_and_names_nobody(app, ward):
    page = app.test_client().get("/ba-dinh/ket-qua")
    lint_page(page.text)
    assert "33,3 %" in page.text
    assert "<strong>4</strong>" in page.text
    for secret in ("Trần Thị Dân", "Lý Văn An", "hối lộ", "BD-2026"):
        assert secret not in page.text
    assert "/ba-dinh/ket-qua" in app.test_client().get("/ba-dinh/").text


def test_the_public_page_hides_what_is_few(app, world):
    results._kept.clear()
    walks.answered(world)
    page = app.test_client().get("/ba-dinh/ket-qua")
    lint_page(page.text)
    assert "Chưa có đủ phản ánh" in page.text
    assert "%" not in page.text.split("<main")[1].split("</main>")[0]


@pytest.mark.parametrize("table", ["periodic_report", "indicators"])
def test_files(app, ward, table):
    client = at_desk(app, ward.chair)
    for suffix, begins in (
        ("xlsx", b"PK"),
        ("docx", b"PK"),
        ("pdf", b"%PDF"),
        ("csv", b"\xef\xbb\xbf"),
    ):
        file = client.get(f"{whole()}&table={table}&as={suffix}")
        assert file.data.startswith(begins), suffix
    rows = list(csv.reader(io.StringIO(file.data.decode("utf-8-sig"))))
    if table == "indicators":
        assert rows[1][3:] == ["4", "1", "1", "1", "1", "0", "33,3 %", "33,3 %"]
    else:
        said = {row[1]: row[2] for row in rows[1:]}
        assert said["Tổng số tiếp nhận trong kỳ"] == "5"
        assert said["– Tố cáo, thông tin có nội dung tố cáo"] == "1"
        assert said["– Trả lời đúng hạn"] == "1"
    assert db.session.query(AuditRow).filter_by(action="figures.fetched").count() == 4


def test_the_head_of_a_unit_gets_no_report_of_the_ward(app, ward):
    client = at_desk(app, ward.dept_head)
    assert client.get(f"{whole()}&table=periodic_report&as=xlsx").status_code == 404
    assert client.get(f"{whole()}&table=indicators&as=xlsx").status_code == 200
    assert client.get(f"{whole()}&table=nothing&as=xlsx").status_code == 404


@pytest.mark.parametrize(
    "wrong", ["from=hôm+qua", "from=02/02/2026&to=01/02/2026", "from=2020-01-01"]
)
def test_a_wrong_period_is_told(app, world, wrong):
    page = at_desk(app, world.chair).get(f"/desk/report?{wrong}")
    assert page.status_code == 422
    lint_page(page.text)


def test_an_empty_ward_says_how_it_fills(app, world):
    page = at_desk(app, world.chair).get("/desk/report")
    lint_page(page.text)
    assert "sẽ hiện ở đây" in page.text
