"""The officer behind a linked chat: their seat, with today's rights, and what it may look up.

The same lists, the same visibility and the same actions as on the page; of what is sealed a chat never
tells the content.
"""

from dataclasses import replace
from datetime import datetime

import sqlalchemy as sa

from feedback import clock, links
from feedback.conversations import spreading_desk
from feedback.conversations.people import Chat
from feedback.conversations.seat import Dossier, Draft, Line, Lines, Pile, Seat
from feedback.db import db
from feedback.documents.models import FileUse
from feedback.errors import BadInput, NotFound
from feedback.people import chats
from feedback.people.actor import Actor
from feedback.people.directory import actor_in, rights_of, table_of
from feedback.people.models import Permission, Role
from feedback.petitions import approval, by_itself, deadlines, guards, notices, queries
from feedback.petitions.dating import days_left
from feedback.petitions.lifecycle import BY_ACTION, STANDINGS, Action, allowed_actions, hat_for
from feedback.petitions.models import AnswerState, Petition, Status, TimelineEntry
from feedback.petitions.queries import Row
from feedback.petitions.tidings import answer_mark
from feedback.petitions.visibility import may_be_told_in_chat, visible_to
from feedback.petitions.worklist import Pile as Heap
from feedback.text import clip
from feedback.wards.delegation import Table
from feedback.wards.setup import Setup

PAGE = 4  # petitions in a list: with "more", five buttons, as many as any channel draws
TITLE = 70
TEXT = 1200
LAST = 3  # entries of the timeline shown

EVIDENCE = (FileUse.EVIDENCE, FileUse.ADDED)


def actor_of(chat: Chat) -> Actor:
    """The officer of this chat with today's rights. Raises NotFound when it is nobody's any more."""
    if chat.contact.officer_id is None:
        raise NotFound
    actor = actor_in(table_of(chat.ward_id), chat.contact.officer_id)
    return replace(actor, channel=chat.contact.channel)


def seat_of(chat: Chat) -> Seat | None:
    """The seat of a linked chat. Of somebody who left it is taken away here and now."""
    officer_id = chat.contact.officer_id
    if officer_id is None:
        return None
    table = table_of(chat.ward_id)
    if officer_id not in table.posts_of:
        chats.unlink_all(officer_id)
        chat.contact.officer_id = None
        return None
    actor = actor_of(chat)
    setup = table.setup
    post = setup.posts[table.posts_of[officer_id][0]]
    areas = actor.neighbourhood_ids if not actor.has(Permission.INTAKE) else setup.neighbourhoods
    return Seat(
        officer_id,
        table.name(officer_id),
        post.title,
        is_neighbourhood_head=Role.NEIGHBOURHOOD_HEAD in actor.roles,
        may_enter=actor.has(Permission.ENTER_FOR_OTHERS),
        find_piles=lambda: _piles(actor),
        find_lines=lambda pile, after: _lines(actor, pile, after, setup),
        find_case=lambda key: _dossier(key, actor, setup),
        find_hands=lambda case_id: _hands(case_id, actor, table),
        areas=tuple((id, name) for id, name in setup.neighbourhoods.items() if id in areas),
        scopes=spreading_desk.scopes(actor, setup),
        find_posters=lambda: spreading_desk.posters(actor, setup),
        find_sessions=lambda: spreading_desk.sessions(actor, setup.slug),
        find_words=lambda dialogue_id: spreading_desk.words(dialogue_id, actor),
        preview=lambda topic, text: spreading_desk.look(topic, text, setup),
    )


def petition(case_id: int, actor: Actor) -> Petition:
    """A petition to act on. Raises NotFound when it is not theirs to see, or never told in a chat."""
    found = db.session.scalars(
        sa.select(Petition)
        .where(Petition.id == case_id, visible_to(actor))
        .execution_options(populate_existing=True)
    ).one_or_none()
    if found is None or not may_be_told_in_chat(found):
        raise NotFound
    return found


def _piles(actor: Actor) -> tuple[Pile, ...]:
    """What waits for this officer, heaps that are not empty."""
    if not (actor.has(Permission.HANDLE) or actor.has(Permission.APPROVE)):
        return ()
    n = queries.counters(actor)
    heaps = [("sign", "chờ Ông/Bà duyệt", n["to_approve"])]
    if actor.has(Permission.INTAKE):
        heaps.append(("accept", "chờ tiếp nhận", n["to_accept"]))
    heaps += [
        (Heap.LATE.value, "quá hạn", n["late"]),
        (Heap.SOON.value, "sắp đến hạn", n["soon"]),
        (Heap.NEW.value, "việc mới", n["new"]),
        ("help", "đề nghị phối hợp", n["to_help"]),
        ("", "việc của Ông/Bà", n["mine"]),
    ]
    return tuple(Pile(*heap) for heap in heaps if heap[2])


def _lines(actor: Actor, pile: str, after: str, setup: Setup) -> Lines:
    known = {heap.value: heap for heap in Heap}
    try:
        if pile == "sign":
            page = queries.approval_queue(actor, after or None, PAGE)
        elif pile in FILTERS:
            page = queries.listing(actor, FILTERS[pile], after or None, PAGE)
        else:
            page = queries.my_work(actor, after or None, PAGE, known.get(pile))
    except BadInput:  # a button made by another version of the program
        return Lines(())
    rows = tuple(_line(row, setup) for row in page.rows)
    return Lines(rows, page.next or "", page.count_words)


FILTERS = {
    "accept": queries.Filters(status=Status.RECEIVED),
    "help": queries.Filters(status=Status.COORDINATING),
    "overdue": queries.Filters(is_overdue=True),
    "area": queries.Filters(is_open=True),
}


def _line(row: Row, setup: Setup) -> Line:
    is_sealed = not may_be_told_in_chat(row)
    return Line(
        row.id,
        row.number,
        "" if is_sealed else clip(row.title, TITLE),
        row.status.label,
        _due(row.due_at, row.status, setup),
        row.is_overdue,
        is_sealed,
        row.handler_name,
    )


def _due(due_at: datetime | None, status: Status, setup: Setup) -> str:
    """'hạn 17:00 ngày 28/08/2026, còn 3 ngày làm việc'"""
    if due_at is None or STANDINGS[status].why_no_date:
        return STANDINGS[status].why_no_date or "chưa định hạn"
    left = days_left(due_at, setup)
    words = f"hạn {notices.when(due_at)}"
    if due_at <= clock.now():
        return f"{words}, đã quá hạn" + (f" {-left} ngày làm việc" if left and left < 0 else "")
    return f"{words}, còn {left} ngày làm việc" if left else f"{words}, hôm nay"


def _dossier(key: str, actor: Actor, setup: Setup) -> Dossier | None:
    number = key
    if key.isdecimal():
        by_id = sa.select(Petition.number).where(Petition.id == int(key), visible_to(actor))
        number = db.session.scalar(by_id) or ""
    try:
        found = queries.case(number, actor)
    except NotFound:
        return None
    bare = Dossier(
        found.id, found.number, links.case(found.number), found.status.label, is_sealed=True
    )
    if not may_be_told_in_chat(found):
        return bare
    works = actor.has(Permission.HANDLE) or actor.has(Permission.APPROVE)
    may = frozenset(allowed_actions(found, actor))
    room = deadlines.room(found) if found.is_open and works else None
    field = setup.fields.get(found.field_id)
    return replace(
        bare,
        is_sealed=False,
        is_open=found.is_open,
        title=found.title,
        text=clip(found.text, TEXT),
        place=", ".join(
            filter(None, (found.address, setup.neighbourhoods.get(found.neighbourhood_id or 0)))
        ),
        kind=found.kind.label,
        field=field.name if field else "",
        urgency=found.urgency.label,
        clear=_clear(found, setup),
        photos=_files(found, *EVIDENCE) if works else (),
        results=_files(found, FileUse.RESULT) if works else (),
        answer=_draft(found, setup) if works else None,
        may=may,
        can_ask_time=room is not None
        and hat_for(BY_ACTION[Action.DRAFT], found, actor) is not None
        and Action.EXTEND not in may,
        is_sent_by_handler=approval.is_sent_by_handler(found),
        room=f"{room.most} {room.unit.label}" if room else "",
        said=_said(found, works),
        needs_photo=(guards.is_proven(found, actor) or "") if works else "",
    )


def _clear(found: Petition, setup: Setup) -> tuple[tuple[str, str], ...]:
    """The six "rõ", in their order."""
    head = setup.officers.get(found.head_id, "")
    who = notices.who(setup, found.handler_id, found.handler_position_id)
    if found.handler_for_id:
        who += f" (thay {setup.officers.get(found.handler_for_id, '')})"
    return (
        ("Người", f"{who}; người đứng đầu: {head}"),
        ("Việc", found.work),
        ("Trách nhiệm", found.responsibility),
        ("Thời gian", _due(found.due_at, found.status, setup)),
        ("Kết quả", found.expected_result),
        ("Thẩm quyền", found.authority),
    )


def _files(found: Petition, *uses: FileUse) -> tuple[str, ...]:
    return tuple(links.desk_file(file.key) for file in found.files if file.use in uses)


def _draft(found: Petition, setup: Setup) -> Draft | None:
    if not found.answers:
        return None
    answer = found.answers[-1]
    returned = ""
    if answer.state is AnswerState.RETURNED and answer.return_reason:
        by = setup.officers.get(answer.decided_by_id or 0, "")
        returned = f"{by}: {answer.return_reason}"
    return Draft(
        answer_mark(answer),
        answer.state.label,
        notices.answer_preview(found, answer),
        returned,
        is_written=answer.state is not AnswerState.APPROVED,
    )


def _said(found: Petition, works: bool) -> tuple[str, ...]:
    """What happened last, oldest first."""
    entries = [entry for entry in found.timeline if works or entry.is_public][-LAST:]
    return tuple(
        f"{clock.local(entry.at):%H:%M %d/%m}: {clip(_told(entry, found), 200)}"
        for entry in entries
    )


def _told(entry: TimelineEntry, found: Petition) -> str:
    if entry.action == Action.SUBMIT:
        return by_itself.title(entry, found)
    return entry.text or by_itself.words(entry.action)


def _hands(case_id: int, actor: Actor, table: Table) -> tuple[tuple[int, str], ...]:
    """Who a petition could be given to: its unit's people first."""
    found = petition(case_id, actor)
    posts = table.setup.posts
    able = [
        (posts[held[0]].department_id != found.department_id, table.name(who), who)
        for who, held in table.posts_of.items()
        if Permission.HANDLE in rights_of(table, who) and who != found.complained_officer_id
    ]
    return tuple((who, name) for _, name, who in sorted(able))
