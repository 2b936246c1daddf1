"""Assisted entry: an official or a neighbourhood head writes for somebody who does not."""

import secrets
from typing import Any

import segno
from flask import current_app, redirect, render_template, request, url_for
from markupsafe import Markup
from wtforms import BooleanField, DateField, HiddenField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional

from feedback import clock, links
from feedback.db import db, transaction
from feedback.documents import attach
from feedback.documents.models import FileUse
from feedback.errors import BadInput, NotFound, Refusal
from feedback.people.models import Channel
from feedback.people.models import Permission as P
from feedback.petitions import actions
from feedback.petitions.actions.admitting import BY_HAND
from feedback.petitions.intake import Submission, submit
from feedback.petitions.models import Kind, Petition, Status, Urgency
from feedback.petitions.notices import who
from feedback.petitions.visibility import can_see
from feedback.wards.models import Ward
from web.accounts.session import current_actor, needs
from web.desk import choices
from web.desk.blueprint import desk
from web.desk.frame import current_setup, today
from web.forms import Form, RadioField, SelectField

BY = (Channel.PHONE, Channel.DESK, Channel.PAPER)
MOST_FILES = 5


class EntryForm(Form):
    submission_key = HiddenField()
    text = TextAreaField(
        "Người dân phản ánh điều gì?",
        [InputRequired("Xin ghi điều người dân phản ánh.")],
        description="Ghi đúng lời người dân, nói rõ việc gì, ở đâu, từ bao giờ.",
    )
    neighbourhood_id = SelectField("Tổ dân phố", coerce=choices.number)
    address = StringField("Số nhà, ngõ, đường", [Length(max=300)])
    field_id = SelectField("Lĩnh vực", coerce=choices.number)
    urgency = SelectField("Mức độ", choices=[(u.value, u.label) for u in Urgency], default="normal")
    kind = SelectField(
        "Đơn có chữ ký?",
        choices=[
            ("", "Không, là phản ánh, kiến nghị thường ngày"),
            (Kind.KHIEU_NAI.value, "Đơn khiếu nại có chữ ký hoặc điểm chỉ"),
            (Kind.TO_CAO.value, "Đơn tố cáo có chữ ký hoặc điểm chỉ (được giữ kín)"),
        ],
        default="",
        description="Có đơn ký tên thì thời hạn theo luật bắt đầu tính từ ngày nhận.",
    )
    signed_on = DateField(
        "Ngày phường nhận đơn", [Optional()], description="Để trống nếu nhận hôm nay."
    )
    channel = RadioField(
        "Người dân phản ánh bằng cách nào?",
        [InputRequired("Xin chọn một cách.")],
        choices=[(channel.value, channel.label) for channel in BY],
    )
    name = StringField("Họ tên", [Length(max=120)])
    phone = StringField(
        "Số điện thoại", [Length(max=30)], description="Để báo kết quả và để người dân tự tra cứu."
    )
    is_anonymous = BooleanField("Người dân muốn giấu tên với cán bộ xử lý")
    consented = BooleanField(
        "Người dân đồng ý để phường dùng thông tin này khi giải quyết",
        [InputRequired("Xin hỏi người dân và đánh dấu khi họ đồng ý.")],
    )


@desk.get("/entry")
@needs(P.ENTER_FOR_OTHERS)
def entry() -> Any:
    return _page(_form())


@desk.post("/entry")
@needs(P.ENTER_FOR_OTHERS)
def entry_sent() -> Any:
    form = _form()
    if not form.validate():
        return _page(form, 422)
    clean, refused = _files()
    if refused:
        return _page(form, 422, refused)
    try:
        number = _submit(form, clean)
    except BadInput as refusal:
        for name, sentence in refusal.fields.items():
            if name in form:
                form[name].errors = [sentence]
        return _page(form, 422)
    return redirect(url_for(".receipt", number=number))


@desk.get("/entry/<number>/receipt")
@needs(P.ENTER_FOR_OTHERS)
def receipt(number: str) -> Any:
    """Paper for the resident: number, responsible person, date, and a QR code to follow it by."""
    petition, actor = _entered(number), current_actor()
    link = links.tracking(petition.token)
    setup = current_setup()
    return render_template(
        "desk/receipt.html",
        petition=petition,
        ward=db.session.get_one(Ward, actor.ward_id),
        handler=who(setup, petition.handler_id, petition.handler_position_id),
        entered_by=setup.officers.get(petition.entered_by_id or 0, ""),
        link=link,
        qr=Markup(segno.make(link, error="m").svg_inline(scale=5, border=2)),  # noqa: S704  ours
    )


def _entered(number: str) -> Petition:
    """A petition this person typed: its paper holds the reporter's own secret, which is nobody else's
    to see. Raises NotFound."""
    actor = current_actor()
    mine = {"number": number, "ward_id": actor.ward_id, "entered_by_id": actor.officer_id}
    petition = db.session.query(Petition).filter_by(**mine).first()
    if petition is None:
        raise NotFound
    return petition


def _submit(form: EntryForm, clean: list[Any]) -> str:
    actor = current_actor()
    with transaction():
        files = [
            attach.keep(actor.ward_id, each, FileUse.EVIDENCE, uploaded_by_id=actor.officer_id).id
            for each in clean
        ]
        petition = submit(
            Submission(
                ward_id=actor.ward_id,
                text=form.text.data,
                channel=Channel(form.channel.data),
                field_id=form.field_id.data if form.field_id else None,
                urgency=Urgency(form.urgency.data) if form.urgency else None,
                neighbourhood_id=form.neighbourhood_id.data,
                address=form.address.data or "",
                name=form.name.data,
                phone=form.phone.data,
                is_anonymous=form.is_anonymous.data,
                consented=form.consented.data,
                entered_by=actor,
                files=files,
                submission_key=form.submission_key.data or None,
                kind=Kind(form.kind.data) if form.kind and form.kind.data else None,
            )
        )
        if form.kind and form.kind.data and petition.status is Status.RECEIVED:
            _sign(petition, form)
        return petition.number


def _sign(petition: Petition, form: EntryForm) -> None:
    """The paper lies signed on the desk: the law's clock runs. Who may not see it leaves that to who may."""
    actor = current_actor()
    if not can_see(petition, actor):
        return
    came_by = Channel(form.channel.data)
    actions.receive_signed(
        petition,
        by=actor,
        kind=Kind(form.kind.data),
        signed_on=form.signed_on.data or clock.today(),
        came_by=came_by if came_by in BY_HAND else Channel.DESK,
    )


def _form() -> EntryForm:
    """A neighbourhood head writes for their own neighbourhood and does not classify."""
    form, actor, table = EntryForm(), current_actor(), today()
    places = choices.neighbourhoods(table)
    if actor.has(P.INTAKE):
        form.neighbourhood_id.choices = [("", "Chưa rõ"), *places]
        form.field_id.choices = [("", "Chưa rõ"), *choices.fields(table)]
    else:
        del form.field_id
        del form.urgency
        del form.kind
        del form.signed_on
        form.neighbourhood_id.choices = [p for p in places if p[0] in actor.neighbourhood_ids]
    if not form.submission_key.data:
        form.submission_key.data = secrets.token_urlsafe(24)
    return form


def _files() -> tuple[list[Any], str | None]:
    """Cleaned files on disk, and the first refusal."""
    clean = []
    for sent in request.files.getlist("photos")[:MOST_FILES]:
        if not sent.filename:
            continue
        try:
            clean.append(
                attach.receive(
                    current_app.config["SETTINGS"].upload_dir, sent.filename, sent.stream
                )
            )
        except Refusal as refusal:
            return [], refusal.sentence
    return clean, None


def _page(form: EntryForm, status: int = 200, photo_error: str | None = None) -> Any:
    return render_template(
        "desk/entry.html", form=form, photo_error=photo_error, nav="entry"
    ), status
