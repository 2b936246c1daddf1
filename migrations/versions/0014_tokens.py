"""Tokens of accounts that must be renewed."""

import sqlalchemy as sa
from alembic import op

from feedback.db import UTC
from feedback.sealing import Sealed

revision = "0014_tokens"
down_revision = "0013_late"
branch_labels = None
depends_on = None

Id = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "channel_token",
        sa.Column("account_id", Id, nullable=False),
        sa.Column("access_token", Sealed()),
        sa.Column("refresh_token", Sealed(), nullable=False),
        sa.Column("expires_at", UTC()),
        sa.Column("renewed_at", UTC(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("renewing_by", sa.String(40)),
        sa.Column("renewing_until", UTC()),
        sa.Column("refused_at", UTC()),
        sa.Column("refused_reason", sa.Text()),
        sa.Column("seed", sa.String(40)),
        sa.Column("about", sa.JSON(), nullable=False),
        sa.Column("id", Id, nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["channel_account.id"], name="fk_channel_token_account_id"),
        sa.PrimaryKeyConstraint("id", name="pk_channel_token"),
        sa.UniqueConstraint("account_id", name="uq_channel_token_account_id"),
    )


def downgrade() -> None:
    op.drop_table("channel_token")
