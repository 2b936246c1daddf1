"""What every test of the channels starts from."""

import pytest

from bots.telegram import account


@pytest.fixture(autouse=True)
def _no_account_is_remembered():
    account.forget()
