"""The report flow: any order, only what is missing, sent when the person says so."""

from datetime import timedelta
from itertools import permutations

import pytest

from feedback.conversations.content import LONGEST, text_of
from feedback.conversations.turn import Area, Kept
from tests.feedback.conversations.talk import HERE, Talk

STORY = "Đèn đường hỏng ba hôm nay, tối om"


def at_summary(**talk) -> Talk:
    talk = Talk(**talk)
    talk.send(STORY)
    talk.send(place=HERE)
    assert talk.step == ("report", "summary")
    return talk


def test_the_typical_report_takes_two_questions():
    talk = Talk()
    assert talk.send(STORY, photos=1) == ["ask_place"]
    assert talk.send(place=HERE) == ["summary"]
    assert talk.press("Gửi") == []
    (slots,) = talk.sent
    assert text_of(slots) == STORY
    assert len(slots["files"]) == 1
    assert slots["spot"] == [HERE.lat, HERE.lng]
    assert talk.step == (None, None)


PARTS = {"text": {"text": STORY}, "photo": {"photos": 2}, "place": {"place": HERE}}


@pytest.mark.parametrize("order", list(permutations(PARTS)), ids="-".join)
def test_any_order_ends_at_the_same_summary(order):
    talk = Talk()
    for part in order:
        talk.send(**PARTS[part])
    if order[-1] == "photo":
        assert talk.blocks == ["summary"]
    assert talk.step == ("report", "summary")
    assert text_of(talk.slots) == STORY
    assert len(talk.slots["files"]) == 2
    assert talk.slots["spot"] == [HERE.lat, HERE.lng]


def test_a_place_alone_asks_what_is_wrong_there():
    talk = Talk()
    assert talk.send(place=HERE) == ["ask_text_too"]
    assert talk.send(STORY) == ["summary"]


@pytest.mark.parametrize(
    ("said", "slots"),
    [
        ("số 5 ngõ 12 phố Đội Cấn", {"address": "số 5 ngõ 12 phố Đội Cấn"}),
        ("cho Ngoc Ha", {"address": "cho Ngoc Ha"}),
        ("nhà bà Bảy bán phở", {"address": "nhà bà Bảy bán phở"}),
        ("tổ 2", {"area": 102}),
        ("TDP so 03", {"area": 103}),
        ("2", {"area": 102}),
        ("ngõ 5 tổ 1", {"address": "ngõ 5 tổ 1", "area": 101}),
        ("bỏ qua", {"nowhere": True}),
        ("khong ro", {"nowhere": True}),
    ],
)
def test_a_place_may_be_typed(said, slots):
    talk = Talk()
    talk.send(STORY)
    assert talk.send(said) == ["summary"]
    assert {name: talk.slots.get(name) for name in slots} == slots


def test_a_neighbourhood_may_be_picked_from_a_list():
    talk = Talk()
    talk.send(STORY)
    assert talk.press("Chọn tổ dân phố") == ["ask_area"]
    assert [label for label, _ in talk.standing.choices] == ["Tổ 1", "Tổ 2", "Tổ 3", "Bỏ qua"]
    assert talk.press("Tổ 3") == ["summary"]
    assert talk.shown["place"] == "Tổ dân phố số 3"


def test_an_unknown_neighbourhood_brings_the_list():
    talk = Talk()
    talk.send(STORY)
    assert talk.send("tổ 99") == ["no_such_area", "ask_area"]
    assert talk.send("tổ 1") == ["summary"]


def test_a_complete_address_in_the_story_is_not_asked_for():
    talk = Talk()
    assert talk.send("Đèn ngõ 12 phố Đội Cấn hỏng rồi") == ["summary"]
    assert talk.shown["place"] == "ngõ 12 phố Đội Cấn"


def test_an_incomplete_one_is_only_offered():
    talk = Talk()
    assert talk.send("den duong truoc so nha 12 ngo 34 bi hong") == ["ask_place"]
    assert talk.standing.choices[0] == ("Tại so nha 12 ngo 34", "report:said")
    assert talk.send("dung roi") == ["summary"]
    assert talk.slots["address"] == "so nha 12 ngo 34"


def test_a_burst_sent_before_our_question_was_read_goes_on_with_the_story():
    talk = Talk()
    talk.send(STORY)
    asked_at = talk.now
    assert talk.send("nguy hiểm lắm", sent_at=asked_at + timedelta(seconds=1)) == ["ask_place"]
    assert text_of(talk.slots) == f"{STORY}\nnguy hiểm lắm"
    assert talk.send("chợ Ngọc Hà", sent_at=asked_at + timedelta(seconds=1)) == ["summary"]


def test_a_message_that_waited_for_long_is_not_taken_for_a_burst():
    talk = Talk()
    talk.send(STORY)
    long_before = talk.now - timedelta(hours=1)
    assert talk.send("nhà bác Bảy", sent_at=long_before) == ["summary"]


def test_a_photo_that_knows_its_place_offers_it():
    talk = Talk()
    talk.send(STORY, kept=(Kept(5, "anh.jpg", 21.03, 105.81),))
    assert talk.press("Đúng nơi chụp ảnh") == ["summary"]
    assert talk.slots["spot"] == [21.03, 105.81]


def test_a_question_about_procedures_needs_no_place():
    talk = Talk()
    assert talk.send("Cho hỏi thủ tục khai sinh") == ["summary"]


def test_a_commune_speaks_of_its_own_parts(monkeypatch):
    from tests.feedback.conversations import talk as stage

    monkeypatch.setattr(stage, "AREAS", (Area(5, 1, "Thôn Đoài"), Area(6, 2, "Thôn Đông")))
    talk = Talk()
    talk.send(STORY)
    assert talk.standing.choices[0][0] == "Chọn thôn"
    assert talk.send("chọn thôn") == ["ask_area"]
    assert talk.press("Thôn Đông") == ["summary"]
    monkeypatch.setattr(stage, "AREAS", ())
    bare = Talk()
    bare.send(STORY)
    assert [label for label, _ in bare.standing.choices] == ["Bỏ qua"]


def test_danger_is_answered_at_once_and_only_once():
    talk = Talk()
    assert talk.send("Có cháy ở nhà kho") == ["danger", "ask_place"]
    assert talk.send("cháy to lắm, khói mù mịt cả phố rồi " * 6) == ["ask_place"]


def test_an_accusation_is_kept_sealed_and_guided_at_once():
    talk = Talk()
    assert talk.send("Tôi tố cáo ông A nhận tiền") == ["accusation"]
    assert talk.last.effect.do == "submit_sealed"
    assert talk.step == (None, None)
    assert talk.slots == {}


def test_an_accusation_in_the_middle_takes_what_came_along():
    talk = Talk()
    talk.send(photos=1)
    assert talk.send("Tôi tố cáo ông A nhận tiền") == ["accusation"]
    assert len(talk.last.effect.values["slots"]["files"]) == 1
    assert talk.slots == {}


@pytest.mark.parametrize("word", ["gửi", "Gui di a", "ok", "đồng ý", "Đúng rồi", "GỬI LUÔN"])
def test_a_word_sends(word):
    talk = at_summary()
    talk.send(word)
    assert len(talk.sent) == 1


def test_a_photo_with_the_word_goes_along():
    talk = at_summary()
    talk.send("gửi", photos=1)
    assert len(talk.sent[0]["files"]) == 1


def test_a_further_word_at_the_summary_belongs_to_the_story():
    talk = at_summary()
    assert talk.send("Cột đèn số 5 ấy ạ") == ["summary"]
    assert text_of(talk.slots) == f"{STORY}\nCột đèn số 5 ấy ạ"
    assert talk.send("?") == ["send_or_change"]
    assert talk.last.is_confused
    talk.send("👍")
    assert len(talk.sent) == 1


def test_every_part_can_be_changed():
    talk = at_summary()
    talk.press("Sửa")
    assert talk.press("Nội dung") == ["ask_new_text"]
    assert talk.send("Cống tắc, nước tràn ra đường") == ["summary"]
    assert text_of(talk.slots) == "Cống tắc, nước tràn ra đường"
    talk.send("sửa")
    assert talk.press("Nơi xảy ra") == ["ask_place"]
    assert talk.send("tổ 2") == ["summary"]
    assert talk.shown["place"] == "Tổ dân phố số 2"
    assert not talk.shown["has_spot"]
    talk.send(photos=1)
    talk.press("Sửa")
    assert talk.press("Bỏ ảnh") == ["summary"]
    assert talk.shown["files"] == 0
    talk.press("Sửa")
    assert talk.press("Giấu tên") == ["summary"]
    assert talk.shown["is_hidden"]


def test_a_phone_number_may_be_shared_typed_or_left_out():
    talk = at_summary()
    assert talk.press("Thêm số điện thoại") == ["ask_phone"]
    assert talk.send("123") == ["phone_wrong"]
    assert talk.send("0912 345 678") == ["summary"]
    assert talk.effects[-1].do == "keep_phone"
    shared = at_summary()
    shared.press("Thêm số điện thoại")
    assert shared.send(phone="0912345678") == ["summary"]
    skipped = at_summary()
    skipped.press("Thêm số điện thoại")
    assert skipped.press("Bỏ qua") == ["summary"]


def test_a_known_phone_number_is_not_asked_for():
    talk = at_summary(phone="0912 345 678")
    assert "Thêm số điện thoại" not in dict(talk.standing.choices)


def test_pressing_send_again_sends_nothing():
    talk = at_summary()
    payload = talk.standing.choices[0][1]
    talk.send(button=payload)
    assert talk.send(button=payload) == ["old_button"]
    talk.memo["sent"] = [payload.rpartition(":")[2], "BD-2026-000001"]
    assert talk.send(button=payload) == ["already_sent"]
    assert len(talk.sent) == 1


def test_the_button_of_an_earlier_report_does_not_send_this_one():
    talk = at_summary()
    old = talk.standing.choices[0][1]
    talk.send("huỷ")
    talk.send(STORY)
    talk.send(place=HERE)
    assert talk.send(button=old) == ["old_button"]
    assert talk.sent == []
    assert talk.step == ("report", "summary")


@pytest.mark.parametrize("word", ["huỷ", "hủy", "Huy", "HỦY BỎ ạ", "/huy"])
def test_cancel_works_at_every_step(word):
    for step in ([], [STORY], [STORY, "tổ 1"], [STORY, "tổ 1", "sửa"]):
        talk = Talk()
        for said in step:
            talk.send(said)
        said = {"button": "cancel"} if word.startswith("/") else {"text": word}
        assert talk.send(**said) == ["cancelled" if step else "nothing_to_cancel"]
        assert talk.slots == {}


def test_more_than_five_files_are_told():
    talk = Talk()
    assert talk.send(STORY, photos=7) == ["too_many_files", "ask_place"]
    assert len(talk.slots["files"]) == 5


def test_a_refused_file_is_named_and_the_words_are_kept():
    talk = Talk()
    assert talk.send(STORY, refused=("virus.exe",)) == ["file_refused", "ask_place"]
    assert talk.last.says[0].values["sentence"] == "Không nhận virus.exe."
    assert text_of(talk.slots) == STORY


def test_three_thousand_characters_are_one_report():
    talk = Talk()
    long = "Nước ngập vào nhà từ đêm qua đến sáng nay. " * 70
    assert talk.send(long.strip()) == ["ask_place"]
    assert text_of(talk.slots) == long.strip()
    assert talk.send("tổ 1") == ["summary"]
    assert len(talk.shown["text"]) <= 600
    for _ in range(3):
        talk.send(long.strip())
    assert talk.blocks == ["text_clipped", "summary"]
    assert len(text_of(talk.slots)) <= LONGEST + 5


def test_an_edit_corrects_what_is_still_being_collected():
    talk = Talk()
    talk.send("Den hong", ref="a")
    assert talk.send("Đèn hỏng ở cột số 5", ref="a", is_edit=True) == []
    assert text_of(talk.slots) == "Đèn hỏng ở cột số 5"
    talk.send("tổ 1")
    assert talk.send("Đèn hỏng ở cột số 6", ref="a", is_edit=True) == ["summary"]
    talk.press("Gửi")
    talk.send("Đèn hỏng ở cột số 7", ref="a", is_edit=True)
    assert talk.last.ignored


def test_a_report_left_lying_is_asked_about():
    talk = Talk()
    talk.send(STORY)
    talk.now += timedelta(days=2)
    assert talk.send("alo") == ["unfinished"]
    assert text_of(talk.slots) == STORY
    assert talk.press("Viết tiếp") == ["ask_place"]
    talk.now += timedelta(days=2)
    assert talk.send("Vẫn chưa ai sửa đèn") == ["unfinished"]
    assert talk.press("Viết tiếp") == ["ask_place"]
    assert text_of(talk.slots) == f"{STORY}\nVẫn chưa ai sửa đèn"
    assert talk.send("huỷ") == ["cancelled"]


@pytest.mark.parametrize("said", ["?", "ở đâu là sao?", "đm hỏi gì lắm thế", "👍"])
def test_an_unclear_place_is_asked_again_with_an_example(said):
    talk = Talk()
    talk.send(STORY)
    assert talk.send(said) == ["place_again"]
    assert talk.last.is_confused
    assert talk.step == ("report", "place")


def test_a_poster_brings_its_neighbourhood_along():
    talk = Talk()
    assert talk.send(button="start:tdp-2") == ["hello_area"]
    assert talk.send(STORY) == ["summary"]
    assert talk.shown["place"] == "Tổ dân phố số 2"


def test_a_yes_to_something_else_sends_nothing():
    talk = at_summary()
    talk.send("nhận tin")
    assert talk.send("👍") == ["summary"]  # it may have been about the news: shown again
    assert talk.sent == []
    talk.send("👍")
    assert len(talk.sent) == 1


def test_a_whole_story_with_numbers_is_no_place():
    talk = Talk()
    talk.send("nhờ phường xem giúp việc này")
    told = "tôi 70 tuổi, đèn đường ngõ 34 phố Đội Cấn hỏng 3 hôm rồi, các cháu xem giúp bà với"
    talk.send(told)
    assert told in talk.last.says[-1].values["text"]
    assert talk.last.says[-1].values["place"] != told
