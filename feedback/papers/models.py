"""Papers that were issued: number, date, who signed, and the files as they went out."""

from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.orm import Mapped, mapped_column, relationship

from feedback.db import Base
from feedback.documents import store
from feedback.people.models import Officer


class Paper(Base):
    """One issued paper. Rows and files are never changed; what was wrong is set right by another paper.

    `number` runs without gaps in (ward, series, year); forms without a number have neither. The files lie
    in `papers/` under the upload directory, named by their hashes.
    """

    __tablename__ = "paper"
    __table_args__ = (
        sa.UniqueConstraint("ward_id", "series", "year", "number"),
        sa.Index("ix_paper_ward", "ward_id", "id"),
        sa.Index("ix_paper_petition", "petition_id", "id"),
    )

    ward_id: Mapped[int] = mapped_column(sa.ForeignKey("ward.id"))
    petition_id: Mapped[int | None] = mapped_column(sa.ForeignKey("petition.id"))
    form: Mapped[str] = mapped_column(sa.String(40))
    code: Mapped[str] = mapped_column(sa.String(40))  # as the decree names the form: "Mẫu số 03"
    name: Mapped[str] = mapped_column(sa.String(120))
    subject: Mapped[str]
    series: Mapped[str | None] = mapped_column(sa.String(40))
    year: Mapped[int]
    number: Mapped[int | None]
    sign: Mapped[str] = mapped_column(sa.String(60))  # "05/TB-UBND"; empty without a number
    issued_on: Mapped[date]  # the local day printed on it
    issued_at: Mapped[datetime]
    issued_by_id: Mapped[int] = mapped_column(sa.ForeignKey("officer.id"))
    # Who was away and lent the right to give it out.
    issued_for_id: Mapped[int | None] = mapped_column(sa.ForeignKey("officer.id"))
    signed_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("officer.id"))
    signed_by: Mapped[str] = mapped_column(sa.String(120))
    signed_as: Mapped[str] = mapped_column(sa.String(240))  # the words above the signature
    docx_sha256: Mapped[str] = mapped_column(sa.String(64))
    pdf_sha256: Mapped[str] = mapped_column(sa.String(64))
    key: Mapped[str | None] = mapped_column(
        sa.String(64), unique=True
    )  # of the form that asked for it

    issued_by: Mapped[Officer] = relationship(foreign_keys=[issued_by_id])

    def sha256(self, suffix: str) -> str:
        """Of the DOCX or the PDF."""
        return {"docx": self.docx_sha256, "pdf": self.pdf_sha256}[suffix]

    def path(self, suffix: str) -> str:
        """Where the file lies, relative to the folder of papers."""
        return store.place(self.sha256(suffix), suffix)


@event.listens_for(Paper, "before_update")
@event.listens_for(Paper, "before_delete")
def _keep(_mapper: Any, _connection: Any, paper: Paper) -> None:
    raise RuntimeError(f"paper {paper.id} was issued and is kept as it is")
