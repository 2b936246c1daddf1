"""Spreading the word: texts to read out and forward, the poster, papers, and each head's confirmation."""

from datetime import datetime
from io import BytesIO
from typing import Any

import segno
from flask import current_app, flash, redirect, render_template, request, send_file, url_for
from markupsafe import Markup

from feedback import clock, links
from feedback.db import db, transaction
from feedback.dialogue import announcing, paperwork, queries, sessions
from feedback.dialogue.lifecycle import may_run
from feedback.dialogue.models import Dialogue
from feedback.documents import attach, store
from feedback.documents.models import FileUse, StoredFile
from feedback.errors import BadInput, NotFound
from feedback.papers.inputs import PublicDialogue
from feedback.papers.issuing import FORMATS, issue, preview
from feedback.wards.models import Ward
from web.accounts.session import current_actor, needs
from web.desk.blueprint import desk
from web.desk.dialogue_access import RIGHTS, receive_files, running
from web.desk.frame import today

A_PAGE = 4  # invitations


@desk.get("/dialogues/<int:dialogue_id>/announcement")
@needs(*RIGHTS)
def dialogue_texts(dialogue_id: int) -> Any:
    row = queries.seen(dialogue_id, current_actor())
    said = announcing.loudspeaker(row, _ward())
    return render_template(
        "desk/dialogue_texts.html",
        d=row,
        said=said,
        on_air=announcing.on_air(said),
        group=announcing.group_text(row, _ward()),
        runs=may_run(row, current_actor()),
        nav="dialogues",
    )


@desk.get("/dialogues/<int:dialogue_id>/invitations")
@needs(*RIGHTS)
def dialogue_invitations(dialogue_id: int) -> Any:
    """Four invitations to a page, to be cut and brought to every household."""
    row = queries.seen(dialogue_id, current_actor())
    address = links.dialogue(_ward().slug, row.id)
    picture = segno.make(address, micro=False, error="m").svg_inline(border=2, omitsize=True)
    households = [reach.neighbourhood.households for reach in row.concerned]
    return render_template(
        "desk/dialogue_invitations.html",
        d=row,
        host=announcing.host(row, _ward()),
        households=sum(filter(None, households)) if all(households) else None,
        qr=Markup(picture),  # noqa: S704  ours
        a_page=A_PAGE,
    )


@desk.get("/dialogues/<int:dialogue_id>/papers/<form_key>.<suffix>")
@needs(*RIGHTS)
def dialogue_paper(dialogue_id: int, form_key: str, suffix: str) -> Any:
    """The paper without its number, to read (PDF) or to correct (DOCX)."""
    row = queries.seen(dialogue_id, current_actor())
    if suffix not in FORMATS:
        raise NotFound
    data = preview(form_key, _filled(row, form_key), suffix)
    name = f"{form_key.replace('_', '-')}-{row.id}.{suffix}"
    return send_file(
        BytesIO(data),
        mimetype=FORMATS[suffix].media_type,
        download_name=name,
        as_attachment=suffix == "docx",
    )


@desk.post("/dialogues/<int:dialogue_id>/papers/<form_key>")
@needs(*RIGHTS)
def dialogue_paper_issued(dialogue_id: int, form_key: str) -> Any:
    """Number it and keep it; who may issue papers decides `papers.issuing`."""
    row = running(dialogue_id)
    if not paperwork.is_numbered(row):
        raise NotFound
    root = current_app.config["SETTINGS"].upload_dir
    once = f"dialogue:{dialogue_id}:{form_key}:{row.sequence}"
    try:
        filled = _filled(row, form_key)
        paper = issue(form_key, filled, by=current_actor(), root=root, once=once)
    except BadInput as refusal:
        flash(refusal.sentence, "error")
        return redirect(url_for(".dialogue", dialogue_id=dialogue_id))
    flash(f"Đã phát hành {paper.name} số {paper.sign}.", "success")
    return redirect(url_for(".paper_file", paper_id=paper.id, suffix="pdf"))


@desk.post("/dialogues/<int:dialogue_id>/reach/<int:neighbourhood_id>")
@needs(*RIGHTS)
def dialogue_confirmed(dialogue_id: int, neighbourhood_id: int) -> Any:
    """'Đã loan báo': when, where, and a photo if there is one."""
    queries.seen(dialogue_id, current_actor())
    try:
        clean = receive_files("photo")
        actor = current_actor()
        with transaction():
            kept = [
                attach.keep(
                    actor.ward_id,
                    each,
                    FileUse.INTERNAL,
                    uploaded_by_id=actor.officer_id,
                    dialogue_id=dialogue_id,
                ).id
                for each in clean[:1]
            ]
            sessions.confirm(
                queries.seen(dialogue_id, actor),
                neighbourhood_id,
                by=actor,
                where=request.form.get("where", ""),
                told_at=_told_at(request.form.get("told_at", "")),
                file_id=kept[0] if kept else None,
            )
    except BadInput as refusal:
        flash(refusal.sentence, "error")
        return redirect(url_for(".dialogue", dialogue_id=dialogue_id, _anchor="reach"))
    flash("Đã ghi nhận. Cảm ơn Ông/Bà đã loan báo.", "success")
    return redirect(url_for(".dialogue", dialogue_id=dialogue_id, _anchor="reach"))


@desk.get("/dialogues/<int:dialogue_id>/files/<key>")
@needs(*RIGHTS)
def dialogue_file(dialogue_id: int, key: str) -> Any:
    """An attachment or a proof, to who sees the session."""
    row = queries.seen(dialogue_id, current_actor())
    file = db.first_or_404(db.select(StoredFile).filter_by(dialogue_id=row.id, key=key))
    path = store.path_of(current_app.config["SETTINGS"].upload_dir, file.path)
    return send_file(path, mimetype=file.media_type, download_name=file.name)


def _filled(row: Dialogue, form_key: str) -> PublicDialogue:
    """Raises NotFound for a form this kind has not, or not yet."""
    if form_key not in paperwork.ready(row):
        raise NotFound
    officer_id = current_actor().officer_id or 0
    signer = paperwork.signer_for(row, form_key, officer_id)
    secretary = today().name(officer_id)
    names = form_key == paperwork.MINUTES
    return paperwork.public_dialogue(row, signer, secretary=secretary, names=names)


def _ward() -> Ward:
    return db.session.get_one(Ward, current_actor().ward_id)


def _told_at(typed: str) -> datetime | None:
    """Of a datetime-local field. Raises BadInput."""
    if not typed:
        return None
    try:
        return datetime.fromisoformat(typed).replace(tzinfo=clock.ZONE)
    except ValueError:
        raise BadInput("Giờ loan báo chưa đúng.") from None
