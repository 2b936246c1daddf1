"""For whom a paper was given out, when by somebody standing in."""

import sqlalchemy as sa
from alembic import op

revision = "0015_paper_for"
down_revision = "0014_tokens"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("paper") as table:
        table.add_column(sa.Column("issued_for_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True))
        table.create_foreign_key(op.f("fk_paper_issued_for_id"), "officer", ["issued_for_id"], ["id"])


def downgrade() -> None:
    with op.batch_alter_table("paper") as table:
        table.drop_constraint(op.f("fk_paper_issued_for_id"), type_="foreignkey")
        table.drop_column("issued_for_id")
