"""The case page: what it shows to whom, and what every small form on it does."""

import html
import io
import json
import re

import pytest
import sqlalchemy as sa

from feedback import clock
from feedback.audit import AuditRow
from feedback.db import db, transaction
from feedback.documents.models import FileUse, StoredFile
from feedback.outbox.models import OutboxRow, OutboxState
from feedback.people.actor import CITIZEN
from feedback.people.models import Channel, Contact
from feedback.petitions import actions
from feedback.petitions.actions import more_time
from feedback.petitions.lifecycle import Action
from feedback.petitions.models import Kind, Petition, Status, Urgency
from feedback.wards.models import Field
from tests.database import make_settings, statements
from tests.feedback.dialogue.stories import a_contact
from tests.web.desk import walks
from tests.web.desk.conftest import jpeg
from tests.web.lint import lint_page
from tests.web.staff import at_desk
from web.desk.steps import BY_NOUN, STEPS
from wsgi import create_app


def open_case(app, world, who, petition):
    page = at_desk(app, world.people[who]).get(f"/desk/cases/{petition.number}")
    assert page.status_code == 200
    lint_page(page.text)
    return page.text


def do(app, world, who, petition, noun, **form):
    """Send one of the case's forms as it stands on a page opened now."""
    form = {"version": walks.version_of(petition.number), **form}
    client = at_desk(app, world.people[who])
    answer = client.post(f"/desk/cases/{petition.number}/{noun}", data=form)
    if answer.status_code not in (302, 303):
        lint_page(answer.text)
    return answer


def telegram(world) -> Contact:
    """A resident who writes from Telegram."""
    with transaction():
        contact = Contact(
            ward_id=world.ward.id,
            channel=Channel.TELEGRAM,
            account="main",
            address="77",
            created_at=clock.now(),
        )
        db.session.add(contact)
    return contact


# What one form of each action asks; the walk brings the petition where its actor may do it.
FORMS = {
    "acceptance": (walks.received, "clerk", {"urgency": "urgent"}, Status.ACCEPTED),
    "assignment": (walks.accepted, "clerk", {"officer_id": "{binh}"}, Status.ASSIGNED),
    "taking": (walks.accepted, "an", {}, Status.IN_PROGRESS),
    "handback": (walks.accepted, "an", {"reason": "Không thuộc phần tôi"}, Status.ACCEPTED),
    "question": (walks.in_progress, "an", {"question": "Ở đâu?"}, Status.WAITING_CITIZEN),
    "addition": (walks.waiting, "clerk", {"text": "Ở đầu ngõ"}, Status.IN_PROGRESS),
    "consultation": (
        walks.in_progress,
        "an",
        {"department_id": "{culture}", "question": "Ý kiến?"},
        Status.COORDINATING,
    ),
    "return": (walks.submitted, "chair", {"reason": "Thêm ảnh"}, Status.IN_PROGRESS),
    "extension": (
        lambda world: walks.in_progress(world, urgency=Urgency.COMPLEX),
        "clerk",
        {"working_days": "2", "reason": "Chờ vật tư"},
        Status.IN_PROGRESS,
    ),
    "transfer": (
        walks.accepted,
        "clerk",
        {"to": "Công ty Điện lực", "reason": "Lưới điện"},
        Status.TRANSFERRED,
    ),
    "rejection": (walks.accepted, "clerk", {"reason": "Không rõ nội dung"}, Status.REJECTED),
    "merger": (walks.accepted, "clerk", {"into": "{other}"}, Status.MERGED),
    "closing": (walks.answered, "clerk", {}, Status.CLOSED),
    "reopening": (walks.answered, "clerk", {"reason": "Vẫn tối"}, Status.REOPENED),
    "correction": (walks.accepted, "clerk", {"kind": "kien_nghi"}, Status.ACCEPTED),
    "note": (walks.accepted, "binh", {"text": "Đã gọi điện"}, Status.ACCEPTED),
    "draft": (walks.accepted, "an", {"text": "Đang làm"}, Status.IN_PROGRESS),
    "submission": (walks.in_progress, "an", {"text": "Đã xong"}, Status.AWAITING_APPROVAL),
    "approval": (walks.submitted, "chair", {}, Status.ANSWERED),
    "recall": (walks.answered, "chair", {}, Status.AWAITING_APPROVAL),
}


def filled(world, form):
    ids = {"binh": world.binh.id, "culture": world.departments["van_hoa_xa_hoi"].id}
    other = walks.received(world).number if "into" in form else ""
    return {name: words.format(other=other, **ids) for name, words in form.items()}


def test_every_action_of_officials_has_a_form():
    not_theirs = {Action.SUBMIT, Action.RATE}
    assert {step.action for step in STEPS} == set(Action) - not_theirs


@pytest.mark.parametrize("noun", FORMS)
def test_each_form_does_its_action_and_comes_back_to_the_case(app, world, noun):
    walk, who, form, status = FORMS[noun]
    petition = walk(world)
    page = open_case(app, world, who, petition)
    assert f"/{noun}" in page
    answer = do(app, world, who, petition, noun, **filled(world, form))
    assert answer.status_code == 302, answer.text
    assert answer.location in (f"/desk/cases/{petition.number}", "/desk/")
    assert walks.status_of(petition.number) is status
    if answer.location != "/desk/":
        open_case(app, world, who, petition)


@pytest.mark.parametrize("noun", [noun for noun in FORMS if FORMS[noun][2]])
def test_an_empty_form_comes_back_with_its_reason(app, world, noun):
    walk, who, _, _ = FORMS[noun]
    petition = walk(world)
    before = walks.status_of(petition.number)
    required = [ask for ask in BY_NOUN[noun].asks if not ask.is_optional]
    answer = do(app, world, who, petition, noun)
    if not required and noun == "acceptance":
        assert answer.status_code == 302
        return
    assert answer.status_code == 422
    assert "Chưa làm được" in answer.text
    assert walks.status_of(petition.number) is before


@pytest.mark.parametrize("noun", FORMS)
def test_a_stale_form_changes_nothing_and_gives_back_what_was_typed(app, world, noun):
    walk, who, form, _ = FORMS[noun]
    petition = walk(world)
    before = walks.status_of(petition.number)
    seen = db.session.scalar(sa.text("SELECT max(id) FROM timeline_entry"))
    version = walks.version_of(petition.number)
    walks.step(world, petition, "binh", actions.note, text="Tôi vừa ra xem")
    form = filled(world, form)
    answer = do(app, world, who, petition, noun, **form, version=version, seen=seen)
    assert answer.status_code == 409
    assert walks.status_of(petition.number) is before
    assert "Hồ sơ vừa được người khác cập nhật" in answer.text
    assert "Vũ Thị Bình" in answer.text
    for name, words in form.items():
        if not words.isdecimal() and name not in ("kind", "urgency"):
            assert words in answer.text


def test_two_drafts_at_once_are_shown_side_by_side(app, world):
    petition = walks.in_progress(world)
    version = walks.version_of(petition.number)
    do(app, world, "an", petition, "draft", text="Bản thứ nhất")
    answer = do(app, world, "an", petition, "submission", text="Bản thứ hai", version=version)
    assert answer.status_code == 409
    assert "Bản đang lưu" in answer.text
    assert "Bản thứ nhất" in answer.text
    assert answer.text.count("Bản thứ hai") == 2  # beside the other, and in the editor


@pytest.mark.parametrize("version", ["", "x", None])
def test_a_form_without_its_version_is_stale(app, world, version):
    petition = walks.accepted(world)
    form = {} if version is None else {"version": version}
    client = at_desk(app, world.an)
    assert client.post(f"/desk/cases/{petition.number}/taking", data=form).status_code == 409


def test_a_draft_saves_itself_as_json(app, world):
    petition = walks.in_progress(world)
    client = at_desk(app, world.an)
    address = f"/desk/cases/{petition.number}/draft"
    asks = {"Accept": "application/json"}
    version = walks.version_of(petition.number)
    saved = client.post(address, data={"version": version, "text": "Đang viết"}, headers=asks)
    assert saved.status_code == 200
    assert saved.json["version"] == walks.version_of(petition.number)
    assert "Đang viết" in open_case(app, world, "an", petition)
    stale = client.post(address, data={"version": version, "text": "Cũ"}, headers=asks)
    assert stale.status_code == 409
    assert "message" in stale.json
    empty = client.post(address, data={"version": saved.json["version"]}, headers=asks)
    assert empty.status_code == 422


def test_savings_of_a_draft_in_a_row_are_one_line_of_the_history(app, world):
    petition = walks.in_progress(world)
    for words in ("một", "hai", "ba"):
        do(app, world, "an", petition, "draft", text=words)
    assert open_case(app, world, "an", petition).count("Lưu bản thảo trả lời") == 1


def test_the_page_shows_the_matter_the_people_and_the_reasons(app, world, a_photo):
    petition = walks.in_progress(
        world, files=[a_photo.id], address="số 12 ngõ 34", lat=21.0364, lng=105.8235
    )
    page = open_case(app, world, "an", petition)
    for words in (
        "Đèn đường trước số nhà 12",
        "số 12 ngõ 34, Tổ dân phố số 1",
        "geo:21.0364,105.8235",
        f"/desk/files/{a_photo.key}/thumbnail",
        "Lý Văn An, Chuyên viên hạ tầng",
        "Người đứng đầu: Nguyễn Thị Hoa",
        "12/QĐ-UBND",
        "Hạn trả lời: Thứ",
        "Câu mẫu",
        "Đã tiếp nhận",
    ):
        assert words in page, words


def test_only_what_the_lifecycle_allows_is_offered(app, world):
    petition = walks.accepted(world)
    offered = {
        who: set(re.findall(rf'action="/desk/cases/{petition.number}/(\w+)"', page))
        for who in ("an", "binh", "clerk", "head_tdp")
        if (page := open_case(app, world, who, petition))
    }
    assert {"taking", "question", "submission", "note"} <= offered["an"]
    assert offered["binh"] == {"note", "reporter", "files"}
    assert "assignment" in offered["clerk"]
    assert offered["head_tdp"] == set()


def test_the_reporter_is_masked_until_somebody_asks_and_is_written_down(app, world):
    petition = walks.accepted(world)
    page = open_case(app, world, "an", petition)
    assert "T. T. Dân" in page
    assert "0912 345 678" not in page
    shown = at_desk(app, world.an).post(f"/desk/cases/{petition.number}/reporter")
    lint_page(shown.text)
    assert "Trần Thị Dân" in shown.text
    assert "0912 345 678" in shown.text
    assert shown.headers["Cache-Control"] == "no-store"
    row = db.session.query(AuditRow).filter_by(action="reporter.revealed").one()
    assert (row.officer_id, row.subject_id) == (world.an.id, petition.id)
    assert "0912 345 678" not in open_case(app, world, "an", petition)


def test_who_wished_to_stay_hidden_is_hidden_from_the_handlers(app, world):
    petition = walks.accepted(world, is_anonymous=True)
    page = open_case(app, world, "an", petition)
    assert "Không nêu tên" in page
    assert "Dân" not in page.split('id="reporter"')[1].split("</section>")[0]
    address = f"/desk/cases/{petition.number}/reporter"
    assert at_desk(app, world.an).post(address).status_code == 403
    assert db.session.query(AuditRow).filter_by(action="reporter.revealed").count() == 0
    assert "Trần Thị Dân" in at_desk(app, world.clerk).post(address).text


def test_the_delivery_log_tells_what_became_of_each_message(app, world):
    petition = walks.waiting(world, contact_id=telegram(world).id)
    with transaction():
        rows = db.session.query(OutboxRow).filter_by(petition_id=petition.id).all()
        rows[0].state, rows[1].state = OutboxState.FAILED, OutboxState.UNKNOWN
        rows[0].error = "bot was blocked by the user"
    page = open_case(app, world, "an", petition)
    log = page.split('id="log-title"')[1].split("</table>")[0]
    for words in ("Telegram", "Câu hỏi bổ sung", "Không gửi được", "blocked", "Không rõ kết quả"):
        assert words in log, words


def test_an_unreachable_reporter_is_said(app, world):
    contact = telegram(world)
    petition = walks.accepted(world, contact_id=contact.id)
    with transaction():
        db.session.merge(contact).unreachable_at = clock.now()
    assert "Không gửi tới được" in open_case(app, world, "an", petition)


def test_files_of_the_result_are_added_and_read(app, world):
    petition = walks.in_progress(world)
    client = at_desk(app, world.an)
    form = {"files": [(io.BytesIO(jpeg("green")), "sau.jpg")], "use": "result"}
    answer = client.post(
        f"/desk/cases/{petition.number}/files", data=form, content_type="multipart/form-data"
    )
    assert answer.status_code == 302
    row = db.session.query(StoredFile).filter_by(use=FileUse.RESULT).one()
    assert (row.petition_id, row.uploaded_by_id) == (petition.id, world.an.id)
    photo = client.get(f"/desk/files/{row.key}")
    assert photo.mimetype == "image/jpeg"
    assert photo.headers["Content-Disposition"].startswith("inline")
    assert client.get(f"/desk/files/{row.key}/thumbnail").status_code == 200
    assert client.get("/desk/files/nothing").status_code == 404
    assert "Minh chứng kết quả" in open_case(app, world, "an", petition)


def test_a_refused_file_is_named_and_the_others_are_kept(app, world):
    petition = walks.in_progress(world)
    client = at_desk(app, world.an)
    bad = (io.BytesIO(b"MZ\x90\x00" + b"\0" * 100), "hoa-don.exe")
    good = (io.BytesIO(jpeg()), "sau.jpg")
    client.post(
        f"/desk/cases/{petition.number}/files",
        data={"files": [bad, good]},
        content_type="multipart/form-data",
    )
    page = client.get(f"/desk/cases/{petition.number}").text
    assert "hoa-don.exe" in page
    assert "Đã thêm 1 tệp" in page


def test_internal_files_are_not_for_neighbourhood_heads(app, world, a_photo):
    petition = walks.accepted(world, files=[a_photo.id])
    with transaction():
        db.session.merge(a_photo).use = FileUse.INTERNAL
    key = a_photo.key
    assert at_desk(app, world.an).get(f"/desk/files/{key}").status_code == 200
    assert at_desk(app, world.head_tdp).get(f"/desk/files/{key}").status_code == 404
    assert key not in open_case(app, world, "head_tdp", petition)


def test_notes_stay_among_officials(app, world):
    petition = walks.accepted(world)
    walks.step(world, petition, "an", actions.note, text="Chủ nhà khó tính")
    assert "khó tính" in open_case(app, world, "binh", petition)
    assert "khó tính" not in open_case(app, world, "head_tdp", petition)
    assert "khó tính" not in open_case(app, world, "supervisor", petition)


def test_how_the_same_was_answered_before_stands_beside_the_editor(app, world):
    old = walks.answered(world)
    page = open_case(app, world, "an", walks.in_progress(world))
    assert old.number in page
    assert walks.ANSWER in page.split('id="answer"')[1]


def test_the_chair_reads_the_very_message_and_to_whom_it_goes(app, world):
    petition = walks.submitted(world, contact_id=telegram(world).id)
    page = open_case(app, world, "chair", petition)
    box = page.split('id="answer"')[1]
    assert "UBND Phường Ba Đình trả lời phản ánh" in box
    assert walks.ANSWER in box
    assert "T. T. Dân (091•••678), qua Telegram" in box
    do(app, world, "chair", petition, "approval")
    sent = db.session.query(OutboxRow).filter_by(notice="petition.answered").one()
    preview = re.search(r'<div class="ward-message">(.*?)</div>', box, re.S)[1]
    message = json.loads(sent.body)["text"]
    assert html.unescape(preview) == message.replace(petition.token, "•••")


def test_an_approval_can_be_taken_back_for_a_few_seconds(app, world, time_machine):
    petition = walks.answered(world)
    assert "Hoàn tác" in open_case(app, world, "chair", petition)
    assert "Hoàn tác" not in open_case(app, world, "an", petition)
    time_machine.move_to(clock.now().timestamp() + 60, tick=False)
    assert "Hoàn tác" not in open_case(app, world, "chair", petition)
    late = do(app, world, "chair", petition, "recall")
    assert late.status_code == 409
    assert "đã gửi đi" in late.text


def test_a_returned_answer_shows_who_wants_what(app, world):
    page = open_case(app, world, "an", walks.returned(world))
    assert "Nguyễn Thị Hoa trả lại:" in page
    assert "Thêm ảnh sau khi thay." in page
    assert walks.ANSWER in page.split("<textarea")[1]


def test_a_case_handed_on_leads_home_when_it_is_no_longer_theirs(app, world):
    petition = walks.accepted(world)
    answer = do(app, world, "dept_head", petition, "assignment", officer_id=world.chi.id)
    if answer.location == "/desk/":
        assert (
            at_desk(app, world.dept_head).get(f"/desk/cases/{petition.number}").status_code == 404
        )
    else:
        open_case(app, world, "dept_head", petition)


@pytest.mark.parametrize(
    ("noun", "form", "words"),
    [
        ("merger", {"into": "BD-2026-999999"}, "Không tìm thấy hồ sơ"),
        ("merger", {"into": "{self}"}, "Chọn một phản ánh khác"),
        ("assignment", {"officer_id": "abc"}, "Xin xem lại"),
        ("assignment", {"officer_id": "{supervisor}"}, "không"),
        ("extension", {"working_days": "ba", "reason": "x"}, "Xin xem lại"),
        ("extension", {"working_days": "-1", "reason": "x"}, "từ 1 trở lên"),
        ("correction", {"kind": "phan_anh"}, "Chưa đổi mục nào"),
    ],
)
def test_what_makes_no_sense_is_refused_beside_its_field(app, world, noun, form, words):
    petition = walks.accepted(world)
    values = {"self": petition.number, "supervisor": world.supervisor.id}
    form = {name: raw.format(**values) for name, raw in form.items()}
    answer = do(app, world, "clerk", petition, noun, **form)
    assert answer.status_code == 422
    assert words in answer.text


def test_an_action_that_does_not_fit_the_status_says_so(app, world):
    answer = do(app, world, "chair", walks.accepted(world), "approval")
    assert answer.status_code == 409
    assert "trạng thái khác" in answer.text


def test_the_number_of_queries_does_not_grow_with_the_case(app, world, a_photo):
    client = at_desk(app, world.an)
    short = walks.in_progress(world)
    client.get(f"/desk/cases/{short.number}")
    with statements() as few:
        client.get(f"/desk/cases/{short.number}")
    long = walks.returned(world, files=[a_photo.id])
    for turn in range(5):
        walks.step(world, long, "an", actions.note, text=f"Lần {turn}")
    with statements() as many:
        client.get(f"/desk/cases/{long.number}")
    assert len(many) == len(few) <= 20  # 3: whether more time may be asked for


def test_rating_and_talk_are_shown(app, world):
    petition = walks.answered(world)
    with transaction():
        actions.rate(db.session.get(Petition, petition.id), by=CITIZEN, score=2, reasons=["slow"])
    page = open_case(app, world, "an", petition)
    assert "2/5, chưa hài lòng" in page
    assert "chậm" in page


def test_kinds_the_law_reserves_can_be_set_by_the_clerk_alone(app, world):
    petition = walks.received(world)
    do(app, world, "clerk", petition, "acceptance", kind="to_cao")
    db.session.rollback()
    assert db.session.get(Petition, petition.id).kind is Kind.TO_CAO
    assert at_desk(app, world.an).get(f"/desk/cases/{petition.number}").status_code == 404


def test_who_signs_is_said_and_an_answer_that_needs_nobody_is_sent_at_once(app, world):
    petition = walks.in_progress(world)
    page = open_case(app, world, "an", petition)
    assert "Phó Chủ tịch được ký thay (KT. CHỦ TỊCH)" in page
    assert "/sending" not in page
    refused = do(app, world, "an", petition, "sending", text="Đã thay bóng")
    assert refused.status_code == 403
    assert "Đã thay bóng" in refused.text
    thanks = walks.in_progress(world, kind=Kind.KHEN_NGOI)
    assert "Gửi trả lời" in open_case(app, world, "an", thanks)
    assert do(app, world, "an", thanks, "sending", text="Xin cảm ơn").status_code == 302
    assert walks.status_of(thanks.number) is Status.ANSWERED
    assert "Hoàn tác" in open_case(app, world, "an", thanks)


def test_the_photo_the_field_demands_is_asked_for_right_there(app, world):
    with transaction():
        db.session.get(Field, world.fields[2].id).photo_after_required = True
    petition = walks.in_progress(world)
    page = open_case(app, world, "an", petition)
    assert "Chưa trình được" in page
    assert "Trình duyệt</button>" not in page
    assert 'id="photo-after"' in page
    refused = do(app, world, "an", petition, "submission", text="Đã thay bóng")
    assert refused.status_code == 409
    assert "cần ảnh sau khi xử lý" in refused.text
    assert "Đã thay bóng" in refused.text
    at_desk(app, world.an).post(
        f"/desk/cases/{petition.number}/files",
        data={"use": "result", "files": (io.BytesIO(jpeg()), "sau.jpg")},
    )
    assert "Trình duyệt</button>" in open_case(app, world, "an", petition)
    assert do(app, world, "an", petition, "submission", text="Đã thay").status_code == 302


def test_the_place_is_drawn_with_tiles_only_of_the_server_the_ward_chose(app, world, monkeypatch):
    petition = walks.received(world, lat=21.03, lng=105.82)
    page = open_case(app, world, "an", petition)
    assert 'data-tiles=""' in page
    tiles = "https://maps.ward.test/{z}/{x}/{y}.png"
    monkeypatch.setitem(app.config, "MAP_TILE_URL", tiles)
    assert f'data-tiles="{tiles}"' in open_case(app, world, "an", petition)
    assert "data-map" not in open_case(app, world, "supervisor", petition)


def test_the_tile_server_of_the_settings_is_in_the_policy():
    chosen = make_settings(map_tile_url="https://maps.ward.test/{z}/{x}/{y}.png")
    with create_app(chosen).test_client() as client:
        policy = client.get("/healthz").headers["Content-Security-Policy"]
    assert "img-src 'self' data: blob: https://maps.ward.test;" in policy


def test_more_time_is_asked_for_on_the_page_and_decided_by_who_may(app, world):
    petition = walks.in_progress(world)
    wanted = {"working_days": "2", "reason": "Chờ vật tư thay thế"}
    for stranger in ("chi", "supervisor"):
        assert do(app, world, stranger, petition, "wish", **wanted).status_code in (403, 404)
    assert "Xin gia hạn" in open_case(app, world, "an", petition)
    too_many = do(app, world, "an", petition, "wish", working_days="99", reason="Lâu")
    assert too_many.status_code == 422
    assert do(app, world, "an", petition, "wish", **wanted).status_code == 302
    asked = open_case(app, world, "an", petition)
    assert "chờ người có thẩm quyền quyết định" in asked
    assert 'id="step-wish"' not in asked  # once is enough
    approvals = at_desk(app, world.people["chair"]).get("/desk/approvals").text
    assert "Xin gia hạn, chờ quyết định: 1" in approvals
    assert petition.number in approvals
    wish = re.search(r'name="request_id" value="(\d+)"', open_case(app, world, "chair", petition))[
        1
    ]
    assert do(app, world, "an", petition, "grant", request_id=wish).status_code == 403
    before = petition.due_at
    assert do(app, world, "chair", petition, "grant", request_id=wish).status_code == 302
    db.session.expire_all()
    assert petition.due_at > before
    assert petition.timeline[-1].action == Action.EXTEND
    assert "Chờ vật tư thay thế" in petition.timeline[-1].text
    again = do(app, world, "chair", petition, "grant", request_id=wish)
    assert "đã được quyết định hoặc đã rút" in again.text


def test_more_time_is_refused_with_a_reason(app, world):
    petition = walks.in_progress(world)
    before = petition.due_at
    do(app, world, "an", petition, "wish", working_days="1", reason="Chờ vật tư")
    wish = re.search(r'name="request_id" value="(\d+)"', open_case(app, world, "chair", petition))[
        1
    ]
    empty = do(app, world, "chair", petition, "denial", request_id=wish)
    assert "Xin điền: vì sao không đồng ý" in empty.text
    values = {"request_id": wish, "reason": "Vật tư đã về kho"}
    assert do(app, world, "chair", petition, "denial", **values).status_code == 302
    db.session.expire_all()
    assert petition.due_at == before
    page = open_case(app, world, "an", petition)
    assert "Không đồng ý gia hạn: Vật tư đã về kho" in page
    assert 'id="step-wish"' in page  # may be asked again
    assert "chờ quyết định" not in at_desk(app, world.people["chair"]).get("/desk/approvals").text


def test_one_wish_for_more_time_is_open_at_once_and_may_be_withdrawn(app, world):
    """Three people: who handles asks, asks again and withdraws; who decides finds what holds; a stranger nothing."""
    petition = walks.in_progress(world)
    chat = a_contact(world, "hoa", officer_id=world.chair.id)

    def wishes(who: str) -> list[str]:
        return re.findall(r'name="request_id" value="(\d+)"', open_case(app, world, who, petition))

    do(app, world, "an", petition, "wish", working_days="2", reason="Chờ vật tư")
    first = wishes("chair")[0]
    second = do(app, world, "an", petition, "wish", working_days="1", reason="Chờ thêm")
    assert second.status_code == 409
    assert f"Đề nghị gia hạn ngày {clock.local(clock.now()):%d/%m/%Y} còn chờ quyết định" in (
        second.text
    )
    assert "Xin gia hạn thêm 2 ngày" in open_case(app, world, "an", petition)
    for other in ("chi", "chair"):
        answer = do(app, world, other, petition, "unwish", request_id=first)
        assert answer.status_code in (403, 404), other
    assert "Rút đề nghị gia hạn" not in open_case(app, world, "chair", petition)
    with transaction():  # the chair has read of it
        told = db.session.query(OutboxRow).filter_by(contact_id=chat.id).one()
        told.state = OutboxState.SENT
    assert do(app, world, "an", petition, "unwish", request_id=first).status_code == 302
    db.session.expire_all()
    rows = db.session.query(OutboxRow).filter_by(contact_id=chat.id).order_by(OutboxRow.id)
    assert [row.notice for row in rows] == ["officer.more_time", "officer.time_not_wanted"]
    page = open_case(app, world, "chair", petition)
    assert "Rút đề nghị gia hạn ngày" in page  # on the timeline
    assert 'id="wish-title"' not in page
    assert "chờ quyết định" not in at_desk(app, world.people["chair"]).get("/desk/approvals").text
    for noun, more in (("grant", {}), ("denial", {"reason": "Muộn"})):
        late = do(app, world, "chair", petition, noun, request_id=first, **more)
        assert "đã được quyết định hoặc đã rút" in late.text
    do(app, world, "an", petition, "wish", working_days="1", reason="Chờ thêm")
    before = petition.due_at
    assert (
        do(app, world, "chair", petition, "grant", request_id=wishes("chair")[0]).status_code == 302
    )
    db.session.expire_all()
    assert petition.due_at > before


def test_the_chair_finds_an_open_wish_behind_many_decided_ones(app, world):
    first, second, third = (walks.in_progress(world) for _ in range(3))
    for petition in (first, second, third):
        do(app, world, "an", petition, "wish", working_days="1", reason="Chờ vật tư")
    db.session.expire_all()
    refused = {"request_id": first.wish_id, "reason": "Vật tư đã về"}
    assert do(app, world, "chair", first, "denial", **refused).status_code == 302
    assert do(app, world, "chair", second, "rejection", reason="Đã báo nhầm").status_code == 302
    db.session.expire_all()
    assert (first.wish_id, second.wish_id) == (None, None)
    [(found, wish)] = more_time.waiting(world.actor("chair"), most=1)
    assert (found.id, wish.id) == (third.id, third.wish_id)


def test_a_wish_withdrawn_before_it_was_sent_is_never_told(app, world):
    petition = walks.in_progress(world)
    chat = a_contact(world, "hoa", officer_id=world.chair.id)
    do(app, world, "an", petition, "wish", working_days="2", reason="Chờ vật tư")
    wish = re.search(r'name="request_id" value="(\d+)"', open_case(app, world, "an", petition))[1]
    do(app, world, "an", petition, "unwish", request_id=wish)
    db.session.expire_all()
    row = db.session.query(OutboxRow).filter_by(contact_id=chat.id).one()
    assert row.state is OutboxState.CANCELLED
