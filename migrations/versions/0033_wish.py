"""A petition knows the wish for more time that is open: its timeline need not be read to find it."""

import sqlalchemy as sa
from alembic import op

revision = "0033_wish"
down_revision = "0032_phoned"
branch_labels = None
depends_on = None

INDEX = "ix_petition_ward_wish"


def upgrade() -> None:
    op.add_column("petition", sa.Column("wish_id", sa.BigInteger(), nullable=True))
    where = sa.text("wish_id IS NOT NULL")
    op.create_index(
        INDEX, "petition", ["ward_id", "id"], sqlite_where=where, postgresql_where=where
    )
    # The newest wish of an open petition, unless it was refused or the date extended since.
    op.execute(
        """
        UPDATE petition SET wish_id = asked.id FROM (
            SELECT petition_id, MAX(id) AS id FROM timeline_entry
            WHERE action = 'note' AND CAST(detail AS TEXT) LIKE '%"more_time":%' GROUP BY petition_id
        ) AS asked
        WHERE asked.petition_id = petition.id AND petition.is_open AND NOT EXISTS (
            SELECT 1 FROM timeline_entry AS later
            WHERE later.petition_id = petition.id AND later.id > asked.id AND (
                later.action = 'extend' OR CAST(later.detail AS TEXT) LIKE '%"more_time_refused":%'
                OR CAST(later.detail AS TEXT) LIKE '%"more_time_withdrawn":%'))
        """
    )


def downgrade() -> None:
    op.drop_index(INDEX, "petition")
    with op.batch_alter_table("petition") as batch:
        batch.drop_column("wish_id")
