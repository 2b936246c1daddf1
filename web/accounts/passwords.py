"""Making and checking passwords; the hash (argon2) is made outside every transaction."""

import secrets

from flask_security import hash_password

from feedback.errors import BadInput

SHORTEST = 10
_LETTERS = "abcdefghkmnpqrstuvwxyz23456789"  # no l, o, 0, 1, i, j: read aloud over a telephone


def random_password() -> str:
    """ "hk3m-wq7e-zz2a": for the first log-in after an administrator's reset."""
    return "-".join("".join(secrets.choice(_LETTERS) for _ in range(4)) for _ in range(3))


def check_new(password: str, *names: str | None) -> None:
    """Raises BadInput when a new password is too short or is easily guessed."""
    if len(password) < SHORTEST:
        raise BadInput(f"Mật khẩu cần ít nhất {SHORTEST} ký tự. Có thể dùng một câu dễ nhớ.")
    if len(set(password)) < 5 or password.isdecimal():
        raise BadInput("Mật khẩu này dễ đoán quá. Xin dùng cả chữ, hoặc một câu dễ nhớ.")
    if any(name and name.lower() in password.lower() for name in names):
        raise BadInput("Mật khẩu không được chứa tên đăng nhập hoặc thư điện tử.")


def hashed(password: str) -> str:
    return hash_password(password)
