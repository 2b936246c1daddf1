"""Papers that were issued: numbered, signed, kept."""

import sqlalchemy as sa
from alembic import op
from feedback.db import UTC

revision = "0008_paper"
down_revision = "0007_login"
branch_labels = None
depends_on = None


def upgrade() -> None:
    key = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    op.create_table(
        "paper",
        sa.Column("id", key, nullable=False),
        sa.Column("ward_id", key, nullable=False),
        sa.Column("petition_id", key, nullable=True),
        sa.Column("form", sa.String(40), nullable=False),
        sa.Column("code", sa.String(40), nullable=False),
        sa.Column("name", sa.String(120), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("series", sa.String(40), nullable=True),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=True),
        sa.Column("sign", sa.String(60), nullable=False),
        sa.Column("issued_on", sa.Date(), nullable=False),
        sa.Column("issued_at", UTC(), nullable=False),
        sa.Column("issued_by_id", key, nullable=False),
        sa.Column("signed_by_id", key, nullable=True),
        sa.Column("signed_by", sa.String(120), nullable=False),
        sa.Column("signed_as", sa.String(240), nullable=False),
        sa.Column("docx_sha256", sa.String(64), nullable=False),
        sa.Column("pdf_sha256", sa.String(64), nullable=False),
        sa.Column("key", sa.String(64), nullable=True),
        sa.ForeignKeyConstraint(["issued_by_id"], ["officer.id"], name="fk_paper_issued_by_id"),
        sa.ForeignKeyConstraint(["petition_id"], ["petition.id"], name="fk_paper_petition_id"),
        sa.ForeignKeyConstraint(["signed_by_id"], ["officer.id"], name="fk_paper_signed_by_id"),
        sa.ForeignKeyConstraint(["ward_id"], ["ward.id"], name="fk_paper_ward_id"),
        sa.PrimaryKeyConstraint("id", name="pk_paper"),
        sa.UniqueConstraint("key", name="uq_paper_key"),
        sa.UniqueConstraint("ward_id", "series", "year", "number", name="uq_paper_ward_id_series_year_number"),
    )
    op.create_index("ix_paper_petition", "paper", ["petition_id", "id"])
    op.create_index("ix_paper_ward", "paper", ["ward_id", "id"])


def downgrade() -> None:
    op.drop_table("paper")
