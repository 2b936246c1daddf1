"""An announcement to many: to whom, once, when, and what stops it."""

from datetime import timedelta

import pytest
import sqlalchemy as sa
import time_machine

from feedback import broadcast, clock
from feedback.broadcast import hours, subscriptions, topics, verbs
from feedback.broadcast.expansion import AHEAD, BATCH
from feedback.broadcast.models import Broadcast, BroadcastState
from feedback.broadcast.words import previews
from feedback.db import db, transaction
from feedback.errors import BadInput, NotAllowed, NotFound, WrongState
from feedback.outbox.models import OutboxRow, OutboxState
from feedback.outbox.prompt import Choice, Prompt
from feedback.people.actor import SYSTEM
from feedback.people.models import Channel, Contact
from feedback.wards.models import ChannelAccount, Ward
from feedback.wards.setup import setup_of
from tests.feedback.broadcast.parts import (
    WORDS,
    announce,
    crowd,
    fresh,
    later,
    make_account,
    make_chat,
    make_citizen,
    tick,
    told,
)

MONDAY = "2026-11-23 08:00+07:00"


@pytest.fixture(autouse=True)
def time():
    with time_machine.travel(MONDAY, tick=False) as traveller:
        yield traveller


@pytest.fixture(autouse=True)
def account(world):
    make_account(world)


def settle(**values) -> None:
    """Whatever is queued has been sent."""
    with transaction():
        db.session.execute(
            sa.update(OutboxRow)
            .where(OutboxRow.state == OutboxState.QUEUED)
            .values(state=OutboxState.SENT, **values)
        )


def due() -> int:
    count = sa.select(sa.func.count(OutboxRow.id)).where(OutboxRow.not_before <= clock.now())
    return db.session.scalar(count)


def test_it_goes_to_who_asked_for_its_topic_and_to_nobody_else(world):
    one, two = (topics.area(world.neighbourhoods[no].id) for no in (1, 2))
    make_chat(world, 1, topic=one)
    make_chat(world, 2, topic=two)
    make_chat(world, 3, topic=topics.WARD)
    make_chat(world, 4)
    make_chat(world, 5, topic=topics.field(world.fields[3].id))
    assert tick() == 0
    area = announce(world, one, key="a")
    field = announce(world, topics.field(world.fields[3].id), key="b")
    ward = announce(world, key="c")
    tick()
    assert told(area) == ["1"]
    assert told(field) == ["5"]
    assert told(ward) == ["1", "2", "3"]


def test_the_message_says_who_speaks_and_ends_with_the_way_out(world):
    area = topics.area(world.neighbourhoods[1].id)
    make_chat(world, 1, topic=area)
    row = announce(
        world, area, buttons=[Choice("Đăng ký dự", "join:7")], link=("Xem", "https://x.vn/")
    )
    tick()
    said = Prompt.from_json(db.session.scalars(sa.select(OutboxRow.body)).one())
    assert said.text == f"📢 UBND Phường Ba Đình · Tổ dân phố số 1\n\n{WORDS}"
    assert said.choices == (
        Choice("Đăng ký dự", "join:7"),
        Choice("Thôi nhận tin này", f"news:stop:{row.id}"),
    )
    assert said.url == ("Xem", "https://x.vn/")
    shown = [each.channel for each in previews(row, setup_of(world.ward.id))]
    assert shown == [Channel.ZALO, Channel.TELEGRAM]


def test_one_person_with_several_chats_gets_it_once_where_they_were_heard_last(world):
    citizen = make_citizen(world)
    now = clock.now()
    make_chat(world, 1, topic=topics.WARD, citizen=citizen, last_heard_at=now - timedelta(days=9))
    make_chat(world, 2, topic=topics.WARD, citizen=citizen, last_heard_at=now)
    make_chat(world, 3, citizen=citizen, last_heard_at=now)  # asked for nothing here
    make_chat(world, 4, topic=topics.WARD)
    row = announce(world)
    tick()
    assert sorted(told(row)) == ["2", "4"]
    assert fresh(row).skipped == {"twice": 1}


def test_who_is_gone_and_who_hangs_on_a_channel_switched_off_is_counted_not_tried(world):
    make_account(world, Channel.ZALO)
    make_chat(world, 1, topic=topics.WARD, unreachable_at=clock.now())
    make_chat(world, 2, topic=topics.WARD, channel=Channel.ZALO)
    with transaction():
        db.session.execute(
            sa.update(ChannelAccount).filter_by(channel=Channel.ZALO).values(is_enabled=False)
        )
    row = announce(world)
    tick()
    assert told(row) == []
    assert fresh(row).skipped == {"unreachable": 1, "switched_off": 1}
    assert fresh(row).state is BroadcastState.DONE


def test_the_same_key_sends_once(world):
    make_chat(world, 1, topic=topics.WARD)
    assert announce(world).id == announce(world).id
    tick()
    tick()
    assert told() == ["1"]


def test_the_outbox_never_holds_more_than_some_seconds_and_goes_on_where_it_was(world):
    size = AHEAD * 30 + 2 * BATCH
    crowd(world, size)
    row = announce(world)
    tick()
    assert len(told(row)) == AHEAD * 30
    assert fresh(row).expanded_at is None
    assert tick() == 0
    settle()
    tick()
    assert len(told(row)) == len(set(told(row))) == 2 * AHEAD * 30
    settle()
    tick()
    settle()
    tick()
    assert len(set(told(row))) == len(told(row)) == size
    assert fresh(row).state is BroadcastState.DONE
    assert fresh(row).audience == size


def test_who_subscribes_or_leaves_in_between_is_followed(world):
    crowd(world, AHEAD * 30 + 5)
    leaves = db.session.scalars(sa.select(Contact.id).order_by(Contact.id.desc())).first()
    row = announce(world)
    tick()
    with transaction():
        subscriptions.unsubscribe(leaves)
    settle()
    make_chat(world, 7, topic=topics.WARD)
    tick()
    assert len(told(row)) == AHEAD * 30 + 5
    assert told(row)[-1] == "7"


def test_pausing_holds_back_what_is_queued_and_resuming_lets_it_go(world, time):
    crowd(world, 3)
    row = announce(world)
    tick()
    with transaction():
        verbs.pause(fresh(row), by=world.actor("clerk"))
    assert due() == 0
    assert tick() == 0
    later(time, minutes=5)
    with transaction():
        verbs.resume(fresh(row), by=world.actor("clerk"))
    assert due() == 3
    tick()
    settle()
    tick()
    assert fresh(row).state is BroadcastState.DONE


def test_cancelling_withdraws_what_has_not_left(world):
    crowd(world, AHEAD * 30 + 5)
    row = announce(world)
    tick()
    with transaction():
        verbs.cancel(fresh(row), by=world.actor("clerk"))
    tick()
    assert set(db.session.scalars(sa.select(OutboxRow.state))) == {OutboxState.CANCELLED}
    assert len(told(row)) == AHEAD * 30
    with pytest.raises(WrongState), transaction():
        verbs.resume(fresh(row), by=world.actor("clerk"))


def test_it_waits_for_its_time_and_for_the_allowed_hours(world, time):
    make_chat(world, 1, topic=topics.WARD)
    time.move_to("2026-11-23 21:30+07:00")
    row = announce(world)
    assert f"{clock.local(row.starts_at):%d %H:%M}" == "24 07:00"
    tick()
    assert told() == []
    time.move_to("2026-11-24 07:00+07:00")
    tick()
    assert told() == ["1"]


def test_the_night_interrupts_it_and_the_ward_says_when_night_is(world, time):
    crowd(world, AHEAD * 30 + 5)
    with transaction():
        ward = db.session.get_one(Ward, world.ward.id)
        ward.settings = {**ward.settings, hours.KEY: ["08:00-09:00", "14:00-15:00"]}
    row = announce(world)
    tick()
    settle()
    time.move_to("2026-11-23 09:00+07:00")
    assert tick() == 0
    time.move_to("2026-11-23 14:00+07:00")
    assert tick() == 5
    assert fresh(row).expanded_at is not None


def test_danger_does_not_wait_for_the_morning_but_only_leaders_say_so(world, time):
    make_chat(world, 1, topic=topics.WARD)
    time.move_to("2026-11-23 23:30+07:00")
    with pytest.raises(NotAllowed):
        announce(world, is_urgent=True)
    announce(world, by="chair", is_urgent=True)
    tick()
    assert told() == ["1"]


def test_a_neighbourhood_head_speaks_to_their_own_people_only(world):
    own, other = (topics.area(world.neighbourhoods[no].id) for no in (1, 2))
    make_chat(world, 1, topic=own)
    row = announce(world, own, by="head_tdp", key="own")
    for wrong in ((other,), (own, other), (topics.WARD,)):
        with pytest.raises(NotAllowed):
            announce(world, *wrong, by="head_tdp", key="wrong")
    foreign = announce(world, other, key="foreign")
    for verb in (verbs.pause, verbs.cancel):
        with pytest.raises(NotAllowed), transaction():
            verb(fresh(foreign), by=world.actor("head_tdp"))
    with pytest.raises(NotFound):
        verbs.find(foreign.id, world.actor("head_tdp"))
    assert verbs.find(row.id, world.actor("head_tdp")).id == row.id


def test_a_unit_speaks_about_its_own_fields(world):
    announce(world, topics.field(world.fields[3].id), by="dept_head")
    for wrong in (topics.field(world.fields[17].id), topics.WARD):
        with pytest.raises(NotAllowed):
            announce(world, wrong, by="dept_head", key="other")


@pytest.mark.parametrize("who", ["an", "binh", "chi", "supervisor", "admin"])
def test_nobody_else_announces(world, who):
    with pytest.raises(NotAllowed):
        announce(world, by=who)


def test_the_program_itself_may(world):
    with transaction():
        row = broadcast.send(world.ward.id, WORDS, [topics.WARD], by=SYSTEM, key="by-itself")
    assert row.state is BroadcastState.SCHEDULED
    assert row.created_by_id is None


@pytest.mark.parametrize("text", ["", "  \n ", "x" * (verbs.LONGEST + 1)])
def test_words_that_say_nothing_or_too_much_are_refused(world, text):
    with pytest.raises(BadInput) as refused, transaction():
        broadcast.send(world.ward.id, text, [topics.WARD], by=world.actor("clerk"), key="x")
    assert "text" in refused.value.fields
    assert db.session.scalar(sa.select(sa.func.count(Broadcast.id))) == 0


def test_trying_it_out_reaches_ones_own_chats_only(world):
    make_chat(world, 1, topic=topics.WARD)
    with transaction():
        row = verbs.write(world.ward.id, WORDS, [topics.WARD], by=world.actor("clerk"))
    with pytest.raises(BadInput), transaction():
        verbs.try_out(fresh(row), by=world.actor("clerk"))
    make_chat(world, 2, officer_id=world.clerk.id)
    with transaction():
        assert verbs.try_out(fresh(row), by=world.actor("clerk")) == 1
    assert db.session.scalars(sa.select(OutboxRow.recipient)).all() == ["2"]
    tick()
    assert fresh(row).state is BroadcastState.DRAFT


def test_what_a_dead_provider_left_in_the_queue_waits_for_the_morning(world, time):
    make_chat(world, 1, topic=topics.WARD)
    time.move_to("2026-11-23 20:55+07:00")
    row = announce(world)
    tick()
    assert due() == 1
    time.move_to("2026-11-23 21:05+07:00")
    tick()
    assert due() == 0
    time.move_to("2026-11-24 06:59+07:00")
    tick()
    assert due() == 0
    time.move_to("2026-11-24 07:00+07:00")
    assert due() == 1
    settle()
    tick()
    assert fresh(row).finished_at is not None
