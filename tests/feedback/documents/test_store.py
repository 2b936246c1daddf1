import os

import pytest

from feedback.documents import store
from feedback.documents.intake import accept
from feedback.errors import NotFound
from tests.feedback.documents import samples


def files_under(root):
    return sorted(p.relative_to(root).as_posix() for p in root.rglob("*") if p.is_file())


def test_save_and_read_back(tmp_path):
    file = accept("đơn.pdf", samples.PDF)
    path = store.save(tmp_path, file)
    assert path == f"{file.sha256[:2]}/{file.sha256[2:4]}/{file.sha256}.pdf"
    with store.open_file(tmp_path, path) as stream:
        assert stream.read() == samples.PDF
    assert files_under(tmp_path) == [path]


def test_a_photo_has_its_thumbnail_beside(tmp_path):
    path = store.save(tmp_path, accept("a.jpg", samples.photo(size=(900, 600))))
    small = store.path_of(tmp_path, store.thumbnail_of(path))
    assert files_under(tmp_path) == sorted([path, store.thumbnail_of(path)])
    assert small.stat().st_size < store.path_of(tmp_path, path).stat().st_size


def test_same_content_is_stored_once(tmp_path):
    first = store.save(tmp_path, accept("một.pdf", samples.PDF))
    before = store.path_of(tmp_path, first).stat().st_ino
    assert store.save(tmp_path, accept("hai.pdf", samples.PDF)) == first
    assert store.path_of(tmp_path, first).stat().st_ino == before
    assert len(files_under(tmp_path)) == 1


def test_a_failed_write_leaves_nothing(tmp_path, monkeypatch):
    def full(_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space"):
        store.save(tmp_path, accept("đơn.pdf", samples.PDF))
    assert files_under(tmp_path) == []


@pytest.mark.parametrize(
    "path",
    [
        "",
        ".",
        "../secret.pdf",
        "/etc/passwd",
        "ab/cd/../../secret.pdf",
        "ab/cd/" + "a" * 64 + ".pdf",  # does not begin with its own directories
        "ab/cd/abcd" + "0" * 60 + ".pdf\n",
        "ab/cd/abcd" + "0" * 60 + ".pdf",  # well formed, not there
        "ab\\cd\\abcd" + "0" * 60 + ".pdf",
    ],
)
def test_only_paths_of_ours_are_opened(tmp_path, path):
    (tmp_path / "secret.pdf").write_bytes(b"x")
    with pytest.raises(NotFound):
        store.open_file(tmp_path, path)


def test_a_directory_in_the_shape_of_a_file_is_not_found(tmp_path):
    path = "ab/cd/abcd" + "0" * 60 + ".pdf"
    (tmp_path / path).mkdir(parents=True)
    with pytest.raises(NotFound):
        store.path_of(tmp_path, path)
