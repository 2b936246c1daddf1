"""How much an extension gave, and the work somebody else does for an absent officer."""

import sqlalchemy as sa
from alembic import op

revision = "0005_dates"
down_revision = "0004_outbox_due"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("extension", sa.Column("amount", sa.Integer(), nullable=False, server_default="0"))
    op.create_index(
        "ix_petition_handler_for",
        "petition",
        ["handler_for_id", "is_open", "due_at", "id"],
        sqlite_where=sa.text("handler_for_id IS NOT NULL"),
        postgresql_where=sa.text("handler_for_id IS NOT NULL"),
    )


def downgrade() -> None:
    op.drop_index("ix_petition_handler_for", "petition")
    op.drop_column("extension", "amount")
