"""Sessions of dialogue at the desk: the list with what is owed, planning, one session, its acts."""

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from flask import current_app, flash, redirect, render_template, request, url_for
from wtforms import DateField, IntegerField, StringField, TextAreaField, TimeField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length, Optional, Regexp

from feedback import clock
from feedback.db import transaction
from feedback.dialogue import (
    commitments,
    door,
    duty_reminders,
    gates,
    queries,
    requests,
    sessions,
    survey,
)
from feedback.dialogue.gates import Gate, Gated
from feedback.dialogue.kinds import Convener, kinds
from feedback.dialogue.lifecycle import Action, allowed_actions, may_run
from feedback.dialogue.models import Dialogue, Mode, Status
from feedback.documents import attach
from feedback.documents.models import FileUse
from feedback.errors import BadInput, NotFound, Refusal, WrongState
from feedback.people.models import Permission as P
from feedback.wards.calendar_rows import calendar_of
from web.accounts.session import current_actor, needs
from web.desk import choices
from web.desk.blueprint import desk
from web.desk.frame import current_setup, today
from web.forms import Form, RadioField, SelectMultipleField

RIGHTS = (P.HOLD_DIALOGUE, P.SEE_NEIGHBOURHOOD)
WORKS = (*RIGHTS, P.HANDLE)
SPOT = r"^\s*-?\d{1,2}(\.\d+)?\s*,\s*-?\d{1,3}(\.\d+)?\s*$"
DAY = ["%d/%m/%Y", "%Y-%m-%d"]
RULES = {
    "FREQ=MONTHLY;BYDAY={nth}{day}": "Hằng tháng, cùng thứ và tuần trong tháng",
    "FREQ=MONTHLY;INTERVAL=3;BYDAY={nth}{day}": "Ba tháng một lần",
    "FREQ=YEARLY": "Hằng năm, cùng ngày",
}
_DAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")


def _lines(text: str | None) -> list[str]:
    return (text or "").splitlines()


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
            starts_at=_instant(on, self.starts.data),
            ends_at=_instant(on, self.ends.data),
            mode=Mode(self.mode.data),
            place=self.place.data or "",
            access=self.access.data or "",
            online_url=(self.online_url.data or "").strip(),
            seats=self.seats.data,
            neighbourhood_ids=self.neighbourhood_ids.data or [],
            presiding=_lines(self.presiding.data),
            agenda=_lines(self.agenda.data),
        )


class MoveForm(Form):
    starts_on = DateField("Ngày mới", [InputRequired("Xin ghi ngày.")], format=DAY)
    starts = TimeField("Từ mấy giờ", [InputRequired("Xin ghi giờ bắt đầu.")])
    ends = TimeField("Đến mấy giờ", [InputRequired("Xin ghi giờ kết thúc.")])
    place = StringField("Địa điểm mới", [Length(max=300)])
    reason = StringField("Lý do, như người dân sẽ đọc", [InputRequired("Xin ghi lý do.")])


@dataclass(frozen=True)
class Step:
    """One act on the session's page. `asks`: (name, label) of what must be typed."""

    noun: str
    action: Action
    verb: Callable[..., Any]
    done: str
    hint: str = ""
    asks: tuple[tuple[str, str], ...] = ()
    tone: str = ""

    @property
    def label(self) -> str:
        return self.action.label


STEPS = (
    Step(
        "announcement",
        Action.ANNOUNCE,
        sessions.announce,
        "Đã thông báo: trang của phường, lịch và tin đã có; các tổ trưởng đã được nhắn.",
        "Một lần bấm: đăng trang web, lịch, tin; nhắn các tổ trưởng; có sẵn giấy dán, lời đọc loa, tin Zalo.",
    ),
    Step(
        "questions",
        Action.OPEN_QUESTIONS,
        sessions.open_questions,
        "Đã mở nhận câu hỏi.",
        "Người dân gửi và bình chọn câu hỏi trước buổi đối thoại.",
    ),
    Step(
        "beginning",
        Action.START,
        sessions.start,
        "Buổi đối thoại bắt đầu.",
        "Khi chủ trì khai mạc.",
    ),
    Step(
        "end",
        Action.END,
        sessions.end,
        "Buổi đối thoại đã kết thúc. Người dự được hỏi ý kiến.",
        "Từ lúc này tính thời hạn công bố kết quả.",
    ),
    Step(
        "conclusion",
        Action.CONCLUDE,
        sessions.conclude,
        "Đã lưu kết luận.",
        "Vào biên bản và thông báo kết quả.",
        (("conclusion", "Kết luận của chủ trì"),),
        "secondary",
    ),
    Step(
        "results",
        Action.PUBLISH,
        sessions.publish,
        "Đã công bố kết quả; người đăng ký và tổ trưởng được báo.",
        "Đăng các câu trả lời, lời hứa và kết luận lên trang của phường.",
    ),
    Step(
        "report",
        Action.REPORT,
        sessions.report,
        "Đã ghi báo cáo.",
        "Sau khi gửi báo cáo bằng văn bản tới UBND và Ủy ban MTTQ phường.",
        (("sign", "Số, ngày của báo cáo"),),
        "secondary",
    ),
    Step("closing", Action.CLOSE, sessions.close, "Đã hoàn thành.", "", (), "secondary"),
    Step(
        "cancellation",
        Action.CANCEL,
        sessions.cancel,
        "Đã hủy; mọi người đăng ký và tổ trưởng được báo.",
        "Mọi người đã đăng ký được báo lý do.",
        (("reason", "Lý do hủy, như người dân sẽ đọc"),),
        "warning",
    ),
)
BY_NOUN = {step.noun: step for step in STEPS}


@desk.get("/dialogues")
@needs(*WORKS)
def dialogues() -> Any:
    actor = current_actor()
    return render_template(
        "desk/dialogues.html",
        rows=queries.of_desk(actor),
        duties=duty_reminders.owed_by(actor),
        to_prepare=queries.to_prepare(actor),
        may_plan=any(map(actor.has, RIGHTS)),
        now=clock.now(),
        asked_for=requests.count(actor.ward_id) if actor.has(P.HOLD_DIALOGUE) else None,
        wishes=requests.newest(actor.ward_id) if actor.has(P.HOLD_DIALOGUE) else [],
        once=secrets.token_urlsafe(12),
        article=requests.ARTICLE,
        overrides=sessions.overrides(actor.ward_id, clock.today().year)
        if actor.has(P.HOLD_DIALOGUE)
        else [],
        nav="dialogues",
    )


@desk.post("/dialogues/requests")
@needs(P.HOLD_DIALOGUE)
def dialogue_requested() -> Any:
    """Signatures on paper, counted in."""
    people = request.form.get("people", "")
    try:
        with transaction():
            actor = current_actor()
            requests.hand_in(
                actor.ward_id,
                by=actor,
                people=int(people) if people.isdecimal() else 0,
                about=request.form.get("about", ""),
                key=request.form.get("once", ""),
            )
    except BadInput as refusal:
        flash(" ".join(refusal.fields.values()) or refusal.sentence, "error")
        return redirect(url_for(".dialogues", _anchor="requests"))
    flash("Đã ghi số chữ ký.", "success")
    return redirect(url_for(".dialogues", _anchor="requests"))


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
        return _plan_page(_blamed(form, refusal)), 422
    flash("Đã lưu kế hoạch. Xem lại rồi bấm Thông báo.", "success")
    return redirect(url_for(".dialogue", dialogue_id=row_id))


@desk.get("/dialogues/<int:dialogue_id>")
@needs(*RIGHTS)
def dialogue(dialogue_id: int) -> Any:
    return _page(queries.seen(dialogue_id, current_actor()))


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
        return _plan_page(_blamed(form, refusal), running(dialogue_id), refusal.sentence), 422
    flash("Đã lưu kế hoạch.", "success")
    return redirect(url_for(".dialogue", dialogue_id=dialogue_id))


@desk.post("/dialogues/<int:dialogue_id>/move")
@needs(*RIGHTS)
def dialogue_moved(dialogue_id: int) -> Any:
    row, form = running(dialogue_id), MoveForm()
    if not form.validate():
        return _page(row, move=form), 422
    try:
        with transaction():
            sessions.move(
                running(dialogue_id),
                by=current_actor(),
                reason=form.reason.data,
                starts_at=_instant(form.starts_on.data, form.starts.data),
                ends_at=_instant(form.starts_on.data, form.ends.data),
                place=form.place.data,
                override=request.form.get("override", ""),
            )
    except Gated as refusal:
        return _gated(dialogue_id, refusal), 409
    except BadInput as refusal:
        return _page(running(dialogue_id), move=_blamed(form, refusal)), 422
    flash("Đã dời lịch; mọi người đăng ký và tổ trưởng được báo.", "success")
    return redirect(url_for(".dialogue", dialogue_id=dialogue_id))


@desk.post("/dialogues/<int:dialogue_id>/repetition")
@needs(*RIGHTS)
def dialogue_repeated(dialogue_id: int) -> Any:
    row = running(dialogue_id)
    rule = request.form.get("rule", "")
    count = request.form.get("count", "")
    if rule not in RULES or not count.isdecimal():
        raise BadInput("Xin chọn cách lặp lại và số buổi.")
    local = clock.local(row.starts_at)
    rule = rule.format(nth=(local.day - 1) // 7 + 1, day=_DAYS[local.weekday()])
    with transaction():
        made = sessions.repeat(running(dialogue_id), rule, by=current_actor(), count=int(count))
    flash(f"Đã lập {len(made)} buổi nháp; mỗi buổi được thông báo riêng.", "success")
    return redirect(url_for(".dialogues"))


@desk.post("/dialogues/<int:dialogue_id>/files")
@needs(*RIGHTS)
def dialogue_files(dialogue_id: int) -> Any:
    running(dialogue_id)
    clean = receive_files()
    actor = current_actor()
    with transaction():
        for each in clean:
            attach.keep(
                actor.ward_id,
                each,
                FileUse.RESULT,
                uploaded_by_id=actor.officer_id,
                dialogue_id=dialogue_id,
            )
    flash(f"Đã đính kèm {len(clean)} tệp." if clean else "Chưa có tệp nào được chọn.", "success")
    return redirect(url_for(".dialogue", dialogue_id=dialogue_id))


@desk.post("/dialogues/<int:dialogue_id>/acts/<noun>")
@needs(*RIGHTS)
def dialogue_act(dialogue_id: int, noun: str) -> Any:
    """One act of the life cycle; a legal gate comes back as a page that explains it."""
    step = BY_NOUN.get(noun)
    if step is None:
        raise NotFound
    values = {name: request.form.get(name, "") for name, _ in step.asks}
    if noun in ("announcement", "results"):
        values["override"] = request.form.get("override", "")
    try:
        with transaction():
            step.verb(running(dialogue_id), by=current_actor(), **values)
    except Gated as refusal:
        return _gated(dialogue_id, refusal), 409
    except (BadInput, WrongState) as refusal:
        return _page(queries.seen(dialogue_id, current_actor()), refusal=refusal), refusal.status
    flash(step.done, "success")
    return redirect(url_for(".dialogue", dialogue_id=dialogue_id))


def running(dialogue_id: int) -> Dialogue:
    """A session this person runs. Raises NotFound."""
    row = queries.seen(dialogue_id, current_actor())
    if not may_run(row, current_actor()):
        raise NotFound
    return row


def receive_files(name: str = "photos") -> list[Any]:
    """Files of the request, cleaned and on disk; call outside transactions. Raises FileRefused."""
    root = current_app.config["SETTINGS"].upload_dir
    sent = [each for each in request.files.getlist(name)[:5] if each.filename]
    return [attach.receive(root, each.filename or "", each.stream) for each in sent]


def _gated(dialogue_id: int, refusal: Gated) -> Any:
    """The page again, with what stands in the way and the typed words carried along."""
    hidden = ("csrf_token", "override")
    carried = {name: value for name, value in request.form.items() if name not in hidden}
    row = queries.seen(dialogue_id, current_actor())
    return _page(row, gates_=refusal.gates, carried=carried)


def _page(
    row: Dialogue,
    *,
    gates_: tuple[Gate, ...] = (),
    carried: dict[str, str] | None = None,
    refusal: Refusal | None = None,
    move: MoveForm | None = None,
) -> Any:
    actor = current_actor()
    allowed = allowed_actions(row, actor)
    calendar = calendar_of(current_setup())
    return render_template(
        "desk/dialogue.html",
        d=row,
        agenda=commitments.agenda(row),
        steps=[step for step in STEPS if step.action in allowed],
        allowed=allowed,
        runs=may_run(row, actor),
        own=actor.neighbourhood_ids,
        gates=gates_,
        carried=carried or {},
        action=request.path,
        refusal=refusal,
        move=move or (MoveForm(formdata=None) if Action.MOVE in allowed else None),
        duties=duty_reminders.open_of(row.id) if may_run(row, actor) else [],
        crowd=door.crowd(row),
        mood=survey.mood(row),
        announce_by=gates.announce_by(row, calendar) if row.status is Status.DRAFT else None,
        publish_by=gates.publish_by(row, calendar) if row.status is Status.HELD else None,
        rule=row.of_kind.rule(clock.today()),
        rules=RULES,
        now=clock.now(),
        nav="dialogues",
    )


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
    names = ("kind", "title", "theme", "place", "access", "online_url", "seats")
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


def _blamed(form: Any, refusal: BadInput) -> Any:
    names = {"ends_at": "ends"}
    for name, sentence in refusal.fields.items():
        if names.get(name, name) in form:
            form[names.get(name, name)].errors = [sentence]
    return form


def _instant(on: date, at: Any) -> datetime:
    return datetime.combine(on, at, clock.ZONE)
