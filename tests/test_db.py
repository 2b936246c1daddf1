"""The only commit: what it keeps, what it throws away, what it forbids."""

from datetime import UTC, datetime

import pytest
import sqlalchemy as sa

from feedback.db import db, transaction
from feedback.wards.models import Ward


def a_ward(code="BD"):
    return Ward(
        code=code,
        slug=code.lower(),
        name="Phường Thử",
        province_name="Hà Nội",
        created_at=datetime.now(UTC),
    )


def test_a_block_that_ends_is_kept(app):
    with transaction():
        db.session.add(a_ward())
    db.session.rollback()
    assert db.session.scalar(sa.select(sa.func.count(Ward.id))) == 1


def test_a_block_that_raises_leaves_nothing(app):
    with pytest.raises(ZeroDivisionError), transaction():
        db.session.add(a_ward())
        db.session.flush()
        raise ZeroDivisionError
    assert db.session.scalar(sa.select(sa.func.count(Ward.id))) == 0


def test_a_block_inside_a_block_is_a_mistake(app):
    with transaction(), pytest.raises(RuntimeError), transaction():
        pass


def test_changes_outside_a_block_are_a_mistake(app):
    db.session.add(a_ward())
    with pytest.raises(RuntimeError), transaction():
        pass
    db.session.rollback()


def test_instants_come_back_aware_in_utc(app):
    with transaction():
        db.session.add(a_ward())
    db.session.expire_all()
    assert db.session.scalars(sa.select(Ward)).one().created_at.tzinfo is UTC


def test_a_block_decides_on_present_rows(app):
    with transaction():
        ward = a_ward()
        db.session.add(ward)
    with db.engine.connect() as other:
        other.execute(sa.text("UPDATE ward SET name = 'Phường Khác'"))
        other.commit()
    with transaction():
        assert ward.name == "Phường Khác"


def test_every_thread_of_the_web_server_finds_a_connection_kept(app):
    threads = app.config["SETTINGS"].web_threads
    used = [db.engine.raw_connection() for _ in range(threads)]
    made = {each.driver_connection for each in used}
    for each in used:
        each.close()
    again = [db.engine.raw_connection() for _ in range(threads)]
    assert {each.driver_connection for each in again} == made
    for each in again:
        each.close()
