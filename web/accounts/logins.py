"""What can be done to a login. Nothing here commits; callers bring the transaction."""

import uuid

import sqlalchemy as sa

from feedback import audit, clock
from feedback.db import db
from feedback.errors import BadInput
from feedback.people import chats
from feedback.people.models import Officer
from feedback.text import nfc
from web.accounts import passwords, second_factor
from web.accounts.models import Login


def create_login(
    officer: Officer,
    username: str,
    password: str = "",
    *,
    password_hash: str = "",
    email: str | None = None,
    must_change_password: bool = False,
) -> Login:
    """Give an officer a way in, by a password or by its ready-made hash (argon2 takes its time).

    `email` falls back on the officer's own.

    Raises BadInput when the officer has a login already or the name is taken.
    """
    login = Login(
        officer_id=officer.id,
        username=folded(username),
        email=folded(email or officer.email or "") or None,
        password=password_hash or passwords.hashed(password),
        active=True,
        fs_uniquifier=_session_name(),
        must_change_password=must_change_password,
        recovery_codes=[],
        created_at=clock.now(),
    )
    _refuse_taken(login)
    db.session.add(login)
    db.session.flush()
    return login


def find(name: str) -> Login | None:
    """The login with this username or e-mail, however its letters are written."""
    name = folded(name)
    matches = sa.or_(Login.username == name, Login.email == name)
    return db.session.scalars(sa.select(Login).where(matches).limit(1)).first()


def of_officer(officer_id: int) -> Login | None:
    return db.session.scalars(sa.select(Login).where(Login.officer_id == officer_id)).first()


def change_password(login: Login, password_hash: str, *, must_change: bool = False) -> None:
    """Set a new password and end every session of this login."""
    login.password = password_hash
    login.must_change_password = must_change
    login.fs_uniquifier = _session_name()


def reset_password(login: Login, password_hash: str, *, by_officer_id: int | None) -> None:
    """An administrator sets a password that must be changed at the next log-in; second factor off."""
    change_password(login, password_hash, must_change=True)
    second_factor.switch_off(login)
    _note("login.reset", login, by_officer_id)


def set_active(login: Login, is_active: bool, *, by_officer_id: int | None) -> None:
    """Open or close the door; closing it ends every session."""
    login.active = is_active
    login.fs_uniquifier = _session_name()
    if not is_active:  # a chat acts with its officer's rights
        chats.unlink_all(login.officer_id, by_officer_id=by_officer_id)
    _note("login.opened" if is_active else "login.closed", login, by_officer_id)


def folded(name: str) -> str:
    return nfc(name).strip().lower()


def _refuse_taken(login: Login) -> None:
    taken = [Login.officer_id == login.officer_id, Login.username == login.username]
    taken += [Login.email == login.email] if login.email else []
    if not login.username or db.session.scalar(sa.select(Login.id).where(sa.or_(*taken)).limit(1)):
        raise BadInput(
            "Cán bộ này đã có tài khoản, hoặc tên đăng nhập, thư điện tử đã có người dùng."
        )


def _note(action: str, login: Login, by_officer_id: int | None) -> None:
    officer = db.session.get_one(Officer, login.officer_id)
    audit.record(action, "officer", officer.id, ward_id=officer.ward_id, officer_id=by_officer_id)


def _session_name() -> str:
    return uuid.uuid4().hex
