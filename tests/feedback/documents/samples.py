"""Files as phones and people send them, made on the spot."""

import io
import struct
import zipfile

from PIL import Image

GPS, EXIF, ORIENTATION = 0x8825, 0x8769, 0x0112


def photo(form="JPEG", size=(400, 300), *, exif=None, mode="RGB", colour="red", **options):
    """Left half `colour`, right half white, so that turning can be seen."""
    image = Image.new(mode, size, "white")
    image.paste(Image.new(mode, (size[0] // 2, size[1]), colour), (0, 0))
    if exif is not None:
        options["exif"] = exif
    out = io.BytesIO()
    image.save(out, form, **options)
    return out.getvalue()


def exif(*, orientation=1, gps=None, taken=None, offset=None):
    """gps: (ref, (d, m, s), ref, (d, m, s)) for latitude and longitude."""
    data = Image.Exif()
    data[ORIENTATION] = orientation
    data[0x010F] = "SecretCamera"
    if gps:
        data.get_ifd(GPS).update(dict(zip((1, 2, 3, 4), gps, strict=True)))
    if taken:
        data.get_ifd(EXIF)[0x9003] = taken
    if offset:
        data.get_ifd(EXIF)[0x9011] = offset
    return data


def heic(size=(400, 300), **options):
    import pillow_heif

    pillow_heif.register_heif_opener(thumbnails=False)
    return photo("HEIF", size, **options)


def archive(*names):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as file:
        for name in names:
            file.writestr(name, "x")
    return out.getvalue()


def boxes(brand, *compatible):
    body = brand + b"\0\0\0\0" + b"".join(compatible)
    return struct.pack(">I", 8 + len(body)) + b"ftyp" + body + b"\0\0\0\x08mdat" + b"\0" * 64


PDF = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n<<>>\nendobj\ntrailer<<>>\n%%EOF\n"
DOCX = archive("[Content_Types].xml", "_rels/.rels", "word/document.xml")
XLSX = archive("[Content_Types].xml", "_rels/.rels", "xl/workbook.xml")
OPUS = b"OggS\0\x02" + b"\0" * 20 + b"\x01\x13OpusHead\x01" + b"\0" * 50
MP3 = b"ID3\x03\0\0\0\0\0\0" + b"\0" * 64
MP3_BARE = b"\xff\xfb\x90\x64" + b"\0" * 400
AAC = b"\xff\xf1\x50\x80" + b"\0" * 64
AMR = b"#!AMR\n<abc"
M4A, MP4, MOV, THREE_GP = boxes(b"M4A "), boxes(b"isom", b"mp42"), boxes(b"qt  "), boxes(b"3gp4")
WEBM = b"\x1aE\xdf\xa3\x9fB\x86\x81\x01B\xf7\x81\x01B\xf2\x81\x04B\xf3\x81\x08B\x82\x84webm\0"
MATROSKA = b"\x1aE\xdf\xa3\x9fB\x82\x88matroska\0"
EXE = b"MZ\x90\0" + b"\0" * 60 + b"PE\0\0"
OLD_WORD = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600
