"""Entering for somebody who does not write: the form, the petition, the paper they take home."""

import io
from datetime import timedelta

import pytest

from feedback import clock, links
from feedback.db import db
from feedback.people.models import Channel
from feedback.petitions.models import Kind, Petition, Status, Urgency
from tests.web.desk.conftest import jpeg
from tests.web.lint import lint_page
from tests.web.staff import at_desk

PAGE = "/desk/entry"
FORM = {
    "text": "Bà cụ ở số 5 nói đèn ngõ hỏng đã một tuần.",
    "channel": "phone",
    "name": "Nguyễn Thị Cụ",
    "phone": "0987 654 321",
    "consented": "y",
    "submission_key": "k" * 30,
}


@pytest.fixture
def clerk(app, world):
    return at_desk(app, world.clerk)


def send(client, **changes):
    answer = client.post(PAGE, data={**FORM, **changes}, content_type="multipart/form-data")
    if answer.status_code == 422:
        lint_page(answer.text)
    return answer


def the_petition() -> Petition:
    db.session.rollback()
    return db.session.query(Petition).one()


def test_the_clerk_enters_classifies_and_prints(clerk, world):
    lint_page(clerk.get(PAGE).text)
    field, place = world.fields[2].id, world.neighbourhoods[2].id
    answer = send(clerk, field_id=field, urgency="urgent", neighbourhood_id=place, address="số 5")
    petition = the_petition()
    assert answer.location == f"{PAGE}/{petition.number}/receipt"
    assert petition.entered_by_id == world.clerk.id
    assert petition.channel is Channel.PHONE
    assert petition.urgency is Urgency.URGENT
    assert (petition.field_id, petition.neighbourhood_id) == (field, place)
    assert petition.reporter_name == "Nguyễn Thị Cụ"
    paper = clerk.get(answer.location)
    lint_page(paper.text)
    for words in (
        petition.number,
        "Lý Văn An",
        "<svg",
        links.tracking(petition.token),
        "Phạm Thị Lê",
    ):
        assert words in paper.text, words
    assert "Phạm Thị Lê nhập hộ" in clerk.get(f"/desk/cases/{petition.number}").text


def test_a_neighbourhood_head_enters_for_their_own_neighbourhood_only(app, world):
    head = at_desk(app, world.head_tdp)
    page = head.get(PAGE).text
    lint_page(page)
    assert 'name="field_id"' not in page
    assert "Tổ dân phố số 2" not in page
    answer = send(head, neighbourhood_id=world.neighbourhoods[2].id)
    assert answer.status_code == 422
    send(head, neighbourhood_id=world.neighbourhoods[1].id)
    petition = the_petition()
    assert petition.neighbourhood_id == world.neighbourhoods[1].id
    assert head.get(f"{PAGE}/{petition.number}/receipt").status_code == 200


def test_a_double_press_makes_one_petition(clerk, world):
    first, second = send(clerk), send(clerk)
    assert first.location == second.location
    the_petition()


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"text": ""}, "Xin ghi điều người dân phản ánh"),
        ({"channel": ""}, "Xin chọn một cách"),
        ({"consented": ""}, "khi họ đồng ý"),
        ({"phone": "12"}, "Số điện thoại chưa đúng"),
    ],
)
def test_what_is_missing_is_said_and_what_was_typed_stays(clerk, world, changes, words):
    answer = send(clerk, **changes)
    assert answer.status_code == 422
    assert words in answer.text
    assert "Nguyễn Thị Cụ" in answer.text
    assert db.session.query(Petition).count() == 0


def test_photos_come_along_and_a_disguised_file_is_refused_by_name(clerk, world):
    answer = send(clerk, photos=[(io.BytesIO(b"MZ\x90" + b"\0" * 99), "anh.jpg")])
    assert answer.status_code == 422
    assert "anh.jpg" in answer.text
    assert "Bà cụ ở số 5" in answer.text
    send(clerk, photos=[(io.BytesIO(jpeg()), "den.jpg")])
    petition = the_petition()
    assert [file.name for file in petition.files] == ["den.jpg"]


def test_a_receipt_with_its_secret_is_for_who_typed_it(app, clerk, world):
    send(clerk)
    address = f"{PAGE}/{the_petition().number}/receipt"
    for who in ("chair", "vice", "head_tdp", "an"):
        assert at_desk(app, world.people[who]).get(address).status_code == 404


def test_what_a_resident_sent_alone_has_no_receipt_here(clerk, world):
    assert clerk.get(f"{PAGE}/{world.submit().number}/receipt").status_code == 404


@pytest.mark.parametrize(("kind", "step"), [("khieu_nai", "acceptance"), ("to_cao", "transfer")])
def test_a_signed_petition_starts_the_laws_clock_on_its_day(clerk, kind, step):
    day = clock.today() - timedelta(days=2)
    answer = send(clerk, kind=kind, signed_on=day.isoformat(), channel="paper")
    petition = the_petition()
    assert petition.status is Status.SIGNED
    assert petition.kind is Kind(kind)
    assert petition.proceeding.signed_on == day
    assert step in {row.step for row in petition.deadlines}
    paper = clerk.get(answer.location)
    assert paper.status_code == 200
    assert (petition.title in paper.text) is (kind == "khieu_nai")


def test_who_may_not_keep_an_accusation_leaves_its_date_to_who_may(app, world):
    send(at_desk(app, world.vice), kind="to_cao", channel="paper")
    petition = the_petition()
    assert petition.is_restricted
    assert petition.status is Status.RECEIVED
