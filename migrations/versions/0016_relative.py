"""Who is close to an officer, as the officer declared it."""

import sqlalchemy as sa
from alembic import op

from feedback.db import UTC

revision = "0016_relative"
down_revision = "0015_paper_for"
branch_labels = None
depends_on = None


def upgrade() -> None:
    key = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    op.create_table(
        "relative",
        sa.Column("id", key, nullable=False),
        sa.Column("ward_id", key, nullable=False),
        sa.Column("officer_id", key, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("relationship", sa.Text(), nullable=False),
        sa.Column("phone", sa.Text()),
        sa.Column("colleague_id", key),
        sa.Column("declared_at", UTC(), nullable=False),
        sa.Column("withdrawn_at", UTC()),
        sa.PrimaryKeyConstraint("id", name="pk_relative"),
        sa.ForeignKeyConstraint(["ward_id"], ["ward.id"], name="fk_relative_ward_id"),
        sa.ForeignKeyConstraint(["officer_id"], ["officer.id"], name="fk_relative_officer_id"),
        sa.ForeignKeyConstraint(["colleague_id"], ["officer.id"], name="fk_relative_colleague_id"),
    )
    op.create_index("ix_relative_officer_id", "relative", ["officer_id"])


def downgrade() -> None:
    op.drop_table("relative")
