"""Lists that stay flat: beginnings of words in the search index, and indexes for what is rarely asked.

The partial indexes leave out the value that most petitions have, so most petitions do not pay for them.
"""

import sqlalchemy as sa
from alembic import op

revision = "0011_lists"
down_revision = "0010_may_publish"
branch_labels = None
depends_on = None

RARE = {"kind": "phan_anh", "urgency": "normal", "channel": "web"}
OPTIONS = "words, content='', tokenize='unicode61'"


def upgrade() -> None:
    op.create_index("ix_petition_ward_received", "petition", ["ward_id", "received_at", "id"])
    for column, usual in RARE.items():
        where = sa.text(f"{column} <> '{usual}'")
        op.create_index(f"ix_petition_ward_{column}", "petition", ["ward_id", column, "id"], sqlite_where=where, postgresql_where=where)
    op.create_index(
        "ix_petition_ward_flagged",
        "petition",
        ["ward_id", "id"],
        sqlite_where=sa.text("is_flagged = 1"),
        postgresql_where=sa.text("is_flagged"),
    )
    _rebuild(OPTIONS + ", prefix='2 3 4'")


def downgrade() -> None:
    _rebuild(OPTIONS)
    for name in ("flagged", *RARE, "received"):
        op.drop_index(f"ix_petition_ward_{name}", "petition")


def _rebuild(options: str) -> None:
    if op.get_bind().dialect.name == "sqlite":
        op.execute("DROP TABLE petition_fts")
        op.execute(f"CREATE VIRTUAL TABLE petition_fts USING fts5({options})")
        op.execute(
            "INSERT INTO petition_fts(rowid, words) "
            "SELECT id, 'w' || ward_id || ' ' || folded FROM petition"
        )
