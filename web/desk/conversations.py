"""Chats that wait for a person: read the whole, answer through the same channel; also from a case."""

import secrets
from typing import Any

from flask import flash, redirect, render_template, request, url_for

from feedback import audit
from feedback.conversations import reading
from feedback.db import transaction
from feedback.documents.models import StoredFile
from feedback.errors import BadInput, NotAllowed, NotFound
from feedback.people.models import Permission as P
from feedback.petitions import queries
from web.accounts.session import current_actor, needs
from web.desk.blueprint import desk
from web.desk.case import _sent


@desk.get("/conversations")
@needs(P.INTAKE)
def conversations() -> Any:
    rows = reading.waiting(current_actor().ward_id)
    return render_template("desk/conversations.html", rows=rows, nav="conversations")


@desk.get("/conversations/<int:conversation_id>")
@needs(P.INTAKE)
def conversation(conversation_id: int) -> Any:
    return _page(conversation_id)


@desk.post("/conversations/<int:conversation_id>/answer")
@needs(P.INTAKE)
def conversation_answer(conversation_id: int) -> Any:
    text, key = request.form.get("text", ""), request.form.get("key", "")[:40]
    try:
        with transaction():
            reading.answer(conversation_id, by=current_actor(), text=text, key=key)
    except BadInput as refusal:
        return _page(conversation_id, 422, error=refusal.sentence, text=text)
    flash("Đã gửi. Lời người dân trả lời sẽ hiện ở đây.", "success")
    return redirect(url_for(".conversation", conversation_id=conversation_id))


@desk.post("/conversations/<int:conversation_id>/closing")
@needs(P.INTAKE)
def conversation_closing(conversation_id: int) -> Any:
    with transaction():
        reading.finish(conversation_id, by=current_actor())
    flash("Đã xong. Hệ thống trả lời tự động trở lại.", "success")
    return redirect(url_for(".conversations"))


@desk.get("/conversations/<int:conversation_id>/files/<key>")
@needs(P.INTAKE)
def conversation_file(conversation_id: int, key: str) -> Any:
    talk, _ = reading.of(conversation_id, current_actor())
    row: StoredFile | None = next((f for f in reading.files(talk) if f.key == key), None)
    if row is None:
        raise NotFound
    return _sent(row, row.path, row.media_type)


@desk.post("/cases/<number>/message")
@needs(P.HANDLE)
def case_message(number: str) -> Any:
    """Write to the reporter in their chat; the answer comes to the case."""
    actor = current_actor()
    try:
        with transaction():
            petition = queries.to_change(number, actor)
            text, key = request.form.get("text", ""), request.form.get("key", "")[:40]
            reading.write_about(petition, by=actor, text=text, key=key)
        flash("Đã nhắn người dân; câu trả lời sẽ vào hồ sơ này.", "success")
    except (BadInput, NotAllowed) as refusal:
        flash(refusal.sentence, "error")
    return redirect(url_for(".case", number=number))


def _page(conversation_id: int, status: int = 200, **more: Any) -> Any:
    actor = current_actor()
    with transaction():
        talk, contact = reading.of(conversation_id, actor)
        audit.record(
            "chat.read",
            "conversation",
            talk.id,
            ward_id=talk.ward_id,
            officer_id=actor.officer_id,
        )
    context = {
        "talk": talk,
        "contact": contact,
        "messages": reading.transcript(contact),
        "files": reading.files(talk),
        "key": secrets.token_urlsafe(12),
        "error": "",
        "text": "",
        **more,
    }
    return render_template("desk/conversation.html", nav="conversations", **context), status
