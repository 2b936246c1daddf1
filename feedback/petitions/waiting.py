"""Whom an open petition waits for, at the desk and in lists: one person or unit, never "the ward"."""

from typing import Any

from feedback.labels import Labelled
from feedback.petitions.lifecycle import STANDINGS
from feedback.petitions.models import Status
from feedback.wards.setup import Setup


class Awaited(Labelled):
    """Whose turn it is; the label follows "chờ"."""

    CLERK = "clerk", "cán bộ tiếp nhận"
    HANDLER = "handler", "người phụ trách"
    RESIDENT = "resident", "người dân bổ sung"
    PAPER = "paper", "người dân nộp đơn có chữ ký"
    UNIT = "unit", "đơn vị phối hợp"
    SIGNER = "signer", "lãnh đạo ký"


TURNS = {
    Status.RECEIVED: Awaited.CLERK,
    Status.WAITING_CITIZEN: Awaited.RESIDENT,
    Status.AWAITING_SIGNATURE: Awaited.PAPER,
    Status.COORDINATING: Awaited.UNIT,
    Status.AWAITING_APPROVAL: Awaited.SIGNER,
}


def turn_of(status: Status) -> Awaited | None:
    """None when nobody is waited for."""
    return TURNS.get(status, Awaited.HANDLER) if STANDINGS[status].is_open else None


def waited_for(row: Any, setup: Setup) -> str:
    """'Lý Văn An', 'Công an phường', 'lãnh đạo ký'; "" when nobody. Takes a petition or a list's row."""
    turn = turn_of(row.status)
    names = {
        Awaited.HANDLER: setup.officers.get(row.handler_id),
        Awaited.UNIT: setup.departments.get(row.helping_department_id or 0),
    }
    return (names.get(turn) or turn.label) if turn else ""
