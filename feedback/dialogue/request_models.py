"""Residents who ask the ward for a dialogue."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from feedback.db import Base, choice
from feedback.people.models import Channel
from feedback.sealing import Sealed


class DialogueRequest(Base):
    """One voter who asks, or `people` signatures handed in on paper. `voter` counts once in a `round`:
    the number of conferences held before."""

    __tablename__ = "dialogue_request"
    __table_args__ = (sa.UniqueConstraint("ward_id", "round", "voter"),)

    ward_id: Mapped[int] = mapped_column(sa.ForeignKey("ward.id"))
    round: Mapped[int]
    voter: Mapped[str] = mapped_column(sa.String(48))
    people: Mapped[int] = mapped_column(default=1)
    name: Mapped[str] = mapped_column(Sealed)
    neighbourhood_id: Mapped[int | None] = mapped_column(sa.ForeignKey("neighbourhood.id"))
    about: Mapped[str] = mapped_column(default="")
    channel: Mapped[Channel] = mapped_column(choice(Channel))
    entered_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("officer.id"))
    at: Mapped[datetime]
