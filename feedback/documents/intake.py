"""The front door for files: one goes in as sent, and comes out clean or is refused by name."""

import hashlib
import re
from dataclasses import dataclass, replace
from datetime import datetime
from typing import BinaryIO

from feedback.documents import images
from feedback.documents.sniff import JPEG, FileType, sniff
from feedback.errors import Refusal
from feedback.text import clip, squeeze

MIB = 1024 * 1024
LIMIT = 20 * MIB
WE_TAKE = (
    "Vui lòng gửi ảnh (JPG, PNG, HEIC), video (MP4), ghi âm (MP3, M4A), PDF, Word (DOCX) "
    "hoặc Excel (XLSX)."
)

_BEGINS = [
    (b"\xd0\xcf\x11\xe0", "old_office"),
    (b"\x1aE\xdf\xa3", "other_video"),
    (b"RIFF", "other_video"),
    (b"\x30\x26\xb2\x75", "other_video"),
    (b"PK", "archive"),
    (b"Rar!", "archive"),
    (b"7z\xbc\xaf", "archive"),
]
_SENTENCES = {
    "empty": "Tệp “{name}” không có nội dung. Vui lòng chọn lại tệp.",
    "too_large": "Tệp “{name}” nặng hơn {limit} MB nên chưa nhận được. "
    "Vui lòng gửi tệp nhỏ hơn hoặc cắt ngắn video.",
    "unknown": "Tệp “{name}” không thuộc loại phường nhận được. " + WE_TAKE,
    "old_office": "Tệp “{name}” là Word, Excel đời cũ. "
    "Vui lòng lưu lại thành PDF, DOCX hoặc XLSX rồi gửi lại.",
    "archive": "Tệp “{name}” là tệp nén hoặc có chứa macro nên chưa nhận được. "
    "Vui lòng gửi riêng từng ảnh hoặc lưu văn bản thành PDF.",
    "other_video": "Tệp “{name}” là loại video, ghi âm chưa nhận được. "
    "Vui lòng gửi video MP4 hoặc ghi âm MP3, M4A.",
    "damaged": "Ảnh “{name}” bị hỏng hoặc chưa tải lên hết. Vui lòng chụp lại hoặc gửi lại ảnh.",
    "too_many_pixels": "Ảnh “{name}” có kích thước quá lớn. "
    "Vui lòng chụp màn hình ảnh này hoặc gửi ảnh nhỏ hơn.",
}


class FileRefused(Refusal):
    """A file we do not keep; the sentence names it and says what to do instead."""

    status = 422

    def __init__(self, name: str, reason: str, *, limit: int = LIMIT):
        super().__init__(_SENTENCES[reason].format(name=name, limit=limit // MIB))
        self.name = name
        self.reason = reason
        if reason == "too_large":
            self.status = 413


@dataclass(frozen=True)
class CleanFile:
    """Safe to keep; `size` is of `data`, in bytes.

    `gps` is (latitude, longitude), `taken_at` is UTC; both only from photos.
    """

    name: str
    media_type: str
    suffix: str
    data: bytes
    sha256: str
    size: int
    width: int | None = None
    height: int | None = None
    gps: tuple[float, float] | None = None
    taken_at: datetime | None = None

    @property
    def is_image(self) -> bool:
        return self.width is not None


def accept(name: str, data: bytes | BinaryIO, *, limit: int = LIMIT) -> CleanFile:
    """`limit` in bytes. Raises FileRefused."""
    shown = clip(_plain(name), 60)
    content = data if isinstance(data, bytes) else data.read(limit + 1)
    if not content:
        raise FileRefused(shown, "empty")
    if len(content) > limit:
        raise FileRefused(shown, "too_large", limit=limit)
    file_type = sniff(content)
    if file_type is None:
        raise FileRefused(shown, _why_unknown(content))
    if file_type.is_image:
        return _photo(name, content, file_type, shown)
    return _clean(name, content, file_type)


def _why_unknown(content: bytes) -> str:
    return next((why for begin, why in _BEGINS if content.startswith(begin)), "unknown")


def _photo(name: str, content: bytes, file_type: FileType, shown: str) -> CleanFile:
    try:
        drawn = images.redraw(content, file_type)
    except images.TooManyPixels:
        raise FileRefused(shown, "too_many_pixels") from None
    except images.Damaged:
        raise FileRefused(shown, "damaged") from None
    return replace(
        _clean(name, drawn.data, JPEG),
        width=drawn.width,
        height=drawn.height,
        gps=drawn.gps,
        taken_at=drawn.taken_at,
    )


def _clean(name: str, content: bytes, file_type: FileType) -> CleanFile:
    return CleanFile(
        name=safe_name(name, file_type.suffix),
        media_type=file_type.media_type,
        suffix=file_type.suffix,
        data=content,
        sha256=hashlib.sha256(content).hexdigest(),
        size=len(content),
    )


def safe_name(name: str, suffix: str) -> str:
    """A name fit to show and to download: no path, nothing invisible, the suffix it deserves."""
    stem, dot, end = _plain(name).rpartition(".")
    if not dot or not re.fullmatch(r"[A-Za-z0-9]{1,5}", end):
        stem = _plain(name)
    return f"{clip(stem.strip(' .'), 80).rstrip('…. ') or 'tep'}.{suffix}"


def _plain(name: str) -> str:
    base = re.split(r"[/\\]", squeeze(name).replace("\n", " "))[-1]
    return re.sub(r'[<>:"|?*%;&`$\'{}]', "_", base).strip(" .") or "tep"
