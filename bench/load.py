"""Real HTTP clients on loopback: kept connections, bounded in count and time."""

import http.client
import json
import re
import statistics
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from urllib.parse import urlencode

HIDDEN = re.compile(r'name="(csrf_token|submission_key)"[^>]*value="([^"]*)"')
FORM = {"Content-Type": "application/x-www-form-urlencoded"}


@dataclass
class Result:
    """What one run of a driver saw: seconds each operation took, and over how long.

    `processor` (ms) and `instructions` (millions, 0 where none are counted): what the server spent on one.
    """

    seconds: list[float] = field(default_factory=list)
    wall: float = 0.0
    failures: int = 0
    processor: float = 0.0
    instructions: float = 0.0

    @property
    def rate(self) -> float:
        return len(self.seconds) / self.wall if self.wall else 0.0

    def percentile(self, percent: int) -> float:
        """Milliseconds below which this share of operations stayed."""
        ranked = sorted(self.seconds)
        return ranked[min(len(ranked) - 1, len(ranked) * percent // 100)] * 1000 if ranked else 0.0


class Client:
    """One browser: a kept connection and its cookies."""

    def __init__(self, port: int):
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        self.cookies: dict[str, str] = {}

    def request(
        self,
        method: str,
        path: str,
        body: bytes | str | None = None,
        headers: dict[str, str] | None = None,
    ):
        headers = dict(headers or {})
        if self.cookies:
            headers["Cookie"] = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        self.connection.request(method, path, body, headers)
        response = self.connection.getresponse()
        text = response.read()
        for cookie in response.headers.get_all("Set-Cookie") or ():
            name, _, rest = cookie.partition("=")
            self.cookies[name] = rest.partition(";")[0]
        return response.status, text, response.headers.get("Location", "")

    def post_form(self, path: str, values: dict[str, str]):
        return self.request("POST", path, urlencode(values), FORM)


def submission(path: str, words: Callable[[int], dict[str, str]]) -> Callable[[Client, int], bool]:
    """Open the form, send it with its token: one resident's whole visit."""

    def flow(client: Client, index: int) -> bool:
        status, text, _ = client.request("GET", path)
        hidden = dict(HIDDEN.findall(text.decode()))
        status, text, _ = client.post_form(path, {**hidden, **words(index)})
        return status in (302, 303)

    return flow


def telegram(path: str, headers: dict[str, str], run: int) -> Callable[[Client, int], bool]:
    """One text message of one of many people, as Telegram's webhook sends it."""

    def flow(client: Client, index: int) -> bool:
        person = 10_000_000 * run + index
        update = {
            "update_id": person,
            "message": {
                "message_id": index + 1,
                "date": 1795000000,
                "chat": {"id": person, "type": "private", "first_name": "Dân"},
                "from": {"id": person, "is_bot": False, "first_name": "Dân"},
                "text": f"Đèn đường trước số {index} ngõ 85 hỏng ba hôm nay, tối đi lại nguy hiểm",
            },
        }
        status, _, _ = client.request(
            "POST", path, json.dumps(update), {"Content-Type": "application/json", **headers}
        )
        return status == 200

    return flow


def drive(
    port: int, flow: Callable[[Client, int], bool], *, clients: int, seconds: float, limit: int
) -> Result:
    """Run the flow from `clients` threads until the time or the count is used up."""
    result, lock, numbers = Result(), threading.Lock(), iter(range(limit))
    end = time.perf_counter() + seconds

    def work() -> None:
        client = Client(port)
        while time.perf_counter() < end:
            with lock:
                index = next(numbers, None)
            if index is None:
                return
            began = time.perf_counter()
            good = flow(client, index)
            took = time.perf_counter() - began
            with lock:
                result.seconds.append(took)
                result.failures += not good

    began = time.perf_counter()
    threads = [threading.Thread(target=work) for _ in range(clients)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    result.wall = time.perf_counter() - began
    return result


def page_times(clients: dict[int, Client], paths: list[str], rounds: int) -> dict[int, float]:
    """Median milliseconds of opening these pages, of each client; they take turns page by page."""
    taken: dict[int, list[float]] = {name: [] for name in clients}
    for _ in range(rounds):
        for path in paths:
            for name, client in clients.items():
                began = time.perf_counter()
                status, _, _ = client.request("GET", path)
                taken[name].append(time.perf_counter() - began)
                if status != 200:
                    raise RuntimeError(f"{path} answered {status}")
    return {name: statistics.median(each) * 1000 for name, each in taken.items()}
