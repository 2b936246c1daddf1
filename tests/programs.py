"""The program's processes as tests start them: each has its own environment, session and log.

`executed` starts one as an installation does. `forked` makes it out of a process that has loaded the
program already (`loaded.py`): the same process, without the second and more of processor that this takes.
"""

import gc
import os
import subprocess
import sys
from collections.abc import Callable
from multiprocessing import get_context
from multiprocessing.context import ForkServerProcess
from pathlib import Path
from pkgutil import resolve_name

ROOT = Path(__file__).parent.parent
BIN = Path(sys.executable).parent
COMMANDS = {
    "web": ["gunicorn", "--config", "gunicorn.conf.py", "wsgi:create_app(migrates=False)"],
    "worker": ["flask", "--app", "wsgi:create_app(migrates=False, pages=False)", "worker"],
    "poll": ["flask", "--app", "wsgi", "telegram", "poll"],
}
ENTRIES = {"flask": "flask.cli:main", "gunicorn": "gunicorn.app.wsgiapp:run"}

_loaded = get_context("forkserver")
_loaded.set_forkserver_preload(["tests.loaded"])


def executed(name: str, env: dict[str, str], log: Path) -> subprocess.Popen:
    """Start one of the commands as Procfile does."""
    program, *rest = COMMANDS[name]
    with log.open("ab") as said:
        return subprocess.Popen(
            [str(BIN / program), *rest],
            cwd=ROOT,
            env=env,
            stdout=said,
            stderr=said,
            start_new_session=True,
        )


class Forked(ForkServerProcess):
    """A process that runs `what(*args)`; to be waited for and signalled like one that was executed."""

    def __init__(self, what: Callable[..., object], *args: object, env: dict[str, str], log: Path):
        super().__init__(target=_begin, args=(what, args, env, log), daemon=True)
        self.start()

    def wait(self, timeout: float | None = None) -> int:
        """Its exit code. Raises TimeoutError."""
        self.join(timeout)
        if self.exitcode is None:
            raise TimeoutError
        return self.exitcode

    def send_signal(self, number: int) -> None:
        os.kill(self.pid, number)


def forked(name: str, env: dict[str, str], log: Path) -> Forked:
    """Start one of the commands with the program loaded."""
    return Forked(_command, name, env=env, log=log)


def _begin(what: Callable[..., object], args: tuple, env: dict[str, str], log: Path) -> None:
    os.setsid()
    os.chdir(ROOT)
    os.environ.clear()
    os.environ.update(env)
    with log.open("ab") as said:
        os.dup2(said.fileno(), 1)
        os.dup2(said.fileno(), 2)
    gc.enable()
    what(*args)


def _command(name: str) -> None:
    sys.argv = list(COMMANDS[name])
    resolve_name(ENTRIES[sys.argv[0]])()
