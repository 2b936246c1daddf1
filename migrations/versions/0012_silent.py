"""Answers nobody spoke up against, found without reading the table."""

import sqlalchemy as sa
from alembic import op

revision = "0012_silent"
down_revision = "0011_lists"
branch_labels = None
depends_on = None


def upgrade() -> None:
    where = sa.text("status = 'answered'")
    op.create_index("ix_petition_silent", "petition", ["answered_at", "id"], sqlite_where=where, postgresql_where=where)


def downgrade() -> None:
    op.drop_index("ix_petition_silent", "petition")
