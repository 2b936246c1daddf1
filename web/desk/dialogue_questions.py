"""Questions at the desk: screening, the prepared sheet, the chair's tablet, what a section prepares."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for

from feedback import clock
from feedback.db import db, transaction
from feedback.dialogue import commitments, door, materials, queries, questions
from feedback.dialogue.lifecycle import may_run
from feedback.dialogue.models import Dialogue
from feedback.dialogue.question_models import Question, QuestionState
from feedback.errors import BadInput, NotFound, WrongState
from feedback.people.models import Channel
from feedback.people.models import Permission as P
from web.accounts.session import current_actor, needs
from web.desk import choices
from web.desk.blueprint import desk
from web.desk.dialogue_access import RIGHTS, WORKS, running
from web.desk.frame import today
from web.desk.periods import typed_day

DONE = {
    "accept": "Đã nhận câu hỏi.",
    "refuse": "Đã từ chối; người hỏi được biết lý do.",
    "group": "Đã gộp câu hỏi.",
    "assign": "Đã giao đơn vị chuẩn bị.",
    "prepare": "Đã lưu nội dung chuẩn bị.",
    "call": "Đang trả lời câu hỏi này.",
    "answer": "Đã ghi: đã trả lời.",
    "promise": "Đã ghi lời hứa; người chịu trách nhiệm được nhắc.",
    "pass_on": "Đã ghi: chuyển nơi có thẩm quyền.",
}


@desk.get("/dialogues/<int:dialogue_id>/questions")
@needs(*RIGHTS)
def dialogue_questions(dialogue_id: int) -> Any:
    return _screening(running(dialogue_id))


@desk.post("/dialogues/<int:dialogue_id>/questions")
@needs(*RIGHTS)
def dialogue_asked(dialogue_id: int) -> Any:
    """A question handed in on paper, by telephone, or from the floor."""
    row, sent = queries.seen(dialogue_id, current_actor()), request.form
    back = _back(row)
    try:
        with transaction():
            made = questions.ask(
                questions.Asked(
                    row.id,
                    sent.get("text", ""),
                    Channel.DESK,
                    name=sent.get("name") or None,
                    is_anonymous=bool(sent.get("is_anonymous")),
                    entered_by=current_actor(),
                )
            )
            if may_run(row, current_actor()):
                questions.accept(made, by=current_actor())
    except BadInput as refusal:
        flash(refusal.sentence, "error")
        return redirect(back)
    flash("Đã ghi câu hỏi.", "success")
    return redirect(back)


@desk.post("/dialogues/<int:dialogue_id>/questions/<int:question_id>/<verb>")
@needs(*RIGHTS)
def dialogue_question(dialogue_id: int, question_id: int, verb: str) -> Any:
    """One act on one question: from the screening page or the chair's tablet."""
    row = running(dialogue_id)
    if verb not in questions.VERBS:
        raise NotFound
    back = _back(row, f"q{question_id}")
    try:
        with transaction():
            question = _question(running(dialogue_id), question_id)
            questions.VERBS[verb](question, by=current_actor(), **_values(row, verb))
    except BadInput as refusal:
        flash(refusal.sentence, "error")
        return redirect(back)
    flash(DONE[verb], "success")
    return redirect(back)


@desk.get("/dialogues/<int:dialogue_id>/sheet")
@needs(*RIGHTS)
def dialogue_sheet(dialogue_id: int) -> Any:
    """Every question with its prepared answer, to be printed for the chair."""
    row = running(dialogue_id)
    return render_template(
        "desk/dialogue_sheet.html",
        d=row,
        agenda=commitments.agenda(row),
        report=commitments.to_report(row),
        standing=commitments.standing,
        queue=questions.queue(row),
        who_asked=questions.who_spoke,
        departments=today().setup.departments,
        nav="dialogues",
    )


@desk.get("/dialogues/<int:dialogue_id>/chair")
@needs(*RIGHTS)
def dialogue_chair(dialogue_id: int) -> Any:
    """The chair's tablet: this question, its prepared answer, three ways to end it."""
    return render_template("desk/dialogue_chair.html", **_on_tablet(running(dialogue_id)))


@desk.get("/dialogues/<int:dialogue_id>/chair/queue")
@needs(*RIGHTS)
def dialogue_chair_queue(dialogue_id: int) -> Any:
    """The part of the tablet that follows the room."""
    return render_template("desk/_dialogue_queue.html", **_on_tablet(running(dialogue_id)))


@desk.post("/questions/<int:question_id>/preparation")
@needs(*WORKS)
def question_prepared(question_id: int) -> Any:
    """A section writes what it would answer."""
    with transaction():
        question = db.session.get(Question, question_id)
        actor = current_actor()
        if question is None or question.dialogue.ward_id != actor.ward_id:
            raise NotFound
        is_theirs = actor.has(P.HANDLE) and question.department_id in actor.department_ids
        if not (is_theirs or may_run(question.dialogue, actor)):
            raise NotFound
        questions.prepare(question, by=actor, text=request.form.get("text", ""))
    flash("Đã lưu nội dung chuẩn bị.", "success")
    return redirect(url_for(".dialogues", _anchor=f"q{question_id}"))


@desk.post("/dialogues/<int:dialogue_id>/questions/<int:question_id>/petition")
@needs(*RIGHTS)
def question_petition(dialogue_id: int, question_id: int) -> Any:
    """What was passed on or promised, followed up as a petition: one click."""
    row = running(dialogue_id)
    try:
        with transaction():
            question = _question(running(dialogue_id), question_id)
            number = questions.to_petition(question, by=current_actor()).number
    except WrongState as refusal:
        flash(refusal.sentence, "error")
        return redirect(_back(row, f"q{question_id}"))
    flash(f"Đã lập hồ sơ {number}; người hỏi theo dõi được.", "success")
    return redirect(_back(running(dialogue_id), f"q{question_id}"))


def _values(row: Dialogue, verb: str) -> dict[str, Any]:
    """What each verb takes from the form."""
    sent = request.form
    match verb:
        case "refuse":
            return {"reason": sent.get("reason", "")}
        case "group":
            return {"into": _question(row, _whole(sent.get("into")))}
        case "assign":
            return {"department_id": _department(_whole(sent.get("department_id")))}
        case "prepare" | "answer":
            return {"text": sent.get("text", "")}
        case "promise":
            return {
                "text": sent.get("text", ""),
                "position_id": _whole(sent.get("position_id")),
                "due_on": typed_day(sent.get("due_on", ""), "due_on"),
            }
        case "pass_on":
            return {"to": sent.get("to", ""), "text": sent.get("text", "")}
        case _:
            return {}


def _whole(typed: str | None) -> int:
    if not typed or not typed.isdecimal():
        raise BadInput("Xin chọn một mục trong danh sách.")
    return int(typed)


def _department(department_id: int) -> int:
    if department_id not in today().setup.departments:
        raise BadInput("Xin chọn một đơn vị.")
    return department_id


def _question(row: Dialogue, question_id: int) -> Question:
    question = db.session.get(Question, question_id)
    if question is None or question.dialogue_id != row.id:
        raise NotFound
    return question


def _back(row: Dialogue, anchor: str = "") -> str:
    if request.form.get("back") == "chair":
        return url_for(".dialogue_chair", dialogue_id=row.id)
    if not may_run(row, current_actor()):
        return url_for(".dialogue", dialogue_id=row.id)
    return url_for(".dialogue_questions", dialogue_id=row.id, _anchor=anchor or None)


def _posts() -> list[tuple[int, str]]:
    """Positions that can owe a promise, each with its holder."""
    table = today()
    found = []
    for position_id, holders in table.holders.items():
        if holders and position_id in table.setup.posts:
            post = table.setup.posts[position_id]
            if post.role.value not in ("supervisor", "administrator", "neighbourhood_head"):
                found.append((position_id, f"{post.title} ({table.name(holders[0])})"))
    return sorted(found, key=lambda pair: pair[1])


def _screening(row: Dialogue) -> Any:
    every = questions.every(row)
    return render_template(
        "desk/dialogue_questions.html",
        d=row,
        new=[q for q in every if q.state is QuestionState.NEW],
        accepted=questions.queue(row),
        ended=[q for q in every if q.state not in questions.OPEN],
        departments=choices.departments(today()),
        names=today().setup.neighbourhoods,
        posts=_posts(),
        rules=questions.RULES,
        materials=materials.open_petitions(row, current_actor()),
        who_asked=questions.who_spoke,
        nav="dialogues",
    )


def _on_tablet(row: Dialogue) -> dict[str, Any]:
    waiting = questions.queue(row)
    current = next((q for q in waiting if q.called_at), None)
    return {
        "d": row,
        "current": current,
        "queue": [q for q in waiting if q is not current],
        "fresh": [q for q in questions.every(row) if q.state is QuestionState.NEW],
        "report": commitments.to_report(row),
        "standing": commitments.standing,
        "crowd": door.crowd(row),
        "posts": _posts(),
        "who_asked": questions.who_spoke,
        "today": clock.today(),
        "nav": "dialogues",
    }
