"""A date approaches and passes: who is told, once, when, and why."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import date

import sqlalchemy as sa

from feedback import clock, reminders
from feedback.db import db, transaction
from feedback.people.models import Tenure
from feedback.petitions.models import Deadline, Urgency
from feedback.reminders.models import Reminder
from feedback.reminders.scan import to_look_at
from feedback.wards.models import Substitution
from tests.feedback.reminders.days import (
    accepted,
    chat_of,
    do,
    entries,
    local,
    received,
    said,
    work,
)
from tests.feedback.reminders.days import reminders as decided

START = "2026-08-03 09:00"  # a Monday; an ordinary petition is due on Wednesday 12/8
MORNINGS = ["2026-08-10 07:45", "2026-08-11 07:45", "2026-08-13 07:45", "2026-08-14 07:45"]
BRIEFING = "2026-08-24 07:45"


def absent(world, who, substitute, starts_on, ends_on):
    with transaction():
        db.session.add(
            Substitution(
                ward_id=world.ward.id,
                absent_id=world.people[who].id,
                substitute_id=world.people[substitute].id,
                starts_on=date.fromisoformat(starts_on),
                ends_on=date.fromisoformat(ends_on),
                declared_by_id=world.people[who].id,
                declared_at=clock.now(),
            )
        )


def test_the_ladder_from_the_handler_to_the_briefing(world):
    petition = accepted(world, START)
    expected = []
    rungs = [
        [("half", "an")],
        [("last_day", "an")],
        [("due", "an"), ("due", "dept_head"), ("due", "vice")],
        [("late_2", "chair")],
        [("late_5", "chair"), ("late_5", "vice")],
    ]
    for minute, rung in zip([*MORNINGS, BRIEFING], rungs, strict=True):
        before = clock.local(local(minute).replace(hour=7, minute=44)).isoformat()[:16]
        work(before.replace("T", " "))
        assert decided(world) == expected
        expected += rung
        for _ in range(3):
            work(minute)
        assert decided(world) == expected
    assert [e.detail["rung"] for e in entries(petition, "escalated")] == ["due", "late_2", "late_5"]
    assert not any(e.is_public for e in entries(petition, "escalated"))
    assert "Đỗ Văn Dũng, Trần Văn Vinh" in entries(petition, "escalated")[0].text
    assert [p.id for p in reminders.briefing(world.ward.id)] == [petition.id]


def test_who_decides_an_open_wish_for_more_time_is_reminded_of_it(world):
    refused, still_open, withdrawn = petitions = [accepted(world, START) for _ in range(3)]
    chat, before = chat_of(world.chair), "2026-08-10 09:00"
    for petition in petitions:
        do(world, before, "ask_more_time", petition, "an", working_days=1, reason="Chờ vật tư")
    no = {"request_id": refused.wish_id, "reason": "Vật tư đã về"}
    do(world, before, "refuse_more_time", refused, "chair", **no)
    do(world, before, "withdraw_more_time", withdrawn, "an", request_id=withdrawn.wish_id)
    work(MORNINGS[1])
    [(_, text)] = said(chat)
    assert "vì là người quyết định đề nghị gia hạn đang chờ" in text
    assert still_open.number in text
    assert "Ông/Bà có 1 việc" in text
    assert entries(still_open, "escalated") == []
    work(MORNINGS[2])
    assert decided(world).count(("due", "chair")) == 1


def test_a_wish_decided_before_the_digest_is_not_spoken_of(world):
    petition = accepted(world, START)
    chat = chat_of(world.chair)
    do(world, "2026-08-10 09:00", "ask_more_time", petition, "an", working_days=1, reason="Mưa")
    work(MORNINGS[1], ["reminders"])
    assert ("last_day", "chair") in decided(world)
    no = {"request_id": petition.wish_id, "reason": "Đã đủ thời gian"}
    do(world, "2026-08-11 07:46", "refuse_more_time", petition, "chair", **no)
    work("2026-08-11 07:47")
    assert said(chat) == []


def test_one_digest_in_the_morning_with_the_reason(world):
    chat = chat_of(world.an)
    for _ in range(3):
        accepted(world, START)
    work("2026-08-10 07:44")
    assert said(chat) == []
    work("2026-08-10 07:45")
    work("2026-08-10 07:46")
    [(at, text)] = said(chat)
    assert at == "2026-08-10 07:45"
    assert "Thứ Hai 10/8, Ông/Bà có 3 việc" in text
    assert "Ông/Bà nhận tin này vì là người phụ trách hồ sơ:" in text
    assert "BD-2026-000001 – Chiếu sáng, cây xanh, công viên: đã qua nửa thời gian" in text
    assert "Đèn đường" not in text  # a resident's words stay in the house
    assert "http://ward.test/desk/" in text


def test_a_digest_tells_the_gravest_of_a_petition_only(world):
    """The worker was down for two days: half-way and last day are found together."""
    chat = chat_of(world.an)
    accepted(world, START)
    work("2026-08-11 10:00")
    assert decided(world) == [("half", "an"), ("last_day", "an")]
    [(at, text)] = said(chat)
    assert at == "2026-08-11 10:00"
    assert "có 1 việc" in text
    assert "ngày làm việc cuối cùng trước hạn" in text


def test_nobody_is_written_to_outside_working_time(world):
    chat, resident = chat_of(world.an), chat_of(ward_id=world.ward.id, address="9")
    accepted(world, START, contact_id=resident.id)
    for minute in ("2026-08-14 20:00", "2026-08-15 09:00", "2026-08-16 09:00", "2026-08-17 07:44"):
        work(minute)
        assert said(chat) == []
    work("2026-08-17 07:45")
    assert [at for at, _ in said(chat)] == ["2026-08-17 07:45"]
    assert [at for at, _ in said(resident)][1:] == ["2026-08-17 08:00"]


def test_an_urgent_one_is_told_at_once(world):
    an, head, vice = (chat_of(world.people[k], k) for k in ("an", "dept_head", "vice"))
    accepted(world, START, urgency=Urgency.URGENT)
    work("2026-08-03 10:59")
    assert said(an) == []
    work("2026-08-03 11:00")
    work("2026-08-03 14:00")
    assert [at for at, _ in said(an)] == ["2026-08-03 11:00", "2026-08-03 14:00"]
    assert said(an)[0][1].startswith("KHẨN – BD-2026-000001")
    assert [at for at, _ in said(head)] == [at for at, _ in said(vice)] == ["2026-08-03 14:00"]
    work("2026-08-04 07:45")
    assert len(said(an)) == 2  # not again in the digest


def test_after_an_outage_an_urgent_one_is_told_as_it_stands(world):
    vice = chat_of(world.vice)
    accepted(world, START, urgency=Urgency.URGENT)
    work("2026-08-13 03:00")
    assert ("due", "vice") in decided(world)
    assert ("late_5", "vice") in decided(world)
    [(at, text)] = said(vice)
    assert at == "2026-08-13 03:00"
    assert "giao ban tuần" in text


def test_the_resident_reads_our_apology_once(world):
    chat = chat_of(ward_id=world.ward.id)
    petition = accepted(world, START, contact_id=chat.id)
    for minute in [*MORNINGS, BRIEFING]:
        work(minute)
    assert len(said(chat)) == 2  # the first is the receipt
    at, text = said(chat)[1]
    assert at == "2026-08-13 08:00"
    assert "xin lỗi" in text
    assert "17:00 ngày 12/08/2026" in text
    [entry] = entries(petition, "apology")
    assert entry.is_public


def test_an_answer_ends_it(world):
    petition = accepted(world, START)
    work(MORNINGS[0])
    assert len(reminders.waiting_for(world.an.id)) == 1
    do(world, "2026-08-10 09:00", "submit_answer", petition, "an", text="Đã thay bóng.")
    do(world, "2026-08-10 10:00", "approve", petition, "chair")
    assert reminders.waiting_for(world.an.id) == []
    for minute in MORNINGS[1:]:
        work(minute)
    assert decided(world) == [("half", "an")]
    assert db.session.scalars(sa.select(Reminder)).one().cleared_at is not None


def test_a_date_that_moves_begins_anew(world):
    petition = accepted(world, START)
    for minute in MORNINGS[:2]:
        work(minute)
    do(world, "2026-08-11 10:00", "extend", petition, "vice", working_days=3, reason="Chờ vật tư")
    with clock.at(local("2026-08-11 10:01")):
        assert reminders.waiting_for(world.an.id) == []
    for minute in ("2026-08-12 07:45", "2026-08-13 07:45"):
        work(minute)  # half of the longer time is past, too; due on Monday 17/8 now
    assert decided(world) == [("half", "an"), ("last_day", "an")]
    work("2026-08-14 07:45")
    assert decided(world) == [("half", "an"), ("last_day", "an"), ("last_day", "an")]
    assert len(entries(petition, "escalated")) == 0


def test_a_date_that_stands_still_is_not_spoken_of(world):
    petition = accepted(world, START)
    do(world, "2026-08-05 09:00", "ask", petition, "an", question="Ở đoạn nào?")
    for minute in [*MORNINGS, BRIEFING]:
        work(minute)
    assert decided(world) == []
    do(world, "2026-08-24 09:00", "add", petition, "clerk", text="Trước số 12")
    work("2026-08-25 07:45")
    assert decided(world) == []  # five working days were left
    work("2026-08-27 07:45")
    assert decided(world) == [("half", "an")]


def test_a_petition_nobody_accepts(world):
    received(world, START)
    for minute in ("2026-08-03 17:00", "2026-08-04 07:45", "2026-08-05 07:45", "2026-08-06 07:45"):
        work(minute)
    assert decided(world) == [
        ("acceptance_half", "clerk"),
        ("acceptance_due", "clerk"),
        ("acceptance_due", "vice"),
    ]


def test_who_stands_in_is_told_instead(world):
    absent(world, "an", "binh", "2026-08-10", "2026-08-10")
    absent(world, "chair", "vice", "2026-08-14", "2026-08-14")
    binh = chat_of(world.binh)
    accepted(world, START)
    for minute in MORNINGS:
        work(minute)
    assert [who for _, who in decided(world)] == ["binh", "an", "an", "dept_head", "vice", "vice"]
    [(_, text)] = said(binh)
    assert "là người phụ trách hồ sơ (làm thay Lý Văn An)" in text


def test_an_absence_without_anybody_there_changes_nothing(world):
    absent(world, "an", "binh", "2026-08-10", "2026-08-10")
    absent(world, "binh", "chi", "2026-08-10", "2026-08-10")
    accepted(world, START)
    work(MORNINGS[0])
    assert decided(world) == [("half", "an")]


def test_nobody_hears_of_a_petition_about_themselves(world):
    accepted(world, START, complained_officer_id=world.dept_head.id)
    for minute in MORNINGS[:3]:
        work(minute)
    assert ("due", "dept_head") not in decided(world)
    assert ("due", "vice") in decided(world)


def test_an_accusation_is_never_named_in_a_chat(world):
    from feedback.petitions.models import Kind

    clerk, vice, resident = (
        chat_of(world.clerk),
        chat_of(world.vice, "2"),
        chat_of(ward_id=world.ward.id, address="9"),
    )
    petition = accepted(world, START, text="Tố cáo ông X", kind=Kind.TO_CAO, contact_id=resident.id)
    assert petition.is_restricted
    for minute in [*MORNINGS, BRIEFING]:
        work(minute)
    texts = [text for _, text in said(clerk)]
    assert texts
    assert all("Có việc cần xử lý" in text for text in texts)
    assert not any(petition.number in text or "Tố cáo" in text for text in texts)
    assert said(vice) == []
    assert not any("xin lỗi" in text for _, text in said(resident))
    assert reminders.briefing(world.ward.id) == []
    assert {who for _, who in decided(world)} == {"clerk", "chair"}


def test_the_superior_hears_of_the_longest_overdue(world):
    from tests.world import make_world

    province = make_world("TP", "thanh-pho")
    watcher = province.people["supervisor"]
    with transaction():
        world.set(superior_officers=[watcher.id])
    chat = chat_of(watcher)
    accepted(world, START)
    for minute in [*MORNINGS, BRIEFING]:
        work(minute)
    [(at, text)] = said(chat)
    assert at == BRIEFING
    assert "cấp trên" in text
    assert "BD-2026-000001" in text


def test_the_ward_may_say_which_vice_chair_is_in_charge(world):
    department = world.departments["kinh_te_ha_tang"].id
    with transaction():
        tenure = Tenure(
            position_id=world.positions["vice"].id,
            officer_id=world.chi.id,
            starts_on=date(2026, 1, 1),
        )
        db.session.add(tenure)
        world.set(vice_chairs={str(department): world.positions["dept_head"].id})
    accepted(world, START)
    work(MORNINGS[2])
    assert [who for rung, who in decided(world) if rung == "due"] == ["an", "dept_head"]


def test_a_page_for_people_without_a_chat(world):
    petition = accepted(world, START)
    for minute in MORNINGS[:3]:
        work(minute)
    with clock.at(local("2026-08-13 08:00")):
        [waiting] = reminders.waiting_for(world.an.id)
        assert (waiting.number, waiting.words, waiting.is_late) == (
            petition.number,
            "đã quá hạn",
            True,
        )
        assert reminders.waiting_for(world.chi.id) == []
    assert db.session.scalar(sa.select(sa.func.count()).where(Reminder.told_at.is_(None))) == 0
    do(world, "2026-08-13 09:00", "assign", petition, "clerk", officer_id=world.binh.id)
    with clock.at(local("2026-08-13 09:01")):
        assert reminders.waiting_for(world.an.id) == []  # the work has gone to another


def test_a_reminder_not_yet_told_leaves_with_the_work(world):
    chat = chat_of(world.an)
    petition = accepted(world, START)
    work(MORNINGS[0], jobs_of=("reminders",))
    do(world, "2026-08-10 07:46", "assign", petition, "clerk", officer_id=world.binh.id)
    work("2026-08-10 07:47")
    assert said(chat) == []


def test_several_workers_at_once_say_everything_once(app, world):
    chat = chat_of(world.an)
    petitions = [accepted(world, START) for _ in range(6)]

    def worker(_no):
        with app.app_context():
            work(MORNINGS[2])

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(worker, range(4)))
    work(MORNINGS[2])  # what one of them left to another
    assert Counter(decided(world)) == dict.fromkeys(
        [(rung, "an") for rung in ("half", "last_day", "due")]
        + [("due", "dept_head"), ("due", "vice")],
        6,
    )
    assert [len(entries(each, "escalated")) for each in petitions] == [1] * 6
    assert len(said(chat)) == 1


def test_a_date_is_looked_at_when_it_has_something_to_say(world):
    accepted(world, START)
    work("2026-08-03 09:01")
    looks = db.session.scalars(sa.select(Deadline.look_at).where(Deadline.met_at.is_(None))).all()
    assert [f"{clock.local(at):%Y-%m-%d %H:%M}" for at in looks] == [MORNINGS[0]]


def test_a_look_reads_what_is_due_and_not_what_is_open(world):
    """Among two thousand open dates, about which PostgreSQL knows what it found out in the night."""
    petition, next_year = accepted(world, START), local("2027-08-10 07:45")
    date_ = {"petition_id": petition.id, "step": "answer", "trace": []}
    date_ |= dict.fromkeys(("started_at", "due_at", "look_at"), next_year)
    db.session.execute(sa.insert(Deadline), [{**date_, "round": no} for no in range(1, 2001)])
    explain = "EXPLAIN QUERY PLAN "
    if db.engine.dialect.name == "postgresql":
        explain = "EXPLAIN "
        db.session.execute(sa.text("ANALYZE deadline, petition"))
    query = (
        to_look_at(100)
        .params(now=clock.now())
        .compile(db.engine, compile_kwargs={"literal_binds": True})
    )
    plan = "\n".join(map(str, db.session.execute(sa.text(explain + str(query)))))
    assert "ix_deadline_look" in plan


def test_a_date_that_turns_out_to_have_passed_waits_for_the_next_digest(world):
    """On Monday afternoon the petition is found to have been due on Thursday."""
    an, head = chat_of(world.an), chat_of(world.dept_head, "2")
    petition = accepted(world, START)
    work(MORNINGS[0])
    do(world, "2026-08-10 14:00", "correct", petition, "clerk", urgency=Urgency.QUICK)
    work("2026-08-10 14:01")
    assert decided(world)[1:4] == [("due", "an"), ("due", "dept_head"), ("due", "vice")]
    assert [at for at, _ in said(an)] == ["2026-08-10 07:45"]  # one digest a day
    assert [at for at, _ in said(head)] == ["2026-08-10 14:01"]
    work("2026-08-11 07:45")
    assert [at for at, _ in said(an)] == ["2026-08-10 07:45", "2026-08-11 07:45"]
    assert "đã quá hạn" in said(an)[1][1]
