"""Every verb of a petition: `verb(petition, *, by, …) -> Petition`. Verbs flush, never commit.

Each takes `expected_version`, the version the person saw; another one raises Stale.
"""

from feedback.petitions.actions.answering import (
    approve,
    draft,
    recall,
    return_answer,
    send_answer,
    submit_answer,
)
from feedback.petitions.actions.asking import add, ask, consult, consulted, note
from feedback.petitions.actions.ending import close, extend, merge, reject, transfer
from feedback.petitions.actions.giving import accept, assign, correct, hand_back, take
from feedback.petitions.actions.placing import locate
from feedback.petitions.actions.returning import rate, reopen

__all__ = [
    "accept",
    "add",
    "approve",
    "ask",
    "assign",
    "close",
    "consult",
    "consulted",
    "correct",
    "draft",
    "extend",
    "hand_back",
    "locate",
    "merge",
    "note",
    "rate",
    "recall",
    "reject",
    "reopen",
    "return_answer",
    "send_answer",
    "submit_answer",
    "take",
    "transfer",
]
