"""Taking part in a session without an account: register, leave, ask, vote, say how it was."""

from typing import Any

import segno
from flask import Response, flash, g, redirect, render_template, request, url_for
from markupsafe import Markup
from wtforms import BooleanField, HiddenField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length

from feedback import links
from feedback.db import db, transaction
from feedback.dialogue import codes, commitments, queries, questions, requests, seats, survey
from feedback.dialogue.models import Dialogue, Mode
from feedback.dialogue.question_models import Commitment, Question
from feedback.dialogue.registration_models import Registration, Seat
from feedback.errors import BadInput, NotFound, Refusal, WrongState
from feedback.people.models import Channel
from web import throttle
from web.forms import RadioField, SelectField
from web.public import public, wards
from web.public.devices import forget_seat, own_seat, remember_seat, voter
from web.public.pristine import new_key
from web.public.typed_form import TypedForm, one_line

PEOPLE = [SelectChoice(str(n), f"{n} người") for n in range(1, 7)]


class RegistrationForm(TypedForm):
    submission_key = HiddenField()
    name = StringField(
        "Họ và tên", [InputRequired("Xin ghi họ tên."), Length(max=120)], filters=[one_line]
    )
    phone = StringField(
        "Số điện thoại",
        [Length(max=30)],
        filters=[one_line],
        description="Để phường báo khi đổi lịch, và để tìm tên ở cửa khi quên mã.",
    )
    people = SelectField("Mấy người cùng đi?", choices=PEOPLE, default="1")
    neighbourhood = SelectField("Thuộc tổ dân phố nào?", default="")
    way = RadioField(
        "Dự bằng cách nào?",
        choices=[SelectChoice("room", "Đến dự"), SelectChoice("online", "Qua mạng")],
        default="room",
    )
    website = StringField("Bỏ trống ô này")


class QuestionForm(TypedForm):
    submission_key = HiddenField()
    text = TextAreaField(
        "Ông/Bà muốn hỏi điều gì?",
        [InputRequired("Xin viết câu hỏi."), Length(max=questions.LONGEST)],
        description="Mỗi lần một việc, nói rõ ở đâu. Gõ không dấu cũng được.",
    )
    name = StringField("Họ và tên", [Length(max=120)], filters=[one_line])
    phone = StringField("Số điện thoại", [Length(max=30)], filters=[one_line])
    neighbourhood = SelectField("Thuộc tổ dân phố nào?", default="")
    is_anonymous = BooleanField("Không nêu tên tôi khi đọc câu hỏi trước mọi người")
    website = StringField("Bỏ trống ô này")


class RequestForm(TypedForm):
    name = StringField(
        "Họ và tên", [InputRequired("Xin ghi họ tên."), Length(max=120)], filters=[one_line]
    )
    phone = StringField(
        "Số điện thoại",
        [InputRequired("Xin ghi số điện thoại."), Length(max=30)],
        filters=[one_line],
        description="Để mỗi người được tính một lần. Không đăng công khai.",
    )
    about = TextAreaField("Ông/Bà muốn đối thoại về việc gì?", [Length(max=requests.LONGEST)])
    neighbourhood = SelectField("Thuộc tổ dân phố nào?", default="")
    website = StringField("Bỏ trống ô này")


@public.get("/<slug:slug>/doi-thoai/<int:dialogue_id>/dang-ky")
def registration(dialogue_id: int) -> Any:
    row = queries.public(g.ward.id, dialogue_id)
    if token := own_seat(row.id):
        return redirect(url_for(".seat", token=token))
    return _registration_page(row, _registration_form())


@public.post("/<slug:slug>/doi-thoai/<int:dialogue_id>/dang-ky")
def register(dialogue_id: int) -> Any:
    row, form = queries.public(g.ward.id, dialogue_id), _registration_form()
    if form.website.data or not form.validate():
        return _registration_page(row, form), 422
    throttle.check("report", throttle.visitor())
    wish = seats.Wish(
        row.id,
        form.name.data or "",
        Channel.WEB,
        phone=form.phone.data or None,
        people=int(form.people.data),
        is_online=row.mode is Mode.ONLINE or (row.mode is Mode.BOTH and form.way.data == "online"),
        neighbourhood_id=int(form.neighbourhood.data or 0) or None,
        submission_key=form.submission_key.data or None,
    )
    try:
        with transaction():
            token = seats.register(wish).token
    except BadInput as refusal:
        return _registration_page(row, _blamed(form, refusal)), 422
    return redirect(url_for(".seat", token=token), 303)


@public.get("/dk/<token:token>")
def seat(token: str) -> str:
    """Somebody's own page: their code, and everything they can do."""
    return _seat_page(_seat(token))


@public.post("/dk/<token:token>/rut-ten")
def departure(token: str) -> Response:
    _seat(token)
    with transaction():
        seats.leave(seats.by_token(token))
    flash("Đã rút tên. Cảm ơn Ông/Bà đã nhường chỗ cho người khác.", "success")
    return redirect(url_for(".seat", token=token), 303)


@public.post("/dk/<token:token>/y-kien")
def opinion(token: str) -> Response:
    """One tap on one of the three questions, or words besides."""
    _seat(token)
    sent = request.form
    question, mark = sent.get("question", ""), sent.get("mark", "")
    with transaction():
        row = seats.by_token(token)
        if question:
            survey.mark(row, question, int(mark) if mark.isdecimal() else 0)
        else:
            survey.comment(row, sent.get("comment", ""))
    names = list(survey.QUESTIONS)
    if question != names[-1] and question in names:
        following = names[names.index(question) + 1]
        return redirect(url_for(".seat", token=token, _anchor=f"hoi-{following}"), 303)
    flash("Cảm ơn Ông/Bà đã cho ý kiến.", "success")
    return redirect(url_for(".seat", token=token), 303)


@public.get("/<slug:slug>/doi-thoai/<int:dialogue_id>/cau-hoi")
def question_form(dialogue_id: int) -> Any:
    return _question_page(queries.public(g.ward.id, dialogue_id), _question_form())


@public.post("/<slug:slug>/doi-thoai/<int:dialogue_id>/cau-hoi")
def ask(dialogue_id: int) -> Any:
    row, form = queries.public(g.ward.id, dialogue_id), _question_form()
    if form.website.data or not form.validate():
        return _question_page(row, form), 422
    throttle.check("report", throttle.visitor())
    token = own_seat(row.id)
    asked = questions.Asked(
        row.id,
        form.text.data or "",
        Channel.WEB,
        name=form.name.data or None,
        phone=form.phone.data or None,
        is_anonymous=bool(form.is_anonymous.data),
        neighbourhood_id=int(form.neighbourhood.data or 0) or None,
        registration=seats.by_token(token) if token else None,
        submission_key=form.submission_key.data or None,
    )
    try:
        with transaction():
            token = questions.ask(asked).token
    except BadInput as refusal:
        return _question_page(row, _blamed(form, refusal)), 422
    return redirect(url_for(".question", token=token), 303)


@public.get("/hoi/<token:token>")
def question(token: str) -> str:
    """Where a question stands, for who asked it."""
    row = questions.by_token(token)
    g.ward = wards.by_id(row.dialogue.ward_id)
    root = db.session.get(Question, row.same_as_id) if row.same_as_id else row
    promise = db.session.scalars(
        db.select(Commitment).filter_by(question_id=root.id).limit(1)
    ).first()
    return render_template(
        "public/question.html",
        q=row,
        root=root,
        promise=promise,
        standing=commitments.standing,
        d=row.dialogue,
        nav="dialogues",
    )


@public.post("/<slug:slug>/doi-thoai/<int:dialogue_id>/cau-hoi/<int:question_id>/phieu")
def vote(dialogue_id: int, question_id: int) -> Response:
    row = queries.public(g.ward.id, dialogue_id)
    with transaction():
        asked = db.session.get(Question, question_id)
        if asked is None or asked.dialogue_id != row.id:
            raise NotFound
        is_new = questions.vote(asked, voter(row.id))
    flash("Đã ghi một phiếu." if is_new else "Ông/Bà đã bình chọn câu hỏi này rồi.", "success")
    return redirect(url_for(".dialogue", dialogue_id=row.id, _anchor=f"q{question_id}"), 303)


@public.post("/<slug:slug>/cam-ket/<int:commitment_id>/y-kien")
def commitment_voice(commitment_id: int) -> Response:
    """A resident says whether a promise is kept."""
    throttle.check("addition", throttle.visitor())
    with transaction():
        row = db.session.get(Commitment, commitment_id)
        if row is None or row.ward_id != g.ward.id:
            raise NotFound
        commitments.hear(row, voter(row.dialogue_id), is_kept=request.form.get("kept") == "1")
    flash("Đã ghi ý kiến của Ông/Bà.", "success")
    return redirect(url_for(".promises"), 303)


@public.get("/<slug:slug>/doi-thoai/de-nghi")
def dialogue_request() -> str:
    return _request_page(_request_form())


@public.post("/<slug:slug>/doi-thoai/de-nghi")
def ask_for_dialogue() -> Any:
    """One more voter asks the ward for a dialogue."""
    form = _request_form()
    if form.website.data or not form.validate():
        return _request_page(form), 422
    throttle.check("report", throttle.visitor())
    try:
        with transaction():
            is_new = requests.ask_for(
                g.ward.id,
                name=form.name.data or "",
                phone=form.phone.data or "",
                about=form.about.data or "",
                neighbourhood_id=int(form.neighbourhood.data or 0) or None,
            )
    except BadInput as refusal:
        return _request_page(_blamed(form, refusal)), 422
    said = "Đã ghi đề nghị của Ông/Bà." if is_new else "Số điện thoại này đã đề nghị rồi."
    flash(f"{said} Khi phường tổ chức, lịch sẽ có ở trang này.", "success")
    return redirect(url_for(".dialogues"), 303)


def _request_form() -> RequestForm:
    form = RequestForm()
    form.neighbourhood.choices = wards.neighbourhoods(g.ward)
    return form


def _request_page(form: RequestForm) -> str:
    count = requests.count(g.ward.id)
    return render_template(
        "public/dialogue_request.html",
        form=form,
        count=count,
        article=requests.ARTICLE,
        nav="dialogues",
    )


def _registration_form() -> RegistrationForm:
    form = RegistrationForm()
    form.neighbourhood.choices = wards.neighbourhoods(g.ward)
    form.submission_key.data = form.submission_key.data or new_key()
    return form


def _question_form() -> QuestionForm:
    form = QuestionForm()
    form.neighbourhood.choices = wards.neighbourhoods(g.ward)
    form.submission_key.data = form.submission_key.data or new_key()
    return form


def _registration_page(row: Dialogue, form: RegistrationForm) -> str:
    is_full = row.seats is not None and row.seats_taken >= row.seats
    return render_template(
        "public/registration.html", d=row, form=form, is_full=is_full, nav="dialogues"
    )


def _question_page(row: Dialogue, form: QuestionForm) -> str:
    if row.status not in questions.TAKES:
        raise WrongState("Buổi đối thoại này hiện không nhận câu hỏi.")
    return render_template(
        "public/question_form.html", d=row, form=form, seat=own_seat(row.id), nav="dialogues"
    )


def _seat(token: str) -> Registration:
    row = seats.by_token(token)
    g.ward = wards.by_id(row.dialogue.ward_id)
    if row.state is Seat.LEFT:
        forget_seat(row.dialogue_id)
    else:
        remember_seat(row.dialogue_id, row.id, token)
    return row


def _seat_page(row: Registration) -> str:
    d = row.dialogue
    asks_opinion = row.checked_in_at is not None and d.status in survey.ASKED
    return render_template(
        "public/seat.html",
        r=row,
        d=d,
        code=codes.show_code(row.code),
        qr=_code_picture(row.code),
        ahead=seats.place_in_queue(row) if row.state is Seat.WAITING else 0,
        asked=survey.QUESTIONS if asks_opinion else {},
        marks=survey.MARKS,
        said=survey.of(row) if asks_opinion else None,
        takes_questions=d.status in questions.TAKES,
        may_leave=row.state is not Seat.LEFT
        and row.checked_in_at is None
        and d.status not in survey.ASKED,
        address=links.registration(row.token),
        nav="dialogues",
    )


def _code_picture(code: str) -> Markup:
    picture = segno.make(code, micro=False, error="q")
    return Markup(picture.svg_inline(border=4, omitsize=True, title="Mã vuông để quét ở cửa"))  # noqa: S704


def _blamed(form: Any, refusal: Refusal) -> Any:
    """The form with a verb's refusals at their fields."""
    names = {"neighbourhood_id": "neighbourhood", "is_online": "way"}
    for name, sentence in getattr(refusal, "fields", {}).items():
        field = names.get(name, name)
        if field in form:
            form[field].errors = [sentence]
    return form
