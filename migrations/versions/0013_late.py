"""When an answer is late: a limit in days lasts until midnight, not until the office closes."""

import sqlalchemy as sa
from alembic import op

revision = "0013_late"
down_revision = "0012_silent"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("petition", sa.Column("late_at", sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    op.drop_column("petition", "late_at")
