"""`/<ward>/tra-cuu`: the petition of a number and the telephone given with it."""

from flask import Response, g, redirect, render_template, url_for
from wtforms import StringField
from wtforms.validators import InputRequired, Length

from feedback.errors import NotFound, TooMany
from feedback.petitions.queries import by_number_and_phone, normal_number
from web import throttle
from web.forms import csrf, is_fresh
from web.public import public
from web.public.case import EXPIRED
from web.public.typed_form import TypedForm

UNKNOWN = (
    "Không tìm thấy hồ sơ có số tiếp nhận và số điện thoại này. Xin xem lại hai ô dưới đây; số điện "
    "thoại phải là số Ông/Bà đã ghi lúc gửi."
)
TOO_MANY = "Ông/Bà tra cứu quá nhiều lần. Xin đợi khoảng 10 phút rồi thử lại."


class TrackForm(TypedForm):
    number = StringField(
        "Số tiếp nhận",
        [InputRequired("Vui lòng điền số tiếp nhận."), Length(max=40)],
    )
    phone = StringField(
        "Số điện thoại đã ghi lúc gửi",
        [InputRequired("Vui lòng điền số điện thoại."), Length(max=30)],
    )


@public.get("/<slug:slug>/tra-cuu")
def track() -> str:
    return _page(TrackForm(formdata=None))


@public.post("/<slug:slug>/tra-cuu")
@csrf.exempt
def find_case() -> Response | tuple[str, int]:
    form = TrackForm()
    if not is_fresh():
        return _page(form, EXPIRED), 400
    if not form.validate():
        return _page(form), 422
    try:
        throttle.check("lookup", throttle.visitor())
        throttle.check("lookup_number", normal_number(form.number.data) or "none")
        found = by_number_and_phone(g.ward.id, form.number.data, form.phone.data)
    except TooMany:
        return _page(form, TOO_MANY), 429
    except NotFound:
        return _page(form, UNKNOWN), 422
    return redirect(url_for("public.case", token=found.token), 303)


def _page(form: TrackForm, sentence: str = "") -> str:
    form.number.description = f"Có dạng {g.ward.code}-2026-000123, ghi trên phiếu hoặc tin nhắn."
    return render_template("public/track.html", form=form, sentence=sentence)
