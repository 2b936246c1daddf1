"""`/f/<key>` and `/f/<key>/nho`: a petition's file, to whoever holds the petition's link."""

from urllib.parse import quote

from flask import Response, current_app, send_file

from feedback.documents import attach, store
from feedback.documents.models import FileUse, StoredFile
from feedback.errors import NotFound
from web.public import public
from web.public.holders import holds

SHOWN = ("image/", "video/", "audio/", "application/pdf")  # the rest is downloaded
A_DAY = 24 * 60 * 60


@public.get("/f/<token:key>")
def file(key: str) -> Response:
    row = _row(key)
    return send(row, row.path, row.media_type)


@public.get("/f/<token:key>/nho")
def thumbnail(key: str) -> Response:
    row = _row(key)
    if row.width is None:
        raise NotFound("Tệp này không có ảnh nhỏ.")
    return send(row, store.thumbnail_of(row.path), "image/jpeg")


def _row(key: str) -> StoredFile:
    """Raises NotFound, for an unknown file and for a stranger alike."""
    row = attach.by_key(key)
    if row is None or row.petition_id is None or row.use is FileUse.INTERNAL:
        raise NotFound("Không tìm thấy tệp này.")
    if not holds(row.petition_id):
        raise NotFound("Không tìm thấy tệp này.")
    return row


def send(row: StoredFile, path: str, media_type: str) -> Response:
    root = current_app.config["SETTINGS"].upload_dir
    response = send_file(store.path_of(root, path), mimetype=media_type, etag=row.sha256)
    way = "inline" if media_type.startswith(SHOWN) else "attachment"
    response.headers["Content-Disposition"] = f"{way}; filename*=UTF-8''{quote(row.name)}"
    response.headers["Cache-Control"] = f"private, max-age={A_DAY}"
    response.headers["X-Robots-Tag"] = "noindex"
    return response
