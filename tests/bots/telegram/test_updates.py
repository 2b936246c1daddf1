"""Recorded updates of every kind become an Inbound or are ignored with a reason; nothing raises."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
import telegram
from hypothesis import given
from hypothesis import strategies as st

from bots.telegram.updates import parse
from feedback.conversations.inbound import Ignored, Inbound, Spot

PAYLOADS = Path(__file__).parents[2] / "payloads" / "telegram"
NAMES = sorted(path.stem for path in PAYLOADS.glob("*.json"))

# Ignored updates and why.
IGNORED = {
    "added_to_group": "membership of a group",
    "button_inline": "button of a message that is gone",
    "channel_post": "channel_post",
    "chat_member": "chat_member",
    "edited_location": "live location moved",
    "edited_photo": "edited without words",
    "from_a_bot": "from a bot",
    "group_joined": "new_chat_members",
    "group_migrated": "migrate_to_chat_id",
    "group_migrated_from": "migrate_from_chat_id",
    "group_text": "group",
    "inline_query": "inline_query",
    "join_request": "chat_join_request",
    "kind_of_the_future": "teleportation",
    "pinned": "pinned_message",
    "poll_state": "poll",
    "reaction": "message_reaction",
}
# What matters of the others; everything not named is empty.
READ = {
    "text": {"text": "Đèn đường trước số nhà 12 ngõ 34 bị hỏng ba hôm nay"},
    "text_without_accents": {"text": "den duong ngo 12 doi can hong 3 hom nay, toi om"},
    "text_reply": {"text": "Cột số 5 ạ"},
    "text_forwarded": {"text": "Rác đổ trộm ở bờ sông"},
    "text_link": {"text": "Xem https://example.com/bai-viet"},
    "start": {"button": "start"},
    "start_poster": {"button": "start:tdp-5"},
    "command_track": {"button": "track"},
    "command_cancel_named": {"button": "cancel"},
    "command_unknown": {"text": "abc xyz"},
    "photo": {"files": ["AgACAgUAAxkBAAIBx2mAp11280"]},
    "photo_caption": {
        "text": "Nắp cống vỡ, trẻ con dễ ngã",
        "files": ["AgACAgUAAxkBAAIBx2mAp21280"],
    },
    "album_1": {"text": "Rác tràn ra đường", "files": ["AgACAgUAAxkBAAIBx2mAa11280"]},
    "album_2": {"files": ["AgACAgUAAxkBAAIBx2mAa21280"]},
    "album_3": {"files": ["AgACAgUAAxkBAAIBx2mAa31280"]},
    "document_photo": {"files": ["BQACAgUAAxkBAAIByWmA"]},
    "document_pdf": {"text": "Đơn của tổ 5", "files": ["BQACAgUAAxkBAAIBymmA"]},
    "voice": {"files": ["AwACAgUAAxkBAAIBy2mA"]},
    "audio": {"files": ["CQACAgUAAxkBAAIBzGmA"]},
    "video": {"text": "Nước cống trào", "files": ["BAACAgUAAxkBAAIBzWmA"]},
    "video_too_large": {"files": ["BAACAgUAAxkBAAIBzmmA"]},
    "video_note": {"files": ["DQACAgUAAxkBAAIBz2mA"]},
    "animation": {"files": ["CgACAgUAAxkBAAIB0GmA"]},
    "location": {"place": Spot(21.034125, 105.814263)},
    "location_live": {"place": Spot(21.034125, 105.814263)},
    "venue": {"place": Spot(21.03661, 105.82211, "Chợ Ngọc Hà, Ngọc Hà, Ba Đình")},
    "contact_own": {"phone": "84912345678"},
    "contact_of_somebody_else": {"unread": "contact"},
    "contact_without_account": {"unread": "contact"},
    "sticker": {"text": "👍"},
    "dice": {"text": "🎲"},
    "poll_sent": {"unread": "poll"},
    "story": {"unread": "story"},
    "edited_text": {"text": "Đèn đường trước số nhà 14 ngõ 34 bị hỏng", "is_edit": True},
    "button": {"button": "report:send:12", "callback_id": "2200307474617481234"},
    "button_of_old_message": {"button": "rate:5", "callback_id": "2200307474617481235"},
    "button_in_group": {"button": "report", "callback_id": "2200307474617481237"},
    "blocked": {"is_reachable": False},
    "unblocked": {"is_reachable": True},
}


def payload(name: str) -> dict:
    return json.loads((PAYLOADS / f"{name}.json").read_text(encoding="utf-8"))


def test_every_recorded_update_is_accounted_for():
    assert set(NAMES) == set(IGNORED) | set(READ)


@pytest.mark.parametrize("name", IGNORED)
def test_ignored_with_a_reason(name):
    update = payload(name)
    assert parse(update) == Ignored(str(update["update_id"]), IGNORED[name])


@pytest.mark.parametrize("name", READ)
def test_read(name):
    update = payload(name)
    inbound = parse(update, "main")
    assert isinstance(inbound, Inbound)
    assert (inbound.account, inbound.sender) == ("main", "5123456789")
    assert inbound.message_id.startswith(str(update["update_id"]))
    assert inbound.name == "Thị Dân Trần"
    said = {
        "text": inbound.text,
        "button": inbound.button,
        "files": [file.key for file in inbound.files],
        "place": inbound.place,
        "phone": inbound.phone,
        "unread": inbound.unread,
        "callback_id": inbound.callback_id,
        "is_edit": inbound.is_edit,
        "is_reachable": inbound.is_reachable,
    }
    assert {key: value for key, value in said.items() if value or value is False} == {
        "is_edit": False,
        **READ[name],
    }


@pytest.mark.parametrize("name", READ)
def test_survives_storage(name):
    inbound = parse(payload(name))
    assert Inbound.from_json(inbound.as_json()) == inbound


@pytest.mark.parametrize("name", NAMES)
def test_agrees_with_the_library(name):
    """The same update as python-telegram-bot reads it."""
    update = telegram.Update.de_json(payload(name), bot=None)
    inbound = parse(payload(name))
    if isinstance(inbound, Ignored):
        return
    if update.callback_query:
        assert inbound.button == update.callback_query.data
        assert inbound.callback_id == update.callback_query.id
        return
    if update.my_chat_member:
        gone = telegram.ChatMember.BANNED
        assert inbound.is_reachable is (update.my_chat_member.new_chat_member.status != gone)
        return
    message = update.effective_message
    assert inbound.sender == str(update.effective_chat.id)
    assert inbound.name == update.effective_user.full_name
    assert inbound.sent_at == message.date
    assert inbound.ref == f"{message.chat_id}:{message.message_id}"
    assert inbound.album == (message.media_group_id or "")
    if inbound.text and not (message.sticker or message.dice or inbound.text == "abc xyz"):
        assert inbound.text == (message.text or message.caption)
    for attachment in filter(None, [message.photo and message.photo[-1], message.voice]):
        assert inbound.files[0].key == attachment.file_id
        assert inbound.files[0].size == attachment.file_size
    if message.location:
        assert (inbound.place.lat, inbound.place.lng) == (
            message.location.latitude,
            message.location.longitude,
        )


def test_files_carry_a_name_a_type_and_a_size():
    files = {name: parse(payload(name)).files[0] for name in ("photo", "document_pdf", "voice")}
    assert files["photo"].name.startswith("anh-")
    assert files["photo"].name.endswith(".jpg")
    assert files["document_pdf"].name == "Đơn đề nghị.pdf"
    assert (files["voice"].media_type, files["voice"].size) == ("audio/ogg", 57123)


def test_the_time_is_an_instant():
    assert parse(payload("text")).sent_at == datetime(2026, 3, 4, 2, 51, 42, tzinfo=UTC)


def test_messages_with_the_same_update_number_after_a_restart_differ():
    """Telegram numbers updates anew after a quiet week; another message must not look repeated."""
    first, second = payload("text"), payload("text_reply")
    second["update_id"] = first["update_id"]
    assert parse(first).message_id != parse(second).message_id


@pytest.mark.parametrize("body", [None, [], 5, "x", {}, {"update_id": "7"}, {"update_id": True}])
def test_what_is_no_update_is_ignored(body):
    assert isinstance(parse(body), Ignored)


anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner),
    max_leaves=12,
)


@given(st.sampled_from(sorted(READ)), st.data())
def test_damaged_updates_never_raise(name, data):
    """Somewhere in a real update a value is replaced by anything at all."""
    update = payload(name)
    node = update
    while True:
        key = data.draw(
            st.sampled_from(sorted(node) if isinstance(node, dict) else range(len(node)))
        )
        child = node[key]
        if not child or not isinstance(child, dict | list) or data.draw(st.booleans()):
            node[key] = data.draw(anything)
            break
        node = child
    assert isinstance(parse(update), Inbound | Ignored)


@given(anything)
def test_nonsense_never_raises(body):
    assert isinstance(parse({"update_id": 1, "message": body}), Ignored)
