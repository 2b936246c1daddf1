"""One box of search over petitions: FTS5 in SQLite, tsvector in PostgreSQL, both over folded text.

In SQLite the index is contentless and kept by triggers. Every document starts with the ward's own word
(`w<ward_id>`), so that a search inside one ward is answered by the index alone.
"""

from alembic import op

revision = "0002_search"
down_revision = "0001_first"
branch_labels = None
depends_on = None

DOCUMENT = "'w' || {row}.ward_id || ' ' || {row}.folded"
REMOVE = f"INSERT INTO petition_fts(petition_fts, rowid, words) VALUES ('delete', old.id, {DOCUMENT.format(row='old')});"
INSERT = f"INSERT INTO petition_fts(rowid, words) VALUES (new.id, {DOCUMENT.format(row='new')});"


def upgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        op.execute("CREATE VIRTUAL TABLE petition_fts USING fts5(words, content='', tokenize='unicode61')")
        op.execute(f"CREATE TRIGGER petition_fts_new AFTER INSERT ON petition BEGIN {INSERT} END")
        op.execute(f"CREATE TRIGGER petition_fts_gone AFTER DELETE ON petition BEGIN {REMOVE} END")
        op.execute(f"CREATE TRIGGER petition_fts_changed AFTER UPDATE OF folded, ward_id ON petition BEGIN {REMOVE} {INSERT} END")
    else:
        op.execute(
            "ALTER TABLE petition ADD COLUMN search tsvector GENERATED ALWAYS AS "
            "(to_tsvector('simple', 'w' || ward_id::text || ' ' || folded)) STORED"
        )
        op.execute("CREATE INDEX ix_petition_search ON petition USING gin (search)")


def downgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        for trigger in ("new", "gone", "changed"):
            op.execute(f"DROP TRIGGER petition_fts_{trigger}")
        op.execute("DROP TABLE petition_fts")
    else:
        op.execute("ALTER TABLE petition DROP COLUMN search")
