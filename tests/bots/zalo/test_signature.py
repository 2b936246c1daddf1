"""Who may speak for Zalo."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bots.zalo.signature import fits, mac

VECTOR = json.loads((Path(__file__).parents[2] / "payloads" / "zalo_signature.json").read_text())
BODY = VECTOR["raw_body"].encode()
KEYS = {"app_id": VECTOR["app_id"], "key": VECTOR["oa_secret_key"]}
HEADER = VECTOR["X-ZEvent-Signature"]


@pytest.mark.parametrize(
    "header",
    [
        HEADER,
        HEADER.removeprefix("mac="),
        HEADER.replace("=", " = "),
        f"  {HEADER} ",
        HEADER.replace(HEADER[4:], HEADER[4:].upper()),
    ],
)
def test_the_known_vector_in_every_way_it_may_be_written(header):
    assert fits(header, BODY, **KEYS)


@pytest.mark.parametrize(
    ("header", "body", "keys"),
    [
        ("", BODY, KEYS),
        ("mac=", BODY, KEYS),
        (HEADER[:-1], BODY, KEYS),
        (HEADER + "0", BODY, KEYS),
        ("mac=" + "0" * 64, BODY, KEYS),
        (HEADER, BODY + b" ", KEYS),
        (HEADER, BODY.replace(b"1751100041636", b"1751100041637"), KEYS),
        (HEADER, b"", KEYS),
        (HEADER, BODY, {**KEYS, "key": "other"}),
        (HEADER, BODY, {**KEYS, "key": ""}),
        (HEADER, BODY, {**KEYS, "app_id": ""}),
        (HEADER, BODY, {**KEYS, "app_id": "1"}),
    ],
)
def test_anything_else_is_refused(header, body, keys):
    assert not fits(header, body, **keys)


def test_words_of_a_resident_can_not_move_the_timestamp():
    event = {"message": {"text": '"timestamp":"1"'}, "timestamp": "1751100041636"}
    body = json.dumps(event, ensure_ascii=False).encode()
    good = mac(KEYS["app_id"], body, b"1751100041636", KEYS["key"])
    assert fits(f"mac={good}", body, **KEYS)


def test_a_timestamp_that_is_a_number_will_do():
    body = b'{"timestamp": 1751100041636, "x": 1}'
    good = mac(KEYS["app_id"], body, b"1751100041636", KEYS["key"])
    assert fits(good, body, **KEYS)


@given(st.text(max_size=200), st.binary(max_size=400))
def test_nothing_raises(header, body):
    assert not fits(header, body, **KEYS)
