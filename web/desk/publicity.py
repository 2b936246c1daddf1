"""Công khai and lấy ý kiến at the desk: the checklist with its terms, the quarterly list, drafts and comments."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for

from feedback import clock
from feedback.db import db, transaction
from feedback.dialogue.gates import Gated
from feedback.documents import attach
from feedback.documents.models import FileUse
from feedback.errors import BadInput, NotFound, Refusal, WrongState
from feedback.papers.issuing import preview
from feedback.people.models import Channel
from feedback.people.models import Permission as P
from feedback.publicity import board, consulting
from feedback.publicity.law import Way, days_of, items, terms
from feedback.publicity.models import Comment, Stage, Taken
from web.accounts.session import current_actor, needs
from web.desk import periods
from web.desk.blueprint import desk
from web.desk.dialogue_access import receive_files
from web.desk.papers import sent

LIST = "publicity_register"
SUFFIXES = ("pdf", "docx", "xlsx")


@desk.get("/publicity")
@needs(P.HOLD_DIALOGUE)
def publicity() -> Any:
    return _page()


@desk.post("/publicity")
@needs(P.HOLD_DIALOGUE)
def publicity_added() -> Any:
    typed = request.form
    try:
        decided_on = periods.typed_day(typed.get("decided_on", ""), "decided_on")
        clean = receive_files("file")[:1]
        with transaction():
            actor = current_actor()
            item = typed.get("item", "")
            board.publish(
                actor.ward_id,
                by=actor,
                item=int(item) if item.isdecimal() else 0,
                title=typed.get("title", ""),
                text=typed.get("text", ""),
                decided_on=decided_on,
                file_id=_kept(clean, actor),
            )
    except BadInput as refusal:
        return _page(refusal), 422
    flash(
        "Đã công khai trên trang của phường. Ghi tiếp khi đã niêm yết, đọc loa, gửi tổ trưởng.",
        "success",
    )
    return redirect(url_for(".publicity"))


@desk.post("/publicity/<int:publication_id>/postings/<way>")
@needs(P.HOLD_DIALOGUE)
def publicity_posted(publication_id: int, way: str) -> Any:
    """It is up: since when, and where."""
    if way not in {each.value for each in Way}:
        raise NotFound
    day = request.form.get("starts_on", "").strip()
    try:
        starts_on = periods.typed_day(day, "starts_on") if day else None
        with transaction():
            actor = current_actor()
            row = board.found(publication_id, actor)
            where = request.form.get("where", "")
            board.put_up(row, Way(way), by=actor, starts_on=starts_on, where=where)
    except (BadInput, WrongState) as refusal:
        board.found(publication_id, current_actor())
        return _page(refusal), refusal.status
    flash("Đã ghi.", "success")
    return redirect(url_for(".publicity", _anchor=f"p{publication_id}"))


@desk.get("/publicity/list.<suffix>")
@needs(P.HOLD_DIALOGUE)
def publicity_list(suffix: str) -> Any:
    """The quarterly list on paper or as a spreadsheet."""
    if suffix not in SUFFIXES:
        raise NotFound
    starts_on, ends_on = periods.chosen(*board.quarter_of(clock.today()))
    filled = board.register(current_actor(), starts_on, ends_on)
    name = f"cong-khai-{starts_on:%Y%m%d}-{ends_on:%Y%m%d}.{suffix}"
    return sent(preview(LIST, filled, suffix), suffix, name)


@desk.post("/consultations")
@needs(P.HOLD_DIALOGUE)
def consultation_opened() -> Any:
    typed = request.form
    try:
        closes_on = periods.typed_day(typed.get("closes_on", ""), "closes_on")
        with transaction():
            actor = current_actor()
            row = consulting.open_up(
                actor.ward_id,
                by=actor,
                title=typed.get("title", ""),
                text=typed.get("text", ""),
                closes_on=closes_on,
                override=typed.get("override", ""),
            )
            row_id = row.id
    except Gated as refusal:
        carried = {name: typed.get(name, "") for name in ("title", "text", "closes_on")}
        return _page(gates=refusal.gates, carried=carried), 409
    except BadInput as refusal:
        return _page(refusal), 422
    flash("Đã mở lấy ý kiến trên trang của phường và qua tin nhắn.", "success")
    return redirect(url_for(".consultation", consultation_id=row_id))


@desk.get("/consultations/<int:consultation_id>")
@needs(P.HOLD_DIALOGUE)
def consultation(consultation_id: int) -> Any:
    return _consultation(consultation_id)


@desk.post("/consultations/<int:consultation_id>/comments")
@needs(P.HOLD_DIALOGUE)
def consultation_comment(consultation_id: int) -> Any:
    """One that came on paper or was said."""
    typed = request.form
    try:
        with transaction():
            actor = current_actor()
            row = consulting.in_ward(actor.ward_id, consultation_id)
            name = typed.get("name") or None
            consulting.comment(
                row, typed.get("text", ""), channel=Channel.PAPER, name=name, by=actor
            )
    except (BadInput, WrongState) as refusal:
        return _consultation(consultation_id, refusal), refusal.status
    flash("Đã ghi ý kiến.", "success")
    return redirect(url_for(".consultation", consultation_id=consultation_id))


@desk.post("/comments/<int:comment_id>/answer")
@needs(P.HOLD_DIALOGUE)
def comment_answered(comment_id: int) -> Any:
    actor, taken = current_actor(), request.form.get("taken", "")
    found = db.session.get(Comment, comment_id)
    if found is None or found.consultation.ward_id != actor.ward_id:
        raise NotFound
    consultation_id = found.consultation_id
    if taken not in {each.value for each in Taken}:
        refusal = BadInput("Xin chọn tiếp thu hay không tiếp thu.")
        return _consultation(consultation_id, refusal), 422
    try:
        with transaction():
            made = db.session.get_one(Comment, comment_id)
            words = request.form.get("answer", "")
            consulting.answer(made, by=actor, taken=Taken(taken), words=words)
    except (BadInput, WrongState) as refusal:
        return _consultation(consultation_id, refusal), refusal.status
    flash("Đã ghi giải trình.", "success")
    return redirect(
        url_for(".consultation", consultation_id=consultation_id, _anchor=f"y{comment_id}")
    )


@desk.post("/consultations/<int:consultation_id>/results")
@needs(P.HOLD_DIALOGUE)
def consultation_published(consultation_id: int) -> Any:
    try:
        with transaction():
            actor = current_actor()
            row = consulting.in_ward(actor.ward_id, consultation_id)
            consulting.publish(row, by=actor, summary=request.form.get("summary", ""))
    except (BadInput, WrongState) as refusal:
        return _consultation(consultation_id, refusal), refusal.status
    flash("Đã công bố tổng hợp và giải trình.", "success")
    return redirect(url_for(".consultation", consultation_id=consultation_id))


def _kept(clean: list[Any], actor: Any) -> int | None:
    for each in clean:
        use = FileUse.RESULT
        return attach.keep(actor.ward_id, each, use, uploaded_by_id=actor.officer_id).id
    return None


def _page(refusal: Refusal | None = None, gates: Any = (), carried: Any = None) -> str:
    actor = current_actor()
    starts_on, ends_on = board.quarter_of(clock.today())
    rows = consulting.of_ward(actor.ward_id)
    return render_template(
        "desk/publicity.html",
        owed=list(board.owed(actor.ward_id)),
        rows=board.of_ward(actor.ward_id),
        items=[(no, f"{no}. {item.name}") for no, item in items().items()],
        terms=terms(),
        consultations=[(row, consulting.stage_of(row)) for row in rows],
        quarter=(starts_on, ends_on),
        suffixes=SUFFIXES,
        refusal=refusal,
        blame=getattr(refusal, "fields", {}),
        gates=gates,
        carried=carried or {},
        typed=request.form,
        today=clock.today(),
        days_of=days_of,
        nav="dialogues",
    )


def _consultation(consultation_id: int, refusal: Refusal | None = None) -> str:
    row = consulting.in_ward(current_actor().ward_id, consultation_id)
    stage = consulting.stage_of(row)
    return render_template(
        "desk/consultation.html",
        c=row,
        stage=stage,
        comments=consulting.comments_of(row),
        taken=[(each.value, each.label) for each in Taken],
        is_open=stage is Stage.OPEN,
        may_publish=stage is Stage.CLOSED,
        refusal=refusal,
        nav="dialogues",
    )
