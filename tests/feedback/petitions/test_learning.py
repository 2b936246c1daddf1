"""A ward teaches its own triage: by its words and by what its officials decided."""

from datetime import timedelta

import pytest

from feedback import clock
from feedback.audit import AuditRow
from feedback.db import db, transaction
from feedback.errors import BadInput, NotAllowed, NotFound
from feedback.petitions import learning
from feedback.petitions.models import Kind, Petition, Urgency
from feedback.petitions.proposal import propose
from feedback.triage.keywords import keywords_of, set_keywords
from feedback.wards.setup import setup_of
from tests.feedback.petitions.stories import do

ODD = "vựa thanh long ế ẩm"


@pytest.fixture(autouse=True)
def fresh():
    learning.forget()
    yield
    learning.forget()


def proposed(world, text: str = ODD) -> int:
    db.session.rollback()
    setup = setup_of(world.ward.id)
    found = propose(text, setup, kind=None, field_id=None, urgency=None)
    return setup.fields[found.field_id].no


def decide(world, times: int, text: str = ODD, **values) -> None:
    for _ in range(times):
        petition = world.submit(text, field_id=world.fields[25].id, **values)
        do("accept", petition, world.actor("clerk"), field_id=world.fields[21].id)


def test_what_officials_decided_is_proposed_from_the_next_day_on(world):
    assert proposed(world) != 21
    decide(world, 6)
    assert proposed(world) != 21  # learnt once a day
    with clock.at(clock.now() + timedelta(days=1)):
        assert proposed(world) == 21
        assert proposed(world, "cai vua thanh long") == 21


def suggested(world, text: str) -> tuple[Kind, Urgency]:
    db.session.rollback()
    found = propose(text, setup_of(world.ward.id), kind=None, field_id=None, urgency=None)
    return found.kind, found.urgency


def test_the_kind_and_urgency_officials_decided_are_proposed_too(world):
    """Every village has words of its own for a wish, and for what must not wait."""
    wish, alarm = "giàn hoa bên bến nước nở ít", "con đò bên bến nước mất lái"
    assert suggested(world, wish) == suggested(world, alarm) == (Kind.PHAN_ANH, Urgency.NORMAL)
    for _ in range(6):
        for text, changes in (
            (wish, {"kind": Kind.KIEN_NGHI}),
            (alarm, {"urgency": Urgency.URGENT}),
        ):
            do("accept", world.submit(text), world.actor("clerk"), **changes)
    with clock.at(clock.now() + timedelta(days=1)):
        assert suggested(world, wish)[0] is Kind.KIEN_NGHI
        assert suggested(world, alarm)[1] is Urgency.URGENT


def test_decisions_do_not_silence_a_fire(world):
    fire = "đang cháy nhà trong hẻm, còn người kẹt"
    for _ in range(12):
        do("accept", world.submit(fire), world.actor("clerk"), urgency=Urgency.NORMAL)
    with clock.at(clock.now() + timedelta(days=1)):
        assert suggested(world, fire)[1] is Urgency.URGENT


def test_few_cases_and_sealed_ones_teach_nothing(world):
    decide(world, 4)
    for _ in range(6):
        petition = world.submit(ODD, kind=Kind.TO_CAO)
        assert db.session.get(Petition, petition.id).is_restricted
    assert proposed(world) != 21


def test_another_ward_learns_nothing_of_it(world):
    from tests.world import make_world

    decide(world, 8)
    other = make_world("TS", "tay-son")
    assert proposed(other) != 21


def test_a_wards_own_words_are_read_at_once(world):
    assert proposed(world) != 21
    with transaction():
        kept = set_keywords(
            world.fields[21].id, ["Vựa thanh long,  ~thanh long", "\nvựa thanh long"],
            by=world.actor("admin"),
        )  # fmt: skip
    assert kept == ("vựa thanh long", "~thanh long")
    assert proposed(world) == 21
    assert keywords_of(world.ward.id)[21] == kept
    row = db.session.query(AuditRow).filter_by(action="field.keywords").one()
    assert row.detail == {"added": sorted(kept), "removed": []}


def test_who_may_change_words_and_which(world):
    from tests.world import make_world

    field_id = world.fields[21].id
    for who in ("chair", "clerk", "an", "supervisor"):
        with pytest.raises(NotAllowed), transaction():
            set_keywords(field_id, ["chợ"], by=world.actor(who))
    stranger = make_world("TS", "tay-son").actor("admin")
    with pytest.raises(NotFound), transaction():
        set_keywords(field_id, ["chợ"], by=stranger)
    for wrong in ("=", "…|…", "a" * 300):
        with pytest.raises(BadInput), transaction():
            set_keywords(field_id, [wrong], by=world.actor("admin"))
