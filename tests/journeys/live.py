"""The whole installation as real processes: web server, worker, and a stand-in for the Bot API.

`install` of `conftest.py` gives each journey its own, on a copy of the demonstration ward:

    with install(telegram) as ward:
        browser = ward.browser()
        browser.open("/ba-dinh/gui")
        browser.send({"text": "…"})

Everything goes through HTTP; nothing here imports the program.
"""

import os
import re
import signal
import socket
import subprocess
import time
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urljoin

import requests

from tests.programs import BIN, ROOT, Forked, forked

WAIT = 40.0  # seconds after which something that should have happened is called missing


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def eventually(is_true: Callable[[], object], what: str) -> None:
    """Wait until it is so, looking for a tenth of the time at most; fail naming what never happened."""
    end = time.monotonic() + WAIT
    while (began := time.monotonic()) < end:
        if is_true():
            return
        time.sleep(min(1, max(0.05, 9 * (time.monotonic() - began))))
    raise AssertionError(f"never happened: {what}")


class Installation:
    """One installation on its own database and port; `more` are its settings, SECRET_KEY among them.

    `begin` starts its programs: `forked`, or `executed` as Procfile does.
    """

    def __init__(self, database: str, folder: Path, telegram=None, *, begin=forked, **more: str):
        self.port = free_port()
        self.address = f"http://127.0.0.1:{self.port}"
        self.log = folder / "log.txt"
        self.env = {
            **{
                name: value
                for name, value in os.environ.items()
                if not name.startswith(("TELEGRAM", "ZALO"))
            },
            "DATABASE_URL": database,
            "UPLOAD_DIR": str(folder / "uploads"),
            "PUBLIC_URL": self.address,
            "PORT": str(self.port),
            "RATE_LIMITS": "0",
            "LOG_LEVEL": "INFO",
            **more,
        }
        if telegram is not None:
            self.env |= {
                "TELEGRAM_BOT_TOKEN": telegram.token,
                "TELEGRAM_WEBHOOK_SECRET": "live-secret",
                "TELEGRAM_API_BASE_URL": telegram.api_url,
                "TELEGRAM_FILE_BASE_URL": telegram.file_url,
            }
        self.begin = begin
        self.running: dict[str, subprocess.Popen | Forked] = {}
        self.password = ""
        self.logged_in: dict[str, requests.cookies.RequestsCookieJar] = {}

    def __enter__(self) -> "Installation":
        self.start("web")
        self.start("worker")
        return self

    def __exit__(self, *_: object) -> None:
        for name in list(self.running):
            self.stop(name)

    def flask(self, *command: str) -> str:
        """Run a command of the program and return what it prints."""
        done = subprocess.run(
            [str(BIN / "flask"), "--app", "wsgi", *command],
            cwd=ROOT,
            env=self.env,
            capture_output=True,
            text=True,
            timeout=120,
        )
        assert done.returncode == 0, done.stderr[-3000:]
        return done.stdout

    def start(self, name: str) -> None:
        """Start "web", "worker" or "poll"."""
        self.running[name] = self.begin(name, self.env, self.log)
        if name == "web":
            eventually(self.answers, "the web server answers")

    def answers(self) -> bool:
        try:
            return requests.get(self.address + "/healthz", timeout=5).status_code in (200, 503)
        except requests.RequestException:
            return False

    def stop(self, name: str, how: int = signal.SIGTERM) -> None:
        """End a process and everything it started; SIGKILL pulls the plug."""
        process = self.running.pop(name)
        os.killpg(process.pid, how)
        process.wait(20)

    def browser(self) -> "Browser":
        return Browser(self.address)

    def officer(self, login: str) -> "Browser":
        """A browser of one of the demonstration's officers, who log in once and stay logged in."""
        browser = self.browser()
        if login in self.logged_in:
            browser.session.cookies.update(self.logged_in[login])
            return browser
        browser.open("/desk/")
        browser.send({"name": login, "password": self.password})
        assert "/login" not in browser.url, f"{login} could not log in"
        self.logged_in[login] = browser.session.cookies.copy()
        return browser

    def telegram_update(self, update: dict) -> int:
        """Deliver an update to the webhook; returns the HTTP status."""
        headers = {"X-Telegram-Bot-Api-Secret-Token": self.env["TELEGRAM_WEBHOOK_SECRET"]}
        return requests.post(
            self.address + "/webhooks/telegram/main", json=update, headers=headers, timeout=20
        ).status_code


class Browser:
    """A person with a browser: follows links and sends the forms of the page in front of them."""

    def __init__(self, address: str):
        self.session = requests.Session()
        self.address = self.url = address
        self.text = ""

    def open(self, path: str) -> str:
        return self._see(self.session.get(urljoin(self.address + "/", path), timeout=30))

    def send(self, values: dict[str, str], form: str = "", files: dict | None = None) -> str:
        """Fill and send the form whose action contains `form` (the first POST form otherwise)."""
        action, hidden = self._form(form)
        target = urljoin(self.url, action) if action else self.url
        sent = self.session.post(target, data={**hidden, **values}, files=files, timeout=30)
        return self._see(sent)

    def forms(self) -> list[str]:
        """The actions of the POST forms on this page."""
        return [action for action, _ in self._forms()]

    def _form(self, wanted: str) -> tuple[str, dict[str, str]]:
        for action, hidden in self._forms():
            if wanted in action and not ("logout" in action and not wanted):
                return action, hidden
        raise AssertionError(f"no form {wanted!r} on {self.url}; there are {self.forms()}")

    def _forms(self) -> list[tuple[str, dict[str, str]]]:
        found = []
        for tag, inside in re.findall(r"<form\b([^>]*)>(.*?)</form>", self.text, re.S):
            if 'method="post"' not in tag.lower():
                continue
            action = re.search(r'action="([^"]*)"', tag)
            hidden = {}
            for field in re.findall(r"<input\b[^>]*>", inside):
                if 'type="hidden"' in field:
                    name, value = (
                        re.search(r'name="([^"]*)"', field),
                        re.search(r'value="([^"]*)"', field),
                    )
                    hidden[name[1]] = value[1] if value else ""
            found.append((action[1].replace("&amp;", "&") if action else "", hidden))
        return found

    def _see(self, response: requests.Response) -> str:
        self.url, self.text = response.url, response.text
        assert response.status_code < 500, f"{response.url} answered {response.status_code}"
        return self.text
