"""Who asked for the ward's news hears of a session in their chat, once for each edition."""

import pytest
import sqlalchemy as sa

from feedback.broadcast import topics
from feedback.broadcast.models import Broadcast
from feedback.db import db
from tests.feedback.dialogue.stories import announced, at, do, planned

pytestmark = pytest.mark.usefixtures("monday")


def told() -> list[Broadcast]:
    db.session.rollback()
    return list(db.session.scalars(sa.select(Broadcast).order_by(Broadcast.id)))


def test_the_neighbourhoods_concerned_are_told_with_buttons(world):
    dialogue = announced(world)
    (row,) = told()
    assert row.topics == [topics.area(world.neighbourhoods[n].id) for n in (1, 2)]
    payloads = [payload for _, payload in row.buttons]
    assert payloads == [f"talk:join:{dialogue.id}", f"talk:ask:{dialogue.id}"]
    assert row.dialogue_id == dialogue.id
    assert "HỘI NGHỊ ĐỐI THOẠI NĂM 2026" in row.text


def test_a_session_for_everybody_is_told_to_the_whole_ward(world):
    every = [area.id for area in world.neighbourhoods.values()]
    announced(world, neighbourhood_ids=every)
    assert [row.topics for row in told()] == [[topics.WARD]]


def test_a_move_and_a_cancellation_are_told_anew_and_once(world):
    dialogue = announced(world)
    do(world, dialogue, "move", reason="Mưa bão", starts_at=at(14), ends_at=at(14, 11))
    do(world, dialogue, "cancel", reason="Dịch bệnh")
    texts = [row.text for row in told()]
    assert [text.split("\n")[0] for text in texts[1:]] == [
        "ĐỔI LỊCH. Lý do: Mưa bão",
        texts[2].split("\n")[0],
    ]
    assert texts[2].startswith("ĐÃ HỦY")
    assert len(texts) == 3


def test_a_head_tells_their_own_neighbourhood_and_a_private_session_nobody(world):
    own = planned(
        world,
        "head_tdp",
        kind="neighbourhood_meeting",
        neighbourhood_ids=[world.neighbourhoods[1].id],
    )
    do(world, own, "announce", "head_tdp")
    announced(world, kind="complaint")
    assert [row.topics for row in told()] == [[topics.area(world.neighbourhoods[1].id)]]
