"""The ward's own questions and answers, which chats offer first; the shipped ones under them; a question to try."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from wtforms import StringField, TextAreaField
from wtforms.validators import Length

from feedback.conversations import answers
from feedback.conversations import own_answers as verbs
from feedback.db import transaction
from feedback.errors import BadInput, NotFound, Stale
from feedback.people.models import Permission as P
from feedback.text import fold
from web.accounts.session import current_actor, needs
from web.desk.frame import current_setup
from web.forms import Form
from web.settings.asking import refuse
from web.settings.blueprint import settings
from web.settings.history import latest


class EntryForm(Form):
    title = StringField(
        "Câu hỏi",
        [Length(max=verbs.LONGEST["title"])],
        description="Ngắn gọn, người dân đọc dòng này trước. Ví dụ: Giờ đổ rác",
    )
    words = TextAreaField(
        "Người dân hay hỏi bằng những chữ nào?",
        [Length(max=3000)],
        description="Mỗi dòng một cụm từ, có dấu hay không dấu đều nhận ra. Câu hỏi có một trong các cụm từ này thì câu trả lời được đưa ra.",
    )
    answer = TextAreaField(
        "Câu trả lời",
        [Length(max=verbs.LONGEST["answer"])],
        description="Gửi nguyên văn cho người dân. Nên có nơi nộp, giấy tờ, căn cứ và số để hỏi thêm.",
    )


@settings.get("/faq")
@needs(P.SETTINGS)
def faq() -> Any:
    setup, asked = current_setup(), request.args.get("q", "")
    own = verbs.rows(setup)
    return render_template(
        "settings/faq.html",
        own=list(enumerate(own)),
        shipped=answers.known_to(setup)[len(own) :],
        asked=asked,
        found=answers.find(asked, setup) if asked else (),
        mark=verbs.mark(setup),
        changes=latest("faq"),
    )


@settings.get("/faq/new")
@needs(P.SETTINGS)
def faq_new() -> Any:
    """An empty form, or a shipped entry to be written anew."""
    title = fold(request.args.get("title", ""))
    known = next((entry for entry in answers.shipped() if fold(entry["title"]) == title), None)
    return _page(_filled(known) if known else EntryForm(), None)


@settings.post("/faq/new")
@needs(P.SETTINGS)
def faq_added() -> Any:
    return _save(None)


@settings.get("/faq/<int:no>")
@needs(P.SETTINGS)
def faq_entry(no: int) -> Any:
    own = verbs.rows(current_setup())
    if no >= len(own):
        raise NotFound
    return _page(_filled(own[no]), no)


@settings.post("/faq/<int:no>")
@needs(P.SETTINGS)
def faq_changed(no: int) -> Any:
    return _save(no)


@settings.post("/faq/<int:no>/removal")
@needs(P.SETTINGS)
def faq_removed(no: int) -> Any:
    with transaction():
        verbs.remove(no, request.form.get("mark", ""), by=current_actor())
    flash("Đã bỏ câu hỏi.", "success")
    return redirect(url_for(".faq"))


def _save(no: int | None) -> Any:
    form = EntryForm()
    if not form.validate():
        return _page(form, no, 422)
    phrases = (form.words.data or "").splitlines()
    try:
        with transaction():
            verbs.save(
                form.title.data or "",
                phrases,
                form.answer.data or "",
                no,
                request.form.get("mark", ""),
                by=current_actor(),
            )
    except (BadInput, Stale) as refusal:
        refuse(form, refusal)
        return _page(form, no, refusal.status)
    flash("Đã lưu. Người dân hỏi từ bây giờ được trả lời bằng câu này.", "success")
    return redirect(url_for(".faq"))


def _filled(entry: dict[str, Any]) -> EntryForm:
    answer = (
        entry["answer"].strip().replace("\n", " ")
        if entry in answers.shipped()
        else entry["answer"]
    )
    return EntryForm(title=entry["title"], words="\n".join(entry["words"]), answer=answer)


def _page(form: EntryForm, no: int | None, status: int = 200) -> Any:
    seen = request.form.get("mark") or verbs.mark(current_setup())
    return render_template("settings/faq_entry.html", form=form, no=no, mark=seen), status
