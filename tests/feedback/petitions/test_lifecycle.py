"""The whole product: every status, every action, everybody.

`EXPECTED` is written by hand from what the ward wants, not from the table under test: An answers for the
petition, Bình works in An's department (and is asked when a unit is asked), Chi is a stranger.
"""

from pathlib import Path

import pytest

from feedback.errors import NotAllowed, NotFound, WrongState
from feedback.people.actor import CITIZEN, SYSTEM
from feedback.petitions import lifecycle_doc
from feedback.petitions.actions.funnel import apply
from feedback.petitions.lifecycle import STANDINGS, TRANSITIONS, Action, allowed_actions
from feedback.petitions.models import Kind, Status
from tests.feedback.petitions.stories import petition_at
from tests.world import PEOPLE

READY = "accepted assigned in_progress reopened"
WORK = f"{READY} waiting_citizen coordinating"
UNANSWERED = f"received {WORK}"
OPEN = f"{UNANSWERED} awaiting_approval"
UNTAKEN = "awaiting_signature signed"
UNDER_LAW = f"{UNTAKEN} admitted suspended"
ENDED = "resolved not_admitted discontinued withdrawn"
ALL = f"{OPEN} {UNDER_LAW} answered closed transferred rejected merged {ENDED}"
LEADERS = "chair vice clerk"

EXPECTED = {  # action: (statuses, people)
    "submit": ("", f"citizen {LEADERS}"),  # from nowhere: only intake does it
    "accept": ("received", LEADERS),
    "assign": (f"{WORK} {UNDER_LAW}", f"{LEADERS} dept_head"),
    "take": ("accepted assigned reopened", "an"),
    "hand_back": (READY, "an"),
    "ask": (READY, "an"),
    "add": (f"{OPEN} {UNDER_LAW}", f"citizen {LEADERS}"),
    "consult": (READY, f"an {LEADERS}"),
    "consulted": ("coordinating", "an binh dept_head"),
    "draft": (WORK, "an"),
    "submit_answer": (WORK, "an"),
    "approve": ("awaiting_approval", "chair vice"),  # an ordinary phản ánh: the deputy may sign
    "return_answer": ("awaiting_approval", "chair vice"),
    "recall": ("answered", "chair vice"),
    "extend": (OPEN, LEADERS),
    "transfer": (f"{UNANSWERED} {UNTAKEN}", LEADERS),
    "reject": (f"{UNANSWERED} awaiting_signature", LEADERS),
    "merge": (f"{UNANSWERED} {UNTAKEN}", LEADERS),
    "close": ("answered", f"citizen system {LEADERS}"),
    "reopen": ("answered closed", f"citizen {LEADERS}"),
    "rate": ("answered closed", "citizen"),
    "note": (ALL, f"an binh dept_head {LEADERS}"),
    "correct": (f"{UNANSWERED} {UNTAKEN}", LEADERS),
    "split": (f"{UNANSWERED} {UNTAKEN}", LEADERS),
    "group": (f"{UNANSWERED} {UNDER_LAW}", LEADERS),
    "await_signature": (UNANSWERED, LEADERS),
    "receive_signed": (f"{UNANSWERED} awaiting_signature", LEADERS),
    "reclassify": (UNTAKEN, LEADERS),
    "propose": ("signed", f"an {LEADERS}"),
    "admit": ("signed", "chair"),
    "refuse_admission": (UNTAKEN, "chair"),
    "prolong": ("signed admitted", "chair"),
    "suspend": ("admitted", "chair"),
    "resume": ("suspended", "chair"),
    "call_dialogue": ("admitted", f"an {LEADERS}"),
    "hold_dialogue": ("", f"an {LEADERS}"),  # only once called
    "resolve": ("admitted", "chair"),
    "leave": ("", f"an {LEADERS}"),  # only of several
    "withdraw": (UNTAKEN, LEADERS),
    "discontinue": ("admitted suspended", "chair"),
}
ENDS = {  # action: the status it leads to, where that is another
    "accept": "accepted",
    "assign": "assigned",
    "take": "in_progress",
    "hand_back": "accepted",
    "ask": "waiting_citizen",
    "consult": "coordinating",
    "consulted": "in_progress",
    "submit_answer": "awaiting_approval",
    "approve": "answered",
    "return_answer": "in_progress",
    "recall": "awaiting_approval",
    "transfer": "transferred",
    "reject": "rejected",
    "merge": "merged",
    "close": "closed",
    "reopen": "reopened",
    "await_signature": "awaiting_signature",
    "receive_signed": "signed",
    "reclassify": "accepted",
    "admit": "admitted",
    "refuse_admission": "not_admitted",
    "suspend": "suspended",
    "resume": "admitted",
    "resolve": "resolved",
    "withdraw": "withdrawn",
    "discontinue": "discontinued",
}
SIGNED = {"approve", "return_answer", "recall", "admit", "refuse_admission", "prolong"} | {
    "suspend",
    "resume",
    "resolve",
    "discontinue",
}
HIDDEN = {"chi", "head_tdp", "admin"}  # they do not see An's petition at all
EVERYBODY = [*PEOPLE, "citizen", "system"]


def actors(world):
    return {name: world.actor(name) for name in PEOPLE} | {"citizen": CITIZEN, "system": SYSTEM}


def test_the_expectations_cover_everything():
    assert set(EXPECTED) == {action.value for action in Action}
    assert set(ALL.split()) == {status.value for status in Status}
    named = {name for _, people in EXPECTED.values() for name in people.split()}
    assert named <= set(EVERYBODY)


@pytest.mark.parametrize("status", Status)
def test_status_by_action_by_person(world, status):
    petition = petition_at(world, status)
    for name, actor in actors(world).items():
        expected = {
            action
            for action, (statuses, people) in EXPECTED.items()
            if status in statuses.split() and name in people.split()
        }
        assert {a.value for a in allowed_actions(petition, actor)} == expected, name


# A unit nobody asked has no part in it, nor the deputy in what the chair signs: its people are refused as
# such, not for the status.
@pytest.mark.parametrize("status", Status)
def test_the_funnel_refuses_everything_else(world, status):
    petition = petition_at(world, status)
    version = petition.version
    for name, actor in actors(world).items():
        for action, (statuses, people) in EXPECTED.items():
            if status in statuses.split() and name in people.split():
                continue
            may = name in people.split() and (action != "consulted" or name == "an")
            if name == "vice" and action in SIGNED:  # an ordinary answer the deputy may sign
                may = status is not Status.REOPENED and petition.kind is Kind.PHAN_ANH
            refusal = NotFound if name in HIDDEN else WrongState if may else NotAllowed
            with pytest.raises(refusal):
                apply(petition, Action(action), actor)
    assert (petition.status, petition.version) == (status, version)


def test_each_action_leads_where_it_should():
    for row in TRANSITIONS:
        for status in row.from_:
            moved = ENDS.get(row.action, status)
            match row.action, status:
                case Action.ADD, Status.WAITING_CITIZEN:
                    moved = "in_progress"
                case Action.ASSIGN, _ if status.value in UNDER_LAW.split():
                    moved = status
                case Action.DRAFT, (Status.ACCEPTED | Status.ASSIGNED | Status.REOPENED):
                    moved = "in_progress"
            assert row.next(status) == moved, (row.action, status)


def test_open_is_what_waits_for_the_ward():
    assert {s.value for s, standing in STANDINGS.items() if standing.is_open} == set(
        f"{OPEN} {UNDER_LAW}".split()
    )
    stopped = {s.value for s, standing in STANDINGS.items() if standing.why_no_date}
    resting = {"waiting_citizen", "awaiting_signature", "suspended"}
    running = set(f"{OPEN} signed admitted".split()) - resting
    assert stopped == set(ALL.split()) - running


def test_the_drawing_is_current():
    drawn = Path(__file__).parents[3] / "docs" / "lifecycle.md"
    assert drawn.read_text(encoding="utf-8") == lifecycle_doc.render()
