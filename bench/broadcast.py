"""An announcement to many against a stand-in that keeps Telegram's limits: held rate, memory, a kill.

    python -m bench.broadcast [--recipients 100000] [--rate 30] [--engine sqlite|postgresql] [--no-kill]

The worker is the real one. Halfway it is killed (SIGKILL) and started again. The stand-in refuses (429)
what comes faster than `--rate` in any second, wherever it begins, or more than once a second to one chat, and
counts what each chat got. Real Telegram allows 30 a second: 100,000 take 56 minutes, so a higher rate on both sides shows
the same in less time. Without `--rate` low enough the worker's own ceiling is what is measured.
"""

import argparse
import asyncio
import json
import os
import re
import signal
import subprocess
import sys
import time
from collections import Counter, deque
from pathlib import Path
from urllib.request import urlopen

import sqlalchemy as sa

from bench import servers
from bench.__main__ import databases

FROZEN = 5.0  # seconds between two looks a second apart: somebody stopped all of us
WORDS = "Chiều mai cắt nước từ 14 giờ đến 17 giờ. Bà con trữ nước giúp phường."


# --- the stand-in ------------------------------------------------------------------------------------


class StandIn:
    """Answers sendMessage as Telegram does, keeps the limits, and counts."""

    def __init__(self, rate: int):
        self.rate = rate
        self.window: deque[float] = deque()
        self.last: dict[str, float] = {}
        self.got: Counter[str] = Counter()
        self.refused = 0
        self.began = self.ended = 0.0

    async def serve(self, port: int) -> None:
        server = await asyncio.start_server(self._talk, "127.0.0.1", port, backlog=256)
        async with server:
            await server.serve_forever()

    async def _talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while True:
                head = await reader.readuntil(b"\r\n\r\n")
                length = re.search(rb"content-length: (\d+)", head, re.IGNORECASE)
                body = await reader.readexactly(int(length[1])) if length else b""
                answer = self._answer(head, body)
                status = b"200 OK" if answer.get("ok", True) else b"429 Too Many Requests"
                data = json.dumps(answer).encode()
                writer.write(
                    b"HTTP/1.1 %s\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s"
                    % (status, len(data), data)
                )
                await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError):
            writer.close()

    def _answer(self, head: bytes, body: bytes) -> dict:
        if head.startswith(b"GET /stats"):
            return {
                "ok": True,
                "taken": sum(self.got.values()),
                "chats": len(self.got),
                "twice": sum(1 for n in self.got.values() if n > 1),
                "refused": self.refused,
                "seconds": self.ended - self.began,
            }
        found = re.search(rb"chat_id=(\d+)", body)
        if b"/sendMessage" not in head or not found:
            return {"ok": True, "result": True}
        chat, now = found[1].decode(), time.perf_counter()
        while self.window and now - self.window[0] >= 1.0:
            self.window.popleft()
        is_late = now - self.last.get(chat, -9.0) >= 1.0
        if len(self.window) >= self.rate or not is_late:
            self.refused += 1
            words = {"ok": False, "error_code": 429, "description": "Too Many Requests"}
            return {**words, "parameters": {"retry_after": 1}}
        self.window.append(now)
        self.last[chat] = now
        self.got[chat] += 1
        self.began, self.ended = self.began or now, now
        result = {"message_id": sum(self.got.values()) if len(self.got) < 10 else len(self.got)}
        chat_of = {"id": int(chat), "type": "private"}
        return {"ok": True, "result": {**result, "date": int(time.time()), "chat": chat_of}}


def stats(port: int) -> dict:
    with urlopen(f"http://127.0.0.1:{port}/stats", timeout=10) as answer:
        return json.load(answer)


# --- the run -----------------------------------------------------------------------------------------


def seed(env: dict[str, str], recipients: int) -> None:
    """A ward, its bot, so many subscribed chats, and the announcement to all of them."""
    from config import Settings
    from feedback import broadcast, clock
    from feedback.broadcast.models import Subscription
    from feedback.db import db, transaction
    from feedback.people.actor import SYSTEM
    from feedback.people.models import Channel, Contact
    from feedback.wards.models import ChannelAccount, Ward
    from wsgi import create_app

    app = create_app(Settings.from_environment(env))
    with app.app_context(), transaction():
        now = clock.now()
        ward = Ward(code="BM", slug="bm", name="Phường Đo", province_name="Hà Nội", created_at=now)
        db.session.add(ward)
        db.session.flush()
        db.session.add(ChannelAccount(ward_id=ward.id, channel=Channel.TELEGRAM, name="main"))
        db.session.flush()
        own = {"ward_id": ward.id, "channel": Channel.TELEGRAM, "account": "main"}
        for start in range(1, recipients + 1, 5000):
            ids = range(start, min(start + 5000, recipients + 1))
            chats = [{**own, "id": n, "address": str(10**9 + n), "created_at": now} for n in ids]
            db.session.execute(sa.insert(Contact), chats)
            wish = {"ward_id": ward.id, "topic": "ward", "consented_at": now}
            db.session.execute(sa.insert(Subscription), [{**wish, "contact_id": n} for n in ids])
        broadcast.send(ward.id, WORDS, ["ward"], by=SYSTEM, key="bench", is_urgent=True)


def worker(env: dict[str, str]) -> subprocess.Popen:
    command = [str(servers.BIN / "flask"), "--app", "wsgi", "worker"]
    return subprocess.Popen(command, env=env, cwd=servers.ROOT, start_new_session=True)


def rss(pid: int) -> int:
    """Resident memory in MiB."""
    with Path(f"/proc/{pid}/status").open() as status:
        line = next(each for each in status if each.startswith("VmRSS"))
    return int(line.split()[1]) // 1024


def cpu(pid: int) -> float:
    """Processor seconds used so far."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def run(given: argparse.Namespace) -> dict:
    with databases(given.engine, None) as make:
        address, folder = make("broadcast")
        port = servers.free_port()
        env = servers.environment(address, folder, TELEGRAM_PER_SECOND=str(given.rate))
        env["TELEGRAM_API_BASE_URL"] = f"http://127.0.0.1:{port}/bot"
        servers.flask("prepare", env=env)
        seed(env, given.recipients)
        stand_in = [sys.executable, "-m", "bench.broadcast", "--stand-in", str(port)]
        with servers.process([*stand_in, "--rate", str(given.rate)], env):
            servers.wait_for(port, "/stats")
            sending = worker(env)
            try:
                figures, sending = watch(given, port, env, sending)
            finally:
                sending.send_signal(signal.SIGTERM)
                sending.wait(20)
        return {**figures, "outbox": outcomes(env)}


def watch(given, port: int, env, sending) -> tuple[dict, subprocess.Popen]:
    """Look every second until nothing moves; kill once, halfway."""
    memory, taken, still, is_killed = [], [], 0, not given.kill
    used, pause, frozen, looked = 0.0, 0.0, 0.0, time.perf_counter()
    while still < 30:
        time.sleep(1)
        now = stats(port)
        gap, looked = time.perf_counter() - looked, time.perf_counter()
        frozen += gap if gap > FROZEN else 0.0
        taken.append(now["taken"])
        memory.append(rss(sending.pid))
        if len(taken) % 60 == 0:
            print(
                f"{len(taken):5} s  taken {taken[-1]:6}  refused {now['refused']}"
                f"  memory {memory[-1]} MiB",
                file=sys.stderr,
                flush=True,
            )
        still = still + 1 if len(taken) > 1 and taken[-1] == taken[-2] and taken[-1] else 0
        if now["taken"] >= given.recipients:
            break
        if not is_killed and now["taken"] * 2 >= given.recipients:
            used += cpu(sending.pid)
            os.killpg(sending.pid, signal.SIGKILL)
            sending.wait()
            killed_at, before = time.perf_counter(), stats(port)["taken"]
            sending, is_killed = worker(env), True
            while stats(port)["taken"] == before:
                time.sleep(0.1)
            looked = time.perf_counter()
            pause = looked - killed_at
    used += cpu(sending.pid)
    time.sleep(6)  # for the last round to be settled and the announcement closed
    end = stats(port)
    rate = end["taken"] / (end["seconds"] - pause - frozen)
    return {
        **end,
        "rate": round(rate, 1),
        "of_allowed": f"{rate / given.rate:.1%}",
        "pause_seconds": round(pause, 1),
        "frozen_seconds": round(frozen, 1),
        "cpu_ms_a_message": round(1000 * used / max(end["taken"], 1), 2),
        "memory_mib": f"{min(memory[5:], default=0)}–{max(memory, default=0)}",
        "memory_by_quarter": [
            max(memory[i::1][: max(len(memory) // 4, 1)]) for i in _quarters(memory)
        ],
    }, sending


def _quarters(values: list) -> range:
    return range(0, len(values), max(len(values) // 4, 1))


def outcomes(env: dict[str, str]) -> dict[str, object]:
    """What the database says of every message, and of the announcement."""
    engine = sa.create_engine(env["DATABASE_URL"])
    with engine.connect() as connection:
        rows = connection.execute(sa.text("SELECT state, count(*) FROM outbox GROUP BY state"))
        found: dict[str, object] = dict(map(tuple, rows))
        found["announcement"] = connection.execute(sa.text("SELECT state FROM broadcast")).scalar()
    engine.dispose()
    return found


def main() -> None:
    options = argparse.ArgumentParser(prog="bench.broadcast")
    options.add_argument("--recipients", type=int, default=100_000)
    options.add_argument("--rate", type=int, default=30)
    options.add_argument("--engine", choices=("sqlite", "postgresql"), default="sqlite")
    options.add_argument("--no-kill", dest="kill", action="store_false")
    options.add_argument("--stand-in", type=int, help=argparse.SUPPRESS)
    given = options.parse_args()
    if given.stand_in:
        asyncio.run(StandIn(given.rate).serve(given.stand_in))
        return
    for name, value in run(given).items():
        print(f"{name:20} {value}", flush=True)


if __name__ == "__main__":
    main()
