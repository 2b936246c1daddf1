"""One petition: its page, its files, its reporter, and every action as a small form of its own."""

from typing import Any
from urllib.parse import quote

from flask import (
    Response,
    current_app,
    flash,
    jsonify,
    redirect,
    render_template,
    request,
    send_file,
    url_for,
)
from sqlalchemy.orm.exc import StaleDataError

from feedback.db import db, transaction
from feedback.documents import attach, store
from feedback.documents.models import FileUse, StoredFile
from feedback.errors import BadInput, NotAllowed, NotFound, Refusal, Stale, WrongState
from feedback.people.models import Permission as P
from feedback.petitions import queries, reporter
from feedback.petitions.lifecycle import Action, allowed_actions
from feedback.petitions.models import Petition
from feedback.petitions.visibility import can_see
from web.accounts.session import current_actor, needs, safe_next
from web.desk.blueprint import desk
from web.desk.case_view import case_view, current_answer
from web.desk.events import events_of
from web.desk.petitions import SEES, is_only_watching
from web.desk.steps import BY_NOUN, Step

NOUNS = ",".join(BY_NOUN)
MOST_FILES = 5
INLINE = ("image/", "application/pdf")


@desk.get("/cases/<number>")
@needs(*SEES)
def case(number: str) -> Any:
    return _page(number)


@desk.post(f"/cases/<number>/<any({NOUNS}):noun>")
@needs(*SEES)
def act(number: str, noun: str) -> Any:
    """Do one action. What was typed is never lost: it comes back with the reason, or with both versions."""
    step = BY_NOUN[noun]
    try:
        petition = _do(step, number)
    except (Stale, StaleDataError):
        return _clashed(step, number)
    except (BadInput, WrongState, NotAllowed) as refusal:
        return _refused(step, number, refusal)
    if _wants_json():
        return jsonify(version=petition.version, said=step.done)
    flash(step.done, "success")
    return redirect(_next_page(petition))


@desk.post("/cases/<number>/reporter")
@needs(P.UNMASK)
def reporter_shown(number: str) -> Any:
    """Show who reported, once; the look is written down."""
    with transaction():
        revealed = reporter.reveal(queries.case(number, current_actor()), by=current_actor())
    page = current_app.make_response(_page(number, revealed=revealed))
    page.headers["Cache-Control"] = "no-store"
    return page


@desk.post("/cases/<number>/files")
@needs(P.HANDLE)
def attach_files(number: str) -> Any:
    """Result photos and papers, added by whoever handles the case or watches over it."""
    use = FileUse.INTERNAL if request.form.get("use") == "internal" else FileUse.RESULT
    sent = [file for file in request.files.getlist("files") if file.filename][:MOST_FILES]
    clean, refused = [], []
    for file in sent:
        try:
            clean.append(attach.receive(_root(), file.filename or "", file.stream))
        except Refusal as refusal:
            refused.append(refusal.sentence)
    actor = current_actor()
    with transaction():
        petition = queries.to_change(number, actor)
        if Action.NOTE not in allowed_actions(petition, actor):
            raise NotAllowed
        for each in clean:
            attach.keep(
                petition.ward_id,
                each,
                use,
                petition_id=petition.id,
                uploaded_by_id=actor.officer_id,
            )
    for sentence in refused or ([] if clean else ["Chưa chọn tệp nào."]):
        flash(sentence, "error")
    if clean:
        flash(f"Đã thêm {len(clean)} tệp.", "success")
    return redirect(url_for(".case", number=number))


@desk.get("/files/<key>")
@needs(*SEES)
def file(key: str) -> Response:
    row = _file(key)
    return _sent(row, row.path, row.media_type)


@desk.get("/files/<key>/thumbnail")
@needs(*SEES)
def thumbnail(key: str) -> Response:
    row = _file(key)
    if row.width is None:
        raise NotFound
    return _sent(row, store.thumbnail_of(row.path), "image/jpeg")


def _page(number: str, status: int = 200, **more: Any) -> Any:
    actor = current_actor()
    petition = queries.case(number, actor)
    context = {**case_view(petition, actor), **more}
    return render_template("desk/case.html", nav="petitions", **context), status


def _do(step: Step, number: str) -> Petition:
    """Read the form and call the verb, in one transaction."""
    values = {ask.name: ask.read(request.form.get(ask.name, "")) for ask in step.asks}
    actor = current_actor()
    with transaction():
        petition = queries.to_change(number, actor)
        step.verb(
            petition, by=actor, expected_version=_version(), **_fitted(step, petition, values)
        )
    return petition


def _fitted(step: Step, petition: Petition, values: dict[str, Any]) -> dict[str, Any]:
    """The values as the verb takes them: nothing empty, nothing unchanged, a petition for its number."""
    if step.action is Action.MERGE:
        try:
            return {"into": queries.to_change(values["into"], current_actor())}
        except NotFound:
            raise BadInput(fields={"into": "Không tìm thấy hồ sơ có mã này."}) from None
    if step.action is Action.GROUP:
        return {**values, "others": _named(values["others"] or "")}
    if step.action in (Action.ACCEPT, Action.CORRECT):
        changed = {n: v for n, v in values.items() if v not in (None, getattr(petition, n))}
        if step.action is Action.CORRECT and not changed:
            raise BadInput("Chưa đổi mục nào.")
        return changed
    return {name: value for name, value in values.items() if value is not None}


def _named(raw: str) -> list[Petition]:
    """The petitions of these numbers. Raises BadInput for one that is not there, or not theirs to see."""
    try:
        return [
            queries.to_change(number.strip(), current_actor())
            for number in raw.split(",")
            if number.strip()
        ]
    except NotFound:
        raise BadInput(fields={"others": "Không tìm thấy hồ sơ có một trong các mã này."}) from None


def _version() -> int:
    try:
        return int(request.form["version"])
    except (KeyError, ValueError):
        raise Stale from None


def _refused(step: Step, number: str, refusal: Refusal) -> Any:
    if _wants_json():
        return jsonify(message=refusal.sentence), refusal.status
    fields = refusal.fields if isinstance(refusal, BadInput) and refusal.fields else {}
    trouble = {
        "noun": step.noun,
        "label": step.label,
        "errors": fields or {"": refusal.sentence},
        "typed": request.form,
    }
    return _page(number, refusal.status, trouble=trouble, **_typed_answer(step))


def _clashed(step: Step, number: str) -> Any:
    if _wants_json():
        return jsonify(message=Stale.default), Stale.status
    petition = queries.case(number, current_actor())
    seen = int(request.form.get("seen", "0")) if request.form.get("seen", "").isdecimal() else 0
    answer = current_answer(petition)
    is_answer = step.action in (Action.DRAFT, Action.SUBMIT_ANSWER)
    is_theirs = is_answer and answer is not None and answer.text != request.form.get("text", "")
    labels = {ask.name: ask.label for ask in step.asks}
    clash = {
        "label": step.label,
        "news": [event for event in events_of(petition) if event.id > seen] if seen else [],
        "theirs": answer.text if is_theirs and answer else None,
        "mine": request.form.get("text", ""),
        "kept": [
            (labels[name], words)
            for name, words in request.form.items()
            if name in labels and words and not is_answer
        ],
    }
    trouble = {"noun": step.noun, "label": step.label, "errors": {}, "typed": request.form}
    return _page(number, Stale.status, clash=clash, trouble=trouble, **_typed_answer(step))


def _typed_answer(step: Step) -> dict[str, str]:
    is_answer = step.action in (Action.DRAFT, Action.SUBMIT_ANSWER)
    return {"answer_text": request.form.get("text", "")} if is_answer else {}


def _next_page(petition: Petition) -> str:
    """Back where they came from, to the case, or home when the case is no longer theirs to see."""
    if back := safe_next(request.form.get("back")):
        return back
    if can_see(petition, current_actor()):
        return url_for(".case", number=petition.number)
    return url_for(".mine")


def _wants_json() -> bool:
    return request.accept_mimetypes.best == "application/json"


def _file(key: str) -> StoredFile:
    """Raises NotFound, for an unknown file and for a stranger alike."""
    row, actor = attach.by_key(key), current_actor()
    petition = db.session.get(Petition, row.petition_id) if row and row.petition_id else None
    if row is None or petition is None or not can_see(petition, actor) or is_only_watching(actor):
        raise NotFound
    if row.use is FileUse.INTERNAL and not actor.has(P.HANDLE):
        raise NotFound
    return row


def _sent(row: StoredFile, path: str, media_type: str) -> Response:
    response = send_file(store.path_of(_root(), path), mimetype=media_type, etag=row.sha256)
    way = "inline" if media_type.startswith(INLINE) else "attachment"
    response.headers["Content-Disposition"] = f"{way}; filename*=UTF-8''{quote(row.name)}"
    response.headers["Cache-Control"] = "private, max-age=3600"
    return response


def _root() -> Any:
    return current_app.config["SETTINGS"].upload_dir
