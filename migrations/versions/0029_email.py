"""A resident's e-mail address as a way to reach them, sealed."""

import sqlalchemy as sa
from alembic import op

revision = "0029_email"
down_revision = "0028_publicity"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("contact", sa.Column("email", sa.Text()))


def downgrade() -> None:
    op.drop_column("contact", "email")
