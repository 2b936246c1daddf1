"""What is sealed opens with its key alone, and only as it was sealed."""

import pytest
from cryptography.fernet import Fernet, InvalidToken
from hypothesis import given
from hypothesis import strategies as st

from feedback import sealing

OLD, NEW = (Fernet.generate_key().decode() for _ in range(2))


@pytest.fixture(autouse=True)
def keys():
    before = sealing._ciphers, sealing._fernets, sealing._hash_keys
    sealing.use_keys((OLD,))
    yield
    sealing._ciphers, sealing._fernets, sealing._hash_keys = before


@given(st.text(max_size=200))
def test_what_is_sealed_comes_back(text):
    sealing.use_keys((OLD,))
    token = sealing.seal(text)
    assert token.isascii()
    assert sealing.unseal(token) == text
    assert sealing.seal(text) != token


def test_an_older_key_still_opens_and_is_not_the_newest():
    token = sealing.seal("Nguyễn Văn An")
    assert sealing.is_newest(token)
    sealing.use_keys((NEW, OLD))
    assert sealing.unseal(token) == "Nguyễn Văn An"
    assert not sealing.is_newest(token)


def test_no_other_key_opens():
    token = sealing.seal("0912345678")
    sealing.use_keys((NEW,))
    with pytest.raises(InvalidToken):
        sealing.unseal(token)


def test_one_changed_letter_opens_nothing():
    token = sealing.seal("0912345678")
    for at in range(len(token.rstrip("=")) - 1):  # of the last, some bits stand for nothing
        changed = token[:at] + ("A" if token[at] != "A" else "B") + token[at + 1 :]
        with pytest.raises(InvalidToken):
            sealing.unseal(changed)


@pytest.mark.parametrize("token", ["", "1.", "1.AAAA", "1.không", "không"])
def test_what_was_never_sealed_opens_nothing(token):
    with pytest.raises(InvalidToken):
        sealing.unseal(token)


def test_what_the_first_versions_sealed_opens_and_is_sealed_anew():
    token = Fernet(OLD).encrypt("Nguyễn Văn An".encode()).decode()
    assert sealing.unseal(token) == "Nguyễn Văn An"
    assert not sealing.is_newest(token)
