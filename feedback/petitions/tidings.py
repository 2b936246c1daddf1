"""What officers are told in their own chats when a petition comes to them or moves on.

Rows in the event's transaction, each with the buttons that act on it (`o:<what>:<petition>`). The page
holds the same; who has linked no chat misses nothing. Of sealed matters only "there is work" is told.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from feedback import clock, links
from feedback.messages import say
from feedback.outbox import enqueue
from feedback.outbox.prompt import Choice, Prompt
from feedback.people import chats
from feedback.people.actor import Actor
from feedback.people.directory import actor_in, table_of
from feedback.people.models import Permission, Role
from feedback.petitions import approval, by_itself, group_news, notices
from feedback.petitions.approval import Signing
from feedback.petitions.lifecycle import Action, allowed_actions
from feedback.petitions.models import Answer, Petition, TimelineEntry, Urgency
from feedback.petitions.visibility import may_be_told_in_chat
from feedback.text import clip
from feedback.wards.calendar_rows import calendar_of
from feedback.wards.delegation import Table
from feedback.wards.setup import setup_of

SHOWN = 600  # characters of what was said or asked

_GIVEN = (("Nhận việc", "take"), ("Trả lại", "back"), ("Xem hồ sơ", "case"))
_LOOK = (("Xem hồ sơ", "case"),)
_WRITE = (("Soạn trả lời", "draft"), ("Xem hồ sơ", "case"))
# action -> (block of officer.txt, buttons); told to the handler, of a consultation to the unit's people
_AFTER: dict[str, tuple[str, tuple[tuple[str, str], ...]]] = {
    Action.ACCEPT: ("given", _GIVEN),
    Action.ASSIGN: ("given", _GIVEN),
    Action.HAND_BACK: ("handed_back", (("Phân công", "assign"), ("Xem hồ sơ", "case"))),
    Action.ADD: ("added", _WRITE),
    Action.RETURN_ANSWER: ("returned", (("Soạn lại", "draft"), ("Xem hồ sơ", "case"))),
    Action.APPROVE: ("approved", _LOOK),
    Action.EXTEND: ("prolonged", _LOOK),
    Action.CONSULT: ("consulted", (("Trả lời phối hợp", "opinion"), ("Xem hồ sơ", "case"))),
    Action.CONSULTED: ("opinion", _WRITE),
}
_SIGNERS = {
    Signing.CHAIR: (Role.CHAIR,),
    Signing.VICE_CHAIR: (Role.VICE_CHAIR,),
    Signing.OFFICER: (),
}


def after(petition: Petition, entry: TimelineEntry) -> None:
    """Tell who must know of what was just done, except who did it. Called when its dates are right."""
    group_news.after(petition, entry)
    block, buttons = _AFTER.get(entry.action, ("", ()))
    if not block:
        return
    to: Iterable[int] = [petition.handler_id]
    if entry.action == Action.CONSULT:
        to = _unit(petition.helping_department_id, table_of(petition.ward_id))
    said = clip(entry.text.removeprefix(by_itself.words(entry.action)).strip(), SHOWN)
    values = {"said": said, "instruction": entry.detail.get("instruction") or ""}
    _tell(petition, block, to, values, buttons, key=f"{entry.id}", but=entry.officer_id)


def reopened(petition: Petition, reason: str) -> None:
    """The resident is not content: the handler, and the head, who answers for it.

    Residents write at any hour; officers are told in working time, unless it is urgent.
    """
    table = table_of(petition.ward_id)
    to = _present([petition.handler_id, petition.head_id], table)
    opens = calendar_of(table.setup).next_office_time(clock.now())
    at = None if petition.urgency is Urgency.URGENT else opens
    key, values = f"reopened:{petition.reopened}", {"said": clip(reason, SHOWN)}
    _tell(petition, "reopened", to, values, _GIVEN, key=key, not_before=at)


def to_sign(petition: Petition, answer: Answer, *, by: Actor) -> None:
    """The answer as the resident will read it, to those whose word it waits for."""
    if approval.is_sent_by_handler(petition):
        return
    table = table_of(petition.ward_id)
    values = {
        "drafter": table.name(answer.drafted_by_id),
        "preview": notices.answer_preview(petition, answer),
        "files": links.case(petition.number),
    }
    mark = answer_mark(answer)
    buttons = (("Duyệt", "ok", mark), ("Trả lại", "return", mark), ("Xem hồ sơ", "case"))
    key = f"sign:{mark}"
    _tell(
        petition, "to_sign", signers(petition, table), values, buttons, key=key, but=by.officer_id
    )


def more_time_wanted(petition: Petition, entry: TimelineEntry, days: int, reason: str) -> None:
    """The handler asks for more time: to those who may grant it."""
    table = table_of(petition.ward_id)
    values = {
        "asker": table.name(entry.officer_id or 0),
        "days": days,
        "reason": reason,
    }
    buttons = (
        ("Đồng ý gia hạn", "grant", entry.id),
        ("Không đồng ý", "deny", entry.id),
        ("Xem hồ sơ", "case"),
    )
    to = _grants_time(table)
    _tell(petition, "more_time", to, values, buttons, key=f"{entry.id}", but=entry.officer_id)


def more_time_withdrawn(petition: Petition, entry: TimelineEntry, request_id: int) -> None:
    """To those who were asked; who has not been told of the wish yet is told nothing."""
    if enqueue.cancel(f"office:{petition.id}:more_time:{request_id}:"):
        return
    table = table_of(petition.ward_id)
    values = {"asker": table.name(entry.officer_id or 0)}
    to = _grants_time(table)
    _tell(petition, "time_not_wanted", to, values, _LOOK, key=f"{entry.id}", but=entry.officer_id)


def more_time_denied(petition: Petition, entry: TimelineEntry, reason: str) -> None:
    _tell(
        petition, "no_more_time", [petition.handler_id], {"said": reason}, _LOOK, key=f"{entry.id}"
    )


def _grants_time(table: Table) -> list[int]:
    chairs = _present((who for who, _ in table.with_role(Role.CHAIR)), table)
    return chairs or _present((who for who, _ in table.with_role(Role.VICE_CHAIR)), table)


def answer_mark(answer: Answer) -> str:
    """Which words a button approves: of other words, written since, it approves nothing."""
    return f"{answer.id}.{answer.version}"


def signers(petition: Petition, table: Table) -> list[int]:
    """Whose word the answer waits for today: by the rule, else whoever else may give it."""
    signing = approval.rule_for(petition, table.setup).signing
    for roles in (_SIGNERS[signing], (Role.CHAIR, Role.VICE_CHAIR)):
        named = _present((who for role in roles for who, _ in table.with_role(role)), table)
        found = [who for who in named if _may_sign(petition, who, table)]
        if found:
            return found
    return []


def _may_sign(petition: Petition, officer_id: int, table: Table) -> bool:
    return Action.APPROVE in allowed_actions(petition, actor_in(table, officer_id))


def _present(officer_ids: Iterable[int], table: Table) -> list[int]:
    """Each, or who stands in for them today; each once."""
    found: dict[int, None] = {}
    for officer_id in officer_ids:
        absence = table.away.get(officer_id)
        found[absence.substitute_id if absence else officer_id] = None
    return list(found)


def _unit(department_id: int | None, table: Table) -> list[int]:
    """The head of a unit; without one, everybody in it who handles petitions."""
    posts = table.setup.posts
    inside = {
        who: posts[post].role
        for post, holders in table.holders.items()
        for who in holders
        if posts[post].department_id == department_id
    }
    heads = [who for who, role in inside.items() if role is Role.DEPARTMENT_HEAD]
    able = [who for who in inside if actor_in(table, who).has(Permission.HANDLE)]
    return _present(heads or able, table)


def _tell(
    petition: Petition,
    block: str,
    officer_ids: Iterable[int],
    values: dict[str, Any],
    buttons: Iterable[tuple[Any, ...]],
    *,
    key: str,
    but: int | None = None,
    not_before: datetime | None = None,
) -> None:
    kept_out = setup_of(petition.ward_id).kinship.avoided(
        petition.complained_officer_id, petition.phone_hash
    )
    contacts = chats.reaching(set(officer_ids) - {but, *kept_out})
    if not contacts:
        return
    prompt = _prompt(petition, block, values, buttons)
    for contact in contacts:
        enqueue.say_to(
            contact,
            prompt,
            notice=f"officer.{block}",
            key=f"office:{petition.id}:{block}:{key}:{contact.id}",
            not_before=not_before,
        )


def _prompt(
    petition: Petition, block: str, values: dict[str, Any], buttons: Iterable[tuple[Any, ...]]
) -> Prompt:
    link = links.case(petition.number)
    setup = setup_of(petition.ward_id)
    if not may_be_told_in_chat(petition):
        return Prompt(say("officer.sealed", setup.texts, link=link), url=("Mở hồ sơ", link))
    field = setup.fields.get(petition.field_id)
    text = say(
        f"officer.{block}",
        setup.texts,
        number=petition.number,
        title=petition.title,
        field=field.name if field else "",
        place=", ".join(
            filter(
                None,
                (petition.address, setup.neighbourhoods.get(petition.neighbourhood_id or 0)),
            )
        ),
        due=notices.when(petition.due_at),
        link=link,
        **values,
    )
    choices = tuple(
        Choice(label, ":".join(["o", what, str(petition.id), *map(str, rest)]))
        for label, what, *rest in buttons
    )
    return Prompt(text, choices)
