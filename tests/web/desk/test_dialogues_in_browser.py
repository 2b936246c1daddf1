"""Dialogue in Chromium: every page at every width; registering without JavaScript.

The projector on a beamer and the door without a network: `tests/journeys/test_conference.py`.
"""

from datetime import timedelta

import pytest
from playwright.sync_api import expect

from feedback import clock
from feedback.db import db, transaction
from feedback.dialogue import commitments, door, minutes, questions
from feedback.dialogue.models import Dialogue
from feedback.dialogue.question_models import Question
from feedback.people.models import Channel
from tests.feedback.dialogue.stories import do, planned, register

pytestmark = [
    pytest.mark.browser,
    pytest.mark.parametrize("bare_app", ["sqlite"], indirect=True),
]
TEXTS = (
    "Cống ở ngõ 34 tắc từ tháng 6, mưa là ngập vào nhà. Bao giờ phường cho thông?",
    "Đèn đường ngõ 12 hỏng ba tháng nay, tối đi lại rất nguy hiểm, phường có sửa trước Tết không?",
    "Vỉa hè phố lớn bị chiếm làm chỗ để xe.",
)


@pytest.fixture
def story(world) -> dict[str, int | str]:
    """An announced session with a waiting list, a live one with its questions, a published one."""
    soon = clock.now().replace(minute=0, second=0, microsecond=0)
    values = {"starts_at": soon + timedelta(days=20), "seats": 2}
    draft = planned(world, **values | {"title": "Đối thoại chuyên đề rác thải", "kind": "thematic"})
    coming = do(world, planned(world, **values), "announce")
    do(world, coming, "open_questions")
    people = [register(coming, name, phone=None) for name in ("Trần Thị Dân", "Cụ Năm", "Bà Ba")]
    moved = do(world, planned(world, **values), "announce")
    for no, name in enumerate(("Trần Thị Dân", "Cụ Năm ở ngõ 34, nhà có giàn hoa giấy", "Bà Ba")):
        register(moved, name, phone=f"091234567{no}")
    later = {"starts_at": soon + timedelta(days=30), "ends_at": soon + timedelta(days=30, hours=2)}
    do(world, moved, "move", **later, reason="Hội trường sửa điện")
    live = do(world, planned(world, **values), "announce")
    do(world, live, "open_questions")
    register(live, "Ông Tư")
    by = world.actor("clerk")
    db.session.rollback()
    with transaction():
        made = [
            questions.ask(questions.Asked(each.id, text, Channel.WEB, name="Nguyễn Văn Hỏi"))
            for each in (coming, live)
            for text in TEXTS
        ]
        for question in made:
            questions.accept(question, by=by)
        made[3].prepared = "Công ty thoát nước thông cống trước ngày 20 tháng sau."
        questions.ask(questions.Asked(coming.id, "Câu hỏi mới, chưa duyệt", Channel.WEB))
    do(world, live, "start")
    with transaction():
        questions.call(db.session.get_one(Question, made[3].id), by=by)
    done = do(world, planned(world, **values), "announce")
    came = register(done, "Bà Tám")
    do(world, done, "start")
    with transaction():
        row = db.session.get_one(Dialogue, done.id)
        door.check_in(row, came.code, by=by)
        minutes.remark(row, by=by, text="Bà Hoa phát biểu khai mạc")
        for text, due in (("Thông cống ngõ 34", 10), ("Lắp đèn ngõ 12", 40)):
            commitments.promise(
                row,
                by=by,
                text=text,
                position_id=world.positions["an"].id,
                due_on=clock.today() + timedelta(days=due),
            )
    do(world, done, "end")
    do(world, done, "publish")
    with transaction():
        commitments.fulfil(
            commitments.of_ward(world.ward.id)[0], by=by, evidence="Đã thông xong ngày 3/12."
        )
    return {
        "draft": draft.id,
        "coming": coming.id,
        "moved": moved.id,
        "live": live.id,
        "done": done.id,
        "seat": people[0].token,
        "waits": people[2].token,
        "asked": made[0].token,
        "came": came.token,
    }


def pages(s) -> list[tuple[str, str]]:
    """(who, where) for every page in every state that looks different."""
    ward, desk = "/ba-dinh/doi-thoai", "/desk/dialogues"
    return [
        ("", ward),
        ("", f"{ward}/{s['coming']}"),
        ("", f"{ward}/{s['coming']}/dang-ky"),
        ("", f"{ward}/{s['coming']}/cau-hoi"),
        ("", f"{ward}/{s['live']}"),
        ("", f"{ward}/{s['done']}"),
        ("", f"/dk/{s['seat']}"),
        ("", f"/dk/{s['waits']}"),
        ("", f"/dk/{s['came']}"),
        ("", f"/hoi/{s['asked']}"),
        ("", "/ba-dinh/cam-ket"),
        ("clerk", desk),
        ("clerk", f"{desk}/new"),
        ("clerk", f"{desk}/{s['draft']}"),
        ("clerk", f"{desk}/{s['coming']}"),
        ("clerk", f"{desk}/{s['coming']}/announcement"),
        ("clerk", f"{desk}/{s['coming']}/invitations"),
        ("clerk", f"{desk}/{s['done']}/minutes"),
        ("clerk", f"{desk}/{s['live']}/minutes"),
        ("clerk", f"{desk}/{s['coming']}/people"),
        ("clerk", f"{desk}/{s['coming']}/calls"),
        ("clerk", f"{desk}/{s['moved']}/calls"),
        ("clerk", f"{desk}/{s['coming']}/questions"),
        ("clerk", f"{desk}/{s['coming']}/sheet"),
        ("clerk", f"{desk}/{s['live']}/door"),
        ("clerk", f"{desk}/{s['live']}/questions"),
        ("chair", f"{desk}/{s['live']}/chair"),
        ("clerk", "/desk/commitments"),
        ("head_tdp", "/desk/"),
        ("head_tdp", desk),
        ("head_tdp", f"{desk}/new"),
        ("head_tdp", f"{desk}/{s['coming']}"),
        ("an", desk),
    ]


@pytest.mark.slow
def test_every_page_is_sound_at_every_width(story, faults):
    assert faults(pages(story)) == []


def test_registering_works_without_javascript(story, site, open_page):
    path = f"/ba-dinh/doi-thoai/{story['live']}"
    page = open_page(f"{site}/ba-dinh/doi-thoai/{story['coming']}/dang-ky", javascript=False)
    page.fill("#name", "Cô Bảy")
    page.click("main button")
    expect(page.locator("main")).to_contain_text("Thứ 2 trong danh sách")
    page.goto(site + path + "/cau-hoi")
    page.fill("#text", "Bao giờ có nước sạch?")
    page.click("main button")
    expect(page.locator("main")).to_contain_text("Phường đã nhận câu hỏi")
