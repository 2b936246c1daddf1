"""Complaints and accusations: what the law's clocks run on, who speaks for a group, what was split off."""

import sqlalchemy as sa
from alembic import op

revision = "0019_tracks"
down_revision = "0018_cost"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def _link(name, target, **options):
    return sa.Column(name, sa.BigInteger().with_variant(sa.Integer(), "sqlite"), sa.ForeignKey(f"{target}.id", name=options.pop("fk")), **options)


def upgrade() -> None:
    op.add_column("petition", sa.Column("is_above_ward", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.add_column("pause", sa.Column("decision", sa.String(80), nullable=False, server_default=""))
    op.add_column("extension", sa.Column("step", sa.String(32), nullable=False, server_default=""))
    op.add_column("extension", sa.Column("decision", sa.String(80), nullable=False, server_default=""))
    op.create_table(
        "proceeding",
        sa.Column("id", KEY, nullable=False),
        _link("petition_id", "petition", fk="fk_proceeding_petition_id", nullable=False),
        sa.Column("signed_on", sa.Date(), nullable=False),
        sa.Column("came_by", sa.String(32), nullable=False),
        sa.Column("is_remote", sa.Boolean(), nullable=False),
        sa.Column("people", sa.Integer(), nullable=False),
        sa.Column("admitted_on", sa.Date()),
        sa.Column("admission", sa.String(80), nullable=False),
        sa.Column("criteria", sa.JSON(), nullable=False),
        sa.Column("ended_on", sa.Date()),
        sa.Column("outcome", sa.String(32), nullable=False),
        sa.Column("ground", sa.String(32), nullable=False),
        sa.Column("decision", sa.String(80), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_proceeding"),
        sa.UniqueConstraint("petition_id", name="uq_proceeding_petition_id"),
    )
    op.create_table(
        "representative",
        sa.Column("id", KEY, nullable=False),
        _link("petition_id", "petition", fk="fk_representative_petition_id", nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("address", sa.Text()),
        sa.Column("phone", sa.Text()),
        _link("contact_id", "contact", fk="fk_representative_contact_id"),
        sa.PrimaryKeyConstraint("id", name="pk_representative"),
    )
    op.create_index("ix_representative_petition_id", "representative", ["petition_id"])
    op.create_table(
        "part",
        sa.Column("id", KEY, nullable=False),
        _link("petition_id", "petition", fk="fk_part_petition_id", nullable=False),
        _link("part_id", "petition", fk="fk_part_part_id", nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_part"),
        sa.UniqueConstraint("petition_id", "part_id", name="uq_part_petition_id_part_id"),
        sa.UniqueConstraint("part_id", name="uq_part_part_id"),
    )


def downgrade() -> None:
    for table in ("part", "representative", "proceeding"):
        op.drop_table(table)
    for table, column in (("extension", "decision"), ("extension", "step"), ("pause", "decision"), ("petition", "is_above_ward")):
        op.drop_column(table, column)
