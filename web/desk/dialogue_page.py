"""One session at the desk: its page and its acts, a legal gate explained, moved, repeated, papers attached."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from wtforms import DateField, StringField, TimeField
from wtforms.validators import InputRequired, Length

from feedback import clock
from feedback.db import db, transaction
from feedback.dialogue import (
    commitments,
    door,
    duty_reminders,
    gates,
    paperwork,
    queries,
    sessions,
    survey,
)
from feedback.dialogue.gates import Gate, Gated
from feedback.dialogue.lifecycle import Action, allowed_actions, may_run
from feedback.dialogue.models import Dialogue, Status
from feedback.documents import attach
from feedback.documents.models import FileUse, StoredFile
from feedback.errors import BadInput, NotFound, Refusal, WrongState
from feedback.wards.calendar_rows import calendar_of
from web.accounts.session import current_actor, needs
from web.desk.blueprint import desk
from web.desk.dialogue_access import DAY, RIGHTS, blamed, instant, receive_files, running
from web.desk.frame import current_setup
from web.forms import Form

RULES = {
    "FREQ=MONTHLY;BYDAY={nth}{day}": "Hằng tháng, cùng thứ và tuần trong tháng",
    "FREQ=MONTHLY;INTERVAL=3;BYDAY={nth}{day}": "Ba tháng một lần",
    "FREQ=YEARLY": "Hằng năm, cùng ngày",
}
_DAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")


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


@desk.get("/dialogues/<int:dialogue_id>")
@needs(*RIGHTS)
def dialogue(dialogue_id: int) -> Any:
    return _page(queries.seen(dialogue_id, current_actor()))


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
                starts_at=instant(form.starts_on.data, form.starts.data),
                ends_at=instant(form.starts_on.data, form.ends.data),
                place=form.place.data,
                override=request.form.get("override", ""),
            )
    except Gated as refusal:
        return _gated(dialogue_id, refusal), 409
    except BadInput as refusal:
        return _page(running(dialogue_id), move=blamed(form, refusal)), 422
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
    use = FileUse.INTERNAL if request.form.get("internal") else FileUse.RESULT
    with transaction():
        for each in clean:
            attach.keep(
                actor.ward_id,
                each,
                use,
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
    page = ".dialogue_chair" if request.form.get("back") == "chair" else ".dialogue"
    return redirect(url_for(page, dialogue_id=dialogue_id))


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
        papers=paperwork.ready(row),
        is_numbered=paperwork.is_numbered(row),
        files=_files(row) if may_run(row, actor) else [],
        now=clock.now(),
        nav="dialogues",
    )


def _files(row: Dialogue) -> list[StoredFile]:
    """Everything attached, the proofs of announcements too."""
    query = db.select(StoredFile).filter_by(dialogue_id=row.id).order_by(StoredFile.id)
    return list(db.session.scalars(query))
