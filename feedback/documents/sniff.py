"""What a file is, from its first bytes. Its name and the browser's word are never believed.

An allow-list: a dozen shapes we know how to keep or redraw, each anchored at byte 0. Guessing
libraries answer "what could this be?"; a front door needs "is it surely one of these?".
"""

import io
import re
import zipfile
from dataclasses import dataclass

HEAD = 512


@dataclass(frozen=True)
class FileType:
    """`is_image`: decoded and redrawn before it is kept; everything else is kept byte for byte."""

    media_type: str
    suffix: str
    is_image: bool = False


JPEG = FileType("image/jpeg", "jpg", is_image=True)
PNG = FileType("image/png", "png", is_image=True)
GIF = FileType("image/gif", "gif", is_image=True)
WEBP = FileType("image/webp", "webp", is_image=True)
HEIF = FileType("image/heif", "heic", is_image=True)
PDF = FileType("application/pdf", "pdf")
DOCX = FileType("application/vnd.openxmlformats-officedocument.wordprocessingml.document", "docx")
XLSX = FileType("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "xlsx")
OGG = FileType("audio/ogg", "ogg")
MP3 = FileType("audio/mpeg", "mp3")
M4A = FileType("audio/mp4", "m4a")
AAC = FileType("audio/aac", "aac")
AMR = FileType("audio/amr", "amr")
MP4 = FileType("video/mp4", "mp4")
MOV = FileType("video/quicktime", "mov")
THREE_GP = FileType("video/3gpp", "3gp")
WEBM = FileType("video/webm", "webm")

_BEGINNINGS: list[tuple[re.Pattern[bytes], FileType]] = [
    (re.compile(pattern, re.DOTALL), file_type)
    for pattern, file_type in [
        (rb"\xff\xd8\xff", JPEG),
        (rb"\x89PNG\r\n\x1a\n", PNG),
        (rb"GIF8[79]a", GIF),
        (rb"RIFF.{4}WEBP", WEBP),
        (rb".{4}ftyp(hei[cxms]|hev[cxms]|mif1|msf1)", HEIF),
        (rb"%PDF-[12]\.", PDF),
        (rb"OggS\x00.{0,200}?(OpusHead|\x01vorbis|Speex   )", OGG),
        (rb"ID3[\x02-\x04]", MP3),
        (rb"\xff[\xfa\xfb\xf2\xf3\xe2\xe3][\x10-\xef]", MP3),
        (rb"\xff[\xf0\xf1\xf8\xf9][\x40-\x7f]", AAC),
        (rb"#!AMR(-WB)?\n", AMR),
        (rb".{4}ftypM4[AB] ", M4A),
        (rb".{4}ftypqt  ", MOV),
        (rb".{4}ftyp3g[2-9a-z]", THREE_GP),
        (rb".{4}ftyp(iso[m2-9]|mp4[12]|avc1|M4V|MSNV|mmp4|dash|XAVC)", MP4),
        (rb"\x1aE\xdf\xa3.{1,60}?B\x82.{1,8}?webm", WEBM),
    ]
]
_OFFICE = {"word/document.xml": DOCX, "xl/workbook.xml": XLSX}
_ACTIVE = re.compile(rb"<script|<html|<svg|<\?php|<!doctype html", re.IGNORECASE)


def sniff(data: bytes) -> FileType | None:
    """The type of a file we take, or None: unknown, dangerous, or two formats in one."""
    head = data[:HEAD]
    if head.startswith(b"PK\x03\x04"):
        return _office(data)
    found = next((kind for beginning, kind in _BEGINNINGS if beginning.match(head)), None)
    if found and not found.is_image and _is_also_something_else(data):
        return None
    return found


def _office(data: bytes) -> FileType | None:
    """DOCX or XLSX without macros; any other archive is refused. Nothing is unpacked."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            names = set(archive.namelist())
    except (zipfile.BadZipFile, ValueError, NotImplementedError):
        return None
    if "[Content_Types].xml" not in names or any(n.endswith("vbaProject.bin") for n in names):
        return None
    return next((kind for part, kind in _OFFICE.items() if part in names), None)


def _is_also_something_else(data: bytes) -> bool:
    """A polyglot: a page or a script near the start, or an archive hung on the end."""
    return bool(_ACTIVE.search(data[:4096])) or zipfile.is_zipfile(io.BytesIO(data))
