"""Every verb of a petition: `verb(petition, *, by, …) -> Petition`. Verbs flush, never commit.

Each takes `expected_version`, the version the person saw; another one raises Stale.
"""

from feedback.petitions.actions.admitting import (
    admit,
    prolong,
    propose,
    receive_signed,
    refuse_admission,
)
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
from feedback.petitions.actions.giving import (
    accept,
    assign,
    await_signature,
    correct,
    hand_back,
    reclassify,
    take,
)
from feedback.petitions.actions.more_time import (
    ask_more_time,
    grant_more_time,
    refuse_more_time,
    withdraw_more_time,
)
from feedback.petitions.actions.placing import locate
from feedback.petitions.actions.returning import rate, reopen
from feedback.petitions.actions.settling import (
    call_dialogue,
    discontinue,
    hold_dialogue,
    leave,
    resolve,
    resume,
    suspend,
    withdraw,
)
from feedback.petitions.actions.splitting import group, split

__all__ = [
    "accept",
    "add",
    "admit",
    "approve",
    "ask",
    "ask_more_time",
    "assign",
    "await_signature",
    "call_dialogue",
    "close",
    "consult",
    "consulted",
    "correct",
    "discontinue",
    "draft",
    "extend",
    "grant_more_time",
    "group",
    "hand_back",
    "hold_dialogue",
    "leave",
    "locate",
    "merge",
    "note",
    "prolong",
    "propose",
    "rate",
    "recall",
    "receive_signed",
    "reclassify",
    "refuse_admission",
    "refuse_more_time",
    "reject",
    "reopen",
    "resolve",
    "resume",
    "return_answer",
    "send_answer",
    "split",
    "submit_answer",
    "suspend",
    "take",
    "transfer",
    "withdraw",
    "withdraw_more_time",
]
