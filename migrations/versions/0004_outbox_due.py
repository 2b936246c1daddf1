"""What is due is looked for per account: the index says so."""

from alembic import op

revision = "0004_outbox_due"
down_revision = "0003_lifecycle"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.drop_index("ix_outbox_todo", "outbox")
    op.create_index("ix_outbox_due", "outbox", ["state", "channel", "account", "not_before", "id"])


def downgrade() -> None:
    op.drop_index("ix_outbox_due", "outbox")
    op.create_index("ix_outbox_todo", "outbox", ["state", "not_before", "id"])
