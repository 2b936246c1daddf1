"""The whole way of a report with officials who open no page: clerk, officer, deputy and chair in chats."""

import re
import time
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from tests.bots.telegram_server import TelegramServer
from tests.journeys.live import Installation, eventually
from tests.journeys.test_live import number_in, photo, press, says

RESIDENT, CLERK, OFFICER, DEPUTY, CHAIR = "8001", "8002", "8003", "8004", "8005"
PEOPLE = {CLERK: "tiepnhan", OFFICER: "hatang", DEPUTY: "phochutich", CHAIR: "chutich"}
FIRST = "Đơn vị đã thông cống sáng nay, mời Ông/Bà kiểm tra giúp."
SECOND = "Đơn vị đã nạo vét cả tuyến cống và thay nắp mới chiều nay."


def link_chat(ward: Installation, telegram: TelegramServer, chat: str, login: str) -> None:
    """The only page an official opens: the one that shows the code."""
    browser = ward.officer(login)
    browser.open("/account")
    browser.send({}, "/chat-code")
    link = re.search(r"https://t\.me/phuong_bot\?start=(lk-\w+)", browser.text)
    telegram.write(chat, text=f"/start {link[1]}")
    says(telegram, chat, "Đã liên kết")


def answer(telegram: TelegramServer, words: str) -> None:
    """The officer writes the answer, is told what it lacks, adds the photo and lays it before whoever signs."""
    telegram.write(OFFICER, text=words)
    says(telegram, OFFICER, words)
    press(telegram, OFFICER, "Trình duyệt")
    says(telegram, OFFICER, "CHƯA TRÌNH DUYỆT")
    telegram.write(OFFICER, photo=telegram.photo(photo()))
    eventually(lambda: is_whole(telegram.said(OFFICER)[-1], words), "the photo is in the draft")
    press(telegram, OFFICER, "Trình duyệt")
    says(telegram, OFFICER, "Đã trình duyệt")


def is_whole(draft: str, words: str) -> bool:
    return words in draft and "Còn thiếu" not in draft


def open_at_every_hour(ward: Installation) -> None:
    """Officials hear of a re-opening in working time only, and real processes have the real clock:
    the administrator of this ward opens its office day and night, today's holiday included."""
    admin = ward.officer("quantri")
    today = datetime.now(ZoneInfo("Asia/Ho_Chi_Minh")).date()
    for day in (today, today + timedelta(days=1)):
        admin.open(f"/desk/settings/calendar/days?on={day}")
        if any("removal" in form for form in admin.forms()):
            admin.send({"confirmed": "1"}, "removal")
    hours = {}
    for day in range(7):
        hours |= {f"day{day}": "00:00", f"day{day}_1": "12:00"}
        hours |= {f"day{day}_2": "12:01", f"day{day}_3": "23:59"}
    admin.open("/desk/settings/office-hours")
    admin.send({**hours, "confirmed": "1"})
    assert "Đã lưu giờ làm việc" in admin.text


def test_official_and_chair_use_only_chat(install):
    with TelegramServer() as telegram, install(telegram) as ward:
        open_at_every_hour(ward)
        ward.start("poll")
        eventually(lambda: any(c.method == "getMe" for c in telegram.calls), "the bot is named")
        for chat, login in PEOPLE.items():
            link_chat(ward, telegram, chat, login)
        number = reported(telegram)
        accepted(telegram, number)
        answer(telegram, FIRST)
        says(telegram, DEPUTY, FIRST)
        press(telegram, DEPUTY, "Duyệt")
        says(telegram, RESIDENT, FIRST)
        press(telegram, RESIDENT, "1 –")
        press(telegram, RESIDENT, "Đề nghị xử lý lại")
        telegram.write(RESIDENT, text="Nước lại trào lên sáng nay, hôi lắm")
        says(telegram, CHAIR, "CHƯA ĐỒNG Ý")
        says(telegram, OFFICER, "CHƯA ĐỒNG Ý")
        press(telegram, OFFICER, "Nhận việc")
        press(telegram, OFFICER, "Soạn trả lời")
        answer(telegram, SECOND)
        says(telegram, CHAIR, SECOND)
        press(telegram, CHAIR, "Duyệt")
        sent_at = time.monotonic()
        says(telegram, CHAIR, "15 giây")
        press(telegram, CHAIR, "Hoàn tác")
        says(telegram, CHAIR, "chưa có gì gửi tới người dân")
        assert time.monotonic() - sent_at < 15
        telegram.write(CHAIR, text=f"{number}")
        eventually(lambda: SECOND in telegram.said(CHAIR)[-1], "the chair reads it again")
        press(telegram, CHAIR, "Duyệt")
        says(telegram, RESIDENT, SECOND)
        press(telegram, RESIDENT, "5 –")
        timeline_names_the_channel(ward, number)


def reported(telegram: TelegramServer) -> str:
    telegram.write(RESIDENT, text="Cống trước nhà tắc, nước đen trào lên mỗi sáng")
    says(telegram, RESIDENT, "đâu")
    telegram.write(RESIDENT, location={"latitude": 21.0362, "longitude": 105.8235})
    press(telegram, RESIDENT, "Gửi")
    eventually(lambda: any("BD-" in text for text in telegram.said(RESIDENT)), "the number is told")
    return number_in(" ".join(telegram.said(RESIDENT)))


def accepted(telegram: TelegramServer, number: str) -> None:
    telegram.write(CLERK, text=number)
    press(telegram, CLERK, "Tiếp nhận")
    says(telegram, OFFICER, "VIỆC MỚI")
    press(telegram, OFFICER, "Nhận việc")
    says(telegram, OFFICER, "Đã nhận việc")
    press(telegram, OFFICER, "Soạn trả lời")
    says(telegram, OFFICER, "viết câu trả lời")


def timeline_names_the_channel(ward: Installation, number: str) -> None:
    chair = ward.officer("chutich")
    done = "Đã hoàn thành"
    eventually(lambda: done in chair.open(f"/desk/cases/{number}"), "the mark closes the case")
    assert chair.text.count("qua Telegram") >= 6
