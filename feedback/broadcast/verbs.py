"""What can be done with an announcement: write, try out, start, pause, go on, cancel.

Verbs flush. Who may announce what: `may_announce`. `send` does all of it in one call, once for each key.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from feedback import audit, clock
from feedback.broadcast import hours, topics
from feedback.broadcast.models import Broadcast, BroadcastState
from feedback.broadcast.words import prompt_of
from feedback.db import db
from feedback.documents.models import StoredFile
from feedback.errors import BadInput, NotAllowed, NotFound, WrongState
from feedback.outbox import enqueue
from feedback.outbox.prompt import Choice
from feedback.people import chats
from feedback.people.actor import Actor
from feedback.people.models import Party, Permission
from feedback.text import squeeze
from feedback.wards.setup import Setup, setup_of

LONGEST = 3000  # characters: two messages at most, on any channel
MOST_BUTTONS = 4  # with ours five, as many as any channel draws

_S = BroadcastState
MOVES: dict[str, tuple[frozenset[BroadcastState], BroadcastState]] = {
    "start": (frozenset({_S.DRAFT}), _S.SCHEDULED),
    "pause": (frozenset({_S.SENDING, _S.SCHEDULED}), _S.PAUSED),
    "resume": (frozenset({_S.PAUSED}), _S.SCHEDULED),
    "cancel": (frozenset({_S.DRAFT, _S.SCHEDULED, _S.SENDING, _S.PAUSED}), _S.CANCELLED),
}
MOVED_ON = "Thông báo này nay ở bước “{}” nên không làm được việc đó."


def send(
    ward_id: int,
    text: str,
    to: Sequence[str],
    *,
    by: Actor,
    key: str,
    file_id: int | None = None,
    dialogue_id: int | None = None,
    buttons: Sequence[Choice] = (),
    link: tuple[str, str] | None = None,
    starts_at: datetime | None = None,
    is_urgent: bool = False,
) -> Broadcast:
    """Announce to everybody subscribed to one of these topics, inside the allowed hours.

    The same `key` again returns the first one and sends nothing twice. `starts_at`: not before (UTC).
    `buttons`: at most MOST_BUTTONS. Raises BadInput, NotAllowed.
    """
    known = db.session.scalars(sa.select(Broadcast).where(Broadcast.key == key)).one_or_none()
    if known is not None:
        return known
    broadcast = write(
        ward_id,
        text,
        to,
        by=by,
        key=key,
        file_id=file_id,
        dialogue_id=dialogue_id,
        buttons=[[each.label, each.payload] for each in buttons],
        link=list(link or ()),
        is_urgent=is_urgent,
    )
    return start(broadcast, by=by, starts_at=starts_at)


def write(ward_id: int, text: str, to: Sequence[str], *, by: Actor, **more: Any) -> Broadcast:
    """A draft. Raises BadInput naming the field, NotAllowed."""
    broadcast = Broadcast(
        ward_id=ward_id,
        state=_S.DRAFT,
        created_at=clock.now(),
        created_by_id=by.officer_id,
        topics=[],
        text="",
    )
    _fill(broadcast, text, to, by, **more)
    db.session.add(broadcast)
    db.session.flush()
    return broadcast


def change(broadcast: Broadcast, text: str, to: Sequence[str], *, by: Actor, **more: Any) -> None:
    """Other words for a draft. Raises BadInput, NotAllowed, WrongState."""
    allow(broadcast, by)
    if broadcast.state is not _S.DRAFT:
        raise WrongState(MOVED_ON.format(broadcast.state.label))
    _fill(broadcast, text, to, by, **more)
    db.session.flush()


def start(broadcast: Broadcast, *, by: Actor, starts_at: datetime | None = None) -> Broadcast:
    """Let it go out from `starts_at` (now), within the allowed hours. Raises BadInput, WrongState."""
    now = clock.now()
    at = max(starts_at or now, now)
    setup = setup_of(broadcast.ward_id)
    broadcast.starts_at = at if broadcast.is_urgent else hours.next_open(at, setup)
    return _move(broadcast, "start", by)


def pause(broadcast: Broadcast, *, by: Actor) -> Broadcast:
    """Nothing more leaves until it is resumed."""
    _move(broadcast, "pause", by)
    enqueue.hold(broadcast.id)
    return broadcast


def resume(broadcast: Broadcast, *, by: Actor) -> Broadcast:
    """Go on where it stopped."""
    _move(broadcast, "resume", by)
    enqueue.go_on(broadcast.id)
    return broadcast


def cancel(broadcast: Broadcast, *, by: Actor) -> Broadcast:
    """Nothing more leaves, ever. What was sent stays sent."""
    _move(broadcast, "cancel", by)
    enqueue.withdraw(broadcast.id)
    broadcast.finished_at = clock.now()
    db.session.flush()
    return broadcast


def try_out(broadcast: Broadcast, *, by: Actor) -> int:
    """Send it to one's own linked chats only; to how many. Raises BadInput when there is none."""
    allow(broadcast, by)
    contacts = chats.reaching([by.officer_id or 0])
    if not contacts:
        raise BadInput("Ông/Bà chưa liên kết Zalo hay Telegram. Vào trang Tài khoản để liên kết.")
    prompt = prompt_of(broadcast, setup_of(broadcast.ward_id))
    stamp = f"{clock.now():%Y%m%d%H%M%S%f}"
    for contact in contacts:
        key = f"bctest:{broadcast.id}:{contact.id}:{stamp}"
        enqueue.say_to(contact, prompt, notice="broadcast.test", key=key)
    return len(contacts)


def find(broadcast_id: int, by: Actor) -> Broadcast:
    """Raises NotFound when it is not theirs to see."""
    broadcast = db.session.get(Broadcast, broadcast_id)
    if broadcast is None or not is_theirs(broadcast, by):
        raise NotFound
    return broadcast


def may_announce(by: Actor, to: Sequence[str], setup: Setup) -> bool:
    """Whether all these topics are theirs: everything, their own neighbourhoods, their unit's fields."""
    if by.party is Party.SYSTEM or by.has(Permission.ANNOUNCE):
        return True
    return by.has(Permission.ANNOUNCE_OWN) and set(to) <= set(own_topics(by, setup))


def own_topics(by: Actor, setup: Setup) -> list[str]:
    """What this officer may announce about, in the order of the ward's lists."""
    areas = [id for id in setup.neighbourhoods if id not in setup.unused_areas]
    if by.has(Permission.ANNOUNCE):
        every = [topics.area(id) for id in areas] + [topics.field(id) for id in setup.fields]
        return [topics.WARD, *every]
    if not by.has(Permission.ANNOUNCE_OWN):
        return []
    own = [topics.area(id) for id in areas if id in by.neighbourhood_ids]
    units = by.department_ids
    return own + [topics.field(f.id) for f in setup.fields.values() if f.department_id in units]


def is_theirs(broadcast: Broadcast, by: Actor) -> bool:
    setup = setup_of(broadcast.ward_id)
    return by.ward_id == broadcast.ward_id and (
        may_announce(by, broadcast.topics, setup) or broadcast.created_by_id == by.officer_id
    )


def allow(broadcast: Broadcast, by: Actor) -> None:
    if not may_announce(by, broadcast.topics, setup_of(broadcast.ward_id)):
        raise NotAllowed


def _fill(broadcast: Broadcast, text: str, to: Sequence[str], by: Actor, **more: Any) -> None:
    setup = setup_of(broadcast.ward_id)
    wanted = topics.checked(to, setup)
    if by.party is not Party.SYSTEM and by.ward_id != broadcast.ward_id:
        raise NotAllowed
    if not may_announce(by, wanted, setup):
        raise NotAllowed("Ông/Bà chỉ gửi được thông báo cho nơi và lĩnh vực mình phụ trách.")
    clean = squeeze(text)
    if not clean:
        raise BadInput(fields={"text": "Vui lòng viết nội dung thông báo."})
    if len(clean) > LONGEST:
        raise BadInput(fields={"text": f"Nhiều nhất {LONGEST} ký tự."})
    if more.get("is_urgent") and not _may_be_urgent(by):
        raise NotAllowed("Chỉ Chủ tịch, Phó Chủ tịch gửi được thông báo khẩn ngoài giờ.")
    file_id = more.get("file_id")
    if file_id is not None:
        file = db.session.get(StoredFile, file_id)
        if file is None or file.ward_id != broadcast.ward_id:
            raise NotFound
    if len(more.get("buttons") or ()) > MOST_BUTTONS:
        raise BadInput(f"Nhiều nhất {MOST_BUTTONS} nút.")
    broadcast.topics, broadcast.text = wanted, clean
    for name, value in more.items():
        setattr(broadcast, name, value)


def _may_be_urgent(by: Actor) -> bool:
    leads = (Permission.APPROVE, Permission.APPROVE_FOR_CHAIR)
    return by.party is Party.SYSTEM or any(by.has(right) for right in leads)


def _move(broadcast: Broadcast, verb: str, by: Actor) -> Broadcast:
    allow(broadcast, by)
    allowed, to = MOVES[verb]
    if broadcast.state not in allowed:
        raise WrongState(MOVED_ON.format(broadcast.state.label))
    broadcast.state = to
    audit.record(
        f"broadcast.{verb}",
        "broadcast",
        broadcast.id,
        ward_id=broadcast.ward_id,
        officer_id=by.officer_id,
        detail={"topics": broadcast.topics},
    )
    db.session.flush()
    return broadcast
