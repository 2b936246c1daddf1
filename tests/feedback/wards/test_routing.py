"""Who is chosen, and what is said about it. No database: a ward is a few tuples."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedback.errors import Misconfigured
from feedback.people.models import Role
from feedback.wards.delegation import table
from feedback.wards.routing import choose, head_of, to_clerk, to_officer
from feedback.wards.setup import Absence, FieldOfWork, Given, Holding, Post, Setup

DAY = date(2026, 11, 23)
LONG_AGO = date(2026, 1, 1)
HOA, VINH, LE, AN, BINH, CHI = range(1, 7)
CHAIR, VICE, DESK, ROADS, LIGHTS, CULTURE = range(11, 17)
LIGHTING, DRAINS, OTHER = 2, 3, 25
HILL, SHORE = 101, 102

POSTS = {
    CHAIR: Post(CHAIR, "chair", "Chủ tịch UBND", Role.CHAIR, None, None),
    VICE: Post(VICE, "vice", "Phó Chủ tịch UBND", Role.VICE_CHAIR, None, None),
    DESK: Post(DESK, "desk", "Cán bộ tiếp nhận", Role.CLERK, 1, None),
    ROADS: Post(ROADS, "roads", "Chuyên viên hạ tầng", Role.OFFICER, 2, None),
    LIGHTS: Post(LIGHTS, "lights", "Chuyên viên chiếu sáng", Role.OFFICER, 2, None),
    CULTURE: Post(CULTURE, "culture", "Chuyên viên văn hóa", Role.OFFICER, 3, None),
}
HELD = {CHAIR: HOA, VICE: VINH, DESK: LE, ROADS: AN, LIGHTS: BINH, CULTURE: CHI}


def given_to(position, field=None, area=None, number="12/QĐ-UBND", since=LONG_AGO, until=None):
    return Given(position, field, area, since, until, number)


def away(absent, substitute, until=date(2026, 12, 1)):
    return Absence(absent, substitute, DAY, until)


def ward(*delegations, absences=(), held=HELD, extra=()):
    setup = Setup(
        ward_id=1,
        version=1,
        code="BD",
        slug="ba-dinh",
        name="Phường Ba Đình",
        settings={},
        officers={HOA: "Hoa", VINH: "Vinh", LE: "Lê", AN: "An", BINH: "Bình", CHI: "Chi"},
        posts=POSTS,
        holdings=tuple(Holding(post, who, LONG_AGO, None) for post, who in [*held.items(), *extra]),
        given=tuple(delegations),
        absences=tuple(absences),
        fields={
            LIGHTING: FieldOfWork(LIGHTING, 2, "Chiếu sáng", 2, False),
            DRAINS: FieldOfWork(DRAINS, 3, "Thoát nước", 2, False),
            OTHER: FieldOfWork(OTHER, 25, "Khác", 1, False),
        },
        neighbourhoods={HILL: "Tổ dân phố số 4", SHORE: "Tổ dân phố số 5"},
        departments={},
        days=(),
    )
    return table(setup, DAY)


EVERY_LEVEL = (
    given_to(ROADS, LIGHTING, HILL),
    given_to(LIGHTS, LIGHTING),
    given_to(CULTURE, None, HILL),
)


@pytest.mark.parametrize(
    ("area", "field", "who", "words"),
    [
        (HILL, LIGHTING, AN, "Lĩnh vực Chiếu sáng tại Tổ dân phố số 4 giao cho Chuyên viên hạ tầng An (Quyết định 12/QĐ-UBND)."),
        (SHORE, LIGHTING, BINH, "Lĩnh vực Chiếu sáng giao cho Chuyên viên chiếu sáng Bình (Quyết định 12/QĐ-UBND)."),
        (None, LIGHTING, BINH, "Lĩnh vực Chiếu sáng giao cho Chuyên viên chiếu sáng Bình (Quyết định 12/QĐ-UBND)."),
        (HILL, DRAINS, CHI, "Địa bàn Tổ dân phố số 4 giao cho Chuyên viên văn hóa Chi (Quyết định 12/QĐ-UBND)."),
        (SHORE, DRAINS, LE, "Chưa có người được giao lĩnh vực Thoát nước; giao cho Cán bộ tiếp nhận Lê."),
        (None, OTHER, LE, "Chưa có người được giao lĩnh vực Khác; giao cho Cán bộ tiếp nhận Lê."),
    ],
)  # fmt: skip
def test_the_most_specific_delegation_holds(area, field, who, words):
    route = choose(area, field, table=ward(*EVERY_LEVEL))
    assert (route.handler_id, route.head_id, route.reason) == (who, HOA, words)


def test_a_delegation_holds_from_its_day_to_its_day():
    past = given_to(ROADS, LIGHTING, until=date(2026, 11, 22))
    coming = given_to(ROADS, LIGHTING, since=date(2026, 11, 24))
    assert choose(None, LIGHTING, table=ward(past, coming)).handler_id == LE
    last_day = given_to(ROADS, LIGHTING, until=DAY)
    assert choose(None, LIGHTING, table=ward(last_day)).handler_id == AN


def test_an_absent_officer_is_replaced_and_it_says_so():
    day = ward(given_to(ROADS, LIGHTING), absences=[away(AN, BINH)])
    route = choose(None, LIGHTING, table=day)
    assert (route.handler_id, route.handler_for_id, route.position_id) == (BINH, AN, ROADS)
    assert route.reason.endswith(
        "giao cho Chuyên viên hạ tầng An (Quyết định 12/QĐ-UBND); "
        "Bình làm thay đến hết ngày 01/12/2026."
    )


def test_substitutions_make_no_chains():
    day = ward(given_to(ROADS, LIGHTING), absences=[away(AN, BINH), away(BINH, CHI)])
    assert choose(None, LIGHTING, table=day).handler_id == LE


def test_nobody_handles_a_petition_about_themselves():
    day = ward(given_to(ROADS, LIGHTING))
    assert choose(None, LIGHTING, table=day, avoid={AN}).handler_id == LE
    standing_in = ward(given_to(ROADS, LIGHTING), absences=[away(AN, BINH)])
    assert choose(None, LIGHTING, table=standing_in, avoid={BINH}).handler_id == LE
    assert choose(None, OTHER, table=ward(), avoid={LE}).handler_id == VINH


def test_among_equals_the_least_loaded():
    day = ward(given_to(ROADS, LIGHTING), given_to(LIGHTS, LIGHTING))

    def loaded(**work):
        return choose(None, LIGHTING, table=day, loads=lambda _who: work.get("of", {})).handler_id

    assert loaded(of={AN: 5, BINH: 2}) == BINH
    assert loaded(of={AN: 2, BINH: 5}) == AN
    assert loaded(of={BINH: 1}) == AN
    assert loaded() == AN


def test_work_is_counted_only_among_equals():
    def unexpected(_who):
        raise AssertionError

    choose(None, LIGHTING, table=ward(given_to(ROADS, LIGHTING)), loads=unexpected)
    twice = ward(given_to(ROADS, LIGHTING), given_to(ROADS, LIGHTING))
    choose(None, LIGHTING, table=twice, loads=unexpected)


def test_what_may_hold_an_accusation_is_kept_at_the_desk():
    day = ward(given_to(ROADS, LIGHTING))
    assert choose(None, LIGHTING, table=day, is_sealed=True).handler_id == LE
    assert choose(None, LIGHTING, table=day, is_sealed=True, avoid={LE}).handler_id == HOA


def test_the_vice_chair_answers_while_the_chair_is_vacant():
    without_chair = {post: who for post, who in HELD.items() if post != CHAIR}
    assert head_of(ward(held=without_chair)) == VINH
    nobody = {post: who for post, who in without_chair.items() if post != VICE}
    with pytest.raises(Misconfigured, match="Chủ tịch"):
        choose(None, LIGHTING, table=ward(held=nobody))


def test_without_a_clerk_the_chair_and_their_deputy_take_it():
    without_desk = {post: who for post, who in HELD.items() if post != DESK}
    route = choose(None, OTHER, table=ward(held=without_desk))
    assert route.handler_id == VINH
    assert "chưa có cán bộ tiếp nhận" in route.reason


def test_when_all_are_away_it_still_lands_on_the_desk():
    day = ward(absences=[away(who, HOA) for who in (VINH, LE, AN, BINH, CHI)] + [away(HOA, LE)])
    assert choose(None, OTHER, table=day).handler_id == LE


def test_a_ward_where_nobody_may_take_it_says_what_to_do():
    with pytest.raises(Misconfigured, match="Cán bộ tiếp nhận"):
        choose(None, OTHER, table=ward(held={CHAIR: HOA}), avoid={HOA})


def test_back_to_the_desk_with_a_reason():
    route = to_clerk(ward(), why="Trả lại; giao cho")
    assert (route.handler_id, route.reason) == (LE, "Trả lại; giao cho Cán bộ tiếp nhận Lê.")


def test_to_a_named_officer_or_whoever_stands_in():
    assert to_officer(AN, table=ward(), why="Giao cho").handler_id == AN
    route = to_officer(AN, table=ward(absences=[away(AN, BINH)]), why="Giao cho")
    assert (route.handler_id, route.handler_for_id) == (BINH, AN)
    assert to_officer(99, table=ward(), why="Giao cho") is None
    chain = ward(absences=[away(AN, BINH), away(BINH, CHI)])
    assert to_officer(AN, table=chain, why="Giao cho") is None


delegations = st.lists(
    st.builds(
        given_to,
        st.sampled_from(list(POSTS)),
        st.sampled_from([None, LIGHTING, DRAINS]),
        st.sampled_from([None, HILL, SHORE]),
    ),
    max_size=6,
)
absences = st.dictionaries(
    st.sampled_from(range(HOA, CHI + 1)), st.sampled_from(range(HOA, CHI + 1)), max_size=4
).map(lambda pairs: [away(a, s) for a, s in pairs.items() if a != s])


@given(delegations, absences, st.sampled_from([None, HILL, SHORE]), st.sampled_from([LIGHTING, DRAINS, OTHER]), st.sampled_from([None, HOA, LE, AN, BINH]))  # fmt: skip
def test_whoever_is_chosen_is_there_and_unconcerned(given_, away_, area, field, avoid):
    day = ward(*given_, absences=away_)
    route = choose(area, field, table=day, avoid={avoid})
    gone = {absence.absent_id for absence in away_}
    assert route.head_id == HOA
    assert route.handler_id != avoid
    assert route.handler_id not in gone or gone | {avoid} >= {HOA, VINH, LE}
    assert HELD[route.position_id] == (route.handler_for_id or route.handler_id)
    assert route.reason.endswith(".")
