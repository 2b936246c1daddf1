"""Tiếp công dân for residents: when the chair receives, a time booked without an account, one's own page."""

from typing import Any

from flask import Response, flash, g, redirect, render_template, url_for
from wtforms import HiddenField, RadioField, SelectField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length

from feedback import clock, links
from feedback.db import db, transaction
from feedback.dialogue import codes
from feedback.errors import BadInput, Refusal, WrongState
from feedback.people.models import Channel
from feedback.petitions.models import Kind
from feedback.reception import access, feeds, law, notices, queue, slots
from feedback.reception.models import DayStatus, ReceptionDay, Visit, VisitState
from feedback.wards.models import Ward
from web import throttle
from web.public import public, wards
from web.public.dialogues import ICS
from web.public.pristine import new_key
from web.public.typed_form import TypedForm, one_line

KINDS = [
    SelectChoice(Kind.KIEN_NGHI.value, "Kiến nghị, phản ánh"),
    SelectChoice(Kind.KHIEU_NAI.value, "Khiếu nại"),
    SelectChoice(Kind.TO_CAO.value, "Tố cáo (không cần ghi nội dung ở đây)"),
]


def _slot(typed: object) -> int:
    return int(str(typed)) if str(typed).isdecimal() else -1


class BookingForm(TypedForm):
    submission_key = HiddenField()
    slot = SelectField(
        "Giờ hẹn", [InputRequired("Xin chọn giờ hẹn.")], coerce=_slot, validate_choice=False
    )  # whether it is still free decides the verb
    name = StringField(
        "Họ và tên", [InputRequired("Xin ghi họ tên."), Length(max=120)], filters=[one_line]
    )
    phone = StringField(
        "Số điện thoại",
        [Length(max=30)],
        filters=[one_line],
        description="Để phường gọi khi phải dời lịch.",
    )
    kind = RadioField("Ông/Bà đến để", choices=KINDS, default=Kind.KIEN_NGHI.value)
    subject = TextAreaField(
        "Về việc gì?",
        [Length(max=slots.LONGEST_SUBJECT)],
        description="Một hai câu, để phường mời đúng người cùng dự và chuẩn bị trước.",
    )
    people = StringField(
        "Mấy người cùng nội dung?", [Length(max=4)], filters=[one_line], default="1"
    )
    neighbourhood = SelectField("Thuộc tổ dân phố nào?", default="")
    website = StringField("Bỏ trống ô này")


@public.get("/<slug:slug>/tiep-cong-dan")
def receptions() -> str:
    days = slots.coming(g.ward.id)
    return render_template(
        "public/receptions.html",
        days=[(day, len(slots.free_slots(day))) for day in days],
        duty=law.monthly_duty(clock.today()),
        nav="dialogues",
    )


@public.get("/<slug:slug>/tiep-cong-dan/<int:day_id>")
def reception(day_id: int) -> str:
    day = access.public_day(g.ward.id, day_id)
    return _page(day, _form(day))


@public.post("/<slug:slug>/tiep-cong-dan/<int:day_id>")
def book_reception(day_id: int) -> Any:
    day = access.public_day(g.ward.id, day_id)
    form = _form(day)
    if form.website.data or not form.validate():
        return _page(day, form), 422
    throttle.check("report", throttle.visitor())
    people = form.people.data or "1"
    wish = slots.Booking(
        day.id,
        form.name.data or "",
        form.subject.data or "",
        Channel.WEB,
        kind=Kind(form.kind.data),
        slot=form.slot.data,
        phone=form.phone.data or None,
        people=int(people) if people.isdecimal() else 0,
        neighbourhood_id=int(form.neighbourhood.data or 0) or None,
        submission_key=form.submission_key.data or None,
    )
    try:
        with transaction():
            token = slots.book(wish).token
    except (BadInput, WrongState) as refusal:
        day = access.public_day(g.ward.id, day_id)
        return _page(day, _blamed(_form(day), refusal), refusal.sentence), refusal.status
    return redirect(url_for(".appointment", token=token), 303)


@public.get("/<slug:slug>/tiep-cong-dan.ics")
def receptions_calendar() -> Response:
    """All days the ward has published, to be subscribed to."""
    return Response(feeds.calendar(_ward(), feeds.in_feeds(g.ward.id)), content_type=ICS)


@public.get("/<slug:slug>/tiep-cong-dan/<int:day_id>.ics")
def reception_calendar(day_id: int) -> Response:
    """One day, to be put into a calendar."""
    day = access.public_day(g.ward.id, day_id)
    return _as_file(feeds.calendar(_ward(), [day]), f"tiep-cong-dan-{day.id}")


@public.get("/hen/<token:token>.ics")
def appointment_calendar(token: str) -> Response:
    """One's own time."""
    visit = _visit(token)
    return _as_file(feeds.appointment(_ward(), visit), f"hen-{visit.code}")


@public.get("/hen/<token:token>")
def appointment(token: str) -> str:
    """One's own page: when, the code, on the day how the queue stands, afterwards the conclusion."""
    visit = _visit(token)
    day = visit.day
    is_waiting = visit.state is VisitState.WAITING
    return render_template(
        "public/appointment.html",
        v=visit,
        day=day,
        at=notices.time_of(visit),
        code=codes.show_code(visit.code),
        address=links.appointment(token),
        standing=queue.standing(day.id) if day.status is DayStatus.OPEN else None,
        ahead=queue.ahead_of(visit) if is_waiting else 0,
        ground=law.refusal_grounds().get(visit.ground),
        may_cancel=visit.state is VisitState.BOOKED and day.status is not DayStatus.CANCELLED,
        is_off=day.status is DayStatus.CANCELLED,
        nav="dialogues",
    )


@public.post("/hen/<token:token>/huy")
def appointment_cancelled(token: str) -> Response:
    _visit(token)
    with transaction():
        slots.cancel(slots.by_token(token))
    flash("Đã hủy hẹn. Cảm ơn Ông/Bà đã nhường giờ cho người khác.", "success")
    return redirect(url_for(".appointment", token=token), 303)


def _ward() -> Ward:
    return db.session.get_one(Ward, g.ward.id)


def _as_file(body: bytes, name: str) -> Response:
    response = Response(body, content_type=ICS)
    response.headers["Content-Disposition"] = f'attachment; filename="{name}.ics"'
    return response


def _visit(token: str) -> Visit:
    visit = slots.by_token(token)
    g.ward = wards.by_id(visit.day.ward_id)
    return visit


def _form(day: ReceptionDay) -> BookingForm:
    form = BookingForm()
    form.slot.choices = [
        SelectChoice(str(slot), f"{clock.local(at):%H:%M}") for slot, at in slots.free_slots(day)
    ]
    form.neighbourhood.choices = wards.neighbourhoods(g.ward)
    form.submission_key.data = form.submission_key.data or new_key()
    return form


def _page(day: ReceptionDay, form: BookingForm, sentence: str = "") -> str:
    takes = day.status is DayStatus.PUBLISHED and day.closes_at > clock.now()
    return render_template(
        "public/reception.html",
        day=day,
        form=form,
        sentence=sentence,
        takes=takes and bool(form.slot.choices),
        is_full=takes and not form.slot.choices,
        ground=law.online_grounds().get(day.online_ground),
        nav="dialogues",
    )


def _blamed(form: BookingForm, refusal: Refusal) -> BookingForm:
    """The form with a verb's refusals at their fields."""
    for name, sentence in getattr(refusal, "fields", {}).items():
        if name in form:
            form[name].errors = [sentence]
    return form
