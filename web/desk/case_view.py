"""One petition as its page shows it to one official: what each may see of it, in words."""

import secrets
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from feedback import clock, reminders
from feedback.conversations import reading
from feedback.db import db
from feedback.documents.models import FileUse, StoredFile
from feedback.papers import facts
from feedback.people.actor import Actor
from feedback.people.models import Permission as P
from feedback.petitions import approval, deadlines, guards, notices, queries, reporter, similar
from feedback.petitions.actions import more_time
from feedback.petitions.dating import days_left
from feedback.petitions.guards import RECALL_WINDOW
from feedback.petitions.lifecycle import STANDINGS, Action, allowed_actions
from feedback.petitions.models import Answer, AnswerState, Petition, Rating
from feedback.petitions.ratings import STARS, Reason
from feedback.petitions.waiting import waited_for
from feedback.text import hide_contacts
from web.desk import choices, complaint, ready
from web.desk.events import Event, events_of, limits_of, log_of, orders_of
from web.desk.frame import current_setup, today
from web.desk.papers import papers_view
from web.desk.petitions import is_only_watching
from web.desk.signing import who_signs
from web.desk.steps import BY_ACTION as STEP_OF
from web.desk.steps import DENY, MORE_TIME, Ask, Step

TALK = (Action.ASK, Action.ADD, Action.APPROVE, Action.REOPEN)
IN_EDITOR = (
    Action.DRAFT,
    Action.SUBMIT_ANSWER,
    Action.APPROVE,
    Action.RETURN_ANSWER,
    Action.RECALL,
)


@dataclass(frozen=True)
class FileShown:
    """As `parts/photos.html` wants it."""

    url: str
    thumbnail_url: str | None
    name: str
    size: int


def case_view(petition: Petition, actor: Actor) -> dict[str, Any]:
    """The context of `desk/case.html`; the number of queries does not depend on the case."""
    if is_only_watching(actor):
        return _anonymised(petition)
    works = actor.has(P.HANDLE)
    may = allowed_actions(petition, actor)
    events = [event for event in events_of(petition) if works or event.is_public]
    name, phone = reporter.masked(petition)
    return {
        **_common(petition, events),
        **_files(petition, works),
        **_answering(petition, actor, may),
        **papers_view(petition, actor),
        "may": may,
        **_more_time(petition, may, actor),
        "lists": _lists(petition),
        "prefilled": lambda ask: _prefilled(ask, petition),
        **_standing(petition, works),
        "orders": orders_of(petition) if works else [],
        "talk": [event for event in events if event.action in TALK][::-1],
        "can_attach": works and petition.is_open,
        "masked_name": name,
        "masked_phone": phone,
        "can_unmask": reporter.may_reveal(petition, actor),
        "reply": reporter.reply_way(petition),
        "similar": similar.twins(petition, actor) if works and petition.is_open else [],
        "log": log_of(petition) if works else [],
        "rating": _rating(petition),
        "undo_until": undo_until(petition, may),
        **_chat(petition, may),
        **complaint.track_view(petition, actor),
        "entered_by": current_setup().officers.get(petition.entered_by_id or 0),
    }


def _standing(petition: Petition, works: bool) -> dict[str, Any]:
    """Who is waited for and since when, and how far up word of it has gone."""
    setup = current_setup()
    level = reminders.level_of(petition.id) if works and petition.is_open else None
    return {
        "waits_for": waited_for(petition, setup),
        "waiting_since": petition.waiting_since,
        "level": level,
        "level_told": [setup.officers[who] for who in level.told if who in setup.officers]
        if level
        else [],
    }


def _chat(petition: Petition, may: list[Action]) -> dict[str, Any]:
    """The reporter's chat, where one can be written to."""
    contact = reading.chat_of(petition) if Action.NOTE in may else None
    if contact is None:
        return {}
    return {"chat_channel": contact.channel.label, "chat_key": secrets.token_urlsafe(12)}


def undo_until(petition: Petition, may: list[Action]) -> datetime | None:
    """Until when the answer just approved can still be taken back."""
    if Action.RECALL not in may or petition.answered_at is None:
        return None
    return petition.answered_at + RECALL_WINDOW


def current_answer(petition: Petition) -> Answer | None:
    return petition.answers[-1] if petition.answers else None


def _common(petition: Petition, events: list[Event]) -> dict[str, Any]:
    setup = current_setup()
    near = setup.neighbourhoods.get(petition.neighbourhood_id or 0)
    return {
        "petition": petition,
        "title": petition.title,
        "text": petition.text,
        "field_name": setup.field_names[petition.field_id],
        "place": ", ".join(filter(None, [petition.address, near])),
        "is_overdue": queries.is_overdue(petition, clock.now()),
        "due_at": petition.due_at,
        "days_left": _days_left(petition),
        "why_no_date": STANDINGS[petition.status].why_no_date,
        "six_person": _person(petition),
        "limits": list(limits_of(petition)),
        "history": events,
    }


def _anonymised(petition: Petition) -> dict[str, Any]:
    """What a supervisor sees: the matter and its handling, without people and contacts."""
    events = [
        event for event in events_of(petition) if event.is_public and event.action not in TALK
    ]
    near = current_setup().neighbourhoods.get(petition.neighbourhood_id or 0)
    answer = current_answer(petition)
    is_out = answer is not None and answer.state is AnswerState.APPROVED
    return {
        **_common(petition, events),
        "title": hide_contacts(petition.title),
        "text": hide_contacts(petition.text),
        "place": near,
        "is_anonymised": True,
        "rating": _rating(petition),
        "shown_answer": {"words": "Đã trả lời người dân.", "text": hide_contacts(answer.text)}
        if is_out
        else None,
    }


def _answering(petition: Petition, actor: Actor, may: list[Action]) -> dict[str, Any]:
    """The editor for who may write, the text for who may not."""
    answer = current_answer(petition)
    if Action.DRAFT in may or Action.SUBMIT_ANSWER in may:
        handler = current_setup().officers.get(petition.handler_id, "")
        is_unfinished = answer is not None and answer.state is not AnswerState.APPROVED
        return {
            "can_write": True,
            "can_submit": Action.SUBMIT_ANSWER in may,
            "missing": guards.is_complete(petition, actor),
            "needs_photo": bool(guards.is_proven(petition, actor)),
            "can_send": approval.is_sent_by_handler(petition),
            "signs": who_signs(petition, today()),
            "answer_text": answer.text if is_unfinished else "",
            "returned": _returned(answer),
            "phrases": ready.phrases(current_setup(), handler),
            "answered_before": similar.answered_before(petition, actor),
        }
    if answer is None or not actor.has(P.HANDLE):
        return {"shown_answer": None}
    names = current_setup().officers
    words = f"{answer.state.label}. {names.get(answer.drafted_by_id, '')} soạn"
    if answer.decided_by_id:
        words += f", {names.get(answer.decided_by_id, '')} quyết định"
        if answer.decided_for_id:
            words += f" thay {names.get(answer.decided_for_id, '')}"
    return {
        "shown_answer": {"words": words + ".", "text": answer.text},
        "can_approve": Action.APPROVE in may,
        "also_told": notices.also_told(petition) if Action.APPROVE in may else [],
        "signs": who_signs(petition, today()) if answer.state is AnswerState.SUBMITTED else None,
        "preview": notices.answer_preview(petition, answer) if Action.APPROVE in may else "",
    }


def _returned(answer: Answer | None) -> dict[str, str] | None:
    if answer is None or not answer.return_reason:
        return None
    by = current_setup().officers.get(answer.decided_by_id or 0, "")
    return {"by": by, "reason": answer.return_reason}


def _more_time(petition: Petition, may: list[Action], actor: Actor) -> dict[str, Any]:
    """The forms, and more time the handler asked for: whether this reader decides it."""
    wish = more_time.open_wish(petition) if petition.is_open else None
    moves = bool(set(complaint.MOVES) & set(may))
    asks = wish is None and Action.EXTEND not in may and more_time.may_ask(petition, actor)
    room = deadlines.room(petition) if moves or asks or wish else None
    shown = {
        "id": wish.id,
        "by": current_setup().officers.get(wish.by_id or 0, ""),
        "at": wish.at,
        "days": f"{wish.working_days} {room.unit.label if room else 'ngày'}",
        "reason": wish.reason,
        "decides": Action.EXTEND in may,
        "is_mine": more_time.may_ask(petition, actor),
    } if wish else None  # fmt: skip
    return {**_forms(petition, may, room, asks=asks and room is not None), "wish": shown}


def _forms(
    petition: Petition, may: list[Action], room: deadlines.Room | None, *, asks: bool
) -> dict[str, Any]:
    """What may be done besides the answer: buttons, and forms that ask something."""
    mine = [
        STEP_OF[action]
        for action in may
        if action in STEP_OF
        and action not in IN_EDITOR
        and (action not in complaint.MOVES or room is not None)
        and complaint.is_offered(petition, action)
    ]
    asking = [*(step for step in mine if step.asks), *([MORE_TIME] if asks else [])]
    return {
        "buttons": [step for step in mine if not step.asks],
        "steps": [_step(step, room, petition) for step in asking],
        "open_nouns": {step.noun for step in asking}
        | {"draft", "submission", "sending", "return", DENY.noun},
    }


def _step(step: Step, room: deadlines.Room | None, petition: Petition) -> dict[str, Any]:
    hint = ""
    if (step.action in complaint.MOVES or step is MORE_TIME) and room:
        hint = f"Nhiều nhất {room.most} {room.unit.label}."
    return {
        "noun": step.noun,
        "label": step.label,
        "tone": step.tone,
        "asks": step.asks,
        "is_short": all(ask.shape not in ("text", "line") for ask in step.asks),
        "hint": hint,
        "sign": facts.sign_for(petition, step.action),
    }


def _lists(petition: Petition) -> dict[str, Any]:
    table = today()
    lists = {
        shape: offers(table) for shape, offers in choices.BY_SHAPE.items() if shape != "officers"
    }
    lists["officers"] = choices.officers(table, without=petition.complained_officer_id)
    return lists | complaint.lists_of(petition)


def _prefilled(ask: Ask, petition: Petition) -> Any:
    of_law = complaint.prefilled(ask.name, petition)
    if of_law is not None:
        return of_law
    value = getattr(petition, ask.name)
    return getattr(value, "value", value) or ""


def _days_left(petition: Petition) -> int | None:
    """Working days until the answer is due; None when no date runs."""
    if petition.due_at is None or not petition.is_open or STANDINGS[petition.status].why_no_date:
        return None
    return days_left(petition.due_at, current_setup())


def _person(petition: Petition) -> str:
    setup = current_setup()
    post = setup.posts.get(petition.handler_position_id)
    words = setup.officers[petition.handler_id] + (f", {post.title}" if post else "")
    if petition.handler_for_id:
        words += f" (thay {setup.officers[petition.handler_for_id]})"
    return f"{words}. Người đứng đầu: {setup.officers[petition.head_id]}."


def _files(petition: Petition, works: bool) -> dict[str, Any]:
    sent = [f for f in petition.files if f.use in (FileUse.EVIDENCE, FileUse.ADDED)]
    results = [f for f in petition.files if f.use is FileUse.RESULT]
    internal = [f for f in petition.files if f.use is FileUse.INTERNAL] if works else []
    before = next((f for f in sent if f.width), None)
    after = next((f for f in reversed(results) if f.width), None)
    return {
        "evidence": [_shown(f) for f in sent],
        "results": [_shown(f) for f in results],
        "internal_files": [_shown(f) for f in internal],
        "before": _shown(before) if before else None,
        "after": _shown(after) if after else None,
    }


def _shown(file: StoredFile) -> FileShown:
    url = f"/desk/files/{file.key}"
    return FileShown(url, f"{url}/thumbnail" if file.width else None, file.name, file.size)


def _rating(petition: Petition) -> dict[str, Any] | None:
    query = sa.select(Rating.score, Rating.reasons, Rating.comment)
    row = db.session.execute(
        query.where(Rating.petition_id == petition.id).order_by(Rating.round.desc()).limit(1)
    ).first()
    if row is None:
        return None
    reasons = [Reason(reason).label for reason in row.reasons]
    return {
        "score": row.score,
        "words": STARS[row.score],
        "reasons": reasons,
        "comment": row.comment,
    }
