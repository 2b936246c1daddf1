"""What an officer's chat does to announce. Like `effects.py`; all raise Refusal."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from feedback import broadcast, clock
from feedback.conversations import desk
from feedback.conversations.content import text_of
from feedback.conversations.people import Chat
from feedback.conversations.turn import Slots
from feedback.db import db
from feedback.dialogue import queries, sessions, spreading
from feedback.documents.models import FileUse, StoredFile
from feedback.errors import BadInput, NotAllowed
from feedback.worktime.words import minute_name

Result = dict[str, Any]

NO_PICTURE = "Chỉ kèm được một ảnh. Ông/Bà gửi lại ảnh, hoặc gửi tin không kèm tệp."


def tell(chat: Chat, slots: Slots) -> Result:
    """Send what was shown to who asked for this topic's news; the same slots send it once."""
    actor = desk.actor_of(chat)
    about = queries.seen(slots["session"], actor) if slots.get("session") else None
    picture = _picture(chat, slots, FileUse.ANNOUNCED, actor.officer_id)
    row = broadcast.send(
        chat.ward_id,
        text_of(slots),
        [slots["topic"]],
        by=actor,
        key=f"chat:{chat.id}:{slots['key']}",
        file_id=picture.id if picture else None,
        dialogue_id=about.id if about else None,
        buttons=spreading.buttons(about) if about else (),
    )
    starts_at = row.starts_at or clock.now()
    is_now = starts_at <= clock.now()
    return {"starts": "ngay bây giờ" if is_now else minute_name(clock.local(starts_at))}


def confirm(chat: Chat, slots: Slots) -> Result:
    """The officer's own neighbourhoods were told of the session. Raises NotFound, NotAllowed, BadInput."""
    actor = desk.actor_of(chat)
    row = queries.seen(slots["session"], actor)
    own = [each for each in row.concerned if each.neighbourhood_id in actor.neighbourhood_ids]
    if not own:
        raise NotAllowed
    picture = _picture(chat, slots, FileUse.INTERNAL, actor.officer_id)
    if picture:
        picture.dialogue_id = row.id
        db.session.flush()
    for each in own:
        sessions.confirm(
            row,
            each.neighbourhood_id,
            by=actor,
            where=slots["where"],
            told_at=datetime.fromisoformat(slots["told"]),
            file_id=picture.id if picture else None,
        )
    return {"areas": ", ".join(each.neighbourhood.name for each in own), "title": row.title}


EFFECTS: dict[str, Callable[..., Result]] = {"officer_tell": tell, "officer_confirm": confirm}


def _picture(chat: Chat, slots: Slots, use: FileUse, officer_id: int | None) -> StoredFile | None:
    """The picture sent last, now the ward's own. Raises BadInput for another kind of file."""
    query = sa.select(StoredFile).where(
        StoredFile.id.in_(slots.get("files", [])), StoredFile.conversation_id == chat.id
    )
    file = db.session.scalars(query.order_by(StoredFile.id.desc()).limit(1)).first()
    if file is None:
        return None
    if not file.media_type.startswith("image/"):
        raise BadInput(NO_PICTURE)
    file.use, file.uploaded_by_id = use, officer_id
    db.session.flush()
    return file
