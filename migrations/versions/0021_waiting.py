"""Since when a petition waits for whom it waits for."""

import sqlalchemy as sa
from alembic import op

from feedback.db import UTC

revision = "0021_waiting"
down_revision = "0020_chats"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("petition", sa.Column("waiting_since", UTC()))
    op.execute("UPDATE petition SET waiting_since = updated_at")


def downgrade() -> None:
    op.drop_column("petition", "waiting_since")
