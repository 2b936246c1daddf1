"""What every test of the channels starts from."""

import pytest

from bots.telegram import account
from bots.zalo import account as zalo_account


@pytest.fixture(autouse=True)
def _no_account_is_remembered():
    account.forget()
    zalo_account.forget()
