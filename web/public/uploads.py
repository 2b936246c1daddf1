"""Files a resident sends with a form, and those that came with an earlier try of the same form.

A file that arrived stays: its row waits without a petition, and the form carries its sealed name, so the
next try need not send it again. A sealed name is worth nothing in another form.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from flask import current_app, request
from itsdangerous import BadSignature, URLSafeSerializer

from feedback.documents import attach
from feedback.documents.intake import CleanFile, FileRefused
from feedback.documents.models import FileUse, StoredFile
from feedback.text import clip, squeeze

MOST = 5


@dataclass(frozen=True)
class Kept:
    """A file that waits, as the form shows it."""

    sealed: str
    name: str
    size: int


@dataclass
class Arrived:
    """What came with one request: files on disk without a row yet, and why others did not come in."""

    clean: list[CleanFile] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)
    earlier: list[StoredFile] = field(default_factory=list)

    @property
    def place(self) -> tuple[float, float] | None:
        """Where the first photo that knows it was taken."""
        old = [(file.lat, file.lng) for file in self.earlier if file.lat is not None]
        new = [clean.gps for clean in self.clean if clean.gps]
        return next(iter([*old, *new]), None)

    def keep(self, ward_id: int, use: FileUse = FileUse.EVIDENCE) -> list[StoredFile]:
        """The rows of everything that arrived, those of new files added in the present transaction."""
        return self.earlier + [attach.keep(ward_id, clean, use) for clean in self.clean]


def arrived(ward_id: int, form_key: str) -> Arrived:
    """Take in the files of the present request; call outside every transaction."""
    result = Arrived(earlier=_earlier(ward_id, form_key))
    root: Path = current_app.config["SETTINGS"].upload_dir
    for sent in request.files.getlist("photos"):
        if not sent.filename:
            continue
        if len(result.earlier) + len(result.clean) >= MOST:
            name = clip(squeeze(sent.filename), 60)
            result.refused.append(f"Tệp “{name}” chưa nhận: nhiều nhất {MOST} tệp một lần.")
            continue
        try:
            result.clean.append(attach.receive(root, sent.filename, sent.stream))
        except FileRefused as refusal:
            result.refused.append(refusal.sentence)
    return result


def kept(files: Iterable[StoredFile], form_key: str) -> list[Kept]:
    sealer = _sealer(form_key)
    return [Kept(sealer.dumps(file.key), file.name, file.size) for file in files]


def _earlier(ward_id: int, form_key: str) -> list[StoredFile]:
    keys = _opened(request.form.getlist("kept")[:MOST], form_key)
    return attach.waiting(ward_id, keys) if keys else []


def _opened(sealed: Sequence[str], form_key: str) -> list[str]:
    sealer = _sealer(form_key)
    keys = []
    for words in sealed:
        try:
            keys.append(str(sealer.loads(words)))
        except BadSignature:
            continue
    return keys


def _sealer(form_key: str) -> URLSafeSerializer:
    return URLSafeSerializer(current_app.secret_key or "", salt=f"kept-file:{form_key}")
