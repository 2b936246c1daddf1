"""A photo on disk, waiting for its petition."""

import io
from functools import cache

import pytest
from flask import current_app
from PIL import Image

from feedback.db import transaction
from feedback.documents import attach
from feedback.documents.models import FileUse, StoredFile
from tests.world import key_of


@cache
def jpeg(colour: str = "orange") -> bytes:
    """A small photo."""
    out = io.BytesIO()
    Image.new("RGB", (640, 480), colour).save(out, "JPEG")
    return out.getvalue()


def kept_photo(world) -> StoredFile:
    """One of the lane, kept for the ward."""
    clean = attach.receive(current_app.config["SETTINGS"].upload_dir, "ngõ 34.jpg", jpeg())
    with transaction():
        return attach.keep(key_of(world.ward), clean, FileUse.EVIDENCE)


@pytest.fixture
def a_photo(app, world):
    return kept_photo(world)
