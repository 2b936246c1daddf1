"""`/<ward>/gui`: the whole report on one page; the home page's big question is its first part.

Nothing that was typed or has arrived is ever lost: whatever stands in the way, the page comes back
filled in. Sending the same words of the same page twice makes one petition.
"""

import hashlib
import re
from typing import Any

from flask import Response, g, redirect, render_template, request, url_for

from feedback.db import transaction
from feedback.errors import BadInput, TooMany
from feedback.people.models import Channel
from feedback.petitions.intake import Submission, hand_in
from feedback.petitions.models import Kind
from feedback.text import fold
from feedback.triage.suggest import tone
from web import throttle
from web.forms import csrf, is_fresh
from web.public import public, uploads, wards
from web.public.patience import be_patient
from web.public.pristine import new_key, pristine
from web.public.report_form import ReportForm
from web.public.uploads import Arrived

EXPIRED = (
    "Trang này mở đã lâu, hoặc trình duyệt đang chặn cookie. Nội dung Ông/Bà viết vẫn còn nguyên: "
    "xin bấm “Gửi phản ánh” thêm một lần nữa."
)
ONCE_MORE = "Xin xem lại nội dung rồi bấm “Gửi phản ánh” thêm một lần nữa."
KEY = re.compile(r"[\w-]{16,64}")
TOO_MANY = "Ông/Bà gửi quá nhanh. Nội dung vẫn còn nguyên: xin đợi vài phút rồi bấm gửi lại."


@public.get("/<slug:slug>/gui")
def report() -> str:
    return pristine("report", lambda key: _page(new_form(key)))


@public.post("/<slug:slug>/gui")
@csrf.exempt
def send_report() -> Response | tuple[str, int] | str:
    be_patient()
    form = new_form()
    try:
        throttle.check("report", throttle.visitor())
    except TooMany:
        return _page(form, sentence=TOO_MANY), 429
    if _is_accusation(form) and not form.not_accusation.data and not _is_complete(form):
        return _guide()
    came = uploads.arrived(g.ward.id, form.submission_key.data)
    if request.form.get("step") == "first":
        return _again(form, came)
    if not is_fresh():
        return _again(form, came, sentence=EXPIRED), 400
    if form.website.data:
        return _again(form, came, sentence=ONCE_MORE), 422
    if not form.validate() or came.refused:
        return _again(form, came), 422
    try:
        return redirect(url_for("public.thanks", token=_file(form, came)), 303)
    except TooMany:
        return _again(form, came, sentence=TOO_MANY), 429
    except BadInput as refusal:
        return _again(form, came, sentence=refusal.sentence), 422


def new_form(key: str = "") -> ReportForm:
    """The form of this ward, as typed or empty; one that brings no key of its own gets one."""
    form = ReportForm(wards.neighbourhoods(g.ward), wards.fields(g.ward))
    if key or not KEY.fullmatch(form.submission_key.data or ""):
        form.submission_key.data = key or new_key()
    return form


def _file(form: ReportForm, came: Arrived) -> str:
    """Make the petition; returns the token of its link. Raises TooMany, BadInput."""
    if form.called:
        throttle.check("report_phone", form.called)
    values = _values(form)
    with transaction():
        files = [row.id for row in came.keep(g.ward.id)]
        return hand_in(Submission(files=files, **values))


def _values(form: ReportForm) -> dict[str, Any]:
    """The form as `Submission` takes it, without its files."""
    lat, lng = form.place
    return {
        "ward_id": g.ward.id,
        "text": _words(form),
        "kind": _kind(form),
        "field_id": int(form.field.data) if form.field.data else None,
        "neighbourhood_id": int(form.neighbourhood.data) if form.neighbourhood.data else None,
        "address": form.address.data or "",
        "lat": lat,
        "lng": lng,
        "happened_at": form.happened_at,
        "name": form.name.data or None,
        "phone": form.phone.data or None,
        "email": form.email.data or None,
        "complained_officer_id": _complained(form),
        "is_anonymous": form.is_anonymous.data,
        "may_publish": form.may_publish.data,
        "consented": form.consent.data,
        "channel": Channel.WEB,
        "submission_key": _once(form),
    }


def _kind(form: ReportForm) -> Kind | None:
    """What the resident takes it for; an accusation that was taken back is a report."""
    if _is_accusation(form) and not form.not_accusation.data:
        return Kind.TO_CAO
    chosen = Kind(form.kind.data) if form.kind.data else None
    return Kind.PHAN_ANH if chosen is Kind.TO_CAO else chosen


def _words(form: ReportForm) -> str:
    """What was written; a name we do not know for sure stays readable in it."""
    named = form.complained.data
    return f"{form.text.data}\n\nCán bộ được nhắc đến: {named}" if named else form.text.data


def _complained(form: ReportForm) -> int | None:
    """The one officer of the ward who can be meant, so that the case does not go to them."""
    said = fold(form.complained.data or "")
    if not said:
        return None
    names = {who: fold(name) for who, name in wards.setup(g.ward).officers.items()}
    exact = [who for who, name in names.items() if name == said]
    near = exact or [who for who, name in names.items() if said in name]
    return near[0] if len(near) == 1 else None


def _once(form: ReportForm) -> str:
    """One key per page and words: the page sent twice is one petition, other words are another."""
    words = f"{form.submission_key.data}\n{g.ward.id}\n{form.text.data}"
    return hashlib.sha256(words.encode()).hexdigest()


def _is_complete(form: ReportForm) -> bool:
    """Sent from the whole form, with consent: its words are kept, sealed. From the first question alone,
    nothing is."""
    return request.form.get("step") != "first" and form.consent.data


def _is_accusation(form: ReportForm) -> bool:
    """Whether it was called so, or says what only an accusation says."""
    found = tone(form.text.data or "")
    return Kind.TO_CAO in (form.kind.data, found.kind) or found.accusation


def _again(form: ReportForm, came: Arrived, *, sentence: str = "") -> str:
    """The page with everything typed, and every file that arrived kept for the next try."""
    place = came.place
    files = came.earlier
    if came.clean:
        with transaction():
            files = came.keep(g.ward.id)
    return _page(
        form,
        kept=uploads.kept(files, form.submission_key.data),
        refused=came.refused,
        photo_place=f"{place[0]:.6f},{place[1]:.6f}" if place else "",
        sentence=sentence,
    )


def _page(form: ReportForm, **values: Any) -> str:
    dangers = tone(form.text.data).dangers if form.text.data else ()
    return render_template("public/report.html", form=form, dangers=dangers, **values)


def _guide() -> str:
    """What an accusation needs, and who would see it, before anything is kept: its words stand in the
    answered page alone, its files nowhere."""
    carried = ("text", "address", "neighbourhood", "name", "phone", "submission_key")
    typed = [(name, request.form.get(name, "")) for name in carried]
    return render_template("public/accusation.html", typed=typed)
