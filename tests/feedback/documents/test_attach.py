import os
from datetime import UTC, datetime, timedelta
from io import BytesIO

import pytest
import sqlalchemy as sa
from PIL import Image

from feedback import clock
from feedback.db import db, transaction
from feedback.documents import attach, store
from feedback.documents.intake import FileRefused
from feedback.documents.models import FileUse, StoredFile


def photo(colour: str = "red") -> bytes:
    out = BytesIO()
    Image.new("RGB", (40, 30), colour).save(out, "JPEG")
    return out.getvalue()


def put(world, root, colour: str = "red", **values) -> StoredFile:
    clean = attach.receive(root, "Ảnh đèn.jpg", photo(colour))
    with transaction():
        return attach.keep(world.ward.id, clean, FileUse.EVIDENCE, **values)


def test_a_kept_file_is_on_disk_and_waits(world, tmp_path):
    row = put(world, tmp_path)
    assert store.path_of(tmp_path, row.path).stat().st_size == row.size
    assert (row.width, row.height, row.petition_id) == (40, 30, None)
    assert [file.id for file in attach.waiting(world.ward.id, [row.key, "unknown"])] == [row.id]
    assert attach.by_key(row.key) == row
    assert attach.by_key("unknown") is None


def test_a_refused_file_leaves_nothing(world, tmp_path):
    with pytest.raises(FileRefused):
        attach.receive(tmp_path, "virus.exe", b"MZ\x90")
    assert list(tmp_path.iterdir()) == []


def test_a_file_of_another_ward_or_of_a_petition_does_not_wait(world, tmp_path):
    mine = put(world, tmp_path)
    taken = put(world, tmp_path, "blue", petition_id=world.submit().id)
    assert attach.waiting(world.ward.id + 1, [mine.key]) == []
    assert attach.waiting(world.ward.id, [taken.key]) == []


def test_files_nobody_sent_on_are_forgotten_unless_others_hold_the_same(world, tmp_path):
    before = clock.now() + timedelta(minutes=1)
    alone, shared = put(world, tmp_path, "red").path, put(world, tmp_path, "blue").path
    put(world, tmp_path, "blue", petition_id=world.submit().id)
    with transaction():
        paths = attach.forget_waiting(before)
    assert paths == [alone]
    attach.erase(tmp_path, paths, before)
    assert not (tmp_path / alone).exists()
    assert (tmp_path / shared).exists()
    assert db.session.scalar(sa.select(sa.func.count(StoredFile.id))) == 1


def test_a_file_that_came_again_meanwhile_stays_on_disk(world, tmp_path):
    row = put(world, tmp_path)
    long_ago = datetime(2026, 1, 1, tzinfo=UTC)
    os.utime(tmp_path / row.path, (long_ago.timestamp(),) * 2)
    attach.receive(tmp_path, "again.jpg", photo())
    attach.erase(tmp_path, [row.path], clock.now() - timedelta(days=1))
    assert (tmp_path / row.path).exists()
