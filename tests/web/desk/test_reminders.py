"""Who is waited for and since when, one's own reminders, the weekly briefing, what the chair hears."""

import re

import pytest

from feedback import clock
from feedback.db import db
from feedback.outbox.models import OutboxRow
from feedback.petitions import actions
from feedback.petitions.models import Urgency
from tests.feedback.reminders.days import chat_of, local, work
from tests.web.desk import walks
from tests.web.lint import lint_page
from tests.web.staff import at_desk

RECEIVED = "2026-08-03 09:00"
MONDAY = "2026-08-31 07:46"


def lived(walk, world, when=RECEIVED, **values):
    with clock.at(local(when)):
        return walk(world, **values)


def see(app, world, who, address):
    """The page as it is today: requests live by the real clock."""
    page = at_desk(app, world.people[who]).get(address)
    assert page.status_code == 200
    lint_page(page.text)
    return page.text


@pytest.mark.parametrize(
    ("walk", "who"),
    [
        (walks.received, "cán bộ tiếp nhận"),
        (walks.in_progress, "Lý Văn An"),
        (walks.waiting, "người dân bổ sung"),
        (walks.submitted, "lãnh đạo ký"),
    ],
)
def test_the_case_and_the_list_say_whom_it_waits_for_and_since_when(app, world, walk, who):
    petition = lived(walk, world)
    case = see(app, world, "clerk", f"/desk/cases/{petition.number}")
    assert f"Chờ {who}</strong>, từ Thứ Hai 3/8/2026, 09:00" in case
    rows = see(app, world, "clerk", "/desk/cases")
    assert f"chờ {who}, từ 3/8/2026" in rows


def test_a_unit_that_was_asked_is_waited_for(app, world):
    petition = lived(walks.in_progress, world)
    unit = world.departments["van_hoa_xa_hoi"]
    with clock.at(local("2026-08-04 10:00")):
        walks.step(
            world, petition, "an", actions.consult, department_id=unit.id, question="Ý kiến?"
        )
    case = see(app, world, "clerk", f"/desk/cases/{petition.number}")
    assert "Chờ Phòng Văn hóa - Xã hội</strong>, từ Thứ Ba 4/8/2026, 10:00" in case


def test_an_answered_one_waits_for_nobody(app, world):
    petition = lived(walks.answered, world)
    assert "Đang chờ ai?" not in see(app, world, "clerk", f"/desk/cases/{petition.number}")


def test_the_level_of_escalation_stands_on_the_case(app, world):
    petition = lived(walks.in_progress, world)
    for morning in ("2026-08-12 07:46", "2026-08-13 07:46", "2026-08-17 07:46"):
        work(morning)
    case = see(app, world, "an", f"/desk/cases/{petition.number}")
    assert "Mức nhắc: <strong>quá hạn, sang ngày làm việc thứ 2" in case
    assert "Nguyễn Thị Hoa" in case.split("Mức nhắc")[1].split("</p>")[0]


def test_who_has_no_chat_reads_reminders_on_a_page_with_a_badge(app, world):
    petition = lived(walks.in_progress, world)
    assert "Hiện không có việc nào phải nhắc" in see(app, world, "an", "/desk/reminders")
    work(MONDAY)
    page = see(app, world, "an", "/desk/reminders")
    assert petition.number in page
    assert "là người phụ trách hồ sơ" in page
    assert 'Nhắc việc <span class="moj-notification-badge">1</span>' in page
    assert 'Nhắc việc <span class="moj-notification-badge">1</span>' in see(
        app, world, "an", "/desk/"
    )
    assert "moj-notification-badge" not in see(app, world, "chi", "/desk/reminders")


def test_the_weekly_briefing_lists_what_is_late_by_five_days(app, world):
    assert "Không có hồ sơ nào chậm" in see(app, world, "chair", "/desk/briefing")
    petition = lived(walks.in_progress, world)
    recent = lived(walks.in_progress, world, "2026-08-20 09:00")
    work(MONDAY)
    page = see(app, world, "chair", "/desk/briefing")
    assert petition.number in page
    assert recent.number not in page
    assert "Phòng Kinh tế, Hạ tầng và Đô thị (1)" in page
    assert "chờ Lý Văn An, từ 3/8/2026" in page
    assert re.search(r"chậm \d+ ngày làm việc", page)
    assert "data-print" in page


def told(chat):
    """[(notice, local minute)] of a re-opening, queued for a chat."""
    rows = db.session.scalars(db.select(OutboxRow).where(OutboxRow.contact_id == chat.id))
    return [
        (row.notice, f"{clock.local(row.not_before):%Y-%m-%d %H:%M}")
        for row in rows
        if "reopened" in row.notice
    ]


def test_the_chair_hears_of_a_reopening_in_working_time(world, app):
    chat = chat_of(world.chair)
    petition = lived(walks.answered, world, "2026-08-03 09:00")
    with clock.at(local("2026-08-08 20:00")):  # a Saturday evening
        walks.step(world, petition, "clerk", actions.reopen, reason="Đèn lại tắt, xem nhà tôi")
    assert told(chat) == [("officer.reopened", "2026-08-10 08:00")]
    page = see(app, world, "chair", "/desk/")
    assert petition.number in page.split("Người dân chưa đồng ý")[1]


def test_an_urgent_reopening_is_told_at_once(world):
    chat = chat_of(world.chair)
    petition = lived(walks.answered, world, "2026-08-03 09:00", urgency=Urgency.URGENT)
    with clock.at(local("2026-08-08 20:00")):
        walks.step(world, petition, "clerk", actions.reopen, reason="Đèn lại tắt")
    assert told(chat) == [("officer.reopened", "2026-08-08 20:00")]


def test_the_instruction_stands_above_the_answer_and_on_the_timeline(app, world):
    petition = walks.accepted(world)
    order = "Làm xong trước cuối tuần, báo tôi."
    walks.step(world, petition, "chair", actions.assign, officer_id=world.an.id, instruction=order)
    page = at_desk(app, world.an).get(f"/desk/cases/{petition.number}").text
    lint_page(page)
    box = page.split("Ý kiến chỉ đạo</h2>")[1]
    assert box.index(order) < box.index("Trả lời người dân")
    assert "Nguyễn Thị Hoa" in box.split("</section>")[0]
    assert order in page.split('id="history"')[1]
