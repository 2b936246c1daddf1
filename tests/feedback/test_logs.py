"""Log lines: valid JSON, tied to their request, and silent about secrets."""

import json
import logging

import pytest

from feedback.logs import JsonLines, begin, bound, redact


@pytest.fixture(autouse=True)
def _no_ids_of_others():
    """A request ended on this thread leaves its ids until the next one begins."""
    begin()


def line(message, *args, secrets=(), **more):
    record = logging.LogRecord("web", logging.INFO, "", 0, message, args, None)
    vars(record).update(more)
    return json.loads(JsonLines(secrets).format(record))


def test_a_line_says_when_how_bad_and_what():
    written = line("sent %s", 3)
    assert (written["level"], written["logger"], written["message"]) == ("INFO", "web", "sent 3")
    assert written["at"].endswith("+00:00")


def test_a_line_carries_the_ids_of_its_block():
    with bound(request="r1"), bound(update=77):
        written = line("x")
    assert (written["request"], written["update"]) == ("r1", "77")
    assert "request" not in line("x")


def test_a_line_may_carry_fields():
    assert line("x", fields={"ms": 12})["ms"] == 12


@pytest.mark.parametrize(
    "secret",
    [
        "0912345678",
        "0912 345 678",
        "+84912345678",
        "84912345678",
        "024.3825.3536",
        "https://api.telegram.org/bot123456:TEST/getMe",
        "110201543:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw8",
        "/t/Zk3hQ9aT2mB7xW",
        "/cam-on/Zk3hQ9aT2mB7xW",
        "/f/Zk3hQ9aT2mB7xW",
        "/desk/files/Zk3hQ9aT2mB7xW",
        "postgresql://ward:hunter22@db/ward",
    ],
)
def test_what_looks_like_a_secret_is_cut_out(secret):
    shown = redact(f"trước {secret} sau")
    assert "•••" in shown
    for part in ("345", "3825", "123456:", "AAHd", "hQ9a", "hunter22"):
        assert part not in shown
    assert shown.startswith("trước ")
    assert shown.endswith(" sau")


@pytest.mark.parametrize(
    "harmless",
    [
        "BD-2026-000123",
        "2026-11-23T08:00:00.123456+07:00",
        "message 1234567890 (try 2)",
        "a0b1c2d3",
    ],
)
def test_what_is_harmless_stays(harmless):
    assert redact(harmless) == harmless


def test_known_secrets_are_cut_out_even_inside_errors():
    try:
        raise ValueError("bad key sesame")
    except ValueError as error:
        info = (ValueError, error, error.__traceback__)
    written = line("key sesame", secrets=["sesame", ""], exc_info=info)
    assert "sesame" not in json.dumps(written)
    assert "ValueError" in written["error"]
