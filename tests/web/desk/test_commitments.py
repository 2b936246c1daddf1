"""A promise kept with its evidence: uploaded by who owes it, read by everybody, doubted by residents."""

import io

import pytest

from feedback.db import db
from feedback.dialogue.models import Dialogue
from feedback.dialogue.question_models import Commitment, CommitmentState
from feedback.documents.models import FileUse, StoredFile
from tests.web.desk import dialogue_routes
from tests.web.desk.conftest import jpeg
from tests.web.staff import at_desk


@pytest.fixture
def named(world, a_photo):
    return dialogue_routes.places(world, a_photo)


def promise(named) -> Commitment:
    db.session.rollback()
    return db.session.get_one(Commitment, named["c"], populate_existing=True)


def test_evidence_is_uploaded_with_the_promise_and_read_by_everybody(app, world, named):
    an, anybody = at_desk(app, world.an), app.test_client()
    address = f"/desk/commitments/{named['c']}/fulfilment"
    photo = (io.BytesIO(jpeg()), "cống đã thông.jpg")
    sent = an.post(address, data={"evidence": "Đã thông cống", "photo": photo})
    assert sent.status_code == 302
    row = promise(named)
    assert row.state is CommitmentState.DONE
    assert row.file.name == "cống đã thông.jpg"
    page = anybody.get("/ba-dinh/cam-ket").text
    link = f"/ba-dinh/doi-thoai/{row.dialogue_id}/tep/{row.file.key}"
    assert link in page
    assert "Xem ảnh" in page
    assert anybody.get(link).data.startswith(b"\xff\xd8")
    assert link in an.get("/desk/commitments").text, "who owes it may open it, too"
    for n in range(3):
        voice = app.test_client()
        voice.post(f"/ba-dinh/cam-ket/{named['c']}/y-kien", data={"kept": "0"})
        assert promise(named).state is (CommitmentState.DOUBTED if n == 2 else CommitmentState.DONE)


def test_what_is_no_picture_and_what_has_no_words_is_refused(app, world, named):
    an = at_desk(app, world.an)
    address = f"/desk/commitments/{named['c']}/fulfilment"
    file = (io.BytesIO(b"MZ\x90\x00"), "virus.exe")
    assert an.post(address, data={"evidence": "Xong", "photo": file}).status_code in (302, 422)
    an.post(address, data={"evidence": " ", "photo": (io.BytesIO(jpeg()), "a.jpg")})
    assert promise(named).state is CommitmentState.OPEN
    assert promise(named).file is None


def test_signed_minutes_may_stay_in_the_ward(app, world, named):
    clerk, anybody = at_desk(app, world.clerk), app.test_client()
    desk, public = f"/desk/dialogues/{named['d']}", f"/ba-dinh/doi-thoai/{named['d']}"
    for name, more in (("bien-ban.jpg", {"internal": "1"}), ("tai-lieu.jpg", {})):
        sent = {"photos": (io.BytesIO(jpeg(name[:4] == "tai-" and "red" or "blue")), name), **more}
        assert clerk.post(f"{desk}/files", data=sent).status_code == 302
    rows = db.session.scalars(db.select(StoredFile).filter_by(dialogue_id=named["d"])).all()
    kept = {row.name: row for row in rows}
    assert kept["bien-ban.jpg"].use is FileUse.INTERNAL
    page = anybody.get(public).text
    assert "tai-lieu.jpg" in page
    assert "bien-ban.jpg" not in page
    assert anybody.get(f"{public}/tep/{kept['bien-ban.jpg'].key}").status_code == 404
    shown = clerk.get(desk).text
    assert "bien-ban.jpg" in shown
    assert "nội bộ" in shown


def test_minutes_are_written_live_struck_and_printed(app, world, named):
    from feedback.dialogue import paperwork
    from feedback.papers.filling import receiver_of

    clerk = at_desk(app, world.clerk)
    page = f"/desk/dialogues/{named['l']}/minutes"
    clerk.post(page, data={"text": "Bà Hoa phát biểu khai mạc"})
    clerk.post(page, data={"text": "Dòng ghi nhầm"})
    assert "Vui lòng ghi diễn biến" in clerk.post(page, data={}, follow_redirects=True).text
    shown = clerk.get(page).text
    assert "Hứa: Thông cống" in shown, "promises are there by themselves"
    db.session.rollback()
    row = db.session.get_one(Dialogue, named["l"])
    wrong = next(e for e in row.events if e.text == "Dòng ghi nhầm")
    clerk.post(f"{page}/{wrong.id}/strike")
    assert "Dòng ghi nhầm" not in clerk.get(page).text
    assert clerk.post(f"{page}/{row.events[0].id}/strike").status_code == 404
    db.session.rollback()
    row = db.session.get_one(Dialogue, named["l"])
    filled = paperwork.public_dialogue(row, receiver_of(world.clerk.id), names=True)
    assert [line[6:] for line in filled.remarks] == ["Khai mạc", "Bà Hoa phát biểu khai mạc"]
    clerk.post(f"/desk/dialogues/{named['d']}/minutes", data={"text": "Chưa họp"})
    assert "Chưa họp" not in clerk.get(f"/desk/dialogues/{named['d']}/minutes").text
