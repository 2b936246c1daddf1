"""Pictures small enough for Zalo: at most 1 MB, JPEG or PNG."""

import io

LARGEST = 1024 * 1024  # bytes
STEPS = ((2048, 85), (1600, 80), (1280, 75), (1024, 70), (800, 60), (640, 50))  # side, quality


def shrunk(data: bytes) -> tuple[bytes, str]:
    """The picture as it is when it fits, else drawn smaller as JPEG; and its media type.

    Raises ValueError for what is no picture.
    """
    if len(data) <= LARGEST and data[:3] in (b"\xff\xd8\xff", b"\x89PN"):
        return data, "image/jpeg" if data[0] == 0xFF else "image/png"
    from PIL import Image

    try:
        image = Image.open(io.BytesIO(data)).convert("RGB")
    except Exception as error:  # decoders raise OSError, SyntaxError, struct.error, ValueError…
        raise ValueError("no picture") from error
    for side, quality in STEPS:
        small = image.copy()
        small.thumbnail((side, side))
        out = io.BytesIO()
        small.save(out, "JPEG", quality=quality, optimize=True)
        if out.tell() <= LARGEST:
            return out.getvalue(), "image/jpeg"
    raise ValueError("a picture that does not get small")
