"""Who is on watch, and how long things are kept, through their pages."""

from datetime import datetime, time, timedelta

import pytest
import sqlalchemy as sa

from feedback import clock, jobs
from feedback.broadcast import hours
from feedback.conversations.models import InboundRow
from feedback.db import db, transaction
from feedback.errors import NotAllowed
from feedback.outbox.models import OutboxRow, OutboxState
from feedback.outbox.prompt import Prompt
from feedback.people.directory import table_of
from feedback.people.models import Tenure
from feedback.wards import keeping, watch
from feedback.wards.setup import changed, setup_of
from tests.feedback.conversations.person import Person, open_account
from tests.world import make_world

WATCH = "/desk/settings/watch"
KEEPING = "/desk/settings/keeping"
HOURS = "/desk/settings/broadcast-hours"


def settings_of(world):
    db.session.rollback()
    return setup_of(world.ward.id).settings


def test_who_is_on_watch_is_saved_shown_and_told_in_the_history(admin, world):
    unit, vice = world.departments["kinh_te_ha_tang"].id, world.positions["vice"].id
    page = admin.get(WATCH).text
    assert "Chưa có đơn vị nào khác" in page
    other = make_world("TP", "thanh-pho")
    boss = other.people["chair"].id
    chosen = {"duty": [world.chi.id, world.an.id], f"unit{unit}": vice, "superiors": [boss]}
    admin.post(WATCH, data=chosen)
    assert {key: settings_of(world)[key] for key in watch.LABELS} == {
        "duty_officers": sorted([world.chi.id, world.an.id]),
        "vice_chairs": {str(unit): vice},
        "superior_officers": [boss],
    }
    page = admin.get(WATCH).text
    assert page.count(" checked") == 3
    history = admin.get("/desk/settings/history?kind=watch").text
    assert "Trực việc khẩn: Lý Văn An; Mai Thị Chi (trước: để trống)" in history
    assert "Kinh tế, Hạ tầng và Đô thị: Phó Chủ tịch UBND phường" in history
    assert "Không có gì đổi" in admin.post(WATCH, data=chosen, follow_redirects=True).text
    admin.post(WATCH, data={})
    assert not settings_of(world).keys() & watch.LABELS.keys()


def test_strangers_cannot_be_put_on_watch(admin, world):
    other = make_world("TP", "thanh-pho")
    unit = world.departments["kinh_te_ha_tang"].id
    for wrong in (
        {"duty": [other.an.id]},
        {"duty": [world.admin.id]},
        {"superiors": [other.an.id]},
        {"superiors": [world.chair.id]},
        {f"unit{unit}": world.positions["an"].id},
    ):
        answer = admin.post(WATCH, data=wrong)
        assert answer.status_code == 422, wrong
        assert "danh sách" in answer.text
    assert not settings_of(world).keys() & watch.LABELS.keys()
    with pytest.raises(NotAllowed), transaction():
        watch.save([], {}, [], by=world.actor("chair"))


def test_when_everybody_on_duty_has_left_the_clerk_is_told(admin, world):
    admin.post(WATCH, data={"duty": [world.chi.id]})
    db.session.rollback()
    assert watch.on_duty(table_of(world.ward.id)) == [world.chi.id]
    with transaction():
        db.session.execute(sa.delete(Tenure).where(Tenure.officer_id == world.chi.id))
        changed(world.ward.id)
    assert watch.on_duty(table_of(world.ward.id)) == [world.clerk.id]


ORDINARY = {name: row.ordinary or "" for name, row in keeping.KEPT.items()}


def test_times_of_keeping_are_saved_within_their_bounds(admin, world):
    page = admin.get(KEEPING).text
    assert 'value="7"' in page
    assert 'value="30"' in page
    for wrong in (
        {"form_files": "", "chat_files": "30"},
        {"form_files": "0", "chat_files": "30"},
        {"form_files": "7", "chat_files": "366"},
        {"form_files": "7", "chat_files": "30", "messages": "10"},
    ):
        answer = admin.post(KEEPING, data=ORDINARY | wrong)
        assert answer.status_code == 422, wrong
        assert "Xin ghi số ngày" in answer.text
    admin.post(KEEPING, data=ORDINARY | {"form_files": "3", "messages": "365"})
    assert settings_of(world)["keeping"] == {"form_files": 3, "messages": 365}
    history = admin.get("/desk/settings/history?kind=keeping").text
    assert "Lời trong tin nhắn đã nhận và đã gửi: 365 ngày (trước: giữ mãi)" in history
    with pytest.raises(NotAllowed), transaction():
        keeping.save(dict.fromkeys(keeping.KEPT), by=world.actor("an"))


def test_the_hours_of_announcements_are_the_wards(admin, world):
    page = admin.get(HOURS).text
    assert 'value="07:00"' in page
    assert 'value="21:00"' in page
    for wrong, words in (
        ({"hours": "", "until": ""}, "ít nhất một khoảng"),
        ({"hours": "8", "until": ""}, "đủ giờ bắt đầu"),
        ({"hours": "20:00", "until": "7:00"}, "muộn hơn"),
        ({"hours": "8", "until": "14", "again": "13", "again_until": "20"}, "muộn hơn"),
    ):
        answer = admin.post(HOURS, data=wrong)
        assert answer.status_code == 422, wrong
        assert words in answer.text
    spells = {"hours": "8", "until": "11h30", "again": "14:00", "again_until": "20:00"}
    admin.post(HOURS, data=spells)
    setup = setup_of(world.ward.id)
    assert hours.words(setup) == "08:00–11:30, 14:00–20:00"
    noon = datetime(2026, 11, 23, 12, 0, tzinfo=clock.ZONE)
    assert clock.local(hours.next_open(noon, setup)).hour == 14
    history = admin.get("/desk/settings/history?kind=broadcast").text
    assert "08:00–11:30, 14:00–20:00 (trước: 07:00–21:00)" in history
    with pytest.raises(NotAllowed), transaction():
        hours.save([(time(8), time(9))], by=world.actor("clerk"))


def messages():
    """(inbound rows, sent rows that still have words)"""
    db.session.rollback()
    words = [Prompt.from_json(row.body).text for row in db.session.scalars(sa.select(OutboxRow))]
    inbound = db.session.scalar(sa.select(sa.func.count(InboundRow.id)))
    return inbound, len(list(filter(None, words)))


def test_words_of_old_messages_go_when_the_ward_says_so(admin, world, tmp_path):
    [job] = [each for each in jobs.SCHEDULE if each.name == "keeping"]
    runner = jobs.Runner(tmp_path)
    open_account(world)
    dan, old = Person(), clock.now() - timedelta(days=400)
    with clock.at(old):
        dan.send("xin chào phường")
        dan.send("Đèn đường trước nhà văn hóa bị hỏng ba hôm nay")
        dan.send("tổ 1")
        dan.press("Gửi")
    dan.send("xin chào")
    before = messages()
    with transaction():
        db.session.execute(sa.update(OutboxRow).values(state=OutboxState.SENT))
    assert runner.run(job) is None
    assert messages() == before  # kept for good unless the ward says otherwise
    admin.post(KEEPING, data=ORDINARY | {"messages": "365"})
    db.session.rollback()
    assert runner.run(job) is None
    inbound, said = messages()
    about = sa.select(sa.func.count(OutboxRow.id)).where(OutboxRow.petition_id.is_not(None))
    assert inbound == 1
    assert said == 1 + db.session.scalar(about)  # today's answer, and what the open case was told
