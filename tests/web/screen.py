"""Officers and residents before a screen: pages in Chromium as each of them sees them."""

import os
from collections.abc import Callable, Iterable, Iterator
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from flask import Flask

from feedback.people.models import Officer
from tests.browser import serving
from tests.web.sound import WIDTHS, complaints_at_every_width
from tests.web.staff import at_desk

if TYPE_CHECKING:
    from playwright.sync_api import Page

REFUSED = ("404", "409", "422", "net::")  # the browser's console counts them as errors
SHOTS = os.environ.get("SHOTS")  # a folder for pictures of the pages, to look at them by eye


def session_of(app: Flask, officer: Officer) -> list[dict]:
    """The cookies a browser keeps of an officer who has logged in."""
    value = at_desk(app, officer).get_cookie("session").value
    cookie = {"name": "session", "value": value, "domain": "127.0.0.1", "path": "/"}
    return [cookie | {"httpOnly": True, "sameSite": "Lax"}]


@pytest.fixture
def site(app, world) -> Iterator[str]:
    with serving(app) as address:
        yield address


@pytest.fixture
def sit(app, world, site, open_page) -> "Callable[..., Page]":
    """`sit("an", "/desk/", width=1366)`: the page as this officer sees it; "" is anybody."""

    def sit_(who: str, path: str, **how) -> "Page":
        if who:
            how = {"cookies": session_of(app, world.people[who]), "expect": REFUSED, **how}
        return open_page(site + path, **how)

    return sit_


@pytest.fixture
def faults(app, world, site, open_page) -> Callable[[Iterable[tuple[str, str]]], list[str]]:
    """`faults([("an", "/desk/"), …])`: what is wrong with any of the pages at any width.

    Officials take turns at one tab, residents have another.
    """
    tabs: dict[bool, Page] = {}
    cookies = cache(lambda who: session_of(app, world.people[who]) if who else [])

    def faults_(pages: Iterable[tuple[str, str]]) -> list[str]:
        found = []
        for no, (who, path) in enumerate(pages):
            tab = tabs.get(bool(who))
            if tab:
                tab.context.clear_cookies()
                tab.context.add_cookies(cookies(who))
                tab.goto(site + path)
            else:
                expect = REFUSED if who else ()
                tab = open_page(site + path, cookies=cookies(who), expect=expect)
                tabs[bool(who)] = tab
            _picture(tab, f"{no:02}-{who or 'public'}")
            found += complaints_at_every_width(tab)
        return found

    return faults_


def _picture(page: "Page", name: str) -> None:
    for width in WIDTHS if SHOTS else ():
        page.set_viewport_size({"width": width, "height": 760})
        page.screenshot(path=Path(SHOTS) / f"{name}-{width}.png", full_page=True)
