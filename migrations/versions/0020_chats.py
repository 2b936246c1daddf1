"""Officers' own chats: one-time codes, one chat on each channel, what a bot is found by; reading a chat back"""

import sqlalchemy as sa
from alembic import op

from feedback.db import UTC

revision = "0020_chats"
down_revision = "0019_tracks"
branch_labels = None
depends_on = None

_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "link_code",
        sa.Column("officer_id", _ID, nullable=False),
        sa.Column("code_hash", sa.String(40), nullable=False),
        sa.Column("expires_at", UTC(), nullable=False),
        sa.Column("id", _ID, nullable=False),
        sa.ForeignKeyConstraint(["officer_id"], ["officer.id"], name="fk_link_code_officer_id"),
        sa.PrimaryKeyConstraint("id", name="pk_link_code"),
        sa.UniqueConstraint("officer_id", name="uq_link_code_officer_id"),
        sa.UniqueConstraint("code_hash", name="uq_link_code_code_hash"),
    )
    op.drop_index("ix_contact_officer_id", "contact")
    op.create_index("ix_contact_officer_channel", "contact", ["officer_id", "channel"], unique=True)
    op.add_column(
        "channel_account",
        sa.Column("public_name", sa.String(80), nullable=False, server_default=""),
    )
    op.create_index("ix_inbound_chat", "inbound", ["sender", "id"])


def downgrade() -> None:
    op.drop_index("ix_inbound_chat", "inbound")
    op.drop_column("channel_account", "public_name")
    op.drop_index("ix_contact_officer_channel", "contact")
    op.create_index("ix_contact_officer_id", "contact", ["officer_id"])
    op.drop_table("link_code")
