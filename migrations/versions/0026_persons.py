"""Which chats are one person's: numbers the channel vouches for, and codes from chat to chat."""

import sqlalchemy as sa
from alembic import op

from feedback.db import UTC

revision = "0026_persons"
down_revision = "0025_reception"
branch_labels = None
depends_on = None

Id = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.add_column("contact", sa.Column("phone_proven_at", UTC()))
    op.create_table(
        "chat_code",
        sa.Column("contact_id", Id, nullable=False),
        sa.Column("code_hash", sa.String(40), nullable=False),
        sa.Column("expires_at", UTC(), nullable=False),
        sa.Column("id", Id, nullable=False),
        sa.ForeignKeyConstraint(["contact_id"], ["contact.id"], name="fk_chat_code_contact_id"),
        sa.PrimaryKeyConstraint("id", name="pk_chat_code"),
        sa.UniqueConstraint("contact_id", name="uq_chat_code_contact_id"),
        sa.UniqueConstraint("code_hash", name="uq_chat_code_code_hash"),
    )


def downgrade() -> None:
    op.drop_table("chat_code")
    op.drop_column("contact", "phone_proven_at")
