"""What a ward keeps no longer of reception days long over: who booked and never came; if it says so, who came.

The entry in Sổ tiếp công dân stays with its matter and outcome, but for the person.
"""

from datetime import datetime

import sqlalchemy as sa

from feedback.db import rows_touched
from feedback.reception.models import ReceptionDay, Visit, VisitState

NAMELESS = "Đã xóa tên theo thời gian lưu giữ"
GONE = "forgotten"  # in the place of the telephone's fingerprint
_RECEIVED = (VisitState.DONE, VisitState.REFUSED)


def forget_bookings(ward_id: int, before: datetime, limit: int) -> int:
    """Forget up to `limit` people who booked a day that ended before an instant and were not received."""
    return _forget(ward_id, before, limit, Visit.state.not_in(_RECEIVED))


def forget_visitors(ward_id: int, before: datetime, limit: int) -> int:
    """Forget up to `limit` people received, or refused, on days that ended before an instant."""
    return _forget(ward_id, before, limit, Visit.state.in_(_RECEIVED))


def _forget(ward_id: int, before: datetime, limit: int, who: sa.ColumnElement[bool]) -> int:
    over = sa.select(ReceptionDay.id).where(
        ReceptionDay.ward_id == ward_id, ReceptionDay.closes_at < before
    )
    old = sa.select(Visit.id).where(
        Visit.day_id.in_(over), who, Visit.phone_hash.is_distinct_from(GONE)
    )
    nobody = {
        "name": NAMELESS,
        "phone": None,
        "phone_hash": GONE,
        "address": None,
        "id_number": None,
    }
    return rows_touched(sa.update(Visit).where(Visit.id.in_(old.limit(limit))).values(nobody))
