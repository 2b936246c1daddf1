"""A day in the ward, by real processes and HTTP only: what a resident writes comes back answered."""

import io
import re
from concurrent.futures import ThreadPoolExecutor

from PIL import Image

from tests.bots.telegram_server import TelegramServer
from tests.journeys.live import Browser, Installation, eventually
from tests.programs import executed

ANSWER = "Đơn vị đã thay bóng đèn mới sáng nay, mời Ông/Bà kiểm tra giúp."


def photo() -> bytes:
    """What the officer saw when the work was done."""
    drawn = io.BytesIO()
    Image.new("RGB", (320, 240), "darkgreen").save(drawn, "PNG")
    return drawn.getvalue()


def number_in(text: str) -> str:
    return re.search(r"BD-\d{4}-\d{6}", text)[0]


def send_report(browser: Browser, words: str) -> str:
    """Write, send, land on the page that says thank you; its address is the tracking link."""
    browser.open("/ba-dinh/gui")
    browser.send(
        {
            "text": words,
            "address": "Trước số 12 ngõ 85 Đội Cấn",
            "name": "Trần Thị Dân",
            "phone": "0912345678",
        }
        | {"consent": "1"}
    )
    return number_in(browser.text)


def handle(ward: Installation, number: str) -> None:
    """The clerk accepts and assigns, the officer takes it and drafts, the chair approves."""
    case = f"/desk/cases/{number}"
    clerk = ward.officer("tiepnhan")
    clerk.open(case)
    clerk.send({}, "/acceptance")
    clerk.open(case)
    handler = re.search(r'<option value="(\d+)"[^>]*>[^<]*Hoàng Mạnh Hùng', clerk.text)[1]
    clerk.send(
        {"officer_id": handler, "instruction": "Kiểm tra ngay trong sáng nay."}, "/assignment"
    )
    officer = ward.officer("hatang")
    officer.open(case)
    officer.send({}, "/taking")
    officer.open(case)
    if "Ảnh sau khi xử lý" in officer.text:  # the field demands to see that it is done
        officer.send({}, "/files", files={"files": ("sau.png", photo(), "image/png")})
        officer.open(case)
    officer.send({"text": ANSWER}, "/submission")
    chair = ward.officer("chutich")
    chair.open(case)
    assert ANSWER in chair.text, "the chair sees the exact words"
    chair.send({}, "/approval")


def web_journey(ward: Installation) -> None:
    resident = ward.browser()
    number = send_report(resident, "Đèn đường trước nhà tôi hỏng ba hôm nay, tối rất nguy hiểm")
    tracking = resident.url.replace("/cam-on/", "/t/")
    assert "Hoàng Mạnh Hùng" in resident.text, "the responsible person is named"
    handle(ward, number)
    assert ANSWER not in resident.open(tracking), "for 15 seconds the chair may take it back"
    eventually(lambda: ANSWER in resident.open(tracking), "the tracking page shows the answer")
    resident.send({"score": "2"}, "danh-gia")
    assert "Cảm ơn Ông/Bà đã đánh giá" in resident.text
    resident.open(tracking)
    resident.send({"reason": "Đèn lại tắt rồi"}, "xu-ly-lai")
    resident.open(tracking)
    assert "Xử lý lại" in resident.text


def press(telegram: TelegramServer, chat: str, label: str) -> None:
    """Wait for a button under a message with these words on it, and press the newest one."""

    def found() -> list[str]:
        buttons = [button for call in telegram.taken(chat) for button in call.buttons]
        return [b["callback_data"] for b in buttons if label in b["text"] and "callback_data" in b]

    eventually(found, f"a button {label!r} in {telegram.said(chat)}")
    telegram.press(chat, found()[-1])


def says(telegram: TelegramServer, chat: str, words: str) -> None:
    eventually(
        lambda: any(words in text for text in telegram.said(chat)),
        f"bot says {words!r}: {telegram.said(chat)}",
    )


def telegram_journey(ward: Installation, telegram: TelegramServer, chat: str) -> None:
    telegram.write(chat, text="Cống trước nhà tắc, nước đen trào lên mỗi sáng")
    says(telegram, chat, "đâu")
    telegram.write(chat, location={"latitude": 21.0362, "longitude": 105.8235})
    press(telegram, chat, "Gửi")
    eventually(lambda: any("BD-" in text for text in telegram.said(chat)), "the number is told")
    number = number_in(" ".join(telegram.said(chat)))
    handle(ward, number)
    says(telegram, chat, ANSWER)
    press(telegram, chat, "5")
    says(telegram, chat, "ảm ơn")
    chair, done = ward.officer("chutich"), "Đã hoàn thành"
    eventually(lambda: done in chair.open(f"/desk/cases/{number}"), "the mark closes the case")


def test_a_day_in_the_ward(install):
    with TelegramServer() as telegram, install(telegram, begin=executed) as ward:
        ward.start("poll")
        with ThreadPoolExecutor() as both:  # a day has more than one resident
            by_web = both.submit(web_journey, ward)
            both.submit(telegram_journey, ward, telegram, "7001").result()
            by_web.result()
        ward.stop("poll")
        secret = ward.env["TELEGRAM_WEBHOOK_SECRET"]
        telegram.webhook = {
            "url": ward.address + "/webhooks/telegram/main",
            "secret_token": secret,
        }
        telegram_journey(ward, telegram, "7002")
