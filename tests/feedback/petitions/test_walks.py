"""Whatever people do, in whatever order: a petition stays answered for, dated and told."""

import random
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa
import time_machine

from feedback import clock
from feedback.db import db
from feedback.errors import Refusal
from feedback.people.actor import CITIZEN, SYSTEM
from feedback.petitions.actions.splitting import Spoken
from feedback.petitions.dating import plan_of
from feedback.petitions.lifecycle import STANDINGS, Action, allowed_actions
from feedback.petitions.models import (
    Deadline,
    Kind,
    Pause,
    Petition,
    Status,
    TimelineEntry,
    Urgency,
)
from feedback.wards.setup import setup_of
from tests.feedback.petitions.stories import do
from tests.feedback.petitions.test_actions import away
from tests.world import PEOPLE, key_of

MONDAY = datetime(2026, 10, 5, 2, 0, tzinfo=UTC)
WORDS = "Vài lời"
CHOOSY = (Action.ASSIGN, Action.EXTEND, Action.MERGE, Action.PROLONG) + (
    Action.CALL_DIALOGUE,
    Action.RECEIVE_SIGNED,
    Action.REFUSE_ADMISSION,
)  # not to everybody, for ever, into anything


def keywords(action, world, rnd):
    """Something sensible to say with each verb."""
    people = [
        key_of(world.people[name]) for name in ("an", "binh", "chi", "clerk", "dept_head", "vice")
    ]
    fields = [key_of(field) for field in world.fields.values()]
    return {
        Action.ACCEPT: lambda: {
            "kind": rnd.choice([None, None, *Kind]),
            "field_id": rnd.choice([None, *fields]),
            "urgency": rnd.choice([None, *Urgency]),
        },
        Action.CORRECT: lambda: rnd.choice(
            [{"kind": rnd.choice(list(Kind))}, {"urgency": rnd.choice(list(Urgency))}]
        ),
        Action.ASSIGN: lambda: {"officer_id": rnd.choice(people)},
        Action.ASK: lambda: {"question": WORDS},
        Action.CONSULT: lambda: {
            "department_id": rnd.choice(list(world.departments.values())).id,
            "question": WORDS,
        },
        Action.EXTEND: lambda: {"working_days": rnd.randint(1, 3), "reason": WORDS},
        Action.TRANSFER: lambda: {"to": WORDS, "reason": WORDS},
        Action.MERGE: lambda: {"into": world.submit("Một phản ánh khác")},
        Action.RATE: lambda: {"score": rnd.randint(1, 5)},
        Action.AWAIT_SIGNATURE: lambda: {"kind": rnd.choice([Kind.KHIEU_NAI, Kind.TO_CAO])},
        Action.RECLASSIFY: lambda: {"kind": rnd.choice([Kind.PHAN_ANH, Kind.KIEN_NGHI])},
        Action.RECEIVE_SIGNED: lambda: {
            "kind": rnd.choice([Kind.KHIEU_NAI, Kind.TO_CAO]),
            "signed_on": clock.today() - timedelta(days=rnd.randint(0, 3)),
            "people": rnd.choice([1, 1, 3]),
        },
        Action.ADMIT: lambda: {"on": clock.today(), "decision": "12/TB-UBND"},
        Action.REFUSE_ADMISSION: lambda: {
            "ground_code": "no_capacity",
            "reason": WORDS,
            "decision": "13/TB-UBND",
        },
        Action.PROLONG: lambda: {
            "days": rnd.randint(1, 20),
            "decision": "14/TB-UBND",
            "reason": WORDS,
            "criterion": "places",
        },
        Action.CALL_DIALOGUE: lambda: {
            "meets_at": clock.now() + timedelta(days=rnd.randint(4, 9)),
            "where": WORDS,
        },
        Action.HOLD_DIALOGUE: lambda: {"agreed": WORDS, "differing": WORDS},
        Action.LEAVE: lambda: {"people": 1, "reason": WORDS},
        Action.SPLIT: lambda: {"text": "Việc khác", "kind": rnd.choice(list(Kind))},
        Action.GROUP: lambda: {"people": 6, "representatives": [Spoken("Lê Văn Đại")]},
        Action.RESOLVE: lambda: {"on": clock.today(), "decision": "1/QĐ", "summary": WORDS},
        Action.RESUME: lambda: {"on": clock.today(), "decision": "3/QĐ"},
        **dict.fromkeys(
            (Action.SUSPEND, Action.DISCONTINUE),
            lambda: {"on": clock.today(), "decision": "2/QĐ", "reason": WORDS},
        ),
        **dict.fromkeys(
            (
                Action.ADD,
                Action.CONSULTED,
                Action.DRAFT,
                Action.SUBMIT_ANSWER,
                Action.NOTE,
                Action.PROPOSE,
            ),
            lambda: {"text": WORDS},
        ),
        **dict.fromkeys(
            (Action.HAND_BACK, Action.RETURN_ANSWER, Action.REJECT, Action.REOPEN, Action.WITHDRAW),
            lambda: {"reason": WORDS},
        ),
    }.get(action, dict)()


def attempt(action, petition, actor, values):
    """The refusal, None when it was done."""
    try:
        do(action.value, petition, actor, **values)
    except Refusal as refusal:
        db.session.rollback()
        return refusal
    return None


def check(petition):
    """What holds at every moment."""
    db.session.rollback()
    petition = db.session.get_one(Petition, petition.id)
    standing = STANDINGS[petition.status]
    assert petition.is_open is standing.is_open
    assert petition.head_id
    assert petition.handler_id
    assert petition.handler_id != petition.complained_officer_id
    assert petition.handler_for_id != petition.handler_id
    assert petition.due_at or standing.why_no_date
    for name in ("route_reason", "work", "responsibility", "expected_result", "authority"):
        assert getattr(petition, name), name
    assert petition.is_flagged is (petition.transfers > 2)
    assert (petition.merged_into_id is not None) is (petition.status is Status.MERGED)
    assert petition.answered_at or petition.status not in (Status.ANSWERED, Status.CLOSED)
    _check_dates(petition)
    _check_timeline(petition)


def _check_dates(petition):
    rows = db.session.scalars(
        sa.select(Deadline).where(
            Deadline.petition_id == petition.id, Deadline.round == petition.reopened
        )
    ).all()
    last = plan_of(petition, setup_of(petition.ward_id)).final
    [final] = [row for row in rows if row.step == last]
    assert final.due_at == petition.due_at
    assert final.trace
    untouched = petition.is_open and petition.status is not Status.AWAITING_SIGNATURE
    assert (final.met_at is None) is untouched
    stopped = db.session.scalars(sa.select(Pause).where(Pause.petition_id == petition.id)).all()
    running = [pause for pause in stopped if pause.ends_at is None]
    assert len(running) == (petition.status in (Status.WAITING_CITIZEN, Status.SUSPENDED))


def _check_timeline(petition):
    entries = db.session.scalars(
        sa.select(TimelineEntry)
        .where(TimelineEntry.petition_id == petition.id)
        .order_by(TimelineEntry.id)
    ).all()
    assert entries[0].from_status is None
    for before, after in zip(entries, entries[1:], strict=False):
        assert after.from_status is before.to_status
        assert after.at >= before.at
    assert entries[-1].to_status is petition.status
    assert entries[-1].at == petition.updated_at


@pytest.mark.parametrize("seed", range(4))
def test_a_random_walk_keeps_the_house_in_order(world, seed):
    rnd = random.Random(seed)
    with time_machine.travel(MONDAY, tick=False) as travel:
        if rnd.random() < 0.7:
            away(world, *rnd.sample(["an", "binh", "chair", "vice", "clerk"], 2))
        petition = world.submit(
            field_id=world.fields[rnd.choice([2, 3, 4])].id,
            complained_officer_id=rnd.choice([None, None, world.binh.id]),
        )
        actors = [*(world.actor(name) for name in PEOPLE), CITIZEN, CITIZEN, SYSTEM]
        walked = []
        for _ in range(45):
            travel.shift(timedelta(minutes=rnd.choice([1, 30, 60 * 24])))
            actor = rnd.choice(actors)
            allowed = allowed_actions(petition, actor)
            action = rnd.choice(allowed or [Action.NOTE])
            if rnd.random() < 0.15:
                action = rnd.choice([a for a in Action if a is not Action.SUBMIT])
            values = keywords(action, world, rnd)
            version = petition.version
            refusal = attempt(action, petition, actor, values)
            if refusal is None:
                assert action in allowed, (walked, action)
                walked.append(action.value)
            else:
                assert action not in allowed or action in CHOOSY, (walked, action, refusal)
                assert petition.version == version
            check(petition)
            if not petition.is_open and rnd.random() < 0.5:
                petition = world.submit(field_id=world.fields[2].id)
        assert len(walked) > 5
