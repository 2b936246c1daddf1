"""Every step met by every kind of message; and random talks: nothing breaks, nothing is sent unasked."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from feedback.conversations.content import text_of
from feedback.conversations.flows import BUTTONS, STEPS
from feedback.conversations.turn import Turn
from feedback.messages import say
from tests.feedback.conversations.talk import ANSWERED, ASKED, HERE, OPEN, Talk
from tests.fuzzing import examples

STORY = "Đèn đường hỏng ba hôm nay, tối om"
CASES = (ASKED, OPEN, ANSWERED)
WARD = {"ward": "Phường Ba Đình", "hotline": "", "address": "", "office_hours": ""}
# What an effect brings back, for rendering.
BACK = {
    "sentence": "Không được.",
    "number": "BD-2026-000001",
    "title": "Đèn hỏng",
    "status": "Đang xử lý",
    "is_open": True,
    "handler": "Lý Văn An",
    "due": "17:00 ngày 04/03/2026",
    "reason": "",
    "answer": "",
    "link": "http://ward.test/t/x",
    "is_above": False,
    "form": "http://ward.test/ba-dinh/don-to-cao.pdf",
    "is_new": True,
    "name": "cả phường",
    "names": ["cả phường"],
    "again": "ward",
    "code": "K7Q-4XW",
    "channel": "Zalo",
    "was_joined": True,
    "visit": 4,
    "registration": 6,
    "is_seated": True,
    "asking": 31,
    "needed": 500,
    "question": "Bao giờ thông cống?",
    "votes": 3,
    "answers": [("Bao giờ thông cống?", "Đã trả lời", "Tháng sau")],
    "more": 0,
    "promises": [("Thông cống", "Chuyên viên", "30/12/2026", "Đang làm")],
}

# How to get to each step.
WAYS = {
    (None, None): [],
    ("report", "text"): [{"text": "phản ánh"}],
    ("report", "place"): [{"text": "phản ánh"}, {"text": STORY}],
    ("report", "area"): [{"text": "phản ánh"}, {"text": STORY}, {"button": "report:areas"}],
    ("report", "summary"): [{"text": "phản ánh"}, {"text": STORY}, {"place": HERE}],
    ("report", "change"): [
        {"text": "phản ánh"},
        {"text": STORY},
        {"place": HERE},
        {"button": "report:edit"},
    ],
    ("report", "phone"): [
        {"text": "phản ánh"},
        {"text": STORY},
        {"place": HERE},
        {"button": "report:phone"},
    ],
    ("add", "which"): [{"text": STORY}],
    ("add", "text"): [{"button": f"add:{OPEN.id}"}],
    ("rate", "comment"): [{"button": f"rate:{ANSWERED.token}:5"}],
    ("rate", "commented"): [
        {"button": f"rate:{ANSWERED.token}:1"},
        {"text": "Rác vẫn còn nguyên"},
    ],
    ("rate", "reason"): [{"button": f"reopen:{ANSWERED.id}"}],
    ("track", "number"): [{"text": "tra cứu"}],
    ("track", "phone"): [{"text": "BD-2026-000999"}],
    ("news", "what"): [{"text": "nhận tin"}],
    ("news", "area"): [{"text": "nhận tin"}, {"button": "news:areas"}],
    ("news", "field"): [{"text": "nhận tin"}, {"button": "news:fields"}],
    ("meet", "time"): [{"button": "meet:day:3"}],
    ("meet", "subject"): [{"button": "meet:at:3:1"}],
    ("meet", "name"): [{"button": "meet:at:3:1"}, {"text": "Cống tắc"}],
    ("talk", "people"): [{"button": "talk:join:5"}],
    ("talk", "name"): [{"button": "talk:join:5"}, {"text": "2 người"}],
    ("talk", "question"): [{"button": "talk:ask:5"}],
    ("talk", "asker"): [{"button": "talk:ask:5"}, {"text": "Bao giờ thông cống?"}],
    ("demand", "about"): [{"button": "demand"}],
    ("demand", "phone"): [{"button": "demand"}, {"text": "Thoát nước ngõ 34"}],
    ("demand", "name"): [{"button": "demand"}, {"button": "demand:skip"}, {"text": "0912345678"}],
    ("opinion", "text"): [{"button": "opinion:say:6"}],
    ("opinion", "name"): [{"button": "opinion:say:6"}, {"text": "Nên mở đến 20 giờ"}],
    ("survey", "comment"): [{"button": "survey:9:more"}],
}
KINDS = {
    "story": {"text": STORY},
    "address": {"text": "số 5 ngõ 12 phố Đội Cấn"},
    "area": {"text": "tổ 2"},
    "number": {"text": "2"},
    "yes": {"text": "ok"},
    "no": {"text": "không"},
    "skip": {"text": "bỏ qua"},
    "greeting": {"text": "alo"},
    "smiley": {"text": "😀"},
    "question": {"text": "?"},
    "rude": {"text": "đm"},
    "long": {"text": "ngập nặng quá " * 230},
    "accusation": {"text": "Tôi tố cáo ông A"},
    "danger": {"text": "cháy to ở chợ"},
    "phone": {"text": "0912345678"},
    "case number": {"text": "BD-2026-000007"},
    "photo": {"photos": 1},
    "photo with words": {"photos": 2, "text": "cống tắc ở đây"},
    "place": {"place": HERE},
    "own phone": {"phone": "+84912345678"},
    "refused file": {"refused": ("x.exe",)},
    "unreadable": {"unread": "poll"},
    "edit": {"text": "sửa lại", "is_edit": True, "ref": "r1"},
    "old button": {"button": "report:send:999"},
    "unknown button": {"button": "hack:1;drop"},
    "number of a button": {"button": "#1"},
    **{word: {"text": word} for word in ("huỷ", "menu", "trợ giúp", "tra cứu", "gặp cán bộ")},
    **{f"button {name}": {"button": name} for name in BUTTONS},
}


def at(step) -> Talk:
    talk = Talk(cases=CASES)
    if step[0] == "report":
        talk.cases = ()
    for message in WAYS[step]:
        talk.send(**message)
    assert talk.step == step
    talk.cases = CASES
    return talk


def test_every_step_has_a_way():
    """Of a resident's flows; those of officials and of answers found have tests of their own."""
    steps = {
        (f, s)
        for f, steps in STEPS.items()
        if f not in ("officer", "person", "found")
        for s in steps
    }
    assert set(WAYS) == {(None, None)} | steps


@pytest.mark.parametrize("step", WAYS, ids=lambda step: f"{step[0]}.{step[1]}")
def test_every_step_meets_every_kind_of_message(step):
    for kind, message in KINDS.items():
        with naming(kind):
            talk = at(step)
            before = len(talk.effects)
            talk.send(**message)
            check(talk)
            sent = [effect for effect in talk.effects[before:] if effect.do == "submit"]
            may_send = step == ("report", "summary") and kind in ("yes", "number of a button")
            assert bool(sent) == may_send


@contextmanager
def naming(kind: str) -> Iterator[None]:
    """A failure inside says which kind of message it met."""
    try:
        yield
    except Exception as error:
        error.add_note(f"the message: {kind}")
        raise


@pytest.mark.parametrize("step", WAYS, ids=lambda step: f"{step[0]}.{step[1]}")
def test_cancel_and_menu_work_everywhere(step):
    assert at(step).send("HUỶ") in (["cancelled"], ["nothing_to_cancel"])
    assert at(step).send("menu") == ["menu"]
    talk = at(step)
    talk.send("huỷ")
    assert talk.step == (None, None)


def check(talk: Talk) -> None:
    """What holds after every turn."""
    turn = talk.last
    assert turn.flow is None or turn.step in STEPS[turn.flow]
    json.dumps(turn.slots)
    for each in [turn, turn.otherwise or Turn()]:
        for said in each.says:
            name = said.block if "." in said.block else f"chat.{said.block}"
            text = say(name, **{**WARD, **said.values, **BACK})
            assert text
            if said.block not in (
                "summary",
                "accusation",
                "accusation_unkept",
                "help",
                "which",
                "track_list",
            ):
                assert len(text) <= 600
            for label, payload in said.choices:
                assert 0 < len(label) <= 60
                assert payload.isascii()
                assert 0 < len(payload) <= 60
    assert turn.says or turn.effect or turn.ignored or talk.was_edit


messages = st.one_of(
    st.sampled_from(list(KINDS.values())),
    st.builds(lambda no: {"button": f"#{no}"}, st.integers(1, 4)),
    st.builds(lambda text: {"text": text}, st.text(max_size=40)),
    st.builds(lambda seconds: {"wait": seconds}, st.sampled_from([1, 3600, 90_000])),
)


@settings(max_examples=examples(300))
@given(st.lists(messages, max_size=14), st.sampled_from([(), CASES]))
def test_random_talks_send_only_what_was_confirmed(said, cases):
    talk = Talk(cases=cases)
    confirmed = 0
    for message in said:
        if "wait" in message:
            talk.now += timedelta(seconds=message["wait"])
            continue
        had_summary = talk.step == ("report", "summary")
        talk.send(**message)
        check(talk)
        if talk.last.effect and talk.last.effect.do == "submit":
            confirmed += 1
            assert had_summary
            assert text_of(talk.last.effect.values["slots"])
    keys = [slots["key"] for slots in talk.sent]
    assert len(keys) == len(set(keys)) == confirmed


@given(st.lists(messages, min_size=1, max_size=8))
def test_repeating_a_turn_gives_the_same_turn(said):
    """A turn that is done again after a crash says and does the same."""
    one, two = Talk(), Talk()
    for message in said:
        if "wait" not in message:
            one.send(**message)
            two.send(**message)
            assert one.last == two.last
