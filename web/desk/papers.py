"""Papers of one petition: which fit it now, one at a time prepared, looked at, issued and fetched."""

import secrets
from dataclasses import dataclass
from datetime import date
from io import BytesIO
from typing import Any

from flask import (
    Response,
    current_app,
    flash,
    redirect,
    render_template,
    request,
    send_file,
    url_for,
)

from feedback import audit
from feedback.db import transaction
from feedback.errors import BadInput, NotAllowed, Refusal
from feedback.papers import archive, facts, offers
from feedback.papers.forms import Form
from feedback.papers.inputs import PaperContext
from feedback.papers.issuing import FORMATS, issue, preview
from feedback.papers.models import Paper
from feedback.people.actor import Actor
from feedback.people.models import Permission as P
from feedback.petitions import queries
from feedback.petitions.models import Petition
from web.accounts.session import current_actor, needs
from web.desk.blueprint import desk
from web.desk.frame import current_setup


@dataclass(frozen=True)
class PaperShown:
    """An issued paper as a line of the list."""

    id: int
    name: str
    sign: str
    issued_on: date
    signed: str
    issued: str
    sha256: str


@desk.get("/cases/<number>/papers/<form_key>")
@needs(P.HANDLE, P.INTAKE)
def paper(number: str, form_key: str) -> Any:
    return _page(*_offered(number, form_key))


@desk.post("/cases/<number>/papers/<form_key>")
@needs(P.HANDLE, P.INTAKE)
def paper_issued(number: str, form_key: str) -> Any:
    """Number it, keep it, and go back to the case."""
    petition, form = _offered(number, form_key)
    actor, petition_id = current_actor(), petition.id
    try:
        filled = _filled(petition, form)
        once = request.form.get("once", "")[:64] or None
        done = issue(form.key, filled, by=actor, root=_root(), petition_id=petition_id, once=once)
        said = f"Đã phát hành {done.name}" + (f" số {done.sign}." if done.sign else ".")
    except (BadInput, NotAllowed) as refusal:
        return _page(*_offered(number, form_key), refusal=refusal), refusal.status
    flash(said, "success")
    return redirect(url_for(".case", number=number, _anchor="papers"))


@desk.post("/cases/<number>/papers/<form_key>/preview")
@needs(P.HANDLE, P.INTAKE)
def paper_preview(number: str, form_key: str) -> Any:
    """The paper without its number, as PDF to read or DOCX to correct."""
    petition, form = _offered(number, form_key)
    suffix = "docx" if request.form.get("as") == "docx" else "pdf"
    try:
        data = preview(form.key, _filled(petition, form), suffix)
    except (BadInput, NotAllowed) as refusal:
        return _page(petition, form, refusal=refusal), refusal.status
    _looked("paper.previewed", "petition", petition.id, {"form": form.key, "as": suffix})
    return sent(data, suffix, f"{form.name} {petition.number}.{suffix}")


@desk.get("/papers/<int:paper_id>.<any(pdf, docx):suffix>")
@needs(P.HANDLE, P.INTAKE)
def paper_file(paper_id: int, suffix: str) -> Response:
    """An issued paper as it was kept; who fetched it is written down."""
    found = archive.by_id(paper_id, current_actor())
    data, name = archive.read(found, suffix, _root()), archive.file_name(found, suffix)
    _looked("paper.fetched", "paper", paper_id, {"as": suffix})
    return sent(data, suffix, name)


def papers_view(petition: Petition, actor: Actor) -> dict[str, Any]:
    """For the case page: the papers that fit now, and those given out."""
    if not (actor.has(P.HANDLE) or actor.has(P.INTAKE)):
        return {}
    issued = [_shown(each) for each in archive.papers_of(petition, actor)]
    return {"paper_offers": offers.offers(petition, actor), "papers": issued[::-1]}


def sent(data: bytes, suffix: str, name: str) -> Response:
    """A file for one pair of eyes: PDF opens, the rest is saved."""
    kind = FORMATS[suffix].media_type if suffix in FORMATS else None
    answer = send_file(
        BytesIO(data), mimetype=kind, as_attachment=suffix != "pdf", download_name=name
    )
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _offered(number: str, form_key: str) -> tuple[Petition, Form]:
    petition = queries.case(number, current_actor())
    return petition, offers.offer(form_key, petition, current_actor())


def _filled(petition: Petition, form: Form) -> PaperContext:
    raw = request.form.get("signer", "")
    signer_id = int(raw) if raw.isdecimal() else None
    return offers.context(form.key, petition, current_actor(), request.form, signer_id)


def _page(petition: Petition, form: Form, refusal: Refusal | None = None) -> str:
    actor = current_actor()
    fields = refusal.fields if isinstance(refusal, BadInput) else {}
    return render_template(
        "desk/paper.html",
        petition=petition,
        paper_form=form,
        asks=form.offer.asks if form.offer else (),
        signers=offers.signers(form, petition, actor),
        may_issue=offers.may_issue(form, actor),
        typed=request.form if request.method == "POST" else facts.known(form, petition),
        errors=fields or ({"": refusal.sentence} if refusal else {}),
        once=request.form.get("once") or secrets.token_urlsafe(16),
        nav="petitions",
    )


def _shown(paper: Paper) -> PaperShown:
    names = current_setup().officers
    issued = names.get(paper.issued_by_id, "")
    if paper.issued_for_id:
        issued += f" (thay {names.get(paper.issued_for_id, '')})"
    return PaperShown(
        paper.id,
        paper.name,
        paper.sign,
        paper.issued_on,
        ", ".join(part for part in (paper.signed_by, paper.signed_as) if part),
        issued,
        paper.pdf_sha256,
    )


def _looked(action: str, subject: str, subject_id: int, detail: dict[str, Any]) -> None:
    actor = current_actor()
    with transaction():
        audit.record(
            action,
            subject,
            subject_id,
            ward_id=actor.ward_id,
            officer_id=actor.officer_id,
            detail=detail,
        )


def _root() -> Any:
    return current_app.config["SETTINGS"].upload_dir
