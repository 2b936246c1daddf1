"""Planning a session: the form, a new plan, a revised one."""

from typing import Any

from flask import flash, redirect, render_template, url_for
from wtforms import DateField, IntegerField, StringField, TextAreaField, TimeField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length, Optional, Regexp

from feedback import clock
from feedback.db import transaction
from feedback.dialogue import sessions
from feedback.dialogue.kinds import Convener, kinds
from feedback.dialogue.models import Dialogue, Mode
from feedback.errors import BadInput
from feedback.people.models import Permission as P
from web.accounts.session import current_actor, needs
from web.desk import choices
from web.desk.blueprint import desk
from web.desk.dialogue_access import DAY, RIGHTS, blamed, instant, running
from web.desk.frame import today
from web.forms import Form, RadioField, SelectMultipleField

SPOT = r"^\s*-?\d{1,2}(\.\d+)?\s*,\s*-?\d{1,3}(\.\d+)?\s*$"


class PlanForm(Form):
    kind = RadioField("Loại đối thoại", [InputRequired("Xin chọn loại đối thoại.")])
    title = StringField("Tên buổi đối thoại", [InputRequired("Xin ghi tên."), Length(max=200)])
    theme = TextAreaField("Nội dung, chủ đề", [Length(max=2000)])
    starts_on = DateField("Ngày", [InputRequired("Xin ghi ngày.")], format=DAY)
    starts = TimeField("Từ mấy giờ", [InputRequired("Xin ghi giờ bắt đầu.")])
    ends = TimeField("Đến mấy giờ", [InputRequired("Xin ghi giờ kết thúc.")])
    mode = RadioField(
        "Hình thức",
        choices=[SelectChoice(m.value, m.label) for m in Mode],
        default=Mode.IN_PERSON.value,
    )
    place = StringField("Địa điểm", [Length(max=300)])
    spot = StringField(
        "Tọa độ trên bản đồ",
        [Optional(), Regexp(SPOT, message="Ghi như: 21.0341, 105.8142")],
        description="Chép từ bản đồ trên điện thoại, để người dân xem nơi họp. Ví dụ: 21.0341, 105.8142",
    )
    access = StringField(
        "Đi lại, hỗ trợ",
        [Length(max=500)],
        description="Lối cho xe lăn, chỗ để xe, người phiên dịch ngôn ngữ ký hiệu.",
    )
    languages = StringField(
        "Ngôn ngữ",
        [Length(max=120)],
        description="Để trống nếu chỉ dùng tiếng Việt. Ví dụ: tiếng Việt, có phiên dịch tiếng Mông.",
    )
    online_url = StringField("Đường dẫn họp trực tuyến", [Length(max=300)])
    seats = IntegerField(
        "Số chỗ", [Optional()], description="Để trống nếu không giới hạn. Hết chỗ thì xếp hàng chờ."
    )
    neighbourhood_ids = SelectMultipleField("Mời các tổ dân phố", coerce=int)
    presiding = TextAreaField(
        "Người chủ trì", description="Mỗi dòng một người: họ tên – chức danh."
    )
    agenda = TextAreaField(
        "Chương trình",
        description="Mỗi dòng một mục. Báo cáo lời hứa của kỳ trước tự đứng đầu, không cần ghi.",
    )

    def plan(self) -> sessions.Plan:
        """What was typed, as the verb takes it."""
        on = self.starts_on.data or clock.today()
        lat, _, lng = (self.spot.data or "").partition(",")
        return sessions.Plan(
            lat=float(lat) if lng else None,
            lng=float(lng) if lng else None,
            kind=self.kind.data,
            title=self.title.data or "",
            theme=self.theme.data or "",
            starts_at=instant(on, self.starts.data),
            ends_at=instant(on, self.ends.data),
            mode=Mode(self.mode.data),
            place=self.place.data or "",
            access=self.access.data or "",
            languages=self.languages.data or "",
            online_url=(self.online_url.data or "").strip(),
            seats=self.seats.data,
            neighbourhood_ids=self.neighbourhood_ids.data or [],
            presiding=_lines(self.presiding.data),
            agenda=_lines(self.agenda.data),
        )


@desk.get("/dialogues/new")
@needs(*RIGHTS)
def dialogue_plan() -> Any:
    form = _plan_form()
    if len(form.kind.choices) == 1:
        form.kind.data = form.kind.choices[0].value
    return _plan_page(form)


@desk.post("/dialogues/new")
@needs(*RIGHTS)
def dialogue_planned() -> Any:
    form = _plan_form()
    if not form.validate():
        return _plan_page(form), 422
    try:
        with transaction():
            actor = current_actor()
            row_id = sessions.plan(actor.ward_id, form.plan(), by=actor).id
    except BadInput as refusal:
        return _plan_page(blamed(form, refusal)), 422
    flash("Đã lưu kế hoạch. Xem lại rồi bấm Thông báo.", "success")
    return redirect(url_for(".dialogue", dialogue_id=row_id))


@desk.get("/dialogues/<int:dialogue_id>/plan")
@needs(*RIGHTS)
def dialogue_revision(dialogue_id: int) -> Any:
    row = running(dialogue_id)
    return _plan_page(_plan_form(row), row)


@desk.post("/dialogues/<int:dialogue_id>/plan")
@needs(*RIGHTS)
def dialogue_revised(dialogue_id: int) -> Any:
    row, form = running(dialogue_id), _plan_form()
    if not form.validate():
        return _plan_page(form, row), 422
    try:
        with transaction():
            sessions.revise(running(dialogue_id), form.plan(), by=current_actor())
    except BadInput as refusal:
        return _plan_page(blamed(form, refusal), running(dialogue_id), refusal.sentence), 422
    flash("Đã lưu kế hoạch.", "success")
    return redirect(url_for(".dialogue", dialogue_id=dialogue_id))


def _plan_form(row: Dialogue | None = None) -> PlanForm:
    form = PlanForm(data=_typed(row)) if row else PlanForm()
    actor = current_actor()
    holds = actor.has(P.HOLD_DIALOGUE)
    form.kind.choices = [
        SelectChoice(key, f"{kind.name}. {kind.purpose}")
        for key, kind in kinds().items()
        if holds or kind.convened_by is Convener.NEIGHBOURHOOD
    ]
    form.neighbourhood_ids.choices = [
        SelectChoice(*pair)
        for pair in choices.neighbourhoods(today())
        if holds or pair[0] in actor.neighbourhood_ids
    ]
    if not row and not form.is_submitted() and not holds:
        form.neighbourhood_ids.data = [pair.value for pair in form.neighbourhood_ids.choices]
    return form


def _typed(row: Dialogue) -> dict[str, Any]:
    names = ("kind", "title", "theme", "place", "access", "languages", "online_url", "seats")
    starts, ends = clock.local(row.starts_at), clock.local(row.ends_at)
    return {
        **{name: getattr(row, name) for name in names},
        "starts_on": starts.date(),
        "starts": starts.time(),
        "ends": ends.time(),
        "mode": row.mode.value,
        "spot": f"{row.lat}, {row.lng}" if row.lat is not None else "",
        "neighbourhood_ids": [reach.neighbourhood_id for reach in row.concerned],
        "presiding": "\n".join(row.presiding),
        "agenda": "\n".join(row.agenda),
    }


def _plan_page(form: PlanForm, row: Dialogue | None = None, sentence: str = "") -> Any:
    return render_template(
        "desk/dialogue_plan.html", form=form, d=row, sentence=sentence, nav="dialogues"
    )


def _lines(text: str | None) -> list[str]:
    return (text or "").splitlines()
