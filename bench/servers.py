"""Start and stop what is measured: our web server and worker, the floor, and a real PostgreSQL."""

import http.client
import os
import shlex
import signal
import socket
import subprocess
import sys
import time
from base64 import urlsafe_b64encode
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parent.parent
BIN = Path(sys.executable).parent
PERF = ["perf", "stat", "-x,", "-e", "instructions"]
# The same each time, so that what one run kept the next can read; nothing but inventions is sealed here.
SECRETS = {
    "SECRET_KEY": "bench" * 10,
    "FIELD_KEYS": urlsafe_b64encode(b"bench" * 6 + b"ch").decode(),
}


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def environment(database: str, folder: Path, **more: str) -> dict[str, str]:
    """The environment of our processes: throttling off, a webhook secret, everything else as shipped."""
    return {
        **os.environ,
        **SECRETS,
        "DATABASE_URL": database,
        "UPLOAD_DIR": str(folder / "uploads"),
        "RATE_LIMITS": "0",
        "LOG_LEVEL": "ERROR",
        "TELEGRAM_BOT_TOKEN": "1:bench",
        "TELEGRAM_WEBHOOK_SECRET": "bench",
        "TELEGRAM_API_BASE_URL": "http://127.0.0.1:9/bot",
        **more,
    }


def flask(*command: str, env: dict[str, str], app: str = "wsgi", cwd: Path = ROOT) -> str:
    done = subprocess.run(
        [str(BIN / "flask"), "--app", app, *command],
        env=env,
        cwd=cwd,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise RuntimeError(f"flask {' '.join(command)} failed:\n{done.stderr[-3000:]}")
    return done.stdout


@contextmanager
def process(
    command: list[str], env: dict[str, str], cwd: Path = ROOT
) -> Iterator[subprocess.Popen]:
    running = subprocess.Popen(
        command, env=env, cwd=cwd, stdout=subprocess.DEVNULL, start_new_session=True
    )
    try:
        yield running
    finally:
        os.killpg(running.pid, signal.SIGTERM)
        running.wait(20)


@contextmanager
def web(env: dict[str, str]) -> Iterator[tuple[int, subprocess.Popen, float]]:
    """Our web server as `make run` starts it. Yields (port, process, seconds to the first page)."""
    port = free_port()
    application = "wsgi:create_app(migrates=False)"
    command = [str(BIN / "gunicorn"), "--config", "gunicorn.conf.py", application]
    started = time.perf_counter()
    with process(command, {**env, "PORT": str(port)}) as running:
        wait_for(port)
        yield port, running, time.perf_counter() - started


def worker(env: dict[str, str]) -> AbstractContextManager[subprocess.Popen]:
    """Our worker, as the Procfile says."""
    lines = (ROOT / "Procfile").read_text().splitlines()
    (command,) = (line.partition(":")[2] for line in lines if line.startswith("worker:"))
    return process(shlex.split(command), env)


@contextmanager
def floor(database: str) -> Iterator[tuple[int, subprocess.Popen]]:
    """The floor, made fresh, under the same server with the same threads. Yields (port, process)."""
    env = {**os.environ, "FLOOR_DATABASE": database}
    flask("make", env=env, app="floor", cwd=ROOT / "bench")
    port = free_port()
    command = [
        str(BIN / "gunicorn"),
        "-k",
        "gthread",
        "--threads",
        "8",
        "-w",
        "1",
        "-b",
        f"127.0.0.1:{port}",
    ]
    command += ["--keep-alive", "20", "--log-level", "error", "--no-control-socket", "floor:app"]
    with process(command, env, ROOT / "bench") as running:
        wait_for(port, "/gui")
        yield port, running


def wait_for(port: int, path: str = "/", seconds: float = 30) -> None:
    end = time.perf_counter() + seconds
    while time.perf_counter() < end:
        try:
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
            connection.request("GET", path)
            if connection.getresponse().status < 500:
                return
        except OSError:
            time.sleep(0.01)
    raise RuntimeError(f"no answer on port {port}")


@cache
def counts_instructions() -> bool:
    """Whether `perf stat` is here and the machine counts for it."""
    try:
        done = subprocess.run([*PERF, "true"], capture_output=True, text=True, check=False)
    except OSError:
        return False
    return done.stderr.partition(",")[0].isdigit()


@contextmanager
def instructions(pid: int) -> Iterator[list[int]]:
    """What a process and its children do meanwhile, in the list afterwards; nothing where none are counted."""
    counted: list[int] = []
    if not counts_instructions():
        yield counted
        return
    pids = ",".join(str(each) for each in [pid, *_children(pid)])
    perf = subprocess.Popen([*PERF, "-p", pids], stderr=subprocess.PIPE, text=True)
    try:
        yield counted
    finally:
        perf.send_signal(signal.SIGINT)
        counted += [int(perf.communicate(timeout=20)[1].partition(",")[0])]


def memory_mib(pid: int) -> float:
    """Proportional memory of a process and all its children, in MiB."""
    total = 0
    for each in [pid, *_children(pid)]:
        lines = Path(f"/proc/{each}/smaps_rollup").read_text().splitlines()
        total += next(int(line.split()[1]) for line in lines if line.startswith("Pss:"))
    return total / 1024


def cpu_seconds(pid: int) -> float:
    """Processor time used so far by a process and all its children."""
    ticks = 0
    for each in [pid, *_children(pid)]:
        parts = Path(f"/proc/{each}/stat").read_text().rsplit(")", 1)[1].split()
        ticks += int(parts[11]) + int(parts[12])
    return ticks / os.sysconf("SC_CLK_TCK")


def _children(pid: int) -> list[int]:
    found = []
    for task in Path(f"/proc/{pid}/task").iterdir():
        for child in (task / "children").read_text().split():
            found += [int(child), *_children(int(child))]
    return found
