"""Who was told by telephone is written down with when and by whom, for sessions and reception days."""

import sqlalchemy as sa
from alembic import op

revision = "0032_phoned"
down_revision = "0031_groups"
branch_labels = None
depends_on = None

TABLES = ("registration", "reception_visit")


def upgrade() -> None:
    key = "INTEGER" if op.get_bind().dialect.name == "sqlite" else "BIGINT"
    for table in TABLES:
        op.add_column(table, sa.Column("phoned_at", sa.DateTime(timezone=True), nullable=True))
        constraint = f"CONSTRAINT fk_{table}_phoned_by_id REFERENCES officer (id)"
        op.execute(f"ALTER TABLE {table} ADD COLUMN phoned_by_id {key} {constraint}")
    op.execute(
        "UPDATE registration SET phoned_at = (SELECT updated_at FROM dialogue"
        " WHERE dialogue.id = registration.dialogue_id) WHERE called_sequence IS NOT NULL"
    )
    op.drop_column("registration", "called_sequence")


def downgrade() -> None:
    op.add_column("registration", sa.Column("called_sequence", sa.Integer(), nullable=True))
    for table in TABLES:
        with op.batch_alter_table(table) as batch:
            batch.drop_column("phoned_by_id")
            batch.drop_column("phoned_at")
