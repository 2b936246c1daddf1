"""A neighbourhood's own meeting on paper: in its name, signed by its head, reported to ward and Front."""

import pytest

from feedback import clock
from feedback.dialogue import paperwork
from feedback.papers.compose import compose
from tests.feedback.dialogue.stories import announced, at, do
from tests.feedback.papers.test_drawing import said

pytestmark = pytest.mark.usefixtures("monday")


def a_meeting(world, **values):
    own = [world.neighbourhoods[1].id]
    return {
        "kind": "neighbourhood_meeting",
        "title": "Hội nghị tổ 1",
        "neighbourhood_ids": own,
    } | values


def paper(world, row, key: str, who: str = "clerk"):
    signer = paperwork.signer_for(row, key, getattr(world, who).id)
    return compose(key, paperwork.public_dialogue(row, signer))


def test_the_report_says_how_it_was_called_together_and_goes_to_ward_and_front(world):
    head = world.head_tdp
    row = announced(world, **a_meeting(world))
    own = world.neighbourhoods[1].id
    do(world, row, "confirm", "head_tdp", neighbourhood_id=own, where="giấy mời từng hộ")
    assert paperwork.REPORT not in paperwork.ready(row)
    with clock.at(at(12, 8)):
        do(world, row, "start", "head_tdp")
    with clock.at(at(12, 10)):
        row = do(world, row, "end", "head_tdp")
    assert set(paperwork.ready(row)) == set(row.of_kind.papers)
    for who in ("clerk", "head_tdp"):
        document = paper(world, row, paperwork.REPORT, who)
        words = " ".join(said(document))
        assert "TỔ DÂN PHỐ SỐ 1" in document.head.names
        assert not document.head.number_line
        assert [line[:7] for line in document.to] == ["Ủy ban ", "Ban Thư"]
        assert not [line for line in document.to if line.endswith((";", "."))], "drawn with them"
        assert "Ngày thông báo đến các hộ: 30/11/2026." in words
        assert "giấy mời từng hộ" in words
        assert document.signatures[0][1].name == head.full_name


def test_what_a_head_calls_together_is_signed_by_the_head_without_a_number(world):
    row = announced(world, **a_meeting(world))
    document = paper(world, row, paperwork.NOTICE)
    assert document.head.names[1] == "TỔ DÂN PHỐ SỐ 1"
    assert not document.head.number_line
    assert document.signatures[0][0].name == world.head_tdp.full_name
    assert "CHỦ TỊCH" not in " ".join(document.signatures[0][0].titles)


def test_the_wards_own_session_keeps_its_letterhead_and_invites_everybody_as_one(world):
    every = [area.id for area in world.neighbourhoods.values()]
    row = announced(world, neighbourhood_ids=every)
    document = paper(world, row, paperwork.NOTICE, "chair")
    assert document.head.names[0] == "ỦY BAN NHÂN DÂN"
    assert "TB-UBND" in document.head.number_line
    assert "người dân toàn phường." in " ".join(said(document))
