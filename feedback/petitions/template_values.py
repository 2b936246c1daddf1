"""What the parameters of template messages are, for one petition."""

import sqlalchemy as sa

from feedback import clock
from feedback.db import db
from feedback.petitions import notices
from feedback.petitions.models import Petition
from feedback.wards.setup import setup_of

LONGEST = 90  # characters of a value


def of_petition(petition_id: int) -> dict[str, str] | None:
    """Every parameter of `outbox/templates.toml`; None when there is no such petition.

    The reporter's link: whoever holds its token is the reporter.
    """
    petition = db.session.scalars(
        sa.select(Petition).where(Petition.id == petition_id)
    ).one_or_none()
    if petition is None:
        return None
    setup = setup_of(petition.ward_id)
    values = {
        "phuong": setup.name,
        "ma": petition.number,
        "trang_thai": petition.status.label,
        "ngay_gui": f"{clock.local(petition.received_at):%d/%m/%Y}",
        "han": notices.when(petition.due_at),
        "phu_trach": notices.who(setup, petition.handler_id, petition.handler_position_id),
        "ma_theo_doi": petition.token,
    }
    return {name: (value or "-")[:LONGEST] for name, value in values.items()}
