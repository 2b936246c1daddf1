"""Hours of one day, and the usual urgency of a field, as a ward sets them."""

import sqlalchemy as sa
from alembic import op

revision = "0024_hours"
down_revision = "0023_broadcast"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("day_rule", sa.Column("windows", sa.String(60), server_default="", nullable=False))
    op.add_column("field", sa.Column("urgency", sa.String(12), nullable=True))


def downgrade() -> None:
    op.drop_column("field", "urgency")
    op.drop_column("day_rule", "windows")
