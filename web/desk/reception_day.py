"""One day of reception: its acts, the queue, each visit's entry, refusals and conclusions with their papers."""

from typing import Any

from flask import current_app, flash, redirect, render_template, request, url_for

from feedback import clock
from feedback.db import db, transaction
from feedback.dialogue.codes import show_code
from feedback.dialogue.gates import Gated
from feedback.errors import BadInput, NotFound, Refusal, WrongState
from feedback.papers.filling import signer_of
from feedback.papers.issuing import FORMATS, issue, preview
from feedback.papers.models import Paper
from feedback.people.directory import chair_of
from feedback.people.models import Channel, Role
from feedback.people.models import Permission as P
from feedback.petitions.models import Kind
from feedback.reception import access, days, law, notices, paperwork, phoning, queue, slots, visits
from feedback.reception.models import DayStatus, Mode, ReceptionDay, Visit, VisitState
from web.accounts.session import current_actor, needs
from web.desk import choices
from web.desk.blueprint import desk
from web.desk.frame import current_setup, today
from web.desk.papers import sent
from web.desk.periods import typed_day
from web.desk.receptions import TimesForm, blamed

KINDS = (Kind.KIEN_NGHI, Kind.PHAN_ANH, Kind.KHIEU_NAI, Kind.TO_CAO)
ENTRY = (
    "kind",
    "people",
    "address",
    "id_number",
    "subject",
    "summary",
    "decided_before",
    "guided_to",
    "taken_by",
    "remarks",
)
STEP_WORDS = {
    "arrive": "Đã đến, lấy số",
    "call": "Mời vào",
    "finish": "Tiếp xong",
    "miss": "Không đến",
    "back": "Chờ tiếp",
}


@desk.get("/receptions/<int:day_id>")
@needs(P.INTAKE)
def reception_day(day_id: int) -> Any:
    return _page(_day(day_id))


@desk.post("/receptions/<int:day_id>/postponement")
@needs(P.INTAKE)
def reception_postponed(day_id: int) -> Any:
    day, form = _day(day_id), TimesForm()
    if not form.validate():
        return _page(day, times=form), 422
    try:
        with transaction():
            more = {"reason": form.reason.data or "", "place": form.place.data or ""}
            days.postpone(_day(day_id), by=current_actor(), **form.times(), **more)
    except BadInput as refusal:
        return _page(_day(day_id), times=blamed(form, refusal)), 422
    return _done(day_id, "Đã dời lịch; người đã hẹn được báo.")


@desk.post("/receptions/<int:day_id>/cancellation")
@needs(P.INTAKE)
def reception_cancelled(day_id: int) -> Any:
    reason = request.form.get("reason", "")
    return _act(day_id, days.cancel, "Đã hủy; người đã hẹn được báo.", reason=reason)


@desk.post("/receptions/<int:day_id>/online")
@needs(P.INTAKE)
def reception_online(day_id: int) -> Any:
    values = {name: request.form.get(name, "") for name in ("ground", "online_url", "override")}
    return _act(day_id, days.go_online, "Đã chuyển sang tiếp trực tuyến.", **values)


@desk.post("/receptions/<int:day_id>/checks/<key>")
@needs(P.INTAKE)
def reception_checked(day_id: int, key: str) -> Any:
    return _act(day_id, days.tick, "Đã ghi nhận.", key=key)


@desk.post("/receptions/<int:day_id>/beginning")
@needs(P.INTAKE)
def reception_begun(day_id: int) -> Any:
    who = request.form.get("received_by_id", "")
    values = {
        "received_by_id": int(who) if who.isdecimal() else chair_of(current_actor().ward_id).id,
        "override": request.form.get("override", ""),
    }
    return _act(day_id, days.begin, "Buổi tiếp công dân bắt đầu.", **values)


@desk.post("/receptions/<int:day_id>/end")
@needs(P.INTAKE)
def reception_ended(day_id: int) -> Any:
    return _act(day_id, days.end, "Đã kết thúc buổi tiếp.")


@desk.post("/receptions/<int:day_id>/visits")
@needs(P.INTAKE)
def reception_visitor(day_id: int) -> Any:
    """The clerk writes somebody down: who came gets a number, who telephones gets a time."""
    _day(day_id)
    actor, typed = current_actor(), request.form
    kind, area, people = (typed.get(n, "") for n in ("kind", "neighbourhood_id", "people"))
    by_phone = typed.get("way") == "phone"
    wish = slots.Booking(
        day_id,
        typed.get("name", ""),
        typed.get("subject", ""),
        Channel.PHONE if by_phone else Channel.DESK,
        kind=_kind(kind),
        slot=int(typed["slot"]) if by_phone and typed.get("slot", "").isdecimal() else None,
        phone=typed.get("phone") or None,
        address=typed.get("address", ""),
        people=int(people) if people.isdecimal() else 1,
        neighbourhood_id=int(area) if area.isdecimal() else None,
        entered_by=actor,
        submission_key=typed.get("submission_key") or None,
    )
    try:
        with transaction():
            visit = (slots.book if by_phone else queue.walk_in)(wish)
            said = (
                f"Số thứ tự {visit.number}." if visit.number else f"Mã hẹn {show_code(visit.code)}."
            )
    except (BadInput, WrongState) as refusal:
        return _page(_day(day_id), refusal=refusal, typed=typed), refusal.status
    return _done(day_id, said)


@desk.post("/receptions/<int:day_id>/visits/<int:visit_id>/steps/<verb>")
@needs(P.INTAKE)
def reception_step(day_id: int, visit_id: int, verb: str) -> Any:
    if verb not in queue.STEPS:
        raise NotFound
    try:
        with transaction():
            queue.step(_visit(visit_id), verb, by=current_actor())
    except WrongState as refusal:
        return _page(_day(day_id), refusal=refusal), refusal.status
    if verb == "call":
        return redirect(url_for(".reception_visit", visit_id=visit_id))
    return redirect(url_for(".reception_day", day_id=day_id))


@desk.get("/visits/<int:visit_id>")
@needs(P.INTAKE)
def reception_visit(visit_id: int) -> Any:
    return _visit_page(_visit(visit_id))


@desk.post("/visits/<int:visit_id>")
@needs(P.INTAKE)
def reception_recorded(visit_id: int) -> Any:
    """The columns of the register."""
    typed = request.form
    entry: dict[str, Any] = {name: typed[name] for name in ENTRY if name in typed}
    if "kind" in entry:
        entry["kind"] = _kind(entry["kind"]).value
    if not entry.get("people", "").isdecimal():
        entry.pop("people", None)
    entry["is_ours"] = typed.get("is_ours") == "1"
    with_entry = {"entry": entry}
    return _on_visit(visit_id, visits.record, "Đã lưu vào Sổ tiếp công dân.", **with_entry)


@desk.post("/visits/<int:visit_id>/conclusion")
@needs(P.INTAKE)
def reception_concluded(visit_id: int) -> Any:
    post, field = (request.form.get(n, "") for n in ("position_id", "field_id"))
    day = request.form.get("due_on", "")
    try:
        due_on = typed_day(day, "due_on") if day.strip() else None
    except BadInput as refusal:
        return _visit_page(_visit(visit_id), refusal=refusal), refusal.status
    given = visits.Direction(
        conclusion=request.form.get("conclusion", ""),
        position_id=int(post) if post.isdecimal() else None,
        due_on=due_on,
        field_id=int(field) if field.isdecimal() else None,
        is_signed=request.form.get("is_signed") == "1",
    )
    return _on_visit(visit_id, visits.conclude, "Đã ghi kết luận.", direction=given)


@desk.post("/visits/<int:visit_id>/refusal")
@needs(P.INTAKE)
def reception_refused(visit_id: int) -> Any:
    ground = request.form.get("ground", "")
    return _on_visit(visit_id, visits.refuse, "Đã ghi từ chối tiếp.", ground=ground)


@desk.get("/visits/<int:visit_id>/refusal.<suffix>")
@needs(P.INTAKE)
def reception_refusal_paper(visit_id: int, suffix: str) -> Any:
    """01/TCD without its number, to read or correct."""
    filled = _refusal(_visit(visit_id))
    if suffix not in FORMATS:
        raise NotFound
    return sent(preview(paperwork.REFUSAL, filled, suffix), suffix, f"tu-choi-{visit_id}.{suffix}")


@desk.post("/visits/<int:visit_id>/refusal-notice")
@needs(P.INTAKE)
def reception_refusal_issued(visit_id: int) -> Any:
    filled = _refusal(_visit(visit_id))

    def signed(paper: Paper) -> None:
        db.session.get_one(Visit, visit_id).notice_sign = paper.sign

    return _issued(paperwork.REFUSAL, filled, f"reception-refusal:{visit_id}", signed)


@desk.get("/receptions/<int:day_id>/conclusions.<suffix>")
@needs(P.INTAKE)
def reception_conclusions(day_id: int, suffix: str) -> Any:
    filled = paperwork.conclusions(_day(day_id), _signer())
    if suffix not in FORMATS:
        raise NotFound
    return sent(
        preview(paperwork.CONCLUSIONS, filled, suffix), suffix, f"ket-luan-{day_id}.{suffix}"
    )


@desk.post("/receptions/<int:day_id>/conclusions")
@needs(P.INTAKE)
def reception_conclusions_issued(day_id: int) -> Any:
    filled = paperwork.conclusions(_day(day_id), _signer())

    def signed(paper: Paper) -> None:
        db.session.get_one(ReceptionDay, day_id).notice_sign = paper.sign

    return _issued(paperwork.CONCLUSIONS, filled, f"reception-conclusions:{day_id}", signed)


def _day(day_id: int) -> ReceptionDay:
    return access.day_for(day_id, current_actor())


def _visit(visit_id: int) -> Visit:
    return access.visit_for(visit_id, current_actor())


def _signer() -> Any:
    return signer_of(current_actor().officer_id or 0)


def _refusal(visit: Visit) -> Any:
    """Raises NotFound when no paper is owed."""
    ground = law.refusal_grounds().get(visit.ground)
    if ground is None or not ground.is_written:
        raise NotFound
    return paperwork.refusal(visit, _signer())


def _issued(form: str, filled: Any, once: str, then: Any) -> Any:
    root = current_app.config["SETTINGS"].upload_dir
    paper = issue(form, filled, by=current_actor(), root=root, once=once, then=then)
    flash(f"Đã phát hành {paper.name} số {paper.sign}.", "success")
    return redirect(url_for(".paper_file", paper_id=paper.id, suffix="pdf"))


def _act(day_id: int, verb: Any, said: str, **values: Any) -> Any:
    """One act on a day; what stands in the way comes back on the page."""
    try:
        with transaction():
            verb(_day(day_id), by=current_actor(), **values)
    except Gated as refusal:
        hidden = ("csrf_token", "override")
        carried = {name: value for name, value in request.form.items() if name not in hidden}
        return _page(_day(day_id), gates=refusal.gates, carried=carried), 409
    except (BadInput, WrongState) as refusal:
        return _page(_day(day_id), refusal=refusal), refusal.status
    return _done(day_id, said)


def _on_visit(visit_id: int, verb: Any, said: str, **values: Any) -> Any:
    try:
        with transaction():
            verb(_visit(visit_id), by=current_actor(), **values)
    except (BadInput, WrongState) as refusal:
        return _visit_page(_visit(visit_id), refusal=refusal), refusal.status
    flash(said, "success")
    return redirect(url_for(".reception_visit", visit_id=visit_id))


def _done(day_id: int, said: str) -> Any:
    flash(said, "success")
    return redirect(url_for(".reception_day", day_id=day_id))


def _page(
    day: ReceptionDay,
    *,
    times: TimesForm | None = None,
    gates: Any = (),
    carried: dict[str, str] | None = None,
    refusal: Refusal | None = None,
    typed: Any = None,
) -> str:
    table = today()
    leaders = [*table.with_role(Role.CHAIR), *table.with_role(Role.VICE_CHAIR)]
    return render_template(
        "desk/reception_day.html",
        day=day,
        visits=queue.visits_of(day),
        standing=queue.standing(day.id),
        steps={verb: states for verb, (states, _, _) in queue.STEPS.items()},
        step_words=STEP_WORDS,
        time_of=notices.time_of,
        to_call=phoning.count(day),
        is_coming=day.status in days.COMING,
        takes=day.status in queue.LINE,
        free=slots.free_slots(day) if day.status in queue.LINE else [],
        times=times or TimesForm(formdata=None),
        gates=gates,
        carried=carried or {},
        action=request.path,
        refusal=refusal,
        typed=typed or {},
        kinds=[(kind.value, kind.label) for kind in KINDS],
        areas=choices.neighbourhoods(table),
        leaders=[(who, table.name(who), table.setup.posts[p].title) for who, p in leaders],
        grounds=law.online_grounds(),
        ground=law.online_grounds().get(day.online_ground),
        checks=law.online_checks().values() if day.mode is Mode.ONLINE else (),
        is_today=days.on_of(day) <= clock.today(),
        concluded=visits.concluded(day),
        can_conclude=day.status in (DayStatus.OPEN, DayStatus.HELD),
        nav="dialogues",
    )


def _visit_page(visit: Visit, refusal: Refusal | None = None) -> str:
    setup = current_setup()
    return render_template(
        "desk/reception_visit.html",
        v=visit,
        day=visit.day,
        code=show_code(visit.code),
        at=notices.time_of(visit),
        kinds=[(kind.value, kind.label) for kind in KINDS],
        grounds=law.refusal_grounds(),
        ground=law.refusal_grounds().get(visit.ground),
        refusal_due_on=visits.refusal_due_on(visit),
        posts=[(post.id, post.title) for post in setup.posts.values()],
        fields=choices.fields(today()),
        refusal=refusal,
        typed=request.form,
        may_refuse=visit.state in visits.REFUSABLE and not visit.petition_id,
        may_conclude=visit.state in visits.RECEIVED and not visit.petition_id,
        is_inside=visit.state is VisitState.INSIDE,
        nav="dialogues",
    )


def _kind(typed: str) -> Kind:
    return next((kind for kind in KINDS if kind.value == typed), Kind.KIEN_NGHI)
