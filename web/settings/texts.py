"""What the ward says, text by text: the standard words, its own, how it will read, what it read before."""

from typing import Any, NamedTuple

import sqlalchemy as sa
from flask import flash, redirect, render_template, request, url_for
from markupsafe import Markup, escape
from wtforms import TextAreaField
from wtforms.validators import Length

from feedback.audit import AuditRow
from feedback.db import db, transaction
from feedback.errors import BadInput, NotFound
from feedback.messages import catalogue
from feedback.messages.catalogue import Message
from feedback.outbox.channel import LIMITS
from feedback.outbox.split import split
from feedback.people.models import Channel
from feedback.people.models import Permission as P
from feedback.text import fold
from feedback.wards import edits
from feedback.wards import texts as verbs
from web.accounts.session import current_actor, needs
from web.desk.frame import current_setup
from web.forms import Form
from web.settings.asking import refuse
from web.settings.blueprint import settings

SHOWN = 10  # earlier versions


@settings.app_template_filter("braces")
def braces(words: str) -> Markup:
    """Words with places to fill in, safe in a page whose own braces must never reach the reader."""
    return Markup(str(escape(words)).replace("{", "&#123;"))  # noqa: S704  escaped just before


class WordsField(TextAreaField):
    def _value(self) -> str:
        return braces(self.data or "")


class TextForm(Form):
    text = WordsField("Câu của phường", [Length(max=catalogue.LONGEST)])


@settings.get("/texts")
@needs(P.SETTINGS)
def texts() -> Any:
    words, own = request.args.get("q", ""), current_setup().texts
    found = [
        (subject, [m for m in subject.messages if fold(words) in fold(f"{m.title} {m.standard}")])
        for subject in catalogue.subjects()
    ]
    return render_template(
        "settings/texts.html", found=[pair for pair in found if pair[1]], words=words, own=own
    )


@settings.get("/texts/<message>")
@needs(P.SETTINGS)
def text(message: str) -> Any:
    known = _message(message)
    return _page(known, TextForm(text=current_setup().texts.get(message, known.standard)))


@settings.post("/texts/<message>")
@needs(P.SETTINGS)
def text_saved(message: str) -> Any:
    known, form = _message(message), TextForm()
    if not form.validate() or "look" in request.form:
        return _page(known, form, 422 if form.errors else 200)
    try:
        with transaction():
            is_new = verbs.write(message, form.text.data or "", by=current_actor())
    except BadInput as refusal:
        refuse(form, refusal)
        return _page(known, form, 422)
    flash("Đã lưu. Tin gửi từ bây giờ dùng câu này." if is_new else "Không có gì đổi.", "success")
    return redirect(url_for(".text", message=message))


@settings.post("/texts/<message>/preview")
@needs(P.SETTINGS)
def text_preview(message: str) -> Any:
    """The piece of the page that follows the typing."""
    known = _message(message)
    shown, wrong = _preview(known, request.form.get("text", ""))
    return render_template("settings/_preview.html", shown=_as_read(known, shown), wrong=wrong)


@settings.post("/texts/<message>/standard")
@needs(P.SETTINGS)
def text_restored(message: str) -> Any:
    _message(message)
    with transaction():
        verbs.restore(message, by=current_actor())
    flash("Đã dùng lại câu chuẩn.", "success")
    return redirect(url_for(".text", message=message))


def _message(name: str) -> Message:
    known = catalogue.find(name)
    if known is None:
        raise NotFound
    return known


def _preview(message: Message, words: str) -> tuple[str, str]:
    """(how it reads, what is wrong): one of them."""
    try:
        return catalogue.preview(message, words), ""
    except BadInput as refusal:
        return "", refusal.sentence


class Reading(NamedTuple):
    """How a text arrives in one place: what the place is called, and each message by itself."""

    place: str
    pieces: list[str]


def _as_read(message: Message, text: str) -> list[Reading]:
    """On each chat the subject is for, cut as the chat cuts it; elsewhere as it is."""
    wanted = catalogue.subject_of(message).read_in
    channels = [
        channel
        for channel in LIMITS
        if channel is not Channel.CONSOLE and (wanted is None or channel.value in wanted)
    ]
    found = [
        Reading(channel.label, pieces)
        for channel in channels
        if (pieces := split(text, LIMITS[channel].text))
    ]
    if wanted == () or (found and all(each.pieces == found[0].pieces for each in found)):
        *places, last = [each.place for each in found]
        place = f"{', '.join(places)} và {last}" if places else last
        return [Reading(place, found[0].pieces if found else [text])]
    return found


def _page(message: Message, form: TextForm, status: int = 200) -> Any:
    setup = current_setup()
    shown, wrong = _preview(message, form.text.data or "")
    if wrong and "look" in request.form:
        form.text.errors = [wrong]
    return render_template(
        "settings/text.html",
        message=message,
        form=form,
        is_own=message.name in setup.texts,
        shown=_as_read(message, shown),
        wrong=wrong,
        versions=_versions(message.name),
        officers=setup.officers,
    ), status


def _versions(name: str) -> list[AuditRow]:
    query = sa.select(AuditRow).where(
        AuditRow.subject == edits.SUBJECT,
        AuditRow.subject_id == current_actor().ward_id,
        AuditRow.action.startswith("texts."),
        AuditRow.detail["message"].as_string() == name,
    )
    return list(db.session.scalars(query.order_by(AuditRow.id.desc()).limit(SHOWN)))
