"""Pull the plug, again and again, under load: nothing lost, nothing twice, nothing silently dropped."""

import re
import signal
import threading
import time

import psycopg
import requests

from tests.bots.telegram_server import TelegramServer
from tests.journeys.live import Installation, eventually

HIDDEN = re.compile(r'name="(csrf_token|submission_key)"[^>]*value="([^"]*)"')
PULLS = ("web", "worker", "web", "web", "worker")


def insist(act) -> object:
    """A person who tries again until an answer comes: the line is bad, the server is dead, whatever."""
    while True:
        try:
            if answer := act():
                return answer
        except requests.RequestException:
            pass
        time.sleep(0.05)


class Residents:
    """People who send until told that it arrived; each counts what they have an answer for."""

    def __init__(self, ward: Installation):
        self.ward, self.is_over = ward, threading.Event()
        self.sent: list[str] = []  # tracking links on the web
        self.chats: list[int] = []  # chats that pressed "send"

    def on_the_web(self, person: int) -> None:
        for count in range(1000):
            if self.is_over.is_set():
                return
            session = requests.Session()
            hidden = insist(
                lambda s=session: dict(HIDDEN.findall(s.get(self._form, timeout=5).text))
            )
            words = {
                "text": f"Đèn đường hỏng, lần {count} của người {person}",
                "consent": "1",
                "phone": "0912345678",
            }
            self.sent.append(insist(lambda s=session, h=hidden, w=words: self._send(s, h | w)))

    @property
    def _form(self) -> str:
        return self.ward.address + "/ba-dinh/gui"

    def _send(self, session: requests.Session, values: dict[str, str]) -> str:
        answer = session.post(self._form, data=values, timeout=5, allow_redirects=False)
        return answer.headers.get("Location", "") if answer.status_code in (302, 303) else ""

    def in_telegram(self, person: int) -> None:
        for count in range(1000):
            if self.is_over.is_set():
                return
            chat = 1_000_000 * (person + 1) + count
            for update in self._report(chat):
                insist(lambda u=update: self.ward.telegram_update(u) == 200)
            self.chats.append(chat)

    def _report(self, chat: int) -> list[dict]:
        """Words and a place; the summary's button is pressed by typing it, as on an old phone."""
        person = {"id": chat, "is_bot": False, "first_name": "Dân"}
        contents = [
            {"text": f"Rác đầu ngõ chất đống bốc mùi, người số {chat}"},
            {"location": {"latitude": 21.03, "longitude": 105.82}},
            {"text": "gửi"},
        ]
        return [
            {
                "update_id": chat * 10 + number,
                "message": {
                    "message_id": number + 1,
                    "date": 1_795_000_000,
                    "chat": {"id": chat, "type": "private"},
                    "from": person,
                    **content,
                },
            }
            for number, content in enumerate(contents)
        ]


def asked(url: str, query: str) -> list[tuple]:
    """Rows straight from the database, past the program."""
    if url.startswith("sqlite"):
        import sqlite3

        with sqlite3.connect(url.removeprefix("sqlite:///"), timeout=30) as connection:
            return connection.execute(query).fetchall()
    with psycopg.connect(url.replace("+psycopg", "")) as connection:
        return connection.execute(query).fetchall()


def test_pulling_the_plug_loses_and_doubles_nothing(install):
    with TelegramServer() as telegram:
        with install(telegram) as ward:
            url = ward.env["DATABASE_URL"]
            before = asked(url, "SELECT count(*) FROM petition")[0][0]
            residents = Residents(ward)
            people = [threading.Thread(target=residents.on_the_web, args=(n,)) for n in range(3)]
            people += [threading.Thread(target=residents.in_telegram, args=(n,)) for n in range(2)]
            for person in people:
                person.start()
            for name in PULLS:
                goal = len(residents.sent) + len(residents.chats) + 8
                eventually(
                    lambda g=goal: len(residents.sent) + len(residents.chats) >= g, "work goes on"
                )
                ward.stop(name, signal.SIGKILL)
                ward.start(name)
            residents.is_over.set()
            for person in people:
                person.join(60)
            todo = "SELECT count(*) FROM inbound WHERE state = 'new'"
            eventually(lambda: asked(url, todo) == [(0,)], "every stored message is handled")
            moving = "SELECT count(*) FROM outbox WHERE state IN ('queued', 'sending')"
            eventually(lambda: asked(url, moving) == [(0,)], "every queued message is settled")

        assert len(set(residents.sent)) == len(residents.sent), "one visit, one petition"
        made = asked(url, "SELECT channel, count(*) FROM petition GROUP BY channel")
        chats = asked(
            url,
            "SELECT count(DISTINCT contact_id), count(*) FROM petition WHERE channel = 'telegram'",
        )
        assert chats == [(len(residents.chats), len(residents.chats))], made
        total = asked(url, "SELECT count(*) FROM petition")[0][0]
        assert total == before + len(residents.sent) + len(residents.chats), made
        numbers = [row[0] for row in asked(url, "SELECT seq FROM petition ORDER BY seq")]
        assert numbers == list(range(1, total + 1)), "no gap in the numbers"
        states = dict(asked(url, "SELECT state, count(*) FROM outbox GROUP BY state"))
        assert set(states) <= {"sent", "failed", "unknown"}, states
        accepted = [(call.chat, call.text) for call in telegram.taken() if call.text]
        assert len(set(accepted)) == len(accepted), "no text reached a person twice"
