"""Reminders, and when each open date is looked at next."""

import sqlalchemy as sa
from alembic import op

from feedback import clock
from feedback.db import UTC

revision = "0009_reminder"
down_revision = "0008_paper"
branch_labels = None
depends_on = None

OPEN = sa.text("met_at IS NULL")
STANDING = sa.text("cleared_at IS NULL")
DEADLINE = sa.table(
    "deadline", sa.column("due_at", UTC()), sa.column("met_at", UTC()), sa.column("look_at", UTC())
)


def upgrade() -> None:
    op.add_column("deadline", sa.Column("look_at", UTC()))
    op.add_column(
        "deadline", sa.Column("is_stopped", sa.Boolean(), nullable=False, server_default=sa.false())
    )
    # From now on; of a date that has passed, from that date on.
    now, due_at = sa.literal(clock.now(), UTC()), DEADLINE.c.due_at
    op.execute(
        sa.update(DEADLINE)
        .where(DEADLINE.c.met_at.is_(None))
        .values(look_at=sa.case((due_at < now, due_at), else_=now))
    )
    op.execute(
        "UPDATE deadline SET is_stopped = true WHERE met_at IS NULL AND step = 'answer'"
        " AND petition_id IN (SELECT petition_id FROM pause WHERE ends_at IS NULL)"
    )
    op.drop_index("ix_deadline_open", "deadline")
    op.create_index(
        "ix_deadline_look", "deadline", ["look_at"], sqlite_where=OPEN, postgresql_where=OPEN
    )
    key = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    op.create_table(
        "reminder",
        sa.Column("id", key, nullable=False),
        sa.Column("petition_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("rung", sa.String(32), nullable=False),
        sa.Column("step", sa.String(32), nullable=False),
        sa.Column("due_at", UTC(), nullable=False),
        sa.Column("officer_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("for_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite")),
        sa.Column("relation", sa.String(32), nullable=False),
        sa.Column("is_urgent", sa.Boolean(), nullable=False),
        sa.Column("at", UTC(), nullable=False),
        sa.Column("told_at", UTC()),
        sa.Column("digest_on", sa.Date()),
        sa.Column("cleared_at", UTC()),
        sa.PrimaryKeyConstraint("id", name="pk_reminder"),
        sa.ForeignKeyConstraint(["petition_id"], ["petition.id"], name="fk_reminder_petition_id"),
        sa.ForeignKeyConstraint(["officer_id"], ["officer.id"], name="fk_reminder_officer_id"),
        sa.ForeignKeyConstraint(["for_id"], ["officer.id"], name="fk_reminder_for_id"),
        sa.UniqueConstraint(
            "petition_id",
            "rung",
            "due_at",
            "officer_id",
            name="uq_reminder_petition_id_rung_due_at_officer_id",
        ),
    )
    op.create_index(
        "ix_reminder_standing",
        "reminder",
        ["officer_id"],
        sqlite_where=STANDING,
        postgresql_where=STANDING,
    )
    op.create_index("ix_reminder_digest", "reminder", ["officer_id", "digest_on"])


def downgrade() -> None:
    op.drop_table("reminder")
    op.drop_index("ix_deadline_look", "deadline")
    op.create_index("ix_deadline_open", "deadline", ["met_at", "due_at"])
    op.drop_column("deadline", "is_stopped")
    op.drop_column("deadline", "look_at")
