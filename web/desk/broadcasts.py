"""Announcements to everybody subscribed: the list, writing one, how it will look, how far it has come."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from flask import (
    Flask,
    Response,
    current_app,
    flash,
    redirect,
    render_template,
    request,
    send_file,
    url_for,
)
from wtforms import BooleanField, DateField, TextAreaField, TimeField
from wtforms.validators import InputRequired, Length, Optional

from feedback import audit, clock
from feedback.broadcast import expansion, hours, progress, topics, verbs
from feedback.broadcast.models import Broadcast, BroadcastState
from feedback.broadcast.words import previews
from feedback.db import db, transaction
from feedback.documents import attach, store
from feedback.documents.models import FileUse, StoredFile
from feedback.errors import BadInput, NotAllowed, NotFound, Refusal, WrongState
from feedback.people.models import Permission as P
from web.accounts.session import current_actor, needs
from web.desk.blueprint import desk
from web.desk.frame import current_setup
from web.desk.petitions import csv_line
from web.forms import Form, SelectMultipleField

RIGHTS = (P.ANNOUNCE, P.ANNOUNCE_OWN)
COLOURS = {
    BroadcastState.DRAFT: "grey",
    BroadcastState.SCHEDULED: "blue",
    BroadcastState.SENDING: "blue",
    BroadcastState.PAUSED: "orange",
    BroadcastState.DONE: "green",
    BroadcastState.CANCELLED: "grey",
}


class WordsForm(Form):
    topics = SelectMultipleField(
        "Gửi cho ai?",
        [InputRequired("Xin chọn nơi nhận hoặc lĩnh vực.")],
        description="Chỉ gửi cho người đã đăng ký nhận tin. Người đăng ký tin của tổ nhận cả tin chung.",
    )
    text = TextAreaField(
        "Nội dung",
        [InputRequired("Xin viết nội dung thông báo."), Length(max=verbs.LONGEST)],
        description="Viết ngắn: việc gì, ở đâu, từ mấy giờ, bà con cần làm gì, hỏi ai.",
    )
    is_urgent = BooleanField(
        "Khẩn cấp: gửi cả ngoài giờ cho phép (bão, cháy, sơ tán…)",
    )


class StartForm(Form):
    on = DateField("Ngày gửi", [Optional()], format=["%d/%m/%Y", "%Y-%m-%d"])
    at = TimeField("Giờ gửi", [Optional()])


@dataclass(frozen=True)
class Act:
    """One thing to do with an announcement, and the states in which it is offered."""

    noun: str
    label: str
    verb: Callable[..., Any]
    done: str
    states: frozenset[BroadcastState]
    tone: str = "secondary"


_S = BroadcastState
ACTS = (
    Act(
        "trial",
        "Gửi thử cho tôi",
        verbs.try_out,
        "Đã gửi thử tới cuộc trò chuyện của Ông/Bà.",
        frozenset({_S.DRAFT, _S.SCHEDULED, _S.PAUSED}),
    ),
    Act(
        "pause",
        "Tạm dừng",
        verbs.pause,
        "Đã tạm dừng; không tin nào đi thêm.",
        frozenset({_S.SENDING, _S.SCHEDULED}),
    ),
    Act("resumption", "Gửi tiếp", verbs.resume, "Đang gửi tiếp.", frozenset({_S.PAUSED}), ""),
    Act(
        "cancellation",
        "Hủy thông báo",
        verbs.cancel,
        "Đã hủy. Tin đã gửi thì không lấy lại được.",
        frozenset({_S.DRAFT, _S.SCHEDULED, _S.SENDING, _S.PAUSED}),
        "warning",
    ),
)
BY_NOUN = {act.noun: act for act in ACTS}


@desk.get("/broadcasts")
@needs(*RIGHTS)
def broadcasts() -> Any:
    rows = progress.listing(current_actor())
    return render_template(
        "desk/broadcasts.html",
        rows=[(row, topics.names(row.topics, current_setup())) for row in rows],
        colours=COLOURS,
        nav="broadcasts",
    )


@desk.get("/broadcasts/new")
@needs(*RIGHTS)
def broadcast_new() -> Any:
    return _words_page(_form())


@desk.post("/broadcasts/new")
@needs(*RIGHTS)
def broadcast_written() -> Any:
    return _kept(None)


@desk.get("/broadcasts/<int:broadcast_id>")
@needs(*RIGHTS)
def broadcast(broadcast_id: int) -> Any:
    return _page(verbs.find(broadcast_id, current_actor()))


@desk.get("/broadcasts/<int:broadcast_id>/words")
@needs(*RIGHTS)
def broadcast_words(broadcast_id: int) -> Any:
    row = verbs.find(broadcast_id, current_actor())
    return _words_page(_form(row), row)


@desk.post("/broadcasts/<int:broadcast_id>/words")
@needs(*RIGHTS)
def broadcast_rewritten(broadcast_id: int) -> Any:
    return _kept(broadcast_id)


@desk.post("/broadcasts/<int:broadcast_id>/start")
@needs(*RIGHTS)
def broadcast_started(broadcast_id: int) -> Any:
    """Now, or at the time given, within the allowed hours."""
    form = StartForm()
    if not form.validate():
        return _page(verbs.find(broadcast_id, current_actor()), form), 422
    try:
        with transaction():
            row = verbs.find(broadcast_id, current_actor())
            verbs.start(row, by=current_actor(), starts_at=_instant(form.on.data, form.at.data))
            starts_at = row.starts_at
    except WrongState as refusal:
        flash(refusal.sentence, "error")
        return redirect(url_for(".broadcast", broadcast_id=broadcast_id))
    flash(f"Thông báo bắt đầu gửi lúc {clock.local(starts_at):%H:%M ngày %d/%m/%Y}.", "success")
    return redirect(url_for(".broadcast", broadcast_id=broadcast_id))


@desk.post("/broadcasts/<int:broadcast_id>/acts/<noun>")
@needs(*RIGHTS)
def broadcast_act(broadcast_id: int, noun: str) -> Any:
    act = BY_NOUN.get(noun)
    if act is None:
        raise NotFound
    try:
        with transaction():
            act.verb(verbs.find(broadcast_id, current_actor()), by=current_actor())
        flash(act.done, "success")
    except (BadInput, WrongState) as refusal:
        flash(refusal.sentence, "error")
    return redirect(url_for(".broadcast", broadcast_id=broadcast_id))


@desk.get("/broadcasts/<int:broadcast_id>/progress")
@needs(*RIGHTS)
def broadcast_progress(broadcast_id: int) -> Any:
    """The moving part of the page, asked for again every few seconds."""
    row = verbs.find(broadcast_id, current_actor())
    return render_template("desk/_broadcast_progress.html", **_moving(row))


@desk.get("/broadcasts/<int:broadcast_id>/outcomes.csv")
@needs(*RIGHTS)
def broadcast_outcomes(broadcast_id: int) -> Response:
    actor = current_actor()
    with transaction():
        row = verbs.find(broadcast_id, actor)
        audit.record(
            "broadcast.exported",
            "broadcast",
            row.id,
            ward_id=row.ward_id,
            officer_id=actor.officer_id,
        )
    app = current_app._get_current_object()
    return Response(
        _csv(app, broadcast_id, has_names=actor.has(P.UNMASK)),
        mimetype="text/csv; charset=utf-8",
        headers={
            "Content-Disposition": f"attachment; filename=thong-bao-{broadcast_id}.csv",
            "Cache-Control": "no-store",
        },
    )


@desk.get("/broadcasts/<int:broadcast_id>/picture")
@needs(*RIGHTS)
def broadcast_picture(broadcast_id: int) -> Any:
    row = verbs.find(broadcast_id, current_actor())
    file = db.session.get(StoredFile, row.file_id) if row.file_id else None
    if file is None:
        raise NotFound
    path = store.path_of(current_app.config["SETTINGS"].upload_dir, file.path)
    return send_file(path, mimetype=file.media_type, download_name=file.name)


def _kept(broadcast_id: int | None) -> Any:
    """Keep what was typed, and show how it will look."""
    actor, form = current_actor(), _form()
    row = verbs.find(broadcast_id, actor) if broadcast_id else None
    if not form.validate():
        return _words_page(form, row), 422
    typed = {"text": form.text.data or "", "to": form.topics.data or [], "by": actor}
    try:
        clean = _picture()
        with transaction():
            more: dict[str, Any] = {"is_urgent": form.is_urgent.data}
            if clean is not None:
                kept = attach.keep(
                    actor.ward_id, clean, FileUse.ANNOUNCED, uploaded_by_id=actor.officer_id
                )
                more["file_id"] = kept.id
            elif request.form.get("no_picture"):
                more["file_id"] = None
            if broadcast_id is None:
                broadcast_id = verbs.write(actor.ward_id, **typed, **more).id
            else:
                verbs.change(verbs.find(broadcast_id, actor), **typed, **more)
    except (BadInput, NotAllowed, WrongState) as refusal:
        return _words_page(form, row, refusal), refusal.status
    flash("Đã lưu. Xem lại rồi bấm gửi.", "success")
    return redirect(url_for(".broadcast", broadcast_id=broadcast_id))


def _form(row: Broadcast | None = None) -> WordsForm:
    form = WordsForm(obj=row)
    setup = current_setup()
    own = verbs.own_topics(current_actor(), setup)
    form.topics.choices = [(each, topics.name(each, setup).capitalize()) for each in own]
    if len(own) == 1 and request.method == "GET" and row is None:
        form.topics.data = own
    return form


def _words_page(
    form: WordsForm, row: Broadcast | None = None, refusal: Refusal | None = None
) -> Any:
    for name, sentence in getattr(refusal, "fields", {}).items():
        if name in form:
            form[name].errors = [sentence]
    counts = expansion.counts(current_actor().ward_id or 0)
    form.topics.choices = [
        (topic, f"{words} ({counts.get(topic, 0)} người đăng ký)")
        for topic, words in form.topics.choices
    ]
    return render_template(
        "desk/broadcast_words.html",
        form=form,
        row=row,
        sentence=refusal.sentence if refusal and not getattr(refusal, "fields", None) else "",
        may_be_urgent=any(map(current_actor().has, (P.APPROVE, P.APPROVE_FOR_CHAIR))),
        nav="broadcasts",
    )


def _page(row: Broadcast, form: StartForm | None = None) -> Any:
    setup = current_setup()
    return render_template(
        "desk/broadcast.html",
        form=form or StartForm(),
        previews=previews(row, setup),
        allowed=hours.words(setup),
        author=setup.officers.get(row.created_by_id or 0, ""),
        nav="broadcasts",
        **_moving(row),
    )


def _moving(row: Broadcast) -> dict[str, Any]:
    """What changes while it is being sent."""
    setup = current_setup()
    now = clock.now()
    is_asleep = (
        row.state is BroadcastState.SENDING and not row.is_urgent and not hours.is_open(now, setup)
    )
    is_started = row.state not in (BroadcastState.DRAFT, BroadcastState.SCHEDULED)
    return {
        "row": row,
        "about": topics.names(row.topics, setup),
        "colour": COLOURS[row.state],
        "acts": [act for act in ACTS if row.state in act.states],
        "audience": row.audience if is_started else expansion.audience(row),
        "progress": progress.of(row),
        "bad": progress.not_arrived(row) if is_started else [],
        "has_names": current_actor().has(P.UNMASK),
        "wakes_at": hours.next_open(now, setup) if is_asleep else None,
    }


def _csv(app: Flask, broadcast_id: int, *, has_names: bool) -> Iterator[str]:
    """The file piece by piece, each read in a context of its own, so that a large one is never whole
    in memory."""
    yield "\ufeff" + csv_line(("Số", "Người nhận", "Kênh", "Kết quả", "Lúc", "Lý do"))
    no, after = 0, 0
    while True:
        with app.app_context():
            lines = progress.page(broadcast_id, after)
        yield "".join(csv_line(_cells(no + i, each, has_names)) for i, each in enumerate(lines, 1))
        if len(lines) < progress.BATCH:
            return
        no, after = no + len(lines), lines[-1].id


def _cells(no: int, line: progress.Line, has_names: bool) -> tuple[str, ...]:
    at = f"{clock.local(line.settled_at):%d/%m/%Y %H:%M:%S}" if line.settled_at else ""
    name = line.name if has_names and line.name else ""
    return str(no), name, line.channel.label, line.state.label, at, line.error or ""


def _picture() -> Any:
    """The picture of the form, cleaned and on disk; None without one. Raises FileRefused, BadInput."""
    sent = request.files.get("picture")
    if sent is None or not sent.filename:
        return None
    clean = attach.receive(current_app.config["SETTINGS"].upload_dir, sent.filename, sent.stream)
    if not clean.media_type.startswith("image/"):
        raise BadInput("Chỉ kèm được một ảnh.")
    return clean


def _instant(on: date | None, at: time | None) -> datetime | None:
    if on is None and at is None:
        return None
    return datetime.combine(on or clock.today(), at or time(8), clock.ZONE)
