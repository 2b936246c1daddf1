"""How prompts look in Zalo."""

from hypothesis import given
from hypothesis import strategies as st

from bots.zalo import events, render
from feedback.outbox.prompt import Choice, Prompt


def choices(count, label="Lựa chọn {}"):
    return tuple(Choice(label.format(n), f"go:{n}") for n in range(1, count + 1))


def drawn(prompt, **more):
    return render.body(prompt, **more).toDict()


def test_words_alone():
    assert drawn(Prompt("Xin chào")) == {"text": "Xin chào"}


def test_up_to_five_buttons_whose_payload_begins_with_a_hash():
    said = drawn(Prompt("Chọn", choices(5)))
    buttons = said["attachment"]["payload"]["buttons"]
    assert [b["payload"] for b in buttons] == [f"#go:{n}" for n in range(1, 6)]
    assert {b["type"] for b in buttons} == {"oa.query.hide"}
    assert said["text"] == "Chọn"
    assert said["attachment"]["type"] == "template"


def test_a_link_is_a_button_too():
    prompt = Prompt("Chọn", choices(2), url=("Theo dõi", "https://ward.vn/t/x"))
    last = drawn(prompt)["attachment"]["payload"]["buttons"][-1]
    assert (last["type"], last["payload"]) == ("oa.open.url", {"url": "https://ward.vn/t/x"})


def test_more_than_five_are_numbered():
    said = drawn(Prompt("Tổ nào?", choices(6), url=("Theo dõi", "https://ward.vn")))
    assert "attachment" not in said
    assert "#1 Lựa chọn 1\n#2 Lựa chọn 2" in said["text"]
    assert "Theo dõi: https://ward.vn" in said["text"]


def test_a_label_too_long_for_a_button_is_numbered():
    assert "#1 aaa" in drawn(Prompt("Chọn", choices(1, "a" * 101)))["text"]


def test_who_is_not_logged_in_gets_no_buttons():
    assert "#2 Lựa chọn 2" in drawn(Prompt("Chọn", choices(2)), has_buttons=False)["text"]
    to = render.recipient("anonymous:12:ad34").toDict()
    assert to == {"anonymous_id": "12", "conversation_id": "ad34"}


def test_asking_for_a_place_says_how():
    assert "Vị trí" in drawn(Prompt("Ở đâu?", ask_location=True))["text"]


def test_a_pressed_button_comes_back_as_it_was_offered():
    for payload in ("rate:5:120", "report:send:77", "start", "#2"):
        button = drawn(Prompt("?", (Choice("a", payload),)))["attachment"]["payload"]["buttons"][0]
        event = {
            "event_name": "user_send_text",
            "timestamp": "1772589600000",
            "sender": {"id": "1"},
            "recipient": {"id": "2"},
            "message": {"msg_id": "m", "text": button["payload"]},
        }
        assert events.parse(event, "2").button == payload


@given(st.text(max_size=1800), st.lists(st.text(min_size=1, max_size=130), max_size=12))
def test_it_is_never_longer_than_zalo_takes(text, labels):
    prompt = Prompt(text, tuple(Choice(label, "x") for label in labels), ask_location=True)
    said = drawn(prompt)
    assert len(said["text"]) <= 2000
    assert len(said.get("attachment", {}).get("payload", {}).get("buttons", [])) <= 5
