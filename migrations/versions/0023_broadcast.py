"""Subscriptions, announcements to many, and what goes before them in the outbox."""

import sqlalchemy as sa
from alembic import op

from feedback.db import UTC

revision = "0023_broadcast"
down_revision = "0022_text"
branch_labels = None
depends_on = None

Id = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
DUE = ["state", "channel", "account", "not_before", "id"]


def upgrade() -> None:
    op.create_table(
        "subscription",
        sa.Column("ward_id", Id, nullable=False),
        sa.Column("contact_id", Id, nullable=False),
        sa.Column("topic", sa.String(30), nullable=False),
        sa.Column("consented_at", UTC(), nullable=False),
        sa.Column("ended_at", UTC()),
        sa.Column("id", Id, nullable=False),
        sa.ForeignKeyConstraint(["ward_id"], ["ward.id"], name="fk_subscription_ward_id"),
        sa.ForeignKeyConstraint(["contact_id"], ["contact.id"], name="fk_subscription_contact_id"),
        sa.PrimaryKeyConstraint("id", name="pk_subscription"),
        sa.UniqueConstraint("contact_id", "topic", name="uq_subscription_contact_id_topic"),
    )
    op.create_index("ix_subscription_ward", "subscription", ["ward_id", "contact_id", "topic"])
    op.create_table(
        "broadcast",
        sa.Column("ward_id", Id, nullable=False),
        sa.Column("key", sa.String(80)),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(32), nullable=False),
        sa.Column("topics", sa.JSON(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("file_id", Id),
        sa.Column("dialogue_id", Id),
        sa.Column("buttons", sa.JSON(), nullable=False),
        sa.Column("link", sa.JSON(), nullable=False),
        sa.Column("is_urgent", sa.Boolean(), nullable=False),
        sa.Column("cursor", sa.BigInteger(), nullable=False),
        sa.Column("audience", sa.Integer(), nullable=False),
        sa.Column("skipped", sa.JSON(), nullable=False),
        sa.Column("created_at", UTC(), nullable=False),
        sa.Column("created_by_id", Id),
        sa.Column("starts_at", UTC()),
        sa.Column("started_at", UTC()),
        sa.Column("expanded_at", UTC()),
        sa.Column("finished_at", UTC()),
        sa.Column("id", Id, nullable=False),
        sa.ForeignKeyConstraint(["ward_id"], ["ward.id"], name="fk_broadcast_ward_id"),
        sa.ForeignKeyConstraint(["file_id"], ["stored_file.id"], name="fk_broadcast_file_id"),
        sa.ForeignKeyConstraint(["dialogue_id"], ["dialogue.id"], name="fk_broadcast_dialogue_id"),
        sa.ForeignKeyConstraint(["created_by_id"], ["officer.id"], name="fk_broadcast_created_by_id"),
        sa.PrimaryKeyConstraint("id", name="pk_broadcast"),
        sa.UniqueConstraint("key", name="uq_broadcast_key"),
    )
    op.create_index("ix_broadcast_ward", "broadcast", ["ward_id", "id"])
    op.create_index("ix_broadcast_state", "broadcast", ["state", "starts_at"])
    with op.batch_alter_table("outbox") as outbox:
        outbox.add_column(sa.Column("broadcast_id", Id))
        outbox.add_column(sa.Column("priority", sa.Integer(), nullable=False, server_default="0"))
        outbox.create_foreign_key("fk_outbox_broadcast_id", "broadcast", ["broadcast_id"], ["id"])
        outbox.drop_index("ix_outbox_due")
        outbox.create_index("ix_outbox_due", [*DUE[:3], "priority", *DUE[3:]])
        outbox.create_index("ix_outbox_broadcast", ["broadcast_id", "state"])


def downgrade() -> None:
    with op.batch_alter_table("outbox") as outbox:
        outbox.drop_index("ix_outbox_broadcast")
        outbox.drop_index("ix_outbox_due")
        outbox.create_index("ix_outbox_due", DUE)
        outbox.drop_constraint("fk_outbox_broadcast_id", type_="foreignkey")
        outbox.drop_column("priority")
        outbox.drop_column("broadcast_id")
    op.drop_table("broadcast")
    op.drop_table("subscription")
