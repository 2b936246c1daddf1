"""Công khai and lấy ý kiến for residents: what the ward made public, drafts to comment on, what became of it."""

from typing import Any

from flask import Response, flash, g, redirect, render_template, url_for
from wtforms import HiddenField, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length

from feedback.db import db, transaction
from feedback.documents.models import StoredFile
from feedback.errors import BadInput, WrongState
from feedback.people.models import Channel
from feedback.publicity import board, consulting
from feedback.publicity.law import items
from feedback.publicity.models import Publication, Stage
from web import throttle
from web.public import public, wards
from web.public.files import send
from web.public.pristine import new_key
from web.public.typed_form import TypedForm, one_line


class CommentForm(TypedForm):
    submission_key = HiddenField()
    text = TextAreaField(
        "Ý kiến của Ông/Bà",
        [InputRequired("Xin viết ý kiến."), Length(max=consulting.LONGEST)],
        description="Nói rõ điều nào, nên sửa thế nào, vì sao.",
    )
    name = StringField("Họ và tên", [Length(max=120)], filters=[one_line])
    neighbourhood = SelectField("Thuộc tổ dân phố nào?", default="")
    website = StringField("Bỏ trống ô này")


@public.get("/<slug:slug>/cong-khai")
def publicity() -> str:
    rows = board.of_ward(g.ward.id)
    drafts = [(row, consulting.stage_of(row)) for row in consulting.of_ward(g.ward.id)]
    return render_template(
        "public/publicity.html",
        groups=[
            (item, [row for row in rows if row.item == no])
            for no, item in items().items()
            if any(row.item == no for row in rows)
        ],
        drafts=drafts,
        nav="dialogues",
    )


@public.get("/<slug:slug>/cong-khai/<int:publication_id>/tep/<token:key>")
def publication_file(publication_id: int, key: str) -> Response:
    """The paper of what was made public."""
    query = db.select(Publication).filter_by(id=publication_id, ward_id=g.ward.id)
    row = db.first_or_404(query)
    file = db.first_or_404(db.select(StoredFile).filter_by(id=row.file_id, key=key))
    return send(file, file.path, file.media_type)


@public.get("/<slug:slug>/lay-y-kien/<int:consultation_id>")
def consultation(consultation_id: int) -> str:
    return _page(consultation_id, _form())


@public.post("/<slug:slug>/lay-y-kien/<int:consultation_id>")
def comment(consultation_id: int) -> Any:
    form = _form()
    if form.website.data or not form.validate():
        return _page(consultation_id, form), 422
    throttle.check("report", throttle.visitor())
    try:
        with transaction():
            consulting.comment(
                consulting.in_ward(g.ward.id, consultation_id),
                form.text.data or "",
                channel=Channel.WEB,
                name=form.name.data or None,
                neighbourhood_id=int(form.neighbourhood.data or 0) or None,
                submission_key=form.submission_key.data or None,
            )
    except (BadInput, WrongState) as refusal:
        return _page(consultation_id, form, refusal.sentence), refusal.status
    flash("Đã nhận ý kiến. Mỗi ý kiến đều được giải trình khi phường tổng hợp.", "success")
    return redirect(url_for(".consultation", consultation_id=consultation_id), 303)


def _form() -> CommentForm:
    form = CommentForm()
    form.neighbourhood.choices = wards.neighbourhoods(g.ward)
    form.submission_key.data = form.submission_key.data or new_key()
    return form


def _page(consultation_id: int, form: CommentForm, sentence: str = "") -> str:
    row = consulting.in_ward(g.ward.id, consultation_id)
    stage = consulting.stage_of(row)
    return render_template(
        "public/consultation.html",
        c=row,
        stage=stage,
        is_open=stage is Stage.OPEN,
        comments=consulting.comments_of(row) if stage is Stage.PUBLISHED else [],
        form=form,
        sentence=sentence,
        nav="dialogues",
    )
