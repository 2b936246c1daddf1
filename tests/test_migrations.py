"""The migrations build exactly the tables the models describe, on both databases."""

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from feedback.db import UTC, Base, db
from feedback.sealing import Sealed


def _own_type(_context, _inspected, _metadata, _inspected_type, metadata_type):
    return False if type(metadata_type) in (UTC, Sealed) else None


def _is_modelled(_object, name, kind, _reflected, _compare_to):
    return not (name or "").startswith("petition_fts") and name not in (
        "search",
        "ix_petition_search",
        "alembic_version",
    )


def test_models_and_migrations_agree(app):
    with db.engine.connect() as connection:
        context = MigrationContext.configure(
            connection, opts={"compare_type": _own_type, "include_object": _is_modelled}
        )
        assert compare_metadata(context, Base.metadata) == []
