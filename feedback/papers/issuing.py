"""Issue a paper: draw it, number it, keep it. No number is lost or doubled, whatever fails.

The number is printed on the paper, yet no transaction may wait for a renderer. So the next number is
*expected*, the paper drawn and put on disk with it, and then claimed in one short transaction together
with the paper's row. Drawing failed: nothing was claimed. Somebody was first: the claim fails, and the
paper is drawn again with the next number. A number exists exactly when a row with its files does.
"""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from feedback import audit, clock
from feedback.db import db, is_writing, transaction
from feedback.documents import store
from feedback.documents.intake import CleanFile, safe_name
from feedback.documents.sniff import DOCX, PDF, FileType
from feedback.errors import NotAllowed, NotFound, TooMany
from feedback.papers import signing
from feedback.papers.archive import folder, seen
from feedback.papers.compose import compose, form_for, sign
from feedback.papers.document import Document
from feedback.papers.forms import Form
from feedback.papers.inputs import PaperContext, Register
from feedback.papers.models import Paper
from feedback.people.actor import Actor
from feedback.people.models import Permission
from feedback.wards import numbers

ISSUERS: dict[str, frozenset[Permission]] = {  # by a form's `offer.issuers`
    "handle": frozenset({Permission.HANDLE, Permission.INTAKE}),
    "decide": frozenset({Permission.DECIDE}),
    "nobody": frozenset(),  # printed, never numbered and kept
}
TRIES = 50  # each try is lost only to somebody who got a number
FORMATS: dict[str, FileType] = {"docx": DOCX, "pdf": PDF}


@dataclass(frozen=True)
class _Drawn:
    """A paper on disk, not yet issued."""

    document: Document
    docx: CleanFile
    pdf: CleanFile


def preview(key: str, context: PaperContext, suffix: str = "pdf") -> bytes:
    """The paper as DOCX or PDF without its number: to be read, corrected, signed by hand.

    Forms that carry no number are complete this way; a register may also be "xlsx". Raises NotFound for
    another suffix, and what `compose` raises.
    """
    if suffix == "xlsx" and isinstance(context, Register):
        from feedback.papers.xlsx import xlsx

        return xlsx(key, context)
    if suffix not in FORMATS:
        raise NotFound
    return _draw(compose(key, context), suffix)


def issue(
    key: str,
    context: PaperContext,
    *,
    by: Actor,
    root: Path,
    petition_id: int | None = None,
    once: str | None = None,
    then: Callable[[Paper], object] | None = None,
) -> Paper:
    """Issue a paper dated today; call outside every transaction (it opens its own).

    `root` is the upload directory. `once`: a key of the page that asks, so that a second click returns the
    first paper. `then`: verbs for the same transaction. Raises NotAllowed, NotFound, BadInput.
    """
    if is_writing():
        raise RuntimeError("issue() draws: call it outside transaction()")
    context = replace(context, on=clock.today())
    form = form_for(key, context)
    issued_for = _check(by, petition_id, form)
    for _ in range(TRIES):
        if once and (issued := _by_key(once)):
            return issued
        number = _expected(form, by, context)
        drawn = _drawn(key, context, number, root)
        try:
            paper = _claimed(form, context, number, drawn, by, issued_for, petition_id, once, then)
        except BaseException as error:
            _discard(root, drawn)
            if isinstance(error, IntegrityError) and once and _by_key(once):
                continue
            raise
        if paper:
            return paper
        _discard(root, drawn)
    raise TooMany("Nhiều văn bản đang được cấp số cùng lúc. Vui lòng thử lại.")


def _check(by: Actor, petition_id: int | None, form: Form) -> int | None:
    """Whose right is borrowed to give out this paper, if it is. Raises NotAllowed, NotFound."""
    if by.officer_id is None or by.ward_id is None:
        raise NotAllowed
    rights = ISSUERS[form.offer.issuers if form.offer else "handle"]
    lenders: list[int | None] = [None] if rights & by.rights else []
    lenders += [who for who, lent in by.stands_in_for.items() if rights & lent]
    if not lenders:
        raise NotAllowed
    if petition_id is not None:
        seen(petition_id, by)
    return lenders[0]


def _by_key(key: str) -> Paper | None:
    return db.session.scalars(sa.select(Paper).filter_by(key=key)).first()


def _expected(form: Form, by: Actor, context: PaperContext) -> int | None:
    if not form.series or by.ward_id is None:
        return None
    return numbers.last(by.ward_id, form.series, context.on.year) + 1


def _drawn(key: str, context: PaperContext, number: int | None, root: Path) -> _Drawn:
    db.session.rollback()  # nothing of the database is held while a renderer works
    document = compose(key, context, number=number)
    files = {suffix: _file(document, suffix) for suffix in FORMATS}
    for file in files.values():
        store.save(folder(root), file)
    return _Drawn(document, **files)


def _file(document: Document, suffix: str) -> CleanFile:
    data = _draw(document, suffix)
    return CleanFile(
        name=safe_name(document.name, suffix),
        media_type=FORMATS[suffix].media_type,
        suffix=suffix,
        data=data,
        sha256=hashlib.sha256(data).hexdigest(),
        size=len(data),
    )


def _draw(document: Document, suffix: str) -> bytes:
    if suffix == "pdf":
        from feedback.papers.pdf import pdf

        return pdf(document)
    from feedback.papers.docx import docx

    return docx(document)


def _claimed(
    form: Form,
    context: PaperContext,
    number: int | None,
    drawn: _Drawn,
    by: Actor,
    issued_for: int | None,
    petition_id: int | None,
    once: str | None,
    then: Callable[[Paper], object] | None,
) -> Paper | None:
    """The row of a drawn paper; None when somebody was first with this number."""
    values: dict[str, Any] = {"ward_id": by.ward_id, "series": form.series or None}
    with transaction():
        if number and not numbers.claim(by.ward_id or 0, form.series, context.on.year, number):
            return None
        paper = Paper(
            **values,
            petition_id=petition_id,
            form=form.key,
            code=form.code,
            name=form.name,
            subject=drawn.document.subject or drawn.document.head.about,
            year=context.on.year,
            number=number,
            sign=sign(form, number) if number else "",
            issued_on=context.on,
            issued_at=clock.now(),
            issued_by_id=by.officer_id,
            issued_for_id=issued_for,
            signed_by_id=context.signer.officer_id,
            signed_by=context.signer.name,
            signed_as=" / ".join(signing.lines(form.authority, context.signer)),
            docx_sha256=drawn.docx.sha256,
            pdf_sha256=drawn.pdf.sha256,
            key=once,
        )
        db.session.add(paper)
        db.session.flush()
        audit.record(
            "paper.issued",
            "paper",
            paper.id,
            ward_id=by.ward_id,
            officer_id=by.officer_id,
            detail={"form": form.key, "sign": paper.sign},
        )
        if then:
            then(paper)
        return paper


def _discard(root: Path, drawn: _Drawn) -> None:
    """Take back the files of a paper that was not issued, unless an issued one has the same content."""
    db.session.rollback()
    for file in (drawn.docx, drawn.pdf):
        column = getattr(Paper, f"{file.suffix}_sha256")
        if not db.session.scalar(sa.select(Paper.id).where(column == file.sha256).limit(1)):
            (folder(root) / store.place_of(file)).unlink(missing_ok=True)
