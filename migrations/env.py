"""How Alembic runs here: online only, with the application's own engine, on both databases."""

from alembic import context
from flask import current_app

from feedback.db import UTC, Base
from feedback.sealing import Sealed

OWN_TYPES = {UTC: "UTC()", Sealed: "Sealed()"}
SEARCH_TABLES = ("petition_fts",)  # made and owned by migrations, not by models


def render_item(kind, item, _autogen):
    """Our column types are named as the migration template imports them."""
    return OWN_TYPES.get(type(item), False) if kind == "type" else False


def include_object(_object, name, kind, _reflected, _compare_to):
    return not (kind == "table" and name.startswith(SEARCH_TABLES)) and name not in (
        "search",
        "ix_petition_search",
    )


def compare_type(_context, _inspected, _metadata, _inspected_type, metadata_type):
    return False if type(metadata_type) in OWN_TYPES else None


engine = current_app.extensions["migrate"].db.engine
with engine.connect() as connection:
    context.configure(
        connection=connection,
        target_metadata=Base.metadata,
        render_item=render_item,
        render_as_batch=True,
        include_object=include_object,
        compare_type=compare_type,
    )
    with context.begin_transaction():
        context.run_migrations()
    connection.commit()
