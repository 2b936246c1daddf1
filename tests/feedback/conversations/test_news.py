"""Asking in a chat for announcements, seeing which, and ending it at one touch."""

import pytest
import sqlalchemy as sa
import time_machine

from feedback.broadcast import expansion, subscriptions, topics
from feedback.broadcast.models import Subscription
from feedback.db import db
from feedback.outbox.models import OutboxRow, OutboxState
from tests.feedback.broadcast.parts import announce
from tests.feedback.conversations.person import STORY, Person, open_account, petitions


@pytest.fixture
def dan(world) -> Person:
    open_account(world)
    return Person()


def held(person: Person) -> list[str]:
    db.session.rollback()
    return subscriptions.of(person.contact.id)


@pytest.mark.parametrize("words", ["đăng ký nhận tin", "Nhận tin ạ", "dang ky nhan thong bao"])
def test_two_touches_are_enough_for_the_own_neighbourhood(dan, world, words):
    assert dan.send(words) == ["news.what"]
    assert "đồng ý" in dan.last[-1].text
    assert dan.press("Tin tổ dân phố") == ["news.which_area"]
    assert dan.press("Tổ 2") == ["news.on"]
    assert held(dan) == [topics.area(world.neighbourhoods[2].id)]
    assert db.session.scalar(sa.select(Subscription.consented_at)) is not None


@pytest.mark.parametrize("words", ["3", "tổ 3", "Tổ dân phố số 3", "to 3 a"])
def test_the_number_may_be_typed(dan, world, words):
    dan.send("nhận tin")
    dan.press("Tin tổ dân phố")
    assert dan.send(words) == ["news.on"]
    assert held(dan) == [topics.area(world.neighbourhoods[3].id)]


@pytest.mark.parametrize("words", ["3", "thoát nước", "ngap ung"])
def test_a_field_is_chosen_by_its_number_or_words(dan, world, words):
    dan.send("nhận tin")
    assert dan.press("Theo lĩnh vực") == ["news.which_field"]
    assert dan.send(words) == ["news.on"]
    assert "Thoát nước" in dan.last[-1].text
    assert held(dan) == [topics.field(world.fields[3].id)]


def test_a_story_instead_of_a_number_is_a_report(dan):
    dan.send("nhận tin")
    dan.press("Tin tổ dân phố")
    assert dan.send(STORY) == ["ask_place"]


def test_the_list_shows_what_is_held_and_each_way_out(dan):
    dan.send(button="news:on:ward")
    assert dan.send("nhận tin") == ["news.mine"]
    assert "cả phường" in dan.last[-1].text
    assert dan.press("Thôi: cả phường") == ["news.off"]
    assert held(dan) == []


def test_asking_twice_says_so_and_stays_one(dan):
    dan.send(button="news:on:ward")
    dan.send(button="news:on:ward")
    assert "vẫn đang" in dan.last[-1].text
    assert held(dan) == ["ward"]


@pytest.mark.parametrize("words", ["thôi nhận tin", "hủy đăng ký", "STOP", "ngừng nhận tin nhé"])
def test_one_word_ends_everything(dan, world, words):
    dan.send(button="news:on:ward")
    dan.send(button=f"news:on:field:{world.fields[3].id}")
    assert dan.send(words) == ["news.off"]
    assert held(dan) == []
    assert dan.send(words) == ["news.nothing"]


@time_machine.travel("2026-11-23 09:00+07:00")  # announcements go out in the day
def test_the_button_under_an_announcement_ends_it_and_gives_it_back(dan, world):
    dan.send(button="news:on:ward")
    row = announce(world)
    expansion.tick()
    dan.prompts()
    assert dan.press("Thôi nhận tin này") == ["news.off"]
    assert held(dan) == []
    queued = sa.select(OutboxRow.state).where(OutboxRow.broadcast_id == row.id)
    assert db.session.scalars(queued).all() == [OutboxState.CANCELLED]
    assert dan.press("Nhận lại") == ["news.on"]
    assert held(dan) == ["ward"]


@pytest.mark.parametrize(
    "payload", ["news:stop:x", "news:stop:", "news:what", "news:on:area:99999", "news:on:"]
)
def test_buttons_of_another_time_are_refused_with_words(dan, payload):
    assert dan.send(button=payload)[0] in ("old_button", "refused")
    assert dan.send(button="news:stop:99999") == ["news.off"]
    assert "hiện không nhận" in dan.last[-1].text


def test_a_report_under_way_is_not_lost(dan):
    dan.send(STORY)
    dan.send("nhận tin")
    assert dan.press("Tin tổ dân phố") == ["news.which_area"]
    assert dan.press("Tổ 2") == ["news.on"]
    assert dan.send("ngõ 12 Đội Cấn") == ["summary"]
    dan.press("Gửi")
    assert petitions()[0].text == STORY


def test_what_is_wanted_may_be_typed_instead_of_pressed(dan, world):
    dan.send("nhan tin")
    assert dan.send("tổ 1") == ["news.on"]
    dan.send("nhan tin")
    dan.send(button="news:more")
    assert dan.send("cả phường") == ["news.on"]
