"""Who may log in. What they may do follows from the positions they hold, never from here."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from flask_security import UserMixin
from sqlalchemy.orm import Mapped, mapped_column

from feedback.db import Base
from feedback.sealing import Sealed


class Login(Base, UserMixin):
    """One officer's way in. Names are kept folded to lower case, so they match however typed.

    `fs_uniquifier` is the name of all present sessions: changing it ends them. `totp_key` is set only
    once the second factor is on; `totp_counter` is the last time step used, so no code works twice.
    """

    __tablename__ = "login"

    officer_id: Mapped[int] = mapped_column(sa.ForeignKey("officer.id"), unique=True)
    username: Mapped[str] = mapped_column(sa.String(60), unique=True)
    email: Mapped[str | None] = mapped_column(sa.String(200), unique=True)
    password: Mapped[str] = mapped_column(sa.String(255))
    active: Mapped[bool] = mapped_column(default=True)
    fs_uniquifier: Mapped[str] = mapped_column(sa.String(64), unique=True)
    must_change_password: Mapped[bool] = mapped_column(default=False)
    totp_key: Mapped[str | None] = mapped_column(Sealed)
    totp_counter: Mapped[int | None]
    recovery_codes: Mapped[list[Any]] = mapped_column(default=list)  # fingerprints
    last_login_at: Mapped[datetime | None]
    created_at: Mapped[datetime]

    @property
    def has_second_factor(self) -> bool:
        return self.totp_key is not None


@dataclass(frozen=True)
class Entered(UserMixin):
    """Whose session it is: what every page of an official asks of a login, without its row."""

    id: int
    officer_id: int
    active: bool
    fs_uniquifier: str
    must_change_password: bool
