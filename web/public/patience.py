"""A form may bring far too much: what is too large is thrown away while it arrives, and the words stay.

Refusing the whole request would lose the words with it, so these pages read to the end, keep of each
file no more than shows that it is too large, and let the intake refuse it by name.
"""

from tempfile import SpooledTemporaryFile
from typing import IO, Any

from flask import Flask, Request, request

from feedback.documents.intake import LIMIT, MIB

MOST_READ = 600 * MIB  # a long video and then some
IN_MEMORY = MIB // 2


class Capped(SpooledTemporaryFile[bytes]):
    """Takes everything, keeps the first LIMIT + 1 bytes."""

    def write(self, data: Any) -> int:
        room = LIMIT + 1 - self.tell()
        if room > 0:
            super().write(data[:room])
        return len(data)


class PatientRequest(Request):
    def _get_file_stream(self, *_args: Any, **_kwargs: Any) -> IO[bytes]:
        return Capped(max_size=IN_MEMORY, mode="rb+")


def init_patience(app: Flask) -> None:
    app.request_class = PatientRequest


def be_patient() -> None:
    """Let the present request be large; call before its form is looked at."""
    request.max_content_length = MOST_READ
