"""What a ward keeps no longer: the words of old chat messages. Cases, timelines and answers stay.

A message received is deleted; of one sent the row stays, which says that it was sent, how and at what cost.
"""

from datetime import datetime

import sqlalchemy as sa

from feedback.conversations.models import InboundRow, InboundState
from feedback.db import rows_touched
from feedback.outbox.models import OutboxRow, OutboxState
from feedback.outbox.prompt import Prompt
from feedback.petitions.models import Petition
from feedback.wards.models import ChannelAccount

_DEALT_WITH = (InboundState.DONE, InboundState.IGNORED)
_UNDER_WAY = (OutboxState.QUEUED, OutboxState.SENDING)


def forget(ward_id: int, before: datetime, limit: int) -> int:
    """Forget up to `limit` messages of each way from before an instant; how many. Call in a transaction."""
    return _forget_received(ward_id, before, limit) + _forget_sent(ward_id, before, limit)


def _forget_received(ward_id: int, before: datetime, limit: int) -> int:
    own = sa.select(ChannelAccount.channel, ChannelAccount.name).where(
        ChannelAccount.ward_id == ward_id
    )
    old = (
        sa.select(InboundRow.id)
        .where(
            sa.tuple_(InboundRow.channel, InboundRow.account).in_(own),
            InboundRow.received_at < before,
            InboundRow.state.in_(_DEALT_WITH),
        )
        .limit(limit)
    )
    return rows_touched(sa.delete(InboundRow).where(InboundRow.id.in_(old)))


def _forget_sent(ward_id: int, before: datetime, limit: int) -> int:
    """But not about a case that is still open."""
    still_open = sa.select(Petition.id).where(
        Petition.id == OutboxRow.petition_id, Petition.is_open
    )
    old = (
        sa.select(OutboxRow.id)
        .where(
            OutboxRow.ward_id == ward_id,
            OutboxRow.created_at < before,
            OutboxRow.recipient != "",
            OutboxRow.state.not_in(_UNDER_WAY),
            ~still_open.exists(),
        )
        .limit(limit)
    )
    empty = {"body": Prompt("").as_json(), "recipient": "", "lane": ""}
    return rows_touched(sa.update(OutboxRow).where(OutboxRow.id.in_(old)).values(**empty))
