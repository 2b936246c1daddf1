"""A person withdraws: what we know of them is deleted, and that it was is written down.

What they asked stays as the ward's record of its own work, without name, number and address. Files sent
in a chat and never handed in are marked here and removed by a job, which also takes them off the disk.
"""

from datetime import UTC, datetime
from pathlib import Path

import sqlalchemy as sa

from feedback import audit, clock
from feedback.conversations import meeting_erasure
from feedback.conversations.models import Conversation, InboundRow, InboundState
from feedback.db import db, transaction
from feedback.documents import attach
from feedback.documents.models import StoredFile
from feedback.outbox.models import OutboxRow, OutboxState
from feedback.outbox.prompt import Prompt
from feedback.people.models import Citizen, Contact
from feedback.petitions import by_itself
from feedback.petitions.by_itself import Entry, News
from feedback.petitions.models import Follow, Petition

LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)  # the age of a file that must go
WORDS = "Người gửi đã rút lại dữ liệu cá nhân; họ tên, số điện thoại, địa chỉ đã xóa."


def erase(contact_id: int) -> None:
    """Delete what is known of a contact, in the present transaction. Doing it again changes nothing."""
    contact = db.session.get_one(Contact, contact_id, populate_existing=True)
    petitions = _unnamed_petitions(contact)
    meeting_erasure.erase(contact.id)
    _empty_messages(contact)
    _forget_chat(contact)
    citizen_id = contact.citizen_id
    contact.display_name = contact.phone = contact.phone_hash = contact.email = None
    contact.phone_proven_at = None
    contact.citizen_id = contact.officer_id = None
    contact.address = f"withdrawn:{contact.id}"
    contact.unreachable_at, contact.unreachable_reason = clock.now(), "withdrew"
    db.session.flush()
    if citizen_id:
        _forget_citizen(citizen_id)
    audit.record(
        "person.withdrawn",
        "contact",
        contact.id,
        ward_id=contact.ward_id,
        detail={"channel": contact.channel.value, "petitions": petitions},
    )


def remove_files(root: Path) -> int:
    """Take the files of people who withdrew off the disk; how many."""
    with transaction():
        paths = attach.forget_waiting(LONG_AGO.replace(year=1971), in_chats=True)
    attach.erase(root, paths, clock.now())
    return len(paths)


def _unnamed_petitions(contact: Contact) -> int:
    """Take the reporter out of their petitions; how many."""
    unnamed = sa.update(Petition).where(Petition.contact_id == contact.id)
    ids = db.session.scalars(
        unnamed.values(
            reporter_name=None,
            reporter_phone=None,
            reporter_email=None,
            reporter_address=None,
            phone_hash=None,
            citizen_id=None,
            is_anonymous=True,
        )
        .returning(Petition.id)
        .execution_options(synchronize_session=False)
    ).all()
    by_itself.note(*(Entry(id, News.WITHDRAWN, WORDS) for id in ids))
    db.session.execute(sa.delete(Follow).where(Follow.contact_id == contact.id))
    return len(ids)


def _empty_messages(contact: Contact) -> None:
    """Messages in and out keep their numbers and lose their words."""
    theirs = (
        InboundRow.channel == contact.channel,
        InboundRow.account == contact.account,
        InboundRow.sender == contact.address,
    )
    fate = sa.case(
        (InboundRow.state == InboundState.NEW, InboundState.IGNORED), else_=InboundRow.state
    )
    db.session.execute(
        sa.update(InboundRow)
        .where(*theirs)
        .values(payload="{}", sender="", note="withdrawn", state=fate)
        .execution_options(synchronize_session=False)
    )
    ours = sa.update(OutboxRow).where(OutboxRow.contact_id == contact.id)
    quiet = {"synchronize_session": False}
    db.session.execute(
        ours.where(OutboxRow.state == OutboxState.QUEUED)
        .values(state=OutboxState.CANCELLED, settled_at=clock.now())
        .execution_options(**quiet)
    )
    empty = {"body": Prompt("").as_json(), "recipient": "", "lane": "", "detail": {}}
    db.session.execute(ours.values(**empty).execution_options(**quiet))


def _forget_chat(contact: Contact) -> None:
    chats = sa.select(Conversation.id).where(Conversation.contact_id == contact.id)
    db.session.execute(
        sa.update(StoredFile)
        .where(StoredFile.conversation_id.in_(chats), StoredFile.petition_id.is_(None))
        .values(created_at=LONG_AGO)
        .execution_options(synchronize_session=False)
    )
    db.session.execute(
        sa.update(Conversation)
        .where(Conversation.contact_id == contact.id)
        .values(flow=None, step=None, slots=None, needs_person_at=None)
        .execution_options(synchronize_session=False)
    )


def _forget_citizen(citizen_id: int) -> None:
    """The resident behind the contact, unless another contact or petition still speaks of them."""
    others = (
        sa.select(Contact.id).where(Contact.citizen_id == citizen_id).exists(),
        sa.select(Petition.id).where(Petition.citizen_id == citizen_id).exists(),
    )
    db.session.execute(
        sa.update(Citizen)
        .where(Citizen.id == citizen_id, *(~other for other in others))
        .values(name=None, phone=None, phone_hash=None)
        .execution_options(synchronize_session=False)
    )
