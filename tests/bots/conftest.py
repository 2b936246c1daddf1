"""What every test of the channels starts from."""

import ssl
from functools import cache

import pytest

from bots.telegram import account
from bots.zalo import account as zalo_account

_trusted = cache(ssl.create_default_context)


@pytest.fixture(autouse=True)
def _authorities_are_read_once(monkeypatch):
    """The stand-ins speak no TLS; reading whom to trust took each client 25 ms."""
    monkeypatch.setattr(ssl, "create_default_context", _trusted)


@pytest.fixture(autouse=True)
def _no_account_is_remembered():
    account.forget()
    zalo_account.forget()
