"""Opening, adding, answering, rating, tracking, small talk: which flow a message leads into."""

from datetime import timedelta

import pytest

from feedback.conversations.content import text_of
from feedback.conversations.turn import Standing
from feedback.petitions.models import Status
from tests.feedback.conversations.talk import ANSWERED, ASKED, HERE, OPEN, Talk

STORY = "Đèn đường hỏng ba hôm nay, tối om"


@pytest.mark.parametrize(
    ("said", "block"),
    [
        ("alo", "hello"),
        ("Xin chào ạ", "hello"),
        ("👋", "hello"),
        ("cho em hỏi chút", "hello"),
        ("cảm ơn", "welcome"),
        ("ok", "welcome"),
        ("không", "welcome"),
        ("👍", "welcome"),
        ("❤️", "welcome"),
        ("thôi", "nothing_to_cancel"),
        ("là sao", "not_understood"),
        ("dm lam an nhu shit", "rude"),
        ("Menu", "menu"),
        ("trợ giúp", "help"),
        ("gap can bo", "person"),
        ("?", "hello"),
        ("hả", "not_understood"),
        ("tra cuu", "ask_number"),
        ("phản ánh", "ask_text"),
    ],
)
def test_the_first_words_outside_every_flow(said, block):
    talk = Talk()
    assert talk.send(said) == [block]


def test_nothing_readable_is_said_so():
    talk = Talk()
    assert talk.send(unread="poll") == ["unread"]
    assert talk.send(unread="contact") == ["unread_contact"]
    assert talk.last.is_confused


def test_a_phone_number_sent_for_no_reason_is_kept_and_thanked_for():
    talk = Talk()
    assert talk.send(phone="0912345678") == ["phone_kept"]


def test_without_open_petitions_words_begin_a_report():
    assert Talk().send(STORY) == ["ask_place"]


def test_with_an_open_petition_it_is_asked_never_guessed():
    talk = Talk(cases=(OPEN,))
    assert talk.send(STORY, photos=1) == ["which"]
    assert [label for label, _ in talk.standing.choices] == ["Bổ sung BD-2026-000007", "Việc mới"]
    assert talk.effects == []


def test_the_held_words_go_to_the_petition_chosen():
    talk = Talk(cases=(OPEN,))
    talk.send(STORY, photos=1)
    assert talk.send("Ở gần cột số 5") == ["which"]
    assert talk.press("Bổ sung") == ["added"]
    (effect,) = talk.effects
    assert (effect.do, effect.values["case_id"]) == ("add", OPEN.id)
    assert text_of(effect.values["slots"]) == f"{STORY}\nỞ gần cột số 5"
    assert len(effect.values["slots"]["files"]) == 1
    assert talk.step == (None, None)


@pytest.mark.parametrize("how", ["button", "việc mới", "không"])
def test_or_they_begin_a_new_report(how):
    talk = Talk(cases=(OPEN,))
    talk.send(STORY, photos=1)
    if how == "button":
        talk.press("Việc mới")
    else:
        talk.send(how)
    assert talk.blocks == ["ask_place"]
    assert talk.send(place=HERE) == ["summary"]
    talk.press("Gửi")
    assert text_of(talk.sent[0]) == STORY


def test_an_officers_question_comes_first():
    talk = Talk(cases=(OPEN, ASKED))
    talk.send("Cây ở trước số nhà 5")
    labels = [label for label, _ in talk.standing.choices]
    assert labels == ["Trả lời câu hỏi BD-2026-000008", "Bổ sung BD-2026-000007", "Việc mới"]
    assert talk.press("Trả lời") == ["answered"]
    assert talk.effects[0].values["case_id"] == ASKED.id


def test_a_yes_is_enough_where_only_one_thing_can_be_meant():
    talk = Talk(cases=(ASKED,))
    talk.send("Cây ở trước số nhà 5")
    assert talk.send("vâng") == ["answered"]
    for cases in ((OPEN, ASKED), (OPEN,)):
        other = Talk(cases=cases)
        other.send("Cây ở trước số nhà 5")
        assert other.send("vâng") == ["which"]
        assert other.effects == []
        assert text_of(other.slots) == "Cây ở trước số nhà 5"


def test_a_typed_number_chooses_too():
    talk = Talk(cases=(OPEN, ASKED))
    talk.send(STORY)
    assert talk.send("bd-2026-7") == ["added"]


def test_the_button_of_a_notice_asks_for_the_words():
    talk = Talk(cases=(ASKED,))
    assert talk.send(button=f"answer:{ASKED.id}") == ["ask_answer"]
    assert talk.send(photos=1) == ["answered"]
    assert talk.effects[0].values["case_id"] == ASKED.id


def test_thanks_and_greetings_are_not_added_to_a_petition():
    talk = Talk(cases=(OPEN, ANSWERED))
    assert talk.send("cảm ơn nhé") == ["welcome"]
    assert talk.send("alo") == ["hello"]


def test_somebody_elses_petition_cannot_be_added_to():
    talk = Talk(cases=(OPEN,))
    assert talk.send(button="add:999") == ["old_button"]
    assert talk.effects == []


def test_a_good_mark_may_bring_a_comment():
    talk = Talk(cases=(ANSWERED,))
    assert talk.send(button=f"rate:{ANSWERED.token}:5") == ["rated"]
    assert talk.effects[-1].values == {"case_id": ANSWERED.id, "score": 5, "comment": ""}
    assert talk.send("Làm nhanh, cảm ơn các anh") == ["commented"]
    assert talk.effects[-1].values["comment"] == "Làm nhanh, cảm ơn các anh"
    assert talk.standing.choices == ()
    assert talk.send("alo") == ["hello"]
    assert talk.step == (None, None)


def test_a_bad_comment_may_become_the_reason():
    talk = Talk(cases=(ANSWERED,))
    talk.send(button=f"rate:{ANSWERED.token}:1")
    assert talk.send("Rác vẫn còn nguyên") == ["commented"]
    assert talk.press("Đề nghị xử lý lại") == []
    assert talk.effects[-1].do == "reopen"
    assert text_of(talk.effects[-1].values["slots"]) == "Rác vẫn còn nguyên"


def test_a_mark_without_a_comment():
    talk = Talk(cases=(ANSWERED,))
    talk.send(button="rate:4")
    assert talk.press("Không cần") == ["welcome"]
    assert len(talk.effects) == 1


def test_a_low_mark_offers_to_reopen():
    talk = Talk(cases=(ANSWERED,))
    assert talk.send(button=f"rate:{ANSWERED.token}:1") == ["rated_low"]
    assert talk.press("Đề nghị xử lý lại") == ["ask_reopen"]
    assert talk.send("?") == ["ask_reopen"]
    talk.send("Rác vẫn còn nguyên")
    assert talk.effects[-1].do == "reopen"
    assert "Rác vẫn còn nguyên" in text_of(talk.effects[-1].values["slots"])


def test_words_about_an_answered_petition_may_reopen_it():
    talk = Talk(cases=(ANSWERED,))
    talk.send("Rác vẫn còn nguyên đấy")
    assert talk.press("Xử lý lại") == []
    assert talk.effects[-1].do == "reopen"
    assert text_of(talk.effects[-1].values["slots"]) == "Rác vẫn còn nguyên đấy"


def test_long_after_the_mark_words_are_no_comment():
    talk = Talk(cases=(ANSWERED._replace(can_reopen=False),))
    talk.send(button=f"rate:{ANSWERED.token}:5")
    talk.now += timedelta(hours=1)
    assert talk.send(STORY) == ["ask_place"]


@pytest.mark.parametrize("payload", ["rate:9", "rate:x", "rate:tok-404:5", "rate:0", "reopen:7"])
def test_a_mark_that_fits_nothing_is_refused(payload):
    talk = Talk(cases=(OPEN,))
    talk.send(button=payload)
    assert talk.effects == []
    assert talk.blocks in (["old_button"], ["reopen_too_late"])


def test_ones_own_petitions_are_listed():
    talk = Talk(cases=(OPEN, ANSWERED))
    assert talk.send("tra cứu") == ["track_list"]
    assert talk.press("BD-2026-000009") == ["track_case"]
    assert talk.effects[0].values == {"case_id": ANSWERED.id}


def test_a_strangers_petition_needs_its_phone_number():
    talk = Talk()
    talk.send("tra cứu")
    assert talk.send("12") == ["track_ask_phone"]
    assert talk.shown["number"] == "BD-2026-000012"
    assert talk.send("0912345678") == ["track_case"]
    assert talk.effects[0].values == {"number": "BD-2026-000012", "phone": "+84912345678"}


def test_wrong_pairs_are_counted():
    talk = Talk()
    for _ in range(5):
        talk.send("BD-2026-000012")
        talk.send("0912345678")
        talk.memo |= talk.last.otherwise.memo  # the look-up was refused
    talk.send("BD-2026-000012")
    assert talk.send("0912345678") == ["track_too_many"]
    talk.now += timedelta(hours=2)
    talk.send("BD-2026-000012")
    assert talk.send("0912345678") == ["track_case"]


def test_after_a_miss_another_phone_number_may_be_tried_at_once():
    talk = Talk()
    talk.send("BD-2026-000012")
    talk.send("0912345678")
    otherwise = talk.last.otherwise  # the look-up was refused
    talk.standing = Standing(otherwise.flow, otherwise.step, otherwise.slots)
    assert talk.send("0987654321") == ["track_case"]
    assert talk.effects[-1].values == {"number": "BD-2026-000012", "phone": "+84987654321"}


def test_a_number_alone_is_looked_up():
    talk = Talk(cases=(OPEN,))
    assert talk.send("BD 2026 7") == ["track_case"]


def test_menu_keeps_what_is_under_way():
    talk = Talk()
    talk.send(STORY)
    assert talk.send("menu") == ["menu"]
    assert talk.press("Viết tiếp") == ["ask_place"]
    assert text_of(talk.slots) == STORY


def test_a_person_can_be_asked_for_anywhere():
    talk = Talk()
    talk.send(STORY)
    assert talk.send("gặp cán bộ") == ["person"]
    assert talk.last.wants_person
    assert talk.step == ("report", "place")


def test_buttons_typed_as_they_read_or_chosen_by_number_are_pressed():
    talk = Talk()
    talk.send(STORY)
    assert talk.send("bo qua") == ["summary"]
    assert talk.send(button="#2") == ["what_to_change"]
    assert talk.send("noi xay ra") == ["ask_place"]
    assert talk.send(button="#9") == ["old_button"]
    assert talk.send(button="#x") == ["old_button"]


def test_a_closed_petition_is_not_offered():
    closed = OPEN._replace(status=Status.REJECTED, is_open=False)
    assert Talk(cases=(closed,)).send(STORY) == ["ask_place"]


@pytest.mark.parametrize(
    ("said", "block"),
    [
        ("cam on cac chau nhe", "welcome"),
        ("alo", "hello"),
        ("😀", "hello"),
        ("cảm ơn", "welcome"),
        ("den van hong", "which"),
        ("bo sung", "ask_more"),
        ("danh gia", "nothing_to_rate"),
        ("BD 2026", "track_number_again"),
    ],
)
def test_asked_for_a_number_nobody_is_held_fast(said, block):
    talk = Talk(cases=(OPEN,))
    talk.send("tra cuu")
    assert talk.send(said)[0] == block


def test_more_words_and_a_mark_can_be_asked_for_by_a_word():
    talk = Talk(cases=(OPEN, ASKED))
    assert talk.send("tôi muốn bổ sung") == ["which"]
    assert talk.last.says[0].values["is_empty"]
    assert talk.send("bổ sung bd-2026-000007") == ["ask_more"]
    talk = Talk()
    assert talk.send("bổ sung") == ["nothing_open"]
    talk = Talk(cases=(ANSWERED,))
    assert talk.send("đánh giá") == ["ask_mark"]
    assert talk.send(button=talk.last.says[0].choices[0][1]) == ["rated"]


@pytest.mark.parametrize(
    ("said", "block"),
    [
        ("tôi muốn khen", "ask_praise"),
        ("cho toi hoi", "ask_question"),
        ("gui cau hoi", "ask_question"),
    ],
)
def test_praise_and_questions_have_a_first_question_of_their_own(said, block):
    talk = Talk()
    assert talk.send(said) == [block]
    assert talk.step == ("report", "text")
    assert talk.send("Cô Lan ở bộ phận một cửa rất nhiệt tình")
    assert talk.send(said) != [block], "what is under way goes on"


def test_the_beginning_of_one_button_is_enough():
    talk = Talk()
    talk.send("đối thoại")
    assert talk.send("đăng ký") == ["talk.people"]
    talk = Talk()
    talk.send("đối thoại")
    assert talk.send("gui cau hoi") == ["talk.ask"]


def test_words_after_words_without_a_choice_bring_a_person():
    talk = Talk(cases=(OPEN,))
    talk.send("đèn vẫn hỏng")
    assert not talk.last.is_confused
    talk.send("vẫn chưa ai đến")
    assert talk.last.is_confused


def test_the_bare_word_asks_how_and_makes_no_case():
    talk = Talk()
    assert talk.send("tố cáo") == ["accusation_how"]
    assert talk.effects == []
    talk.send("tôi tố cáo ông A nhận tiền")
    assert [effect.do for effect in talk.effects] == ["submit_sealed"]
