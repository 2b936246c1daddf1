"""Who comes to a session, and what they thought of it."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from feedback.db import Base, choice
from feedback.dialogue.models import Dialogue
from feedback.labels import Labelled
from feedback.people.models import Channel
from feedback.sealing import Sealed


class Seat(Labelled):
    """What a registration holds."""

    SEATED = "seated", "Có chỗ"
    WAITING = "waiting", "Danh sách chờ"
    LEFT = "left", "Đã rút"


class Registration(Base):
    """Somebody, with `people` of their household, wants to come.

    `code` is short, for the door; `token` is the secret of their own page. `submission_key`: the form
    that was sent, so that sending twice registers once. `check_key`: the same for the door's list.
    """

    __tablename__ = "registration"
    __table_args__ = (
        sa.UniqueConstraint("dialogue_id", "code"),
        sa.CheckConstraint("people BETWEEN 1 AND 10", name="people"),
        sa.Index("ix_registration_queue", "dialogue_id", "state", "id"),
        sa.Index("ix_registration_phone", "dialogue_id", "phone_hash"),
    )

    dialogue_id: Mapped[int] = mapped_column(sa.ForeignKey("dialogue.id"))
    code: Mapped[str] = mapped_column(sa.String(8))
    token: Mapped[str] = mapped_column(sa.String(32), unique=True)
    state: Mapped[Seat] = mapped_column(choice(Seat))
    people: Mapped[int] = mapped_column(default=1)
    is_online: Mapped[bool] = mapped_column(default=False)  # takes no seat in the room
    name: Mapped[str] = mapped_column(Sealed)
    phone: Mapped[str | None] = mapped_column(Sealed)
    phone_hash: Mapped[str | None] = mapped_column(sa.String(40))
    neighbourhood_id: Mapped[int | None] = mapped_column(sa.ForeignKey("neighbourhood.id"))
    channel: Mapped[Channel] = mapped_column(choice(Channel))
    contact_id: Mapped[int | None] = mapped_column(sa.ForeignKey("contact.id"), index=True)
    entered_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("officer.id"))
    submission_key: Mapped[str | None] = mapped_column(sa.String(80), unique=True)
    registered_at: Mapped[datetime]
    promoted_at: Mapped[datetime | None]
    left_at: Mapped[datetime | None]
    checked_in_at: Mapped[datetime | None]
    checked_in_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("officer.id"))
    check_key: Mapped[str | None] = mapped_column(sa.String(80), unique=True)
    phoned_at: Mapped[datetime | None]  # told by telephone what was new then
    phoned_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("officer.id"))

    dialogue: Mapped[Dialogue] = relationship()


class Survey(Base):
    """Three questions to who was there, each 1 to 5 or not yet answered; once for each registration."""

    __tablename__ = "dialogue_survey"

    registration_id: Mapped[int] = mapped_column(sa.ForeignKey("registration.id"), unique=True)
    dialogue_id: Mapped[int] = mapped_column(sa.ForeignKey("dialogue.id"), index=True)
    heard: Mapped[int | None]  # was I told in time
    answered: Mapped[int | None]  # were the answers clear
    believed: Mapped[int | None]  # do I believe it will be done
    comment: Mapped[str] = mapped_column(default="")
    at: Mapped[datetime]
