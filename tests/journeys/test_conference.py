"""A conference by real processes: residents in Zalo, in Telegram and on the web, two heads of neighbourhoods, the
clerk at the door without a network, the chair on the tablet, the projector open in Chromium all the while.

Dates far apart (reminders, the legal periods) are lived through in `test_dialogue.py`.
"""

import re
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import expect

from tests.bots.telegram_server import TelegramServer
from tests.bots.zalo_server import ZaloServer
from tests.journeys.live import Browser, Installation
from tests.journeys.test_live import photo
from tests.journeys.test_live import press as press_telegram
from tests.journeys.test_live import says as says_telegram
from tests.journeys.test_zalo import connect, press, says, settings_of

pytestmark = pytest.mark.browser
ZALO, TELEGRAM = "7001", "8001"
TITLE = "Đối thoại ngõ Đội Cấn"
TODAY = datetime.now(ZoneInfo("Asia/Ho_Chi_Minh")).date()
DUE = f"{TODAY + timedelta(days=20):%Y-%m-%d}"
PREPARED = "Công ty thoát nước thông cống trước ngày 20 tháng sau."
ASKED = {
    "web": "Bao giờ thông cống ngõ 85 Đội Cấn?",
    "zalo": "Đèn ngõ 158 Ngọc Hà bao giờ sửa?",
    "telegram": "Rác đầu ngõ ai dọn?",
}


def on(days: int) -> str:
    day = TODAY + timedelta(days=days)
    return f"{day.day}/{day.month}/{day.year}"


def planned(clerk: Browser, title: str, days: int) -> str:
    """A session of neighbourhoods 1 and 2 in so many days, announced; its page at the desk."""
    page = clerk.open("/desk/dialogues/new")
    areas = [
        re.search(rf'value="(\d+)"[^>]*>\s*<label[^>]*>\s*Tổ dân phố số {n}\s*<', page)[1]
        for n in (1, 2)
    ]
    sent = {
        "kind": "thematic",
        "title": title,
        "theme": "Thoát nước, chiếu sáng, rác",
        "starts_on": on(days),
        "starts": "08:00",
        "ends": "11:00",
        "mode": "in_person",
        "place": "Nhà văn hóa tổ 1",
        "seats": "3",
        "neighbourhood_ids": areas,
        "presiding": "Chủ tịch UBND phường",
        "agenda": "Người dân hỏi, lãnh đạo trả lời",
    }
    clerk.send(sent, "/dialogues/new" if "/dialogues/new" in " ".join(clerk.forms()) else "")
    desk = clerk.url
    clerk.send({}, "/acts/announcement")
    assert "Đã thông báo" in clerk.text
    return desk.partition(clerk.address)[2]


@pytest.fixture
def sit(browser):
    """`sit(officer, address)`: the page in Chromium, as this officer (or, None, as anybody) sees it."""
    contexts = []

    def sit_(who: Browser | None, address: str, width: int = 1024):
        context = browser.new_context(viewport={"width": width, "height": 768})
        contexts.append(context)
        for cookie in who.session.cookies if who else ():
            here = {"domain": "127.0.0.1", "path": "/"}
            context.add_cookies([{"name": cookie.name, "value": cookie.value, **here}])
        page = context.new_page()
        page.goto(address)
        return page

    yield sit_
    for context in contexts:
        context.close()


def announce(ward: Installation, clerk: Browser, desk: str) -> None:
    """Both heads read the loudspeaker's words and prove that their people were told."""
    for login in ("totruong1", "totruong2"):
        head = ward.officer(login)
        assert TITLE in head.open("/desk/dialogues")
        assert "A lô" in head.open(f"{desk}/announcement")
        head.open(desk)
        proof = {"photo": ("loa.png", photo(), "image/png")}
        head.send({"where": "Đọc loa, nhóm Zalo tổ"}, "/reach/", files=proof)
        assert "Cảm ơn Ông/Bà đã loan báo" in head.text
    assert "2 trong 2 tổ đã loan báo" in clerk.open(desk)


def register(
    ward: Installation, zalo: ZaloServer, telegram: TelegramServer, number: str
) -> Browser:
    """Three seats: Zalo, Telegram, the web. The neighbour a head registers has to wait."""
    zalo.write(ZALO, "đối thoại")
    press(zalo, ZALO, TITLE)
    press(zalo, ZALO, "Đăng ký dự")
    press(zalo, ZALO, "1 người")
    says(zalo, ZALO, "họ và tên")
    zalo.write(ZALO, "Bà Zalo")
    says(zalo, ZALO, "Mã tham dự")
    telegram.write(TELEGRAM, text="đối thoại")
    press_telegram(telegram, TELEGRAM, TITLE)
    press_telegram(telegram, TELEGRAM, "Đăng ký dự")
    press_telegram(telegram, TELEGRAM, "1 người")
    says_telegram(telegram, TELEGRAM, "họ và tên")
    telegram.write(TELEGRAM, text="Ông Telegram")
    says_telegram(telegram, TELEGRAM, "Mã tham dự")
    resident = ward.browser()
    resident.open(f"/ba-dinh/doi-thoai/{number}/dang-ky")
    resident.send({"name": "Trần Thị Web", "phone": "0912345678", "people": "1"})
    assert "Ông/Bà đã có chỗ" in resident.text
    head = ward.officer("totruong1")
    head.open(f"/desk/dialogues/{number}/people")
    head.send({"name": "Cụ Năm", "people": "1"})
    assert "Danh sách chờ" in head.text
    return resident


def ask(ward: Installation, zalo: ZaloServer, telegram: TelegramServer, number: str) -> None:
    """One question from each: the web and Zalo beforehand, Telegram with its author hidden."""
    resident = ward.browser()
    resident.open(f"/ba-dinh/doi-thoai/{number}/cau-hoi")
    resident.send({"text": ASKED["web"], "name": "Trần Thị Web"})
    assert "Phường đã nhận câu hỏi" in resident.text
    press(zalo, ZALO, "Gửi câu hỏi")
    says(zalo, ZALO, "muốn hỏi điều gì")
    zalo.write(ZALO, ASKED["zalo"])
    press(zalo, ZALO, "Không nêu tên")
    says(zalo, ZALO, "Phường đã nhận câu hỏi")


def screen(ward: Installation, clerk: Browser, desk: str, zalo: ZaloServer) -> None:
    """The clerk takes the questions in, gives one to its section; its officer prepares the answer."""
    page = clerk.open(f"{desk}/questions")
    ids = re.findall(r"questions/(\d+)/accept", page)
    assert len(ids) == 2
    department = re.search(r'<option value="(\d+)"[^>]*>[^<]*[Hh]ạ tầng', page)[1]
    clerk.send({"department_id": department}, f"questions/{ids[0]}/assign")
    clerk.open(f"{desk}/questions")
    clerk.send({}, f"questions/{ids[1]}/accept")
    says(zalo, ZALO, "sẽ được trả lời")
    officer = ward.officer("hatang")
    officer.open("/desk/dialogues")
    officer.send({"text": PREPARED}, f"/questions/{ids[0]}/preparation")
    assert PREPARED in clerk.open(f"{desk}/sheet")


def at_the_door(sit, ward: Installation, clerk: Browser, desk: str) -> None:
    """The network is gone when people come; what was kept on the device is sent twice and counted once."""
    codes = re.findall(r"<code>(\w{3} \w{3})</code>", clerk.open(f"{desk}/people"))
    assert len(codes) == 4
    door = sit(clerk, ward.address + f"{desk}/door")
    sent = []
    door.on("request", lambda r: sent.append(r.post_data) if r.method == "POST" else None)
    door.context.set_offline(True)
    for code in codes[:3]:
        door.fill("#code", code)
        door.keyboard.press("Enter")
        door.wait_for_selector("text=Mất mạng, đã ghi lại: mời vào")
    door.wait_for_selector("text=3 lượt đang chờ mạng")
    kept = door.evaluate("Object.entries(localStorage).find(([k]) => k.startsWith('door-'))")
    door.context.set_offline(False)
    door.wait_for_selector("[data-queue]", state="hidden", timeout=20_000)
    expect(door.locator("[data-inside]")).to_have_text("3")
    door.evaluate("([k, v]) => localStorage.setItem(k, v)", kept)  # the answer had been lost
    door.reload()
    door.wait_for_selector("[data-queue]", state="hidden", timeout=20_000)
    inside = door.locator("[data-inside]")
    expect(inside, "the same list again counts nobody twice").to_have_text("3")
    door.fill("#code", codes[3])
    door.keyboard.press("Enter")
    door.wait_for_selector("text=Còn trong danh sách chờ")
    door.close()


def hold(sit, ward: Installation, telegram: TelegramServer, desk: str, public: str) -> None:
    """The chair leads from the tablet; the beamer follows; a hand is raised from a telephone."""
    beamer = sit(None, ward.address + f"{public}/man-chieu")
    height, width = beamer.evaluate(
        "[document.documentElement.scrollHeight, document.documentElement.scrollWidth]"
    )
    assert (height, width) <= (768, 1024)
    chair = ward.officer("chutich")
    tablet = sit(chair, ward.address + f"{desk}/chair")
    tablet.click("text=Bắt đầu buổi đối thoại")
    shows(tablet, "Tiếp theo (2)")
    lead(tablet, beamer, ASKED["web"])
    expect(tablet.locator("main")).to_contain_text(PREPARED)
    size = "parseFloat(getComputedStyle(document.querySelector('.ward-screen__question')).fontSize)"
    assert beamer.evaluate(size) >= 36
    promise(tablet, "Thông cống ngõ 85")
    lead(tablet, beamer, ASKED["zalo"])
    promise(tablet, "Sửa đèn ngõ 158")
    telegram.write(TELEGRAM, text="giơ tay")
    press_telegram(telegram, TELEGRAM, TITLE)
    press_telegram(telegram, TELEGRAM, "Giơ tay")
    says_telegram(telegram, TELEGRAM, "chủ trì sẽ thấy ngay")
    telegram.write(TELEGRAM, text=ASKED["telegram"])
    press_telegram(telegram, TELEGRAM, "Không nêu tên")
    shows(tablet, ASKED["telegram"])
    assert ASKED["telegram"] not in beamer.inner_text("body"), "not before the chair takes it"
    lead(tablet, beamer, ASKED["telegram"])
    assert "Ông Telegram" not in beamer.inner_text("body")
    promise(tablet, "Đặt thùng rác đầu ngõ")
    says_telegram(telegram, TELEGRAM, "Đặt thùng rác đầu ngõ")
    secretary = ward.officer("tiepnhan")
    secretary.open(f"{desk}/minutes")
    secretary.send({"text": "Đại diện tổ 1 cảm ơn phường"}, "/minutes")
    for words in ("Thông cống ngõ 85", "Đại diện tổ 1 cảm ơn phường"):
        assert words in secretary.text
    tablet.click("summary:has-text('Kết thúc buổi đối thoại')")
    tablet.click("button:has-text('Kết thúc')")
    shows(tablet, "Đã họp, chờ kết quả")


def shows(page, words: str) -> None:
    """The page says it by itself, sooner or later."""
    expect(page.locator("body")).to_contain_text(words, use_inner_text=True)


def lead(tablet, beamer, question: str) -> None:
    tablet.click(f'[aria-label^="Trả lời câu này: {question[:30]}"]')
    shows(tablet, "Đang trả lời")
    shows(beamer, question)


def promise(tablet, text: str) -> None:
    tablet.click("summary:has-text('Hứa giải quyết')")
    tablet.fill("input[id^=promise-]", text)
    owner = tablet.locator("select[id^=owner-] option", has_text="Hoàng Mạnh Hùng")
    tablet.select_option("select[id^=owner-]", owner.get_attribute("value"))
    tablet.fill("input[id^=due-]", DUE)
    tablet.click("button:has-text('Ghi lời hứa')")
    shows(tablet, "Đã ghi lời hứa")


def conclude(ward: Installation, zalo: ZaloServer, clerk: Browser, desk: str, public: str) -> None:
    """Minutes, three taps, results at once; the next session opens with the three promises."""
    minutes = clerk.session.get(f"{ward.address}{desk}/papers/dialogue_minutes.pdf", timeout=60)
    assert minutes.content.startswith(b"%PDF")
    marks = {"đủ sớm": "Rất tốt", "đúng điều người dân hỏi": "Tốt", "tin các lời hứa": "Tạm được"}
    for question, tap in marks.items():
        says(zalo, ZALO, question)
        press(zalo, ZALO, tap)
    says(zalo, ZALO, "Cảm ơn Ông/Bà đã cho ý kiến")
    clerk.open(desk)
    clerk.send({"conclusion": "Các đơn vị làm đúng hạn đã hứa."}, "/acts/conclusion")
    clerk.open(desk)
    clerk.send({}, "/acts/results")
    assert "Đã công bố kết quả" in clerk.text
    says(zalo, ZALO, "đã công bố kết quả")
    anybody = ward.browser()
    page = anybody.open(public)
    for words in ("Thông cống ngõ 85", "Sửa đèn ngõ 158", "Đặt thùng rác", "1 người trả lời"):
        assert words in page
    assert anybody.open("/ba-dinh/cam-ket").count("Hoàng Mạnh Hùng") == 0, "a post owes, no name"
    nxt = planned(clerk, "Đối thoại kỳ sau", 30)
    page = anybody.open(f"/ba-dinh/doi-thoai/{nxt.rpartition('/')[2]}")
    assert page.index("0 đã làm, 3 đang làm") < page.index("Người dân hỏi, lãnh đạo trả lời")


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
def test_a_conference_with_everybody_in_it(install, sit):
    with (
        ZaloServer() as zalo,
        TelegramServer() as telegram,
        install(telegram, **settings_of(zalo)) as ward,
    ):
        connect(ward, zalo)
        secret = ward.env["TELEGRAM_WEBHOOK_SECRET"]
        hook = ward.address + "/webhooks/telegram/main"
        telegram.webhook = {"url": hook, "secret_token": secret}
        clerk = ward.officer("tiepnhan")
        desk = planned(clerk, TITLE, 14)
        number = desk.rpartition("/")[2]
        public = f"/ba-dinh/doi-thoai/{number}"
        clerk.open(desk)
        clerk.send({}, "/acts/questions")
        announce(ward, clerk, desk)
        register(ward, zalo, telegram, number)
        ask(ward, zalo, telegram, number)
        screen(ward, clerk, desk, zalo)
        at_the_door(sit, ward, clerk, desk)
        hold(sit, ward, telegram, desk, public)
        conclude(ward, zalo, clerk, desk, public)
