"""Photos redrawn: upright, at most 2560 px, JPEG, without hidden data but what it told us.

Redrawing also destroys anything else a file pretended to be. Pillow (45 ms, 3 MiB) and the HEIC
reader (60 ms, 7 MiB) are loaded by the first photo, not by the program's start.
"""

import io
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from threading import BoundedSemaphore
from typing import TYPE_CHECKING, Any

from feedback.clock import ZONE
from feedback.documents.sniff import HEIF, JPEG, FileType

if TYPE_CHECKING:
    from PIL import Image

SIDE = 2560
QUALITY = 85
MOST_PIXELS = 50_000_000  # decoded whole: up to 265 MiB for a moment
MOST_PIXELS_JPEG = 220_000_000  # a 200-megapixel phone; baseline JPEG decodes already shrunk

_DECODING = BoundedSemaphore(2)  # photos in memory at once, whatever the number of threads
_GPS, _EXIF = 0x8825, 0x8769
_TAKEN, _TAKEN_OFFSET, _CHANGED = 0x9003, 0x9011, 0x0132


class TooManyPixels(Exception):
    """A picture whose decoded size would exhaust memory: a bomb, or a scan nobody needs."""


class Damaged(Exception):
    """Begins like a picture and can't be decoded to its end."""


@dataclass(frozen=True)
class Redrawn:
    """`gps` is (latitude, longitude) in degrees; `taken_at` is UTC."""

    data: bytes
    width: int
    height: int
    gps: tuple[float, float] | None
    taken_at: datetime | None


def redraw(data: bytes, file_type: FileType) -> Redrawn:
    """Raises TooManyPixels or Damaged."""
    try:
        with _DECODING:
            image, exif = _decode(data, file_type, SIDE)
    except TooManyPixels:
        raise
    except Exception as error:  # decoders raise OSError, SyntaxError, struct.error, ValueError…
        raise Damaged from error
    return Redrawn(_jpeg(image), *image.size, gps=_place(exif), taken_at=_time(exif))


def thumbnail(data: bytes, side: int = 320) -> bytes:
    """A small JPEG of a picture kept by `redraw`."""
    image, _ = _decode(data, JPEG, side)
    return _jpeg(image)


def _decode(data: bytes, file_type: FileType, side: int) -> "tuple[Image.Image, Image.Exif]":
    from PIL import ImageOps

    image = _open(data, file_type)
    _refuse_bomb(image)
    exif = image.getexif()
    image.draft("RGB", (side, side))
    image.load()
    image.thumbnail((side, side), reducing_gap=2.0)
    return _on_white(ImageOps.exif_transpose(image)), exif


def _open(data: bytes, file_type: FileType) -> "Image.Image":
    """Only the header is read, and only by the decoder of the type that was sniffed."""
    from PIL import Image, WebPImagePlugin  # noqa: F401 (importing it registers WebP)

    if file_type is HEIF:
        import pillow_heif

        pillow_heif.register_heif_opener(thumbnails=False)
    Image.MAX_IMAGE_PIXELS = MOST_PIXELS_JPEG
    try:
        return Image.open(io.BytesIO(data), formats=[file_type.media_type[6:].upper()])
    except Image.DecompressionBombError:
        raise TooManyPixels from None


def _refuse_bomb(image: "Image.Image") -> None:
    shrinks_while_decoding = image.format in ("JPEG", "MPO") and not image.info.get("progressive")
    most = MOST_PIXELS_JPEG if shrinks_while_decoding else MOST_PIXELS
    if image.width * image.height > most:
        raise TooManyPixels


def _on_white(image: "Image.Image") -> "Image.Image":
    from PIL import Image

    if not image.has_transparency_data:
        return image.convert("RGB")
    image = image.convert("RGBA")
    paper = Image.new("RGB", image.size, "white")
    paper.paste(image, mask=image.getchannel("A"))
    return paper


def _jpeg(image: "Image.Image") -> bytes:
    out = io.BytesIO()
    image.save(out, "JPEG", quality=QUALITY)
    return out.getvalue()


def _place(exif: "Image.Exif") -> tuple[float, float] | None:
    """Latitude and longitude, or None when absent, impossible, or the 0,0 of a lost receiver."""
    gps = exif.get_ifd(_GPS)
    try:
        lat, lng = _degrees(gps, 2, "S"), _degrees(gps, 4, "W")
    except (KeyError, TypeError, ValueError, ZeroDivisionError):
        return None
    if not (-90 <= lat <= 90 and -180 <= lng <= 180) or (lat == 0 and lng == 0):
        return None
    return round(lat, 6), round(lng, 6)


def _degrees(gps: Mapping[int, Any], tag: int, negative: str) -> float:
    degrees, minutes, seconds = (float(part) for part in gps[tag])
    value = degrees + minutes / 60 + seconds / 3600
    return -value if str(gps[tag - 1]).upper().startswith(negative) else value


def _time(exif: "Image.Exif") -> datetime | None:
    """When it was taken. A camera that names no zone is taken to be on Vietnamese time."""
    more = exif.get_ifd(_EXIF)
    written = str(more.get(_TAKEN) or exif.get(_CHANGED) or "").strip("\0 ")
    try:
        wall = datetime.strptime(written, "%Y:%m:%d %H:%M:%S")  # noqa: DTZ007
        zone = _offset(str(more.get(_TAKEN_OFFSET) or "").strip("\0 "))
        return wall.replace(tzinfo=zone or ZONE).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def _offset(written: str) -> timezone | None:
    """'+07:00' -> that zone; empty or unreadable -> None."""
    hours, colon, minutes = written[1:].partition(":")
    if written[:1] not in ("+", "-") or not (colon and hours.isdecimal() and minutes.isdecimal()):
        return None
    offset = timedelta(hours=int(hours), minutes=int(minutes))
    return timezone(-offset if written[0] == "-" else offset)
