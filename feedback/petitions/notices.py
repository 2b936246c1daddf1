"""What the resident is told at each public event: a row in the outbox, in the event's transaction.

Residents on the web have no channel to be written to; they see the tracking page.
"""

from datetime import date, datetime
from typing import Any, NamedTuple

import sqlalchemy as sa

from feedback import clock, links
from feedback.db import db
from feedback.errors import WrongState
from feedback.messages import say
from feedback.outbox import enqueue
from feedback.outbox.models import OutboxRow, OutboxState
from feedback.outbox.prompt import Choice, Prompt
from feedback.people.models import Contact
from feedback.petitions.guards import RECALL_WINDOW, reopen_until
from feedback.petitions.models import Answer, Follow, Petition, called
from feedback.petitions.ratings import STARS
from feedback.wards import watch
from feedback.wards.delegation import table
from feedback.wards.setup import Setup, setup_of

HIDDEN = "•••"


class Listener(NamedTuple):
    """Who is told, and the number and link that are theirs."""

    contact_id: int
    number: str
    token: str


def received(values: dict[str, Any], setup: Setup, contact: Any) -> None:
    """The number, the person and the date, right after the submission. Takes the petition's values."""
    block = "received_sealed" if values["is_restricted"] else "received"
    text = say(
        f"petition.{block}",
        setup.texts,
        ward=setup.name,
        number=values["number"],
        called=called(
            values["kind"], values["proposed_kind"], is_restricted=values["is_restricted"]
        ),
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


def alarmed(values: dict[str, Any], setup: Setup) -> None:
    """Danger: those on duty are told at once, whatever the hour, and whoever handles it.

    On duty are the officers the ward has named, else its clerks; who is away is stood in for. Of what may be an accusation only its handler is told, and nothing of it.
    """
    sealed = values["is_restricted"]
    today = table(setup, clock.local(values["received_at"]).date())
    on_duty = [] if sealed else watch.on_duty(today)
    people = {values["handler_id"]} | {
        today.away[who].substitute_id if who in today.away else who for who in on_duty
    }
    text = say(
        "petition.alarmed_sealed" if sealed else "petition.alarmed",
        setup.texts,
        number=values["number"],
        field=setup.field_names.get(values["field_id"], ""),
        place=setup.neighbourhoods.get(values["neighbourhood_id"] or 0, ""),
        handler=who(setup, values["handler_id"], values["handler_position_id"]),
        link=links.desk() if sealed else links.case(values["number"]),
    )
    query = sa.select(Contact).where(
        Contact.officer_id.in_(people - {values["complained_officer_id"]}),
        Contact.ward_id == setup.ward_id,
        Contact.unreachable_at.is_(None),
    )
    for contact in db.session.scalars(query.order_by(Contact.id)):
        enqueue.say_to(
            contact,
            Prompt(text),
            notice="officer.alarmed",
            key=f"petition:{values['id']}:alarmed:{contact.id}",
        )


def asked(petition: Petition, question: str) -> None:
    """Our question; the resident answers in the chat or on the tracking page."""
    _tell(petition, "asked", _reporter(petition), {"question": question})


def answered(petition: Petition, answer: Answer) -> None:
    """The answer, with rating buttons for the reporter; it leaves when it can no longer be recalled."""
    said = _answer_words(answer, reopen_until(petition))
    key, leaves_at = answer_key(answer), clock.now() + RECALL_WINDOW
    stars = rating_choices(petition)
    _tell(petition, "answered", _reporter(petition), said, stars, key=key, not_before=leaves_at)
    _tell(petition, "answered_too", _followers(petition), said, key=key, not_before=leaves_at)


def answer_preview(petition: Petition, answer: Answer) -> str:
    """The message as the reporter will read it, if the answer is approved now.

    Without the secret of its link: whoever holds that is the reporter.
    """
    said = _answer_words(answer, reopen_until(petition, clock.now()))
    return _words(petition, "answered", petition.number, HIDDEN, said)


def also_told(petition: Petition) -> list[str]:
    """Numbers of the petitions merged into this one whose reporters get the answer, too."""
    return [listener.number for listener in _followers(petition)]


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
    """An apology, the reason and the new date."""
    said = {"reason": reason, "due": when(petition.due_at)}
    _tell(petition, "extended", _everybody(petition), said)


def late(petition: Petition, due_at: datetime, not_before: datetime) -> None:
    """Our apology for a date that passed; once for each date."""
    setup = setup_of(petition.ward_id)
    handler = who(setup, petition.handler_id, petition.handler_position_id)
    key = f"petition:{petition.id}:late:{due_at:%Y%m%d%H%M}:"
    said = {"handler": handler, "due": when(due_at)}
    _tell(petition, "late", _everybody(petition), said, key=key, not_before=not_before)


def moved(petition: Petition, because: str, not_before: datetime) -> None:
    """The working calendar changed, and the date with it."""
    said = {"because": because, "due": when(petition.due_at)}
    _tell(petition, "moved", _everybody(petition), said, not_before=not_before)


def transferred(petition: Petition) -> None:
    """Where it went, and why."""
    said = {"to": petition.transferred_to, "reason": petition.ended_reason}
    _tell(petition, "transferred", _everybody(petition), said)


def rejected(petition: Petition) -> None:
    """Why it is not followed up."""
    _tell(petition, "rejected", _everybody(petition), {"reason": petition.ended_reason})


def merged(petition: Petition, root: Petition) -> None:
    """Under which number the matter goes on."""
    _tell(petition, "merged", _reporter(petition), {"root": root.number})


def reopened(petition: Petition) -> None:
    """It is being handled again: by whom, until when."""
    setup = setup_of(petition.ward_id)
    handler = who(setup, petition.handler_id, petition.handler_position_id)
    said = {"handler": handler, "due": when(petition.due_at)}
    _tell(petition, "reopened", _reporter(petition), said)


def awaiting_signature(petition: Petition) -> None:
    """It needs a signature; where to bring it, and where the form to print is."""
    _of_law(petition, "awaiting_signature")


def signed(petition: Petition) -> None:
    """The signed petition came; until when it is taken up or refused."""
    _of_law(petition, "signed", due=when_day(petition.due_at))


def admitted(petition: Petition) -> None:
    """It is taken up; until when it is settled."""
    _of_law(petition, "admitted", due=when_day(petition.due_at))


def refused_admission(petition: Petition) -> None:
    _of_law(petition, "refused_admission", reason=petition.ended_reason)


def prolonged(petition: Petition, reason: str) -> None:
    _of_law(petition, "prolonged", reason=reason, due=when_day(petition.due_at))


def suspended(petition: Petition, reason: str) -> None:
    _of_law(petition, "suspended", reason=reason)


def resumed(petition: Petition) -> None:
    _of_law(petition, "resumed", due=when_day(petition.due_at))


def invited(petition: Petition, meets_at: datetime, where: str) -> None:
    _of_law(petition, "invited", at=when(meets_at), where=where)


def resolved(petition: Petition, summary: str) -> None:
    """Settled; how to go on when not content."""
    _of_law(petition, "resolved", summary=summary)


def withdrawn(petition: Petition) -> None:
    _of_law(petition, "withdrawn")


def discontinued(petition: Petition) -> None:
    _of_law(petition, "discontinued", reason=petition.ended_reason)


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


def day(on: date) -> str:
    """'28/08/2026'"""
    return f"{on:%d/%m/%Y}"


def when_day(at: datetime | None) -> str:
    """'hết ngày 28/08/2026': a limit in days lasts until midnight."""
    return f"hết ngày {day(clock.local(at).date())}" if at else "chưa định"


def _of_law(petition: Petition, block: str, **said: Any) -> None:
    """To the complainant, or to who speaks for a group."""
    said |= {"kind": petition.kind.label.lower()}
    _tell(petition, f"law_{block}", _everybody(petition), said)


def _reporter(petition: Petition) -> list[Listener]:
    if petition.contact_id is None:
        return []
    return [Listener(petition.contact_id, petition.number, petition.token)]


# Asked at almost every message, so written once.
_FOLLOWING = (
    sa.select(Petition.contact_id, Petition.number, Petition.token)
    .join(Follow, Follow.contact_id == Petition.contact_id)
    .where(
        Follow.petition_id == sa.bindparam("petition"),
        Petition.merged_into_id == Follow.petition_id,
    )
    .order_by(Petition.id)
)


def _followers(petition: Petition) -> list[Listener]:
    """Reporters of petitions merged into this one, each under their own number and link."""
    rows = db.session.execute(_FOLLOWING, {"petition": petition.id})
    found = {row[0]: Listener(row[0] or 0, row[1], row[2]) for row in rows}
    found.pop(petition.contact_id, None)
    return list(found.values())


def _everybody(petition: Petition) -> list[Listener]:
    return [*_reporter(petition), *_followers(petition)]


def _tell(
    petition: Petition,
    block: str,
    listeners: list[Listener],
    values: dict[str, Any],
    choices: tuple[Choice, ...] = (),
    *,
    key: str = "",
    not_before: datetime | None = None,
) -> None:
    if petition.is_restricted:  # its matter enters no chat
        block, values, choices = "sealed_news", {}, ()
    for to in listeners:
        text = _words(petition, block, to.number, to.token, values)
        enqueue.say_to(
            to.contact_id,
            Prompt(text, choices),
            notice=f"petition.{block}",
            key=f"{key or f'petition:{petition.id}:{block}:{petition.version}:'}{to.contact_id}",
            petition_id=petition.id,
            not_before=not_before,
        )


def _words(petition: Petition, block: str, number: str, token: str, values: dict[str, Any]) -> str:
    setup = setup_of(petition.ward_id)
    return say(
        f"petition.{block}",
        setup.texts,
        ward=setup.name,
        number=number,
        called=petition.called,
        link=links.tracking(token),
        **values,
    )


def _answer_words(answer: Answer, until: datetime | None) -> dict[str, str]:
    return {"answer": answer.text, "until": f"{clock.local(until):%d/%m/%Y}" if until else ""}
