"""Whether the resident lets the ward show the matter to others, without who they are."""

import sqlalchemy as sa
from alembic import op

revision = "0010_may_publish"
down_revision = "0009_reminder"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("petition", sa.Column("may_publish", sa.Boolean(), nullable=False, server_default=sa.false()))


def downgrade() -> None:
    op.drop_column("petition", "may_publish")
