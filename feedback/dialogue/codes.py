"""Short codes that survive a telephone and an old pair of glasses: no O, 0, I, 1."""

import secrets

ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
LENGTH = 6


def new_code() -> str:
    """'K7MQ2X': a billion of them."""
    return "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))


def read_code(typed: str) -> str:
    """A code as people type or scan it ('k7m-q2x'); '' when it can be none."""
    bare = "".join(c for c in typed.upper() if c.isalnum())
    return bare if len(bare) == LENGTH and set(bare) <= set(ALPHABET) else ""


def show_code(code: str) -> str:
    """'K7M Q2X', as it is read out."""
    return f"{code[:3]} {code[3:]}"
