import pytest
import sqlalchemy as sa

from feedback.db import db
from feedback.documents.models import StoredFile
from tests.feedback.documents import samples
from tests.web.public.resident import Resident, upload


def only() -> StoredFile:
    return db.session.scalars(sa.select(StoredFile)).one()


@pytest.fixture
def token(resident) -> str:
    return resident.report(photos=[upload(samples.photo(size=(900, 600)), "Đèn đường.jpg")])


def test_the_holder_of_the_link_sees_the_photo(resident, token):
    page = resident.open(f"/t/{token}")
    key = only().key
    assert f'href="/f/{key}"' in page
    assert f'src="/f/{key}/nho"' in page
    photo = resident.client.get(f"/f/{key}")
    small = resident.client.get(f"/f/{key}/nho")
    assert photo.status_code == small.status_code == 200
    assert photo.data.startswith(b"\xff\xd8")
    assert len(small.data) < len(photo.data)
    assert photo.headers["X-Content-Type-Options"] == "nosniff"
    assert photo.headers["Cache-Control"].startswith("private")
    assert photo.headers["Content-Disposition"].startswith("inline; filename*=UTF-8''%C4%90")


def test_a_stranger_sees_nothing(app, resident, token):
    resident.open(f"/t/{token}")
    stranger = Resident(app.test_client())
    for path in (f"/f/{only().key}", f"/f/{only().key}/nho"):
        stranger.open(path, expect=404)
    other = stranger.report(text="Một việc khác trong phường")
    stranger.open(f"/t/{other}")
    stranger.open(f"/f/{only().key}", expect=404)


def test_a_file_that_waits_is_shown_to_nobody(resident):
    form = resident.fill(step="first", photos=[upload(samples.photo(), "a.jpg")])
    resident.post("/ba-dinh/gui", form, expect=200)
    resident.open(f"/f/{only().key}", expect=404)


def test_an_unknown_file_is_not_found(resident):
    resident.open("/f/khong-co", expect=404)


def test_a_paper_is_downloaded_and_has_no_thumbnail(resident):
    token = resident.report(photos=[upload(samples.DOCX, "Đơn.docx")])
    page = resident.open(f"/t/{token}")
    assert "Đơn.docx" in page
    paper = resident.client.get(f"/f/{only().key}")
    assert paper.headers["Content-Disposition"].startswith("attachment")
    resident.open(f"/f/{only().key}/nho", expect=404)
