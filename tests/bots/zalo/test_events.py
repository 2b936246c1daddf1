"""Every documented event is read, or ignored with a reason; nothing raises."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bots.zalo import events
from feedback.conversations.inbound import FileRef, Ignored, Inbound, Spot
from tests.fuzzing import examples

FOLDER = Path(__file__).parents[2] / "payloads" / "zalo"
ALL = {
    path.stem: json.loads(path.read_text(encoding="utf-8"))
    for path in sorted(FOLDER.glob("*.json"))
}
OA = "388613280878808645"
USER = "246845883529197922"

# What each says to us, beside channel, account, sender, time and the number of the message.
READ = {
    "console_test__user_send_file": {
        "files": (FileRef("link_to_download_file", "file_name", size=9999),)
    },
    "console_test__user_send_image": {
        "text": "This is testing message",
        "files": (FileRef("url_to_thumbnail", "anh-This is .jpg", "image/jpeg"),),
    },
    "console_test__user_send_text": {"text": "This is testing message"},
    "doc__follow": {"button": "start"},
    "doc__unfollow": {"is_reachable": False},
    "doc__user_send_text": {"text": "message"},
    "doc__user_submit_info": {"phone": "84912345678", "name": "Name Example"},
    "shape__anonymous_send_text": {"text": "message"},
    "shape__anonymous_send_image": {
        "files": (FileRef("https://f6.photo.talk.zdn.vn/i.jpg", "anh-96d3cdf3.jpg", "image/jpeg"),)
    },
    "shape__user_click_chatnow": {"is_reachable": True},
    "shape__user_send_business_card": {"unread": "contact"},
    "shape__user_send_text_quote": {"text": "trả lời"},
    "shape__user_withdraw": {"is_withdrawal": True},
    "shape__user_send_location": {"place": Spot(10.7923119, 106.7820651, "Cơm Coffee New Sky")},
    "shape__user_send_audio": {
        "files": (
            FileRef("https://f6.photo.talk.zdn.vn/a.amr", "tin-thoai-96d3cdf3.amr", "audio/amr"),
        )
    },
    "shape__user_send_video": {
        "files": (FileRef("https://f6.photo.talk.zdn.vn/v.mp4", "video-96d3cdf3.mp4", "video/mp4"),)
    },
    "shape__user_send_gif": {
        "files": (
            FileRef("https://f6.photo.talk.zdn.vn/g.gif", "anh-dong-96d3cdf3.gif", "image/gif"),
        )
    },
    "shape__user_send_sticker": {"text": "🙂"},
    "shape__user_send_link": {"text": "https://baochinhphu.vn/"},
}


@pytest.mark.parametrize("name", READ)
def test_what_a_person_does_is_read(name):
    event = ALL[name]
    read = events.parse(event, "oa")
    assert isinstance(read, Inbound)
    blank = {"text": "", "button": None, "files": (), "place": None, "phone": None, "unread": ""}
    blank |= {"name": "", "is_reachable": None, "is_withdrawal": False}
    assert {key: getattr(read, key) for key in blank} == blank | READ[name]
    assert read.account == "oa"
    assert read.message_id
    assert read.sent_at == datetime.fromtimestamp(int(event["timestamp"]) / 1000, UTC)
    assert Inbound.from_json(read.as_json()) == read


@pytest.mark.parametrize("name", sorted(ALL.keys() - READ.keys()))
def test_the_rest_is_ignored_with_a_reason(name):
    read = events.parse(ALL[name], "oa")
    assert isinstance(read, Ignored)
    assert read.reason.startswith(ALL[name]["event_name"])
    assert ": unknown event" not in read.reason or "brand_new" in name
    assert "unknown shape" not in read.reason


DOCUMENTED = [
    "follow",
    "unfollow",
    "user_send_text",
    "user_send_image",
    "user_send_link",
    "user_send_audio",
    "user_send_video",
    "user_send_sticker",
    "user_send_location",
    "user_send_business_card",
    "user_send_file",
    "user_send_gif",
    "user_click_chatnow",
    "user_seen_message",
    "user_received_message",
    "user_reacted_message",
    "oa_reacted_message",
    "oa_send_text",
    "oa_send_image",
    "oa_send_gif",
    "oa_send_list",
    "oa_send_file",
    "oa_send_sticker",
    "anonymous_send_text",
    "anonymous_send_image",
    "anonymous_send_file",
    "anonymous_send_sticker",
    "oa_send_anonymous_text",
    "user_submit_info",
    "update_user_info",
    "add_user_to_tag",
    "remove_user_from_tag",
    "remove_tag",
    "user_withdraw",
    "widget_interaction_accepted",
    "create_group",
    "user_send_group_text",
    "oa_send_consent",
    "user_reply_consent",
    "user_call_oa",
    "extension_purchased",
    "change_template_status",
    "change_template_quality",
    "change_oa_daily_quota",
    "user_feedback",
    "user_click_response_button",
]


@pytest.mark.parametrize("name", DOCUMENTED)
def test_no_documented_event_is_unknown(name):
    read = events.parse({"event_name": name, "timestamp": "1"}, "oa")
    assert isinstance(read, Ignored)
    assert "unknown event" not in read.reason


@pytest.mark.parametrize("name", ALL)
def test_the_account_is_the_official_one(name):
    event = ALL[name]
    account = events.account_of(event)
    assert account not in ("", USER)
    if "shape" in name and "oa_id" in event:
        assert account == OA


@pytest.mark.parametrize(
    ("text", "button", "words"),
    [
        ("#rate:5", "rate:5", ""),
        (" #report ", "report", ""),
        ("#2", "#2", ""),
        ("#PhanAnh", "report", ""),
        ("#tracuu", "track", ""),
        ("# không phải nút", None, "# không phải nút"),
        ("#đèn", None, "#đèn"),
        ("Đèn hỏng #1", None, "Đèn hỏng #1"),
    ],
)
def test_a_button_is_a_text_that_begins_with_a_hash(text, button, words):
    event = {**ALL["doc__user_send_text"], "message": {"text": text, "msg_id": "m"}}
    read = events.parse(event, "oa")
    assert (read.button, read.text) == (button, words)


def test_a_visitor_without_a_name_keeps_their_conversation():
    assert (
        events.parse(ALL["shape__anonymous_send_text"], "oa").sender == f"anonymous:{USER}:ad34bc"
    )


def test_events_that_are_no_messages_have_numbers_without_the_person_in_them():
    for name in ("doc__follow", "shape__user_withdraw", "shape__user_click_chatnow"):
        read = events.parse(ALL[name], "oa")
        assert read.sender not in read.message_id
        assert events.parse(ALL[name], "oa").message_id == read.message_id
        later = {**ALL[name], "timestamp": "1540363714988"}
        assert events.parse(later, "oa").message_id != read.message_id


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3)
    ),
    max_leaves=8,
)


def test_a_place_without_a_point_is_an_unknown_shape():
    event = json.loads(json.dumps(ALL["shape__user_send_location"]))
    event["message"]["attachments"] = None
    read = events.parse(event, "oa")
    assert isinstance(read, Ignored)
    assert "unknown shape" in read.reason


@given(st.data())
@settings(max_examples=examples(300))
def test_nothing_raises_whatever_stands_where(data):
    event = json.loads(json.dumps(data.draw(st.sampled_from(list(ALL.values())))))
    for _ in range(data.draw(st.integers(1, 3))):
        place = event
        while isinstance(place, dict) and place:
            key = data.draw(st.sampled_from(sorted(place)))
            if isinstance(place[key], dict) and data.draw(st.booleans()):
                place = place[key]
            else:
                place[key] = data.draw(JSON)
                break
    events.account_of(event)
    assert isinstance(events.parse(event, "oa"), Inbound | Ignored)


@given(JSON)
def test_nothing_raises_whatever_comes(event):
    events.account_of(event)
    assert isinstance(events.parse(event, "oa"), Ignored)
