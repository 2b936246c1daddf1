"""Photos of one album wait in the inbox itself: a column there instead of a table beside it."""

import sqlalchemy as sa
from alembic import op

revision = "0006_inbound_album"
down_revision = "0005_dates"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.drop_table("album_piece")
    op.add_column("inbound", sa.Column("album", sa.String(80), nullable=False, server_default=""))
    op.create_index(
        "ix_inbound_sender",
        "inbound",
        ["sender", "id"],
        sqlite_where=sa.text("state = 'new'"),
        postgresql_where=sa.text("state = 'new'"),
    )


def downgrade() -> None:
    op.drop_index("ix_inbound_sender", "inbound")
    op.drop_column("inbound", "album")
    key = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    op.create_table(
        "album_piece",
        sa.Column("id", key, nullable=False),
        sa.Column("conversation_id", key, nullable=False),
        sa.Column("inbound_id", key, nullable=False),
        sa.Column("album", sa.String(80), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("detail", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["conversation_id"], ["conversation.id"], name="fk_album_piece_conversation_id"),
        sa.ForeignKeyConstraint(["inbound_id"], ["inbound.id"], name="fk_album_piece_inbound_id"),
        sa.PrimaryKeyConstraint("id", name="pk_album_piece"),
        sa.UniqueConstraint("inbound_id", name="uq_album_piece_inbound_id"),
    )
    op.create_index("ix_album_piece_conversation_id", "album_piece", ["conversation_id"])
