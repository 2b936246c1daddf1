import contextlib
import hashlib
import io
import struct
import zlib
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from feedback.documents.images import MOST_PIXELS, SIDE, thumbnail
from feedback.documents.intake import MIB, FileRefused, accept, safe_name
from feedback.errors import Refusal
from tests.feedback.documents import samples
from tests.fuzzing import examples

HANOI = ("N", (21.0, 2.0, 6.0), "E", (105.0, 50.0, 24.0))


def opened(file):
    return Image.open(io.BytesIO(file.data))


def refused(name, data, **options):
    with pytest.raises(FileRefused) as refusal:
        accept(name, data, **options)
    assert isinstance(refusal.value, Refusal)
    return refusal.value


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP", "GIF"])
def test_pictures_become_jpeg(form):
    file = accept(f"anh.{form.lower()}", samples.photo(form))
    assert (file.name, file.media_type, file.width, file.height) == (
        "anh.jpg",
        "image/jpeg",
        400,
        300,
    )
    assert opened(file).format == "JPEG"
    assert file.sha256 == hashlib.sha256(file.data).hexdigest()
    assert file.size == len(file.data)


def test_heic_of_a_phone_with_its_place():
    data = samples.heic(exif=samples.exif(gps=HANOI, taken="2026:03:01 08:15:00"))
    file = accept("IMG_0012.HEIC", data)
    assert (file.name, opened(file).format, file.width) == ("IMG_0012.jpg", "JPEG", 400)
    assert file.gps == (21.035, 105.84)
    assert file.taken_at == datetime(2026, 3, 1, 1, 15, tzinfo=UTC)


def test_place_and_time_are_told_and_nothing_else_survives():
    exif = samples.exif(gps=HANOI, taken="2026:03:01 08:15:00", offset="+09:00")
    file = accept("a.jpg", samples.photo(exif=exif))
    assert file.gps == (21.035, 105.84)
    assert file.taken_at == datetime(2026, 2, 28, 23, 15, tzinfo=UTC)
    assert b"SecretCamera" not in file.data
    assert not opened(file).getexif()


def test_south_and_west_are_negative():
    gps = ("S", (33.0, 51.0, 36.0), "W", (70.0, 30.0, 0.0))
    assert accept("a.jpg", samples.photo(exif=samples.exif(gps=gps))).gps == (-33.86, -70.5)


@pytest.mark.parametrize(
    "gps",
    [
        ("N", (0.0, 0.0, 0.0), "E", (0.0, 0.0, 0.0)),
        ("N", (200.0, 0.0, 0.0), "E", (105.0, 0.0, 0.0)),
        ("N", (21.0, 2.0), "E", (105.0, 50.0, 24.0)),
    ],
)
def test_impossible_places_are_no_place(gps):
    assert accept("a.jpg", samples.photo(exif=samples.exif(gps=gps))).gps is None


@pytest.mark.parametrize(
    "taken", ["0000:00:00 00:00:00", "hôm qua", "2026:03:01", "    :  :     :  :  "]
)
def test_impossible_times_are_no_time(taken):
    assert accept("a.jpg", samples.photo(exif=samples.exif(taken=taken))).taken_at is None


def test_orientation_is_applied():
    file = accept("a.jpg", samples.photo(exif=samples.exif(orientation=6)))  # turn right
    assert (file.width, file.height) == (300, 400)
    picture = opened(file)
    assert picture.getpixel((150, 20))[1] < 60  # the red left half is now the top
    assert picture.getpixel((150, 380))[1] > 200


def test_large_pictures_shrink_and_small_ones_stay():
    assert (accept("a.jpg", samples.photo(size=(4000, 3000))).width) == SIDE
    assert (accept("a.jpg", samples.photo(size=(10, 8))).width) == 10


def test_transparency_becomes_white_paper():
    file = accept("a.png", samples.photo("PNG", mode="RGBA", colour=(0, 0, 0, 0)))
    assert opened(file).getpixel((10, 10)) == (255, 255, 255)


def test_other_colour_models():
    for mode, colour in [("L", 0), ("CMYK", (0, 255, 255, 0)), ("P", 3)]:
        form = "JPEG" if mode != "P" else "GIF"
        image = Image.new(mode, (30, 20), colour)
        out = io.BytesIO()
        image.save(out, form)
        assert opened(accept("a", out.getvalue())).mode == "RGB"


def png_header(width, height):
    def chunk(kind, body):
        return (
            struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
        )

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(b"\0" * 999))
    )


def test_decompression_bomb():
    error = refused("bom.png", png_header(60_000, 60_000))
    assert error.reason == "too_many_pixels"
    assert "“bom.png”" in error.sentence


def test_pixel_limit_is_one_pixel_sharp():
    assert refused("a.png", png_header(MOST_PIXELS + 1, 1)).reason == "too_many_pixels"
    assert refused("a.png", png_header(MOST_PIXELS, 1)).reason == "damaged"  # let through, no data


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP", "GIF"])
@pytest.mark.parametrize("share", [0.1, 0.5, 0.9])
def test_truncated_pictures(form, share):
    noise = Image.effect_noise((300, 300), 80).convert("RGB")
    out = io.BytesIO()
    noise.save(out, form)
    data = out.getvalue()
    error = refused("cắt.jpg", data[: int(len(data) * share)])
    assert error.reason == "damaged"
    assert "“cắt.jpg” bị hỏng" in error.sentence


def test_truncated_heic():
    data = samples.heic((300, 300))
    assert refused("a.heic", data[: len(data) // 2]).reason == "damaged"


@pytest.mark.parametrize(
    ("name", "data", "media_type", "kept_as"),
    [
        ("đơn.pdf", samples.PDF, "application/pdf", "đơn.pdf"),
        ("đơn.docx", samples.DOCX, None, "đơn.docx"),
        ("bảng.xlsx", samples.XLSX, None, "bảng.xlsx"),
        ("voice.oga", samples.OPUS, "audio/ogg", "voice.ogg"),
        ("ghi âm.mp3", samples.MP3, "audio/mpeg", "ghi âm.mp3"),
        ("ghi âm", samples.MP3_BARE, "audio/mpeg", "ghi âm.mp3"),
        ("a.m4a", samples.M4A, "audio/mp4", "a.m4a"),
        ("a.aac", samples.AAC, "audio/aac", "a.aac"),
        ("a.amr", samples.AMR, "audio/amr", "a.amr"),
        ("video.mp4", samples.MP4, "video/mp4", "video.mp4"),
        ("IMG_1.MOV", samples.MOV, "video/quicktime", "IMG_1.mov"),
        ("a.3gp", samples.THREE_GP, "video/3gpp", "a.3gp"),
        ("a.webm", samples.WEBM, "video/webm", "a.webm"),
        ("đặt nhầm tên.jpg", samples.PDF, "application/pdf", "đặt nhầm tên.pdf"),
    ],
)
def test_other_files_are_kept_as_they_are(name, data, media_type, kept_as):
    file = accept(name, data)
    assert file.data == data
    assert file.name == kept_as
    assert media_type is None or file.media_type == media_type
    assert not file.is_image
    assert file.gps is file.taken_at is None


@pytest.mark.parametrize(
    ("name", "data", "reason"),
    [
        ("ảnh.jpg", samples.EXE, "unknown"),
        ("trang.html", b"<!DOCTYPE html><html><script>1</script>", "unknown"),
        ("hình.svg", b'<svg xmlns="http://www.w3.org/2000/svg"/>', "unknown"),
        ("chạy.sh", b"#!/bin/sh\nrm -rf /\n", "unknown"),
        ("ghi chú.txt", "xin chào".encode(), "unknown"),
        ("cũ.doc", samples.OLD_WORD, "old_office"),
        ("nén.zip", samples.archive("a.txt"), "archive"),
        (
            "macro.docx",
            samples.archive("[Content_Types].xml", "word/document.xml", "word/vbaProject.bin"),
            "archive",
        ),
        ("hỏng.docx", samples.DOCX[:60], "archive"),
        ("phim.mkv", samples.MATROSKA, "other_video"),
        ("hai mặt.pdf", samples.PDF + samples.archive("x.class"), "unknown"),
        ("hai mặt.pdf", b"%PDF-1.4\n<html><script>alert(1)</script>", "unknown"),
        ("hai mặt.mp3", samples.MP3 + b"<?php system($_GET[0]);", "unknown"),
        ("muộn.pdf", b"\n" * 20 + samples.PDF, "unknown"),
        ("rỗng.jpg", b"", "empty"),
    ],
    ids=lambda value: None if isinstance(value, str) else "bytes",
)
def test_everything_else_is_refused_by_name(name, data, reason):
    error = refused(name, data)
    assert error.reason == reason
    assert f"“{name}”" in error.sentence
    assert "Vui lòng" in error.sentence
    assert error.status == 422


def test_a_page_hidden_behind_a_picture_is_redrawn_away():
    file = accept("a.gif", samples.photo("GIF") + b"<script>alert(1)</script>")
    assert b"<script>" not in file.data


def test_limit_is_one_byte_sharp_for_bytes_and_streams():
    assert accept("a.pdf", samples.PDF, limit=len(samples.PDF)).size == len(samples.PDF)
    assert accept("a.pdf", io.BytesIO(samples.PDF), limit=len(samples.PDF)).size == len(samples.PDF)
    for data in (samples.PDF, io.BytesIO(samples.PDF)):
        error = refused("a.pdf", data, limit=len(samples.PDF) - 1)
        assert (error.reason, error.status) == ("too_large", 413)
    assert "nặng hơn 20 MB" in refused("a.mp4", samples.MP4 + bytes(20 * MIB)).sentence


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("../../etc/passwd", "passwd.pdf"),
        ("C:\\Users\\An\\đơn.pdf", "đơn.pdf"),
        ("a\u202egpj.exe", "agpj.pdf"),
        ("  .htaccess ", "htaccess.pdf"),
        ("x\r\nSet-Cookie: a=b", "x Set-Cookie_ a=b.pdf"),
        ('a"<b>.pdf', "a__b_.pdf"),
        ("Quyết định 12.2026 về đất", "Quyết định 12.2026 về đất.pdf"),
        ("", "tep.pdf"),
        ("...", "tep.pdf"),
        ("x" * 300 + ".pdf", "x" * 79 + ".pdf"),
    ],
)
def test_safe_name(sent, kept):
    assert safe_name(sent, "pdf") == kept


@given(st.text(st.characters(), max_size=120))
def test_safe_name_is_always_safe(sent):
    name = safe_name(sent, "jpg")
    assert name.endswith(".jpg")
    assert 5 <= len(name) <= 84
    assert not set(name) & set('/\\\n\r\0"<>')
    assert not name.startswith(".")
    name.encode()


@settings(max_examples=examples(60), deadline=None)
@given(
    st.binary(max_size=200),
    st.sampled_from(
        [
            b"",
            b"\xff\xd8\xff\xe0",
            b"GIF89a",
            b"PK\x03\x04",
            b"%PDF-1.4",
            b"RIFF0000WEBP",
            b"\x89PNG\r\n\x1a\n",
            b"\0\0\0\x18ftypheic",
        ]
    ),
)
def test_any_bytes_are_accepted_or_refused_never_a_crash(data, begin):
    with contextlib.suppress(FileRefused):
        assert accept("gì đó", begin + data).data


def test_thumbnail():
    small = Image.open(
        io.BytesIO(thumbnail(accept("a.jpg", samples.photo(size=(3000, 1500))).data))
    )
    assert (small.format, small.size) == ("JPEG", (320, 160))
