"""Who looked at or changed what, outside a petition's own timeline."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from feedback import clock
from feedback.db import Base, db


class AuditRow(Base):
    """One look at personal data or one change of the ward's set-up. Never changed, never deleted."""

    __tablename__ = "audit"
    __table_args__ = (sa.Index("ix_audit_subject", "subject", "subject_id"),)

    ward_id: Mapped[int | None] = mapped_column(sa.ForeignKey("ward.id"), index=True)
    at: Mapped[datetime]
    officer_id: Mapped[int | None] = mapped_column(sa.ForeignKey("officer.id"))
    action: Mapped[str] = mapped_column(sa.String(64))
    subject: Mapped[str] = mapped_column(sa.String(40))
    subject_id: Mapped[int | None] = mapped_column(sa.BigInteger)
    detail: Mapped[dict[str, Any]] = mapped_column(default=dict)


def record(
    action: str,
    subject: str,
    subject_id: int | None = None,
    *,
    ward_id: int | None = None,
    officer_id: int | None = None,
    detail: dict[str, Any] | None = None,
) -> None:
    """Add one audit row in the present transaction. `detail` must hold no personal data."""
    db.session.add(
        AuditRow(
            ward_id=ward_id,
            at=clock.now(),
            officer_id=officer_id,
            action=action,
            subject=subject,
            subject_id=subject_id,
            detail=detail or {},
        )
    )
