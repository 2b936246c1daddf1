"""A group chat of officials, or a topic of it, hears of a department's new work."""

import sqlalchemy as sa
from alembic import op

revision = "0031_groups"
down_revision = "0030_taps"
branch_labels = None
depends_on = None

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "office_group",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("ward_id", NUMBER, nullable=False),
        sa.Column("contact_id", NUMBER, nullable=False),
        sa.Column("department_id", NUMBER, nullable=True),
        sa.Column("linked_by_id", NUMBER, nullable=True),
        sa.Column("linked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("digest_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(["ward_id"], ["ward.id"], name="fk_office_group_ward_id"),
        sa.ForeignKeyConstraint(["contact_id"], ["contact.id"], name="fk_office_group_contact_id"),
        sa.ForeignKeyConstraint(
            ["department_id"], ["department.id"], name="fk_office_group_department_id"
        ),
        sa.ForeignKeyConstraint(
            ["linked_by_id"], ["officer.id"], name="fk_office_group_linked_by_id"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_office_group"),
        sa.UniqueConstraint("contact_id", name="uq_office_group_contact_id"),
    )
    op.create_index("ix_office_group_ward_id", "office_group", ["ward_id"])
    op.create_table(
        "group_code",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("ward_id", NUMBER, nullable=False),
        sa.Column("department_id", NUMBER, nullable=True),
        sa.Column("made_by_id", NUMBER, nullable=False),
        sa.Column("code_hash", sa.String(40), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["ward_id"], ["ward.id"], name="fk_group_code_ward_id"),
        sa.ForeignKeyConstraint(
            ["department_id"], ["department.id"], name="fk_group_code_department_id"
        ),
        sa.ForeignKeyConstraint(["made_by_id"], ["officer.id"], name="fk_group_code_made_by_id"),
        sa.PrimaryKeyConstraint("id", name="pk_group_code"),
        sa.UniqueConstraint("made_by_id", name="uq_group_code_made_by_id"),
        sa.UniqueConstraint("code_hash", name="uq_group_code_code_hash"),
    )


def downgrade() -> None:
    op.drop_table("group_code")
    op.drop_table("office_group")
