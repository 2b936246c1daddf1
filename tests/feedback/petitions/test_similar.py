"""Which petitions seem to be about the same."""

from datetime import timedelta

import pytest
import time_machine

from feedback import clock
from feedback.petitions.models import Kind
from feedback.petitions.similar import answered_before, metres, twins
from tests.feedback.petitions.stories import Status, do, petition_at

HERE = {"lat": 21.0340, "lng": 105.8140}
DARK = "Đèn đường ngõ 34 tắt từ tối qua, ngõ tối om"


def numbers(found):
    return [twin.number for twin in found]


@pytest.fixture
def place(world):
    return {
        "field_id": world.fields[2].id,
        "neighbourhood_id": world.neighbourhoods[1].id,
    }


def test_near_points_are_twins_whatever_the_words(world, place):
    first = world.submit(DARK, **place, **HERE)
    near = world.submit("Bóng hỏng rồi", field_id=place["field_id"], lat=21.0350, lng=105.8145)
    world.submit(DARK, **place, lat=21.0360, lng=105.8140)
    assert numbers(twins(first, world.actor("clerk"))) == [near.number]


def test_similar_words_in_one_neighbourhood_are_twins(world, place):
    first = world.submit(DARK, **place)
    twin = world.submit("Ngõ 34 đèn đường tắt, tối om đi lại khó", **place)
    world.submit("Cành cây gãy chắn lối vào nhà văn hóa", **place)
    world.submit(DARK, field_id=place["field_id"], neighbourhood_id=world.neighbourhoods[2].id)
    world.submit(DARK, **{**place, "field_id": world.fields[3].id})
    [found] = twins(first, world.actor("clerk"))
    assert found.number == twin.number
    assert found.likeness >= 0.3


def test_the_likeliest_comes_first(world, place):
    first = world.submit(DARK, **place)
    half = world.submit("Đèn đường ngõ 34 tắt mấy hôm nay chưa ai sửa giúp", **place)
    same = world.submit(DARK, **place)
    assert numbers(twins(first, world.actor("clerk"))) == [same.number, half.number]


def test_the_old_the_merged_and_the_sealed_are_no_twins(world, place):
    with time_machine.travel(clock.now() - timedelta(days=31), tick=False):
        world.submit(DARK, **place)
    merged = world.submit(DARK, **place)
    sealed = world.submit(DARK, **place, kind=Kind.TO_CAO)
    root = world.submit(DARK, **place)
    do("merge", merged, world.actor("clerk"), into=root)
    first = world.submit(DARK, **place)
    assert numbers(twins(first, world.actor("clerk"))) == [root.number]
    assert twins(sealed, world.actor("clerk")) == []


def test_a_stranger_sees_no_twins(world, place):
    first = world.submit(DARK, **place)
    world.submit(DARK, **place)
    assert twins(first, world.actor("chi")) == []


def test_earlier_answers_of_the_field(world):
    petition_at(world, Status.ANSWERED)
    petition = petition_at(world, Status.ACCEPTED)
    [found] = answered_before(petition, world.actor("an"))
    assert found.text == "Đã thay bóng đèn."


def test_metres():
    assert metres((21.0, 105.8), (21.001, 105.8)) == pytest.approx(111, abs=1)
    assert metres((21.0, 105.8), (21.0, 105.801)) == pytest.approx(104, abs=1)
