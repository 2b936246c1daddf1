"""What a machine can say of a page on a screen: axe finds nothing, nothing runs sideways."""

from typing import TYPE_CHECKING

from axe_playwright_python.base import AXE_SCRIPT, AxeResults

if TYPE_CHECKING:
    from playwright.sync_api import Page

WIDTHS = (360, 1024, 1366)
SMALLEST = 320


def complaints(page: "Page") -> list[str]:
    """What axe finds on the page as it stands: its address and the report, or nothing."""
    if not page.evaluate("'axe' in window"):  # half a megabyte: once for each page, not each width
        page.evaluate(AXE_SCRIPT)
    found = AxeResults(page.evaluate("axe.run({resultTypes: ['violations']})"))
    return [page.url, found.generate_report()] if found.violations_count else []


def complaints_at_every_width(page: "Page") -> list[str]:
    """The same at every width the pages are made for, and whether the smallest scrolls sideways."""
    found = []
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 760})
        found += complaints(page)
    page.set_viewport_size({"width": SMALLEST, "height": 760})
    if page.evaluate("document.documentElement.scrollWidth") > SMALLEST:
        found.append(f"{page.url} runs sideways at {SMALLEST} px")
    return found
