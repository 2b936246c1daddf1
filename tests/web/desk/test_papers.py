"""Papers on the case page: prepared, looked at, given out once, fetched; each look written down."""

import io
import re
from datetime import datetime, timedelta

import sqlalchemy as sa
from pypdf import PdfReader

from feedback import clock
from feedback.audit import AuditRow
from feedback.db import db
from feedback.papers.models import Paper
from feedback.petitions.models import Kind
from tests.feedback.petitions.stories import do
from tests.web.desk import walks
from tests.web.lint import lint_page
from tests.web.staff import at_desk

GUIDANCE = {"ground": "Điều 26 Luật Tiếp công dân", "competent": "Sở Xây dựng"}


def looks(action: str) -> list[AuditRow]:
    return list(db.session.scalars(sa.select(AuditRow).filter_by(action=action)))


def said(data: bytes) -> str:
    return " ".join(" ".join(p.extract_text() for p in PdfReader(io.BytesIO(data)).pages).split())


def test_from_the_case_to_a_numbered_paper_and_its_files(app, world):
    petition = walks.accepted(world)
    client = at_desk(app, world.clerk)
    case = client.get(f"/desk/cases/{petition.number}")
    address = f"/desk/cases/{petition.number}/papers/guidance"
    assert address in case.text
    page = client.get(address)
    lint_page(page.text)
    once = re.search(r'name="once" value="([^"]+)"', page.text)[1]
    shown = client.post(f"{address}/preview", data=GUIDANCE)
    assert shown.mimetype == "application/pdf"
    assert "Sở Xây dựng" in said(shown.data)
    assert shown.headers["Cache-Control"] == "no-store"
    assert client.post(f"{address}/preview", data=GUIDANCE | {"as": "docx"}).data[:2] == b"PK"
    for _ in range(2):  # a second click gives no second number
        done = client.post(address, data=GUIDANCE | {"once": once})
        assert done.location.endswith("#papers")
    assert db.session.scalars(sa.select(Paper.sign)).all() == ["01/HD-UBND"]
    case = client.get(f"/desk/cases/{petition.number}")
    lint_page(case.text)
    assert "01/HD-UBND" in case.text
    assert "Nguyễn Thị Hoa, CHỦ TỊCH" in case.text
    file = re.search(r"/desk/papers/\d+\.pdf", case.text)[0]
    kept = client.get(file)
    assert "Số: 01/HD-UBND" in said(kept.data)
    assert client.get(file.replace(".pdf", ".docx")).data[:2] == b"PK"
    assert [row.officer_id for row in looks("paper.fetched")] == [world.clerk.id] * 2
    assert len(looks("paper.previewed")) == 2


def test_what_was_typed_comes_back_with_the_reasons(app, world):
    petition = walks.accepted(world)
    client = at_desk(app, world.clerk)
    address = f"/desk/cases/{petition.number}/papers/guidance"
    for where in (address, f"{address}/preview"):
        page = client.post(where, data={"competent": "Sở Xây dựng"})
        assert page.status_code == 422
        lint_page(page.text)
        assert "Xin điền: căn cứ." in page.text
        assert 'value="Sở Xây dựng"' in page.text
    assert not db.session.scalars(sa.select(Paper.id)).all()


def test_an_officer_prepares_and_the_clerk_gives_out(app, world):
    petition = walks.in_progress(world)
    address = f"/desk/cases/{petition.number}/papers/guidance"
    client = at_desk(app, world.an)
    page = client.get(address)
    lint_page(page.text)
    assert "Phát hành, lấy số" not in page.text
    assert client.post(f"{address}/preview", data=GUIDANCE).status_code == 200
    assert client.post(address, data=GUIDANCE).status_code == 403
    assert "Phát hành, lấy số" in at_desk(app, world.clerk).get(address).text


def test_a_paper_that_does_not_fit_is_not_there(app, world):
    petition = walks.accepted(world)
    client = at_desk(app, world.clerk)
    for key in ("complaint", "answer_letter", "accusation", "petition_register", "nothing"):
        assert client.get(f"/desk/cases/{petition.number}/papers/{key}").status_code == 404


def test_a_sealed_case_prints_nothing_of_itself(app, world):
    petition = walks.received(world, text="Tôi tố cáo ông A nhận hối lộ", kind=Kind.TO_CAO)
    client = at_desk(app, world.clerk)
    address = f"/desk/cases/{petition.number}/papers"
    assert client.get(f"{address}/receipt").status_code == 404
    assert client.post(f"{address}/accusation", data={}).status_code == 403
    shown = client.post(f"{address}/accusation/preview", data={})
    assert "hối lộ" not in said(shown.data)
    for who in ("vice", "an", "dept_head", "supervisor", "head_tdp"):
        answer = at_desk(app, world.people[who]).get(f"{address}/accusation")
        assert answer.status_code == 404, who


def test_registers_by_period(app, world):
    walks.received(world)
    client = at_desk(app, world.clerk)
    page = client.get("/desk/registers")
    lint_page(page.text)
    for suffix, begins in (("xlsx", b"PK"), ("docx", b"PK"), ("pdf", b"%PDF")):
        for book in ("petition_register", "reception_register"):
            file = client.get(f"/desk/registers?book={book}&as={suffix}")
            assert file.data.startswith(begins), (book, suffix)
            assert file.headers["Cache-Control"] == "no-store"
    assert len(looks("register.fetched")) == 6
    for wrong in ("from=hôm+qua", "from=02/02/2026&to=01/02/2026", "from=01/01/2020"):
        refused = client.get(f"/desk/registers?{wrong}")
        assert refused.status_code == 422
        lint_page(refused.text)


def test_a_complaints_papers_come_filled_and_give_their_number_to_the_act(app, world):
    petition = world.submit("Tôi không đồng ý quyết định số 15 của phường.", kind=Kind.KHIEU_NAI)
    signed = {"kind": Kind.KHIEU_NAI, "signed_on": clock.today()}
    do("receive_signed", petition, world.actor("clerk"), **signed)
    client = at_desk(app, world.chair)
    address = f"/desk/cases/{petition.number}/papers/acceptance_notice"
    page = client.get(address)
    due = clock.today() + timedelta(days=30)
    filled = re.search(r'name="due_on"[^>]* value="([^"]+)"', page.text)[1]
    assert datetime.strptime(filled, "%d/%m/%Y").date() >= due  # noqa: DTZ007  a date has no zone
    admission = r'<input[^>]*id="admission-decision"[^>]*>'
    before = re.search(admission, client.get(f"/desk/cases/{petition.number}").text)[0]
    assert "TB-UBND" not in before
    assert client.post(address, data={"due_on": filled, "once": "x1"}).status_code == 302
    after = re.search(admission, client.get(f"/desk/cases/{petition.number}").text)[0]
    assert 'value="01/TB-UBND"' in after
