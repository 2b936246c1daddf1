"""The whole journey inside Zalo, by real processes and HTTP only: pasted tokens, signed events, answers."""

import io

import requests
from PIL import Image

from tests.bots.telegram_server import silent
from tests.bots.zalo_server import OA_ID, ZaloServer
from tests.journeys.live import Installation, eventually
from tests.journeys.test_live import ANSWER, handle, number_in


def settings_of(zalo: ZaloServer) -> dict[str, str]:
    return {name.upper(): value for name, value in zalo.settings.items()}


def connect(ward: Installation, zalo: ZaloServer) -> None:
    """The administrator pastes a pair of tokens on the page of channels."""
    admin = ward.officer("quantri")
    admin.open("/desk/settings/channels")
    admin.send({"access_token": zalo.access, "refresh_token": zalo.refresh}, "/zalo/tokens")
    assert "Đã nối Zalo OA" in admin.text
    zalo.webhook = ward.address + "/webhooks/zalo"


def says(zalo: ZaloServer, user: str, words: str) -> None:
    eventually(
        lambda: any(words in text for text in zalo.said(user)),
        f"bot says {words!r}: {zalo.said(user)}",
    )


def press(zalo: ZaloServer, user: str, title: str) -> None:
    def found() -> list[str]:
        return [
            b["title"] for call in zalo.taken(user) for b in call.buttons if title in b["title"]
        ]

    eventually(found, f"a button {title!r} in {zalo.said(user)}")
    zalo.press(user, found()[-1])


def photo() -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (640, 480), "brown").save(out, "JPEG")
    return out.getvalue()


def send_photo(zalo: ZaloServer, user: str) -> None:
    url = zalo.picture(photo())
    attachments = [{"type": "image", "payload": {"url": url, "thumbnail": url}}]
    zalo.post(zalo.event(user, "user_send_image", attachments=attachments))


def journey(ward: Installation, zalo: ZaloServer, user: str) -> str:
    zalo.write(user, "Cống trước nhà tắc, nước đen trào lên mỗi sáng")
    says(zalo, user, "đâu")
    send_photo(zalo, user)
    zalo.place(user, 21.0362, 105.8235)
    press(zalo, user, "Gửi")
    eventually(lambda: any("BD-" in text for text in zalo.said(user)), "the number is told")
    number = number_in(" ".join(zalo.said(user)))
    handle(ward, number)
    says(zalo, user, ANSWER)
    press(zalo, user, "5")
    says(zalo, user, "đã đánh giá")
    chair = ward.officer("chutich")
    chair.open(f"/desk/cases/{number}")
    assert "Đã hoàn thành" in chair.text
    assert "Zalo" in chair.text
    return number


def test_a_day_in_the_ward_inside_zalo(install):
    with ZaloServer() as zalo, install(**settings_of(zalo)) as ward:
        connect(ward, zalo)
        journey(ward, zalo, "7001")
        zalo.expire()  # twenty-five hours later
        number = journey(ward, zalo, "7002")
        assert len(zalo.refreshes) == 1
        assert zalo.burnt == []
        before = {user: zalo.said(user) for user in ("7001", "7002")}
        replay(zalo)
        zalo.write("7003", "Xin chào")  # answered after whatever the replay had caused
        says(zalo, "7003", "")
        assert {user: zalo.said(user) for user in before} == before
        health = requests.get(ward.address + "/healthz", timeout=10).json()
        (channel,) = [each for each in health["channels"] if each["channel"] == "zalo"]
        assert (channel["name"], channel["token"]) == (OA_ID, "ok")
        assert channel["last_event_at"]
        assert channel["last_sent_at"]
        withdraw(ward, zalo, "7002", number)


def replay(zalo: ZaloServer) -> None:
    """Every event once more, as when Zalo's retry goes wild."""
    for event in list(zalo.posted):
        assert zalo.post(event) == 200


def withdraw(ward: Installation, zalo: ZaloServer, user: str, number: str) -> None:
    event = {
        "app_id": zalo.settings["zalo_app_id"],
        "oa_id": OA_ID,
        "user_id": user,
        "event_name": "user_withdraw",
        "timestamp": "1780000000000",
    }
    assert zalo.post(event) == 200
    chair = ward.officer("chutich")
    chair.open(f"/desk/cases/{number}")
    assert "đã rút lại dữ liệu" in chair.text


def test_a_worker_killed_between_send_and_settle_says_nothing_twice(install):
    import signal

    with ZaloServer() as zalo, install(**settings_of(zalo)) as ward:
        connect(ward, zalo)
        zalo.fail(silent(accepts=True), to="7001")
        zalo.write("7001", "Đèn đường trước nhà văn hóa hỏng ba hôm nay")
        zalo.wait_for(lambda: len(zalo.accepted) == 1)
        ward.stop("worker", signal.SIGKILL)
        zalo.write("7002", "Xin chào")
        ward.start("worker")
        says(zalo, "7002", "")
        assert len(zalo.said("7001")) == 1
