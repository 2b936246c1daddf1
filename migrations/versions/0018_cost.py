"""What messages cost, templates, and what is to be said by telephone or on paper."""

import sqlalchemy as sa
from alembic import op

from feedback.db import UTC

revision = "0018_cost"
down_revision = "0017_dialogue"
branch_labels = None
depends_on = None

Id = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "message_cost",
        sa.Column("outbox_id", Id, nullable=False),
        sa.Column("ward_id", Id, nullable=False),
        sa.Column("month", sa.String(7), nullable=False),
        sa.Column("way", sa.String(32), nullable=False),
        sa.Column("price", sa.Integer(), nullable=False),
        sa.Column("created_at", UTC(), nullable=False),
        sa.Column("id", Id, nullable=False),
        sa.ForeignKeyConstraint(["outbox_id"], ["outbox.id"], name="fk_message_cost_outbox_id"),
        sa.ForeignKeyConstraint(["ward_id"], ["ward.id"], name="fk_message_cost_ward_id"),
        sa.PrimaryKeyConstraint("id", name="pk_message_cost"),
        sa.UniqueConstraint("outbox_id", name="uq_message_cost_outbox_id"),
    )
    op.create_table(
        "month_spending",
        sa.Column("ward_id", Id, nullable=False),
        sa.Column("month", sa.String(7), nullable=False),
        sa.Column("spent", sa.Integer(), nullable=False),
        sa.Column("id", Id, nullable=False),
        sa.ForeignKeyConstraint(["ward_id"], ["ward.id"], name="fk_month_spending_ward_id"),
        sa.PrimaryKeyConstraint("id", name="pk_month_spending"),
        sa.UniqueConstraint("ward_id", "month", name="uq_month_spending_ward_id_month"),
    )
    op.create_table(
        "channel_template",
        sa.Column("account_id", Id, nullable=False),
        sa.Column("notice", sa.String(40), nullable=False),
        sa.Column("template_id", sa.String(40), nullable=False),
        sa.Column("id", Id, nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["channel_account.id"], name="fk_channel_template_account_id"),
        sa.PrimaryKeyConstraint("id", name="pk_channel_template"),
        sa.UniqueConstraint("account_id", "notice", name="uq_channel_template_account_id_notice"),
    )
    op.create_table(
        "outreach",
        sa.Column("ward_id", Id, nullable=False),
        sa.Column("outbox_id", Id, nullable=False),
        sa.Column("petition_id", Id),
        sa.Column("means", sa.String(32), nullable=False),
        sa.Column("created_at", UTC(), nullable=False),
        sa.Column("done_at", UTC()),
        sa.Column("done_by_id", Id),
        sa.Column("id", Id, nullable=False),
        sa.ForeignKeyConstraint(["ward_id"], ["ward.id"], name="fk_outreach_ward_id"),
        sa.ForeignKeyConstraint(["outbox_id"], ["outbox.id"], name="fk_outreach_outbox_id"),
        sa.ForeignKeyConstraint(["petition_id"], ["petition.id"], name="fk_outreach_petition_id"),
        sa.ForeignKeyConstraint(["done_by_id"], ["officer.id"], name="fk_outreach_done_by_id"),
        sa.PrimaryKeyConstraint("id", name="pk_outreach"),
        sa.UniqueConstraint("outbox_id", name="uq_outreach_outbox_id"),
    )
    op.create_index("ix_outreach_open", "outreach", ["ward_id", "done_at", "id"])


def downgrade() -> None:
    for name in ("outreach", "channel_template", "month_spending", "message_cost"):
        op.drop_table(name)
