"""What the resident is told at each public event: a row in the outbox, in the event's transaction.

Residents on the web have no channel to be written to; they see the tracking page.
"""

from datetime import datetime
from typing import Any

import sqlalchemy as sa

from feedback import clock, links
from feedback.db import db
from feedback.errors import WrongState
from feedback.messages import say
from feedback.outbox import enqueue
from feedback.outbox.models import OutboxRow, OutboxState
from feedback.outbox.prompt import Choice, Prompt
from feedback.petitions.guards import RECALL_WINDOW, reopen_until
from feedback.petitions.models import Answer, Follow, Petition
from feedback.petitions.ratings import STARS
from feedback.wards.setup import Setup, setup_of


def received(values: dict[str, Any], setup: Setup, contact: Any) -> None:
    """The number, the person and the date, right after the submission. Takes the petition's values."""
    block = "received_sealed" if values["is_restricted"] else "received"
    text = say(
        f"petition.{block}",
        ward=setup.name,
        number=values["number"],
        handler=who(setup, values["handler_id"], values["handler_position_id"]),
        due=when(values["due_at"]),
        link=links.tracking(values["token"]),
    )
    enqueue.say_to(
        contact,
        Prompt(text),
        notice="petition.received",
        key=f"petition:{values['id']}:received",
        petition_id=values["id"],
    )


def asked(petition: Petition, question: str) -> None:
    _tell(petition, "asked", question=question)


def answered(petition: Petition, answer: Answer) -> None:
    """The answer with its rating buttons; it leaves when it can no longer be recalled."""
    until = reopen_until(petition)
    _tell(
        petition,
        "answered",
        key=answer_key(answer),
        choices=rating_choices(petition),
        not_before=clock.now() + RECALL_WINDOW,
        answer=answer.text,
        until=f"{clock.local(until):%d/%m/%Y}" if until else "",
    )


def recall(petition: Petition, answer: Answer) -> None:
    """Withdraw an answer that has not left yet. Raises WrongState when some of it has."""
    key = answer_key(answer)
    enqueue.cancel(key)
    has_left = sa.exists().where(
        OutboxRow.petition_id == petition.id,
        OutboxRow.key.startswith(key, autoescape=True),
        OutboxRow.state != OutboxState.CANCELLED,
    )
    if db.session.scalar(sa.select(has_left)):
        raise WrongState("Trả lời đã gửi đi, không thu hồi được nữa.")


def extended(petition: Petition, reason: str) -> None:
    _tell(petition, "extended", reason=reason, due=when(petition.due_at))


def transferred(petition: Petition) -> None:
    _tell(petition, "transferred", to=petition.transferred_to, reason=petition.ended_reason)


def rejected(petition: Petition) -> None:
    _tell(petition, "rejected", reason=petition.ended_reason)


def merged(petition: Petition, root: Petition) -> None:
    _tell(petition, "merged", root=root.number)


def reopened(petition: Petition) -> None:
    setup = setup_of(petition.ward_id)
    handler = who(setup, petition.handler_id, petition.handler_position_id)
    _tell(petition, "reopened", handler=handler, due=when(petition.due_at))


def rating_choices(petition: Petition) -> tuple[Choice, ...]:
    """One button for each mark, best first: `rate:<token>:5`."""
    return tuple(
        Choice(f"{score} – {words}", f"rate:{petition.token}:{score}")
        for score, words in STARS.items()
    )


def answer_key(answer: Answer) -> str:
    """Under what the messages of one approval of an answer stand in the outbox."""
    return f"answer:{answer.id}:{answer.version}:"


def who(setup: Setup, officer_id: int, position_id: int) -> str:
    """'Lý Văn An – Chuyên viên hạ tầng'"""
    post = setup.posts.get(position_id)
    return setup.officers[officer_id] + (f" – {post.title}" if post else "")


def when(at: datetime | None) -> str:
    """'17:00 ngày 28/08/2026'"""
    return f"{clock.local(at):%H:%M ngày %d/%m/%Y}" if at else "chưa định"


def _tell(
    petition: Petition,
    block: str,
    *,
    key: str = "",
    choices: tuple[Choice, ...] = (),
    not_before: datetime | None = None,
    **values: Any,
) -> None:
    """Say it to the reporter and to everybody who follows the petition."""
    contacts = _contacts(petition)
    if not contacts:
        return
    text = say(
        f"petition.{block}",
        ward=setup_of(petition.ward_id).name,
        number=petition.number,
        link=links.tracking(petition.token),
        **values,
    )
    for contact_id in contacts:
        enqueue.say_to(
            contact_id,
            Prompt(text, choices),
            notice=f"petition.{block}",
            key=f"{key or f'petition:{petition.id}:{block}:{petition.version}:'}{contact_id}",
            petition_id=petition.id,
            not_before=not_before,
        )


def _contacts(petition: Petition) -> list[int]:
    followers = db.session.scalars(
        sa.select(Follow.contact_id).where(Follow.petition_id == petition.id).order_by(Follow.id)
    )
    first = [petition.contact_id] if petition.contact_id else []
    return list(dict.fromkeys([*first, *followers]))
