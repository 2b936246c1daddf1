"""A real browser for tests: Debian's Chromium, and an application served to it on loopback."""

import logging
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from shutil import which
from typing import TYPE_CHECKING

import pytest
from axe_playwright_python.base import AXE_FILE_PATH
from flask import Flask
from werkzeug.middleware.shared_data import SharedDataMiddleware
from werkzeug.serving import make_server

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

# Debian's Chromium without windows to draw takes half the processor time of the one with them.
CHROMIUM = which("chromium-headless-shell") or "/usr/bin/chromium"
QUIET = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-default-apps",
    "--disable-extensions",
    "--disable-sync",
    "--no-first-run",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
    "--js-flags=--single-threaded-gc --no-concurrent-recompilation",  # its threads would take the tests' processors
]
AXE = "/axe.min.js"


@contextmanager
def serving(app: Flask) -> Iterator[str]:
    """The application's address while the block runs, with axe beside it: what a browser fetches it
    compiles once, what it is handed it compiles again for each page."""
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    site = SharedDataMiddleware(app, {AXE: str(AXE_FILE_PATH)})
    server = make_server("127.0.0.1", 0, site, threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()


_running = ExitStack()  # Playwright and its Chromium, while tests look at pages
_started: "list[Browser]" = []


@pytest.fixture
def browser() -> "Browser":
    """One Chromium for all tests that look at pages, one after the other."""
    from playwright.sync_api import expect, sync_playwright

    if not _started:
        # As long as Playwright's own steps: a machine may be busy.
        expect.set_options(timeout=30_000)
        playwright = _running.enter_context(sync_playwright())
        started = playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        _started.append(_running.enter_context(started))
    return _started[0]


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    """While Playwright lives its event loop counts as running in this thread, and no `asyncio.run`
    of another test would start."""
    if item.get_closest_marker("browser") is None:
        leave()


def pytest_unconfigure() -> None:
    leave()


def leave() -> None:
    _running.close()
    _started.clear()


@pytest.fixture
def open_page(browser: "Browser") -> "Iterator[Callable[..., Page]]":
    """`open_page(address, width=360, javascript=True)`: the page, loaded; fails on anything the
    page's console calls an error, which is where a broken Content-Security-Policy shows.
    `expect`: pieces of errors that belong to the test."""
    contexts, complaints = [], []

    def open_(
        address: str, *, width: int = 360, javascript: bool = True, expect=(), **context
    ) -> "Page":
        def complain(text: str) -> None:
            if not any(piece in text for piece in expect):
                complaints.append(text)

        made = browser.new_context(
            viewport={"width": width, "height": 760}, java_script_enabled=javascript, **context
        )
        contexts.append(made)
        page = made.new_page()
        page.on("console", lambda m: complain(m.text) if m.type == "error" else None)
        page.on("pageerror", lambda error: complain(str(error)))
        page.goto(address)
        return page

    yield open_
    for context in contexts:
        context.close()
    assert not complaints, complaints
