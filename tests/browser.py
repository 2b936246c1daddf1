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
    "--js-flags=--single-threaded-gc --no-opt --no-maglev",  # a page is gone before faster code for it would pay
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
_shared: "list[Page]" = []
# No clock, medium or lost network of a test's own.
AS_NEW = "!globalThis.__pwClock && !matchMedia('print').matches && navigator.onLine"


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
    _shared.clear()


def shared_tab(browser: "Browser") -> "Page":
    """The tab of all tests, one after the other: a new one is a new process of Chromium's, which reads
    styles, letters and scripts for the first time."""
    if not _shared:
        _shared.append(browser.new_context().new_page())
    return _shared[0]


def give_back(tab: "Page") -> None:
    """Nothing of a test is there for the next; what cannot be undone goes with the tab.

    It goes to the empty page by itself: sent there, it would get a new process."""
    from playwright.sync_api import Error

    _shared.clear()
    try:
        is_as_new = _emptied(tab)
    except Error:  # on its way to another page
        is_as_new = False
    if is_as_new:
        _shared.append(tab)
    else:
        tab.context.close()


def _emptied(tab: "Page") -> bool:
    """Leave its page and forget all that it kept; whether it is then as new."""
    tab.evaluate("location.replace('about:blank')")
    tab.wait_for_url("about:blank")
    everything = {"origin": "*", "storageTypes": "all"}
    tab.context.new_cdp_session(tab).send("Storage.clearDataForOrigin", everything)
    return tab.evaluate(AS_NEW)


@pytest.fixture
def open_page(browser: "Browser") -> "Iterator[Callable[..., Page]]":
    """`open_page(address, width=360, javascript=True, cookies=[…])`: the page, loaded; fails on anything
    the page's console calls an error, which is where a broken Content-Security-Policy shows.
    `expect`: pieces of errors that belong to the test.

    The first is in the tab of all tests; a second, or one with wishes of its own, is in a new one."""
    tabs, complaints = [], []

    def open_(
        address: str, *, width: int = 360, javascript: bool = True, cookies=(), expect=(), **context
    ) -> "Page":
        def complain(text: str) -> None:
            if not any(piece in text for piece in expect):
                complaints.append(text)

        if not javascript:
            context["java_script_enabled"] = False
        size = {"width": width, "height": 760}
        if tabs or context:
            tab = browser.new_context(viewport=size, **context).new_page()
        else:
            tab = shared_tab(browser)
            tab.set_viewport_size(size)
        heard = {
            "console": lambda m: complain(m.text) if m.type == "error" else None,
            "pageerror": lambda error: complain(str(error)),
        }
        tabs.append((tab, heard))
        for event, listener in heard.items():
            tab.on(event, listener)
        tab.context.add_cookies(list(cookies))
        tab.goto(address)
        return tab

    yield open_
    for tab, heard in tabs:
        if tab not in _shared:
            tab.context.close()
            continue
        give_back(tab)
        for event, listener in heard.items():
            tab.remove_listener(event, listener)
    assert not complaints, complaints
