"""Each answer of a survey is kept at its tap; a session says in which languages it is held."""

import sqlalchemy as sa
from alembic import op

revision = "0030_taps"
down_revision = "0029_email"
branch_labels = None
depends_on = None

MARKS = ("heard", "answered", "believed")


def upgrade() -> None:
    op.add_column(
        "dialogue", sa.Column("languages", sa.String(120), nullable=False, server_default="")
    )
    with op.batch_alter_table("dialogue_survey") as table:
        for name in MARKS:
            table.alter_column(name, existing_type=sa.Integer(), nullable=True)


def downgrade() -> None:
    unfinished = " OR ".join(f"{name} IS NULL" for name in MARKS)
    op.execute(f"DELETE FROM dialogue_survey WHERE {unfinished}")  # noqa: S608  our own names
    with op.batch_alter_table("dialogue_survey") as table:
        for name in MARKS:
            table.alter_column(name, existing_type=sa.Integer(), nullable=False)
    op.drop_column("dialogue", "languages")
