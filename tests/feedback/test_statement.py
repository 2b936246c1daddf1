"""Statements run by the driver itself say and raise what SQLAlchemy's would."""

from datetime import UTC, datetime

import pytest
import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from feedback.db import connected, db, transaction
from feedback.people.models import Channel, Contact
from feedback.statement import Plain
from feedback.wards.models import Ward
from tests.database import statements

AT = datetime(2026, 11, 20, 3, 0, tzinfo=UTC)
_contacts = Contact.__table__
_given = ("ward_id", "channel", "account", "address", "display_name", "last_heard_at", "created_at")
_add = {
    name: insert(_contacts).on_conflict_do_nothing().returning(_contacts.c.id)
    for name, insert in (("sqlite", sqlite.insert), ("postgresql", postgresql.insert))
}


def contact(world, **values):
    own = {"ward_id": world.ward.id, "channel": Channel.ZALO, "account": "main", "address": "7"}
    times = {"last_heard_at": AT, "created_at": AT}
    return {**own, "display_name": "Bà Tư 100%", **times, **values}


def test_types_change_on_their_way_in_and_out(world):
    add = Plain(_add, _given)
    read = Plain(
        sa.select(
            _contacts.c.channel, _contacts.c.display_name, _contacts.c.created_at, Ward.settings
        )
        .join_from(_contacts, Ward, Ward.id == _contacts.c.ward_id)
        .where(_contacts.c.id == sa.bindparam("wanted"), Ward.is_demo == sa.literal(False))
    )
    with transaction():
        ((number,),) = add.rows(connected(), contact(world))
        assert add.rows(connected(), contact(world)) == []  # there already
        found = read.rows(connected(), {"wanted": number})
    settings = db.session.get(Ward, world.ward.id).settings
    assert found == [(Channel.ZALO, "Bà Tư 100%", AT, settings)]
    sealed = db.session.execute(sa.text("SELECT display_name FROM contact WHERE address = '7'"))
    assert "Bà" not in sealed.scalar_one()


def test_it_counts_what_it_wrote(world):
    change = Plain(
        sa.update(_contacts).where(_contacts.c.address == sa.bindparam("whose")), ["display_name"]
    )
    with transaction():
        Plain(_add, _given).rows(connected(), contact(world))
        assert change.count(connected(), {"whose": "7", "display_name": "Ông Tư"}) == 1
        assert change.count(connected(), {"whose": "8", "display_name": "Ông Tư"}) == 0


def test_a_missing_value_is_an_error_and_no_null(world):
    values = contact(world)
    del values["created_at"]
    with pytest.raises(KeyError), transaction():
        Plain(_add, _given).rows(connected(), values)


def test_the_drivers_errors_come_as_sqlalchemys_and_without_values(world):
    twice = Plain(sa.insert(_contacts), _given)
    with pytest.raises(sa.exc.IntegrityError) as raised, transaction():
        twice.count(connected(), contact(world, display_name="Bà Tư"))
        twice.count(connected(), contact(world, display_name="Bà Tư"))
    assert "Bà Tư" not in str(raised.value)
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Contact)) == 0


def test_who_counts_statements_hears_of_it(world):
    with statements() as asked, transaction():
        Plain(_add, _given).rows(connected(), contact(world))
    assert any(sql.startswith("INSERT INTO contact") for sql, _ in asked)


def test_a_look_needs_no_transaction_and_leaves_none_behind(world):
    name = Plain(sa.select(Ward.name).where(Ward.id == sa.bindparam("wanted")))
    db.session.rollback()
    before = db.engine.pool.checkedout()
    assert name.look(db.engine, {"wanted": world.ward.id}) == [(world.ward.name,)]
    with pytest.raises(KeyError):
        name.look(db.engine, {})
    assert db.engine.pool.checkedout() == before
    with transaction():
        Plain(_add, _given).rows(connected(), contact(world))
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Contact)) == 1


def test_a_connection_that_was_cut_off_takes_its_cursor_along(app, monkeypatch):
    if db.engine.dialect.name == "sqlite":
        pytest.skip("nobody cuts off a file")
    monkeypatch.delattr(db.engine.dialect, "do_rollback")  # the tests' own
    one = Plain(sa.select(sa.literal(1)))
    cut_off = Plain(sa.select(sa.func.pg_terminate_backend(sa.func.pg_backend_pid())))
    with transaction():
        assert one.rows(connected(), {}) == [(1,)]
    with pytest.raises(sa.exc.OperationalError), transaction():
        cut_off.rows(connected(), {})
    with transaction():
        assert one.rows(connected(), {}) == [(1,)]
