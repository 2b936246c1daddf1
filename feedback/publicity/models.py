"""What was made public where and until when; drafts residents are asked about, and what they said."""

from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from feedback.db import Base, choice
from feedback.documents.models import StoredFile
from feedback.labels import Labelled
from feedback.people.models import Channel, Officer
from feedback.publicity.law import Item, Way, items
from feedback.sealing import Sealed


class Publication(Base):
    """One matter under one of the items. `decided_on`: the local day of the decision it follows."""

    __tablename__ = "publication"
    __table_args__ = (sa.Index("ix_publication_ward", "ward_id", "decided_on"),)

    ward_id: Mapped[int] = mapped_column(sa.ForeignKey("ward.id"))
    item: Mapped[int]
    title: Mapped[str] = mapped_column(sa.String(300))
    text: Mapped[str] = mapped_column(default="")
    decided_on: Mapped[date]
    publish_by: Mapped[date]
    file_id: Mapped[int | None] = mapped_column(sa.ForeignKey("stored_file.id"))
    created_at: Mapped[datetime]
    created_by_id: Mapped[int] = mapped_column(sa.ForeignKey("officer.id"))

    postings: Mapped[list["Posting"]] = relationship(order_by="Posting.id")
    file: Mapped[StoredFile | None] = relationship()

    @property
    def of_item(self) -> Item:
        return items()[self.item]


class Posting(Base):
    """One way of making it public. `ends_on`: the first local day on which it may be taken down."""

    __tablename__ = "posting"
    __table_args__ = (sa.UniqueConstraint("publication_id", "way"),)

    publication_id: Mapped[int] = mapped_column(sa.ForeignKey("publication.id"))
    way: Mapped[Way] = mapped_column(choice(Way))
    starts_on: Mapped[date | None]
    ends_on: Mapped[date | None]
    where: Mapped[str] = mapped_column(sa.String(300), default="")
    done_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("officer.id"))
    done_at: Mapped[datetime | None]

    done_by: Mapped[Officer | None] = relationship()


class Stage(Labelled):
    """Where a consultation stands."""

    OPEN = "open", "Đang lấy ý kiến"
    CLOSED = "closed", "Đang tổng hợp"
    PUBLISHED = "published", "Đã công bố giải trình"


class Taken(Labelled):
    """What became of a comment."""

    YES = "yes", "Tiếp thu"
    PARTLY = "partly", "Tiếp thu một phần"
    NO = "no", "Không tiếp thu"


class Consultation(Base):
    """A draft residents are asked about, from a local day to a local day (inclusive).

    `overrides`: the gates passed against their rule, as in dialogue.
    """

    __tablename__ = "consultation"
    __table_args__ = (sa.Index("ix_consultation_ward", "ward_id", "closes_on"),)

    ward_id: Mapped[int] = mapped_column(sa.ForeignKey("ward.id"))
    title: Mapped[str] = mapped_column(sa.String(300))
    text: Mapped[str]
    file_id: Mapped[int | None] = mapped_column(sa.ForeignKey("stored_file.id"))
    opens_on: Mapped[date]
    closes_on: Mapped[date]
    summary: Mapped[str] = mapped_column(default="")
    published_at: Mapped[datetime | None]
    overrides: Mapped[list[Any]] = mapped_column(default=list)
    created_at: Mapped[datetime]
    created_by_id: Mapped[int] = mapped_column(sa.ForeignKey("officer.id"))

    file: Mapped[StoredFile | None] = relationship()


class Comment(Base):
    """What somebody says about a draft, and what the ward made of it."""

    __tablename__ = "consultation_comment"
    __table_args__ = (sa.Index("ix_consultation_comment", "consultation_id", "id"),)

    consultation_id: Mapped[int] = mapped_column(sa.ForeignKey("consultation.id"))
    text: Mapped[str]
    name: Mapped[str | None] = mapped_column(Sealed)
    neighbourhood_id: Mapped[int | None] = mapped_column(sa.ForeignKey("neighbourhood.id"))
    channel: Mapped[Channel] = mapped_column(choice(Channel))
    contact_id: Mapped[int | None] = mapped_column(sa.ForeignKey("contact.id"))
    entered_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("officer.id"))
    submission_key: Mapped[str | None] = mapped_column(sa.String(80), unique=True)
    at: Mapped[datetime]
    taken: Mapped[Taken | None] = mapped_column(choice(Taken))
    answer: Mapped[str] = mapped_column(default="")

    consultation: Mapped[Consultation] = relationship()
