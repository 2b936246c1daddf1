"""A ward's own words for messages."""

import sqlalchemy as sa
from alembic import op

revision = "0022_text"
down_revision = "0021_waiting"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "ward_text",
        sa.Column("ward_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("message", sa.String(80), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(["ward_id"], ["ward.id"], name=op.f("fk_ward_text_ward_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ward_text")),
        sa.UniqueConstraint("ward_id", "message", name=op.f("uq_ward_text_ward_id_message")),
    )


def downgrade() -> None:
    op.drop_table("ward_text")
