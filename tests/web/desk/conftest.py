"""A photo on disk, waiting for its petition."""

import io

import pytest
from PIL import Image

from feedback.db import transaction
from feedback.documents import attach
from feedback.documents.models import FileUse


def jpeg(colour: str = "orange") -> bytes:
    """A small photo."""
    out = io.BytesIO()
    Image.new("RGB", (640, 480), colour).save(out, "JPEG")
    return out.getvalue()


@pytest.fixture
def a_photo(app, world):
    clean = attach.receive(app.config["SETTINGS"].upload_dir, "ngõ 34.jpg", jpeg())
    with transaction():
        return attach.keep(world.ward.id, clean, FileUse.EVIDENCE)
