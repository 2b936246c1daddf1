"""What routing, listing and the sealed petitions need: set-up version, units in charge, restriction."""

import sqlalchemy as sa
from alembic import op

revision = "0003_lifecycle"
down_revision = "0002_search"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("ward") as batch:
        batch.add_column(sa.Column("setup_version", sa.BigInteger(), nullable=False, server_default="0"))
    op.add_column("petition", sa.Column("is_restricted", sa.Boolean(), nullable=False, server_default=sa.false()))
    key = "INTEGER" if op.get_bind().dialect.name == "sqlite" else "BIGINT"
    for name in ("department_id", "helping_department_id"):  # no batch: it would lose the triggers
        constraint = f"CONSTRAINT fk_petition_{name} REFERENCES department (id)"
        op.execute(f"ALTER TABLE petition ADD COLUMN {name} {key} {constraint}")
    op.create_index("ix_petition_ward_department", "petition", ["ward_id", "department_id", "id"])
    op.create_index(
        "ix_petition_ward_helping",
        "petition",
        ["ward_id", "helping_department_id", "id"],
        sqlite_where=sa.text("helping_department_id IS NOT NULL"),
        postgresql_where=sa.text("helping_department_id IS NOT NULL"),
    )


def downgrade() -> None:
    op.drop_index("ix_petition_ward_helping", "petition")
    op.drop_index("ix_petition_ward_department", "petition")
    for name in ("helping_department_id", "department_id", "is_restricted"):
        op.drop_column("petition", name)
    with op.batch_alter_table("ward") as batch:
        batch.drop_column("setup_version")
