"""Words find petitions however they are typed."""

import unicodedata

import pytest
import sqlalchemy as sa
from hypothesis import given, settings
from hypothesis import strategies as st

from feedback import search
from feedback.db import db, transaction
from feedback.petitions import queries
from feedback.petitions.models import Petition
from feedback.petitions.queries import Filters
from feedback.text import fold, tokens
from tests.fuzzing import SHARED, examples

TEXTS = (
    "Đường ngập nước ở ngõ 12, đèn đường hỏng",
    "Rác thải chất đống trước trường học",
    "Cây đổ chắn đường Láng Hạ",
    "Hồ sơ đất đai chậm trả",
)


def found(world, text, who="clerk"):
    rows = queries.listing(world.actor(who), Filters(text=text)).rows
    titles = {row.title for row in rows}
    return {i for i, text in enumerate(TEXTS) if any(text.startswith(t[:12]) for t in titles)}


@pytest.fixture
def shelf(world):
    for text in TEXTS:
        world.submit(text, address="12 phố Đội Cấn")
    return world


@pytest.mark.parametrize(
    ("typed", "hits"),
    [
        ("đường", {0, 2}),
        ("duong", {0, 2}),
        ("ĐƯỜNG", {0, 2}),
        (unicodedata.normalize("NFD", "đường"), {0, 2}),
        ("den duong hong", {0}),
        ("hong den", {0}),
        ("duong lang", {2}),
        ("duon", {0, 2}),
        ("d", {0, 1, 2, 3}),
        ("ngap n", {0}),
        ("n ngap", set()),
        ("rac dat", set()),
        ("doi can", {0, 1, 2, 3}),
        ("12", {0, 1, 2, 3}),
        ("khong co", set()),
        ("   ", {0, 1, 2, 3}),
        ("…!?", set()),
    ],
)
def test_words_with_and_without_accents(shelf, typed, hits):
    assert found(shelf, typed if typed.strip() else "") == hits


@pytest.mark.parametrize(
    "typed", ['"', "a*", "x AND", "NEAR(a b)", "a:b", "-den", "'; DROP", "(", "den)", "w1", "\\", "&|!"]
)  # fmt: skip
def test_no_sign_is_a_command(shelf, typed):
    found(shelf, typed)
    assert found(shelf, "đường") == {0, 2}, "and everything is still there"


def test_a_number_finds_its_petition_however_it_is_typed(shelf):
    petition = db.session.scalars(sa.select(Petition).order_by(Petition.id)).first()
    year, seq = petition.number.split("-")[1:]
    for typed in (petition.number, petition.number.lower(), f"bd {year} {int(seq)}"):
        rows = queries.listing(shelf.actor("clerk"), Filters(text=typed)).rows
        assert [row.id for row in rows] == [petition.id], typed


def test_a_phone_is_found_by_those_who_may_see_it(world):
    petition = world.submit(phone="0912345678")
    world.submit(phone="0987654321")
    for who, hits in (("clerk", [petition.id]), ("supervisor", [])):
        rows = queries.listing(world.actor(who), Filters(text="0912 345 678")).rows
        assert [row.id for row in rows] == hits


def test_what_was_changed_is_found_as_it_is_now(shelf):
    with transaction():
        petition = db.session.scalars(sa.select(Petition).order_by(Petition.id)).first()
        petition.folded = fold("Mèo lạc")
    assert queries.listing(shelf.actor("clerk"), Filters(text="meo lac")).rows
    assert found(shelf, "ngap") == set()


WORDS = st.sampled_from(sorted({word for text in TEXTS for word in tokens(fold(text))}))


@settings(
    suppress_health_check=SHARED,
    max_examples=examples(60),
    deadline=None,
)
@given(words=st.lists(WORDS, min_size=1, max_size=3), letters=st.integers(1, 8))
def test_it_finds_what_reading_every_row_finds(shelf, words, letters):
    words[-1] = words[-1][:letters]
    wanted = search.words_of(" ".join(words))
    known = {word for text in TEXTS for word in tokens(fold(text))}
    *whole, last = wanted
    is_whole = last in known and len(last) > search.INDEXED_BEGINNING

    def holds(folded):
        have = tokens(folded)
        begins = last in have if is_whole else any(word.startswith(last) for word in have)
        return begins and all(word in have for word in whole)

    rows = db.session.execute(sa.select(Petition.id, Petition.folded)).all()
    page = queries.listing(shelf.actor("clerk"), Filters(text=" ".join(words)))
    assert {row.id for row in page.rows} == {row.id for row in rows if holds(row.folded)}
