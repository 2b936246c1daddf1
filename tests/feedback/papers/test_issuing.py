"""Issuing: numbers without gaps whatever fails, files kept as they were, papers seen by whom they concern."""

import io
import threading
from dataclasses import replace
from datetime import UTC, datetime

import pytest
import sqlalchemy as sa
from openpyxl import load_workbook
from pypdf import PdfReader

from feedback import audit, clock
from feedback.db import db, transaction
from feedback.errors import BadInput, NotAllowed, NotFound
from feedback.papers import archive, issuing
from feedback.papers.issuing import issue, preview
from feedback.papers.models import Paper
from feedback.wards import numbers
from feedback.wards.models import NumberSeries
from tests.feedback.papers.samples import SAMPLES

NOTICE = SAMPLES["result_notice"]
SERIES = "paper:TB-UBND"


def numbers_of(series: str = SERIES) -> list[int]:
    query = sa.select(Paper.number).where(Paper.series == series).order_by(Paper.id)
    return list(db.session.scalars(query))


def files_under(root) -> list[str]:
    return sorted(path.name for path in root.rglob("*") if path.is_file())


def test_a_paper_is_numbered_dated_today_kept_and_recorded(world, tmp_path):
    by = world.actor("clerk")
    paper = issue("result_notice", NOTICE, by=by, root=tmp_path)
    assert (paper.number, paper.sign, paper.year) == (1, "01/TB-UBND", clock.today().year)
    assert paper.issued_on == clock.today()
    assert (paper.signed_by, paper.signed_as) == ("Nguyễn Thị Hoa", "CHỦ TỊCH")
    assert (paper.name, paper.code) == ("Thông báo kết quả", "")
    data = archive.read(paper, "pdf", tmp_path)
    text = " ".join(PdfReader(io.BytesIO(data)).pages[0].extract_text().split())
    assert "Số: 01/TB-UBND" in text
    assert f"{clock.today():%d} tháng" in text
    assert archive.read(paper, "docx", tmp_path).startswith(b"PK")
    assert archive.file_name(paper, "pdf") == "01-TB-UBND.pdf"
    row = db.session.scalars(sa.select(audit.AuditRow).filter_by(action="paper.issued")).one()
    assert (row.subject_id, row.officer_id) == (paper.id, world.clerk.id)


def test_papers_with_one_suffix_share_their_numbers_and_wards_do_not(world, tmp_path):
    from tests.world import make_world

    by = world.actor("clerk")
    other = make_world("TS", "tay-son").actor("clerk")
    signs = [
        issue(key, SAMPLES[key], by=who, root=tmp_path).sign
        for key, who in (
            ("result_notice", by),
            ("acceptance_notice", by),
            ("referral", by),
            ("result_notice", other),
            ("result_notice", by),
        )
    ]
    assert signs == ["01/TB-UBND", "02/TB-UBND", "01/PC-UBND", "01/TB-UBND", "03/TB-UBND"]


def test_numbers_begin_again_with_the_year(world, tmp_path):
    by = world.actor("clerk")
    for instant in (
        datetime(2026, 12, 31, 16, 59, tzinfo=UTC),
        datetime(2026, 12, 31, 17, 0, tzinfo=UTC),  # already the new year in Viet Nam
    ):
        with clock.at(instant):
            issue("result_notice", NOTICE, by=by, root=tmp_path)
    found = db.session.execute(sa.select(Paper.year, Paper.number).order_by(Paper.id)).all()
    assert [tuple(row) for row in found] == [(2026, 1), (2027, 1)]


def test_a_form_without_a_number_is_kept_all_the_same(world, tmp_path):
    by = world.actor("clerk")
    papers = [
        issue("documents_receipt", SAMPLES["documents_receipt"], by=by, root=tmp_path)
        for _ in range(2)
    ]
    assert [(paper.number, paper.series, paper.sign) for paper in papers] == [(None, None, "")] * 2
    assert archive.read(papers[0], "pdf", tmp_path) == archive.read(papers[1], "pdf", tmp_path)


@pytest.mark.parametrize("broken", ["pdf", "docx", "store", "then"])
def test_what_fails_takes_no_number_and_leaves_no_file(world, tmp_path, monkeypatch, broken):
    by = world.actor("clerk")
    issue("result_notice", NOTICE, by=by, root=tmp_path)
    before = files_under(tmp_path)

    def fail(*_args, **_keywords):
        raise OSError("no")

    with monkeypatch.context() as patch:
        if broken == "store":
            patch.setattr(issuing.store, "save", fail)
        elif broken != "then":
            own = issuing._draw
            patch.setattr(
                issuing, "_draw", lambda d, suffix: fail() if suffix == broken else own(d, suffix)
            )
        with pytest.raises(OSError, match="no"):
            then = fail if broken == "then" else None
            issue("result_notice", NOTICE, by=by, root=tmp_path, then=then)
    assert files_under(tmp_path) == before
    issue("result_notice", NOTICE, by=by, root=tmp_path)
    assert numbers_of() == [1, 2]


def test_who_is_not_first_draws_again(world, tmp_path, monkeypatch):
    by = world.actor("clerk")
    own, raced = issuing._drawn, []

    def overtaken(*args):
        drawn = own(*args)
        if not raced:
            raced.append(True)
            issue("acceptance_notice", SAMPLES["acceptance_notice"], by=by, root=tmp_path)
        return drawn

    monkeypatch.setattr(issuing, "_drawn", overtaken)
    paper = issue("result_notice", NOTICE, by=by, root=tmp_path)
    assert paper.sign == "02/TB-UBND"
    assert len(files_under(tmp_path)) == 4
    text = PdfReader(io.BytesIO(archive.read(paper, "pdf", tmp_path))).pages[0].extract_text()
    assert "02/TB-UBND" in text


def test_many_at_once_get_one_number_each(world, tmp_path, app):
    by = world.actor("clerk")
    db.session.rollback()
    wrong = []

    def work():
        try:
            with app.app_context():
                for _ in range(3):
                    issue("result_notice", NOTICE, by=by, root=tmp_path)
        except BaseException as error:
            wrong.append(error)

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not wrong
    assert sorted(numbers_of()) == list(range(1, 13))
    assert len(files_under(tmp_path)) == 24


def test_a_second_click_gets_the_first_paper(world, tmp_path):
    by = world.actor("clerk")
    first = issue("result_notice", NOTICE, by=by, root=tmp_path, once="form-1")
    second = issue("result_notice", NOTICE, by=by, root=tmp_path, once="form-1")
    assert first.id == second.id
    assert numbers_of() == [1]


def test_two_clicks_at_the_same_moment_are_one_paper(world, tmp_path, monkeypatch):
    """Both drew before either was kept; without a number both files are the very same."""
    by = world.actor("clerk")
    own, raced = issuing._drawn, []
    context = SAMPLES["documents_receipt"]

    def overtaken(*args):
        drawn = own(*args)
        if not raced:
            raced.append(True)
            issue("documents_receipt", context, by=by, root=tmp_path, once="form-1")
        return drawn

    monkeypatch.setattr(issuing, "_drawn", overtaken)
    paper = issue("documents_receipt", context, by=by, root=tmp_path, once="form-1")
    assert db.session.scalars(sa.select(Paper.id)).all() == [paper.id]
    assert archive.read(paper, "pdf", tmp_path).startswith(b"%PDF")


def test_what_belongs_to_it_happens_with_it(world, tmp_path):
    petition = world.submit()
    seen = []
    paper = issue(
        "result_notice",
        NOTICE,
        by=world.actor("clerk"),
        root=tmp_path,
        petition_id=petition.id,
        then=lambda paper: seen.append(paper.sign),
    )
    assert seen == ["01/TB-UBND"]
    assert paper.petition_id == petition.id


def test_a_ward_goes_on_from_the_numbers_it_had_on_paper(world, tmp_path):
    with transaction():
        db.session.add(
            NumberSeries(ward_id=world.ward.id, name=SERIES, year=clock.today().year, last=45)
        )
    paper = issue("result_notice", NOTICE, by=world.actor("clerk"), root=tmp_path)
    assert paper.sign == "46/TB-UBND"


def test_a_number_that_is_not_the_next_cannot_be_claimed(world):
    ward = world.ward.id
    with transaction():
        assert not numbers.claim(ward, SERIES, 2026, 2)
        assert numbers.claim(ward, SERIES, 2026, 1)
        assert not numbers.claim(ward, SERIES, 2026, 1)
        assert numbers.take(ward, SERIES, 2026) == 2
    assert numbers.last(ward, SERIES, 2026) == 2
    assert numbers.last(ward, SERIES, 2027) == 0


def test_a_paper_is_never_changed(world, tmp_path):
    paper = issue("result_notice", NOTICE, by=world.actor("clerk"), root=tmp_path)
    with pytest.raises(RuntimeError, match="kept as it is"), transaction():
        paper.subject = "khác"
        db.session.flush()
    with pytest.raises(RuntimeError, match="kept as it is"), transaction():
        db.session.delete(paper)
        db.session.flush()


def test_a_file_that_was_touched_is_noticed(world, tmp_path):
    paper = issue("result_notice", NOTICE, by=world.actor("clerk"), root=tmp_path)
    file = archive.folder(tmp_path) / paper.path("pdf")
    file.write_bytes(file.read_bytes() + b" ")
    with pytest.raises(archive.Altered):
        archive.read(paper, "pdf", tmp_path)
    file.unlink()
    with pytest.raises(NotFound):
        archive.read(paper, "pdf", tmp_path)


def test_who_may_issue_and_who_may_see(world, tmp_path):
    petition = world.submit(field_id=world.fields[2].id)
    for name in ("supervisor", "head_tdp", "admin"):
        with pytest.raises(NotAllowed):
            issue("result_notice", NOTICE, by=world.actor(name), root=tmp_path)
    with pytest.raises(NotFound):
        issue(
            "result_notice",
            NOTICE,
            by=world.actor("chi"),
            root=tmp_path,
            petition_id=petition.id,
        )
    paper = issue(
        "result_notice", NOTICE, by=world.actor("an"), root=tmp_path, petition_id=petition.id
    )
    for name in ("an", "clerk", "chair"):
        assert archive.by_id(paper.id, world.actor(name)) is paper
        assert archive.papers_of(petition, world.actor(name)) == [paper]
    with pytest.raises(NotFound):
        archive.by_id(paper.id, world.actor("chi"))
    with pytest.raises(NotFound):
        archive.papers_of(petition, world.actor("chi"))
    with pytest.raises(NotAllowed):  # it goes out in the chair's name
        issue("referral", SAMPLES["referral"], by=world.actor("an"), root=tmp_path)
    key = "documents_receipt"
    other = issue(key, SAMPLES[key], by=world.actor("an"), root=tmp_path)
    assert archive.by_id(other.id, world.actor("an")) is other
    with pytest.raises(NotFound):
        archive.by_id(other.id, world.actor("chi"))


def test_a_form_that_cannot_be_filled_takes_nothing(world, tmp_path):
    office = replace(NOTICE.office, corrections={"result_notice": {"body": "{{ missing }}"}})
    with pytest.raises(BadInput):
        issue(
            "result_notice",
            replace(NOTICE, office=office),
            by=world.actor("clerk"),
            root=tmp_path,
        )
    assert numbers_of() == []
    assert files_under(tmp_path) == []


def test_it_is_not_called_inside_a_transaction(world, tmp_path):
    by = world.actor("clerk")
    with pytest.raises(RuntimeError), transaction():
        issue("result_notice", NOTICE, by=by, root=tmp_path)


def test_a_preview_has_no_number_and_leaves_nothing(world, tmp_path):
    text = PdfReader(io.BytesIO(preview("result_notice", NOTICE))).pages[0].extract_text()
    assert "/TB-UBND" in text
    assert "01/TB-UBND" not in text
    assert preview("result_notice", NOTICE, "docx").startswith(b"PK")
    register = SAMPLES["reception_register"]
    assert load_workbook(io.BytesIO(preview("reception_register", register, "xlsx")))
    for suffix in ("xlsx", "odt"):
        with pytest.raises(NotFound):
            preview("result_notice", NOTICE, suffix)
    assert numbers_of() == []
