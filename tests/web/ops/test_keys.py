"""Rotating keys: nothing lost, nothing readable with the old key alone, stoppable at any point."""

import pytest
import sqlalchemy as sa
from cryptography.fernet import Fernet

from feedback import clock, sealing
from feedback.db import db, transaction
from feedback.people.models import Citizen
from feedback.petitions.models import Petition
from tests.database import FIELD_KEY
from tests.feedback.outbox.parts import make_contact, say
from web.ops import keys

NEW = Fernet.generate_key().decode()


@pytest.fixture(autouse=True)
def _old_keys_back():
    yield
    sealing.use_keys((FIELD_KEY,))


@pytest.fixture
def filled(world):
    contact = make_contact(world)
    say(contact, *[f"tin {no}" for no in range(5)])
    with transaction():
        phone = "+84912345678"
        for name in ("Lan", None):
            hashed = sealing.fingerprint(phone)
            db.session.add(
                Citizen(
                    ward_id=world.ward.id,
                    name=name,
                    phone=phone,
                    phone_hash=hashed,
                    created_at=clock.now(),
                )
            )
    world.submit()
    return world


def rotate_all():
    return {each.table.name: keys.rotate(each) for each in keys.sealed_tables()}


def test_every_table_with_sealed_columns_is_found():
    found = {each.table.name: each for each in keys.sealed_tables()}
    assert {"contact", "citizen", "petition", "outbox", "inbound", "conversation"} <= set(found)
    assert {"officer", "channel_account", "login"} <= set(found)
    assert found["petition"].marks == (("reporter_phone", "phone_hash"),)
    assert found["citizen"].marks == (("phone", "phone_hash"),)


def test_afterwards_the_new_key_alone_opens_everything(filled):
    before = db.session.scalars(sa.select(Petition)).one().reporter_phone
    sealing.use_keys((NEW, FIELD_KEY))
    done = rotate_all()
    assert (done["outbox"].seen, done["outbox"].changed) == (5, 5)
    sealing.use_keys((NEW,))
    db.session.expire_all()
    petition = db.session.scalars(sa.select(Petition)).one()
    assert petition.reporter_phone == before
    assert petition.phone_hash == sealing.fingerprint(before)
    lan, nobody = db.session.scalars(sa.select(Citizen).order_by(Citizen.id))
    assert (lan.name, lan.phone, nobody.name) == ("Lan", "+84912345678", None)
    assert lan.phone_hash == nobody.phone_hash == sealing.fingerprint("+84912345678")
    assert all(keys.opens(each) for each in keys.sealed_tables())


def test_the_version_people_edit_by_does_not_change(filled):
    version = db.session.scalar(sa.select(Petition.version))
    sealing.use_keys((NEW, FIELD_KEY))
    rotate_all()
    assert db.session.scalar(sa.select(Petition.version)) == version


def test_broken_off_it_goes_on_where_it_was(filled, monkeypatch):
    monkeypatch.setattr(keys, "BATCH", 2)
    outbox = next(each for each in keys.sealed_tables() if each.table.name == "outbox")
    sealing.use_keys((NEW, FIELD_KEY))

    def stop(seen):
        if seen >= 4:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        keys.rotate(outbox, stop)
    again = keys.rotate(outbox)
    assert (again.seen, again.changed) == (5, 1)
    assert keys.rotate(outbox).changed == 0


def test_what_no_key_opens_is_counted_and_left_as_it_is(filled):
    raw = sa.text("SELECT body FROM outbox ORDER BY id")
    before = db.session.scalars(raw).all()
    sealing.use_keys((NEW,))
    outbox = next(each for each in keys.sealed_tables() if each.table.name == "outbox")
    assert not keys.opens(outbox)
    assert keys.rotate(outbox).lost == 5
    assert db.session.scalars(raw).all() == before


def test_the_command_says_what_it_did(app, filled):
    sealing.use_keys((NEW, FIELD_KEY))
    result = app.test_cli_runner().invoke(args=["rotate-keys"])
    assert result.exit_code == 0, result.output
    assert "5 of 5 rows sealed anew" in result.output
    sealing.use_keys((Fernet.generate_key().decode(),))
    assert app.test_cli_runner().invoke(args=["rotate-keys"]).exit_code == 1


def test_a_new_key_is_one_the_settings_take(app):
    key = app.test_cli_runner().invoke(args=["new-key"]).output.strip()
    Fernet(key)
