"""Who answers for a petition, and why, in words. Pure: the day's table and a count of work go in.

The head is the ward's chair, always; while that post is vacant, the vice-chair who runs the ward.
The handler is the most specific delegation in force: field and area, then field, then area, then the
reception clerk. Nobody handles a petition about themselves. Who is absent is replaced by the person who
stands in for them, and by nobody when that person is absent too (no chains).
"""

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass

from feedback.errors import Misconfigured
from feedback.people.models import Role
from feedback.wards.delegation import Table
from feedback.wards.setup import Given, Post

Loads = Callable[[Collection[int]], Mapping[int, int]]

# Where a petition lands that nobody was given: the first of these who is there. One that may hold an
# accusation goes to the one officer the ward designated, else to the reception clerk or the chair,
# whatever was delegated; one that accuses the ward's leaders to the neutral officer, never to a leader.
LAST_RESORT = (Role.CLERK, Role.VICE_CHAIR, Role.CHAIR, Role.DEPARTMENT_HEAD, Role.OFFICER)
SEALED_RESORT = (Role.CLERK, Role.CHAIR)
ABOVE_RESORT = (Role.CLERK, Role.DEPARTMENT_HEAD, Role.OFFICER)
LEADERS = (Role.CHAIR, Role.VICE_CHAIR)
DESIGNATED = "accusation_position"  # setting: id of the position that keeps accusations
NEUTRAL = "neutral_position"  # setting: id of the one that keeps those of the ward's leaders


@dataclass(frozen=True)
class Route:
    """The handler (through a position, perhaps for somebody absent), the head, and the reason."""

    handler_id: int
    position_id: int
    handler_for_id: int | None
    head_id: int
    reason: str
    decision_no: str = ""


@dataclass(frozen=True)
class Candidate:
    """Somebody present who could handle it, through this position."""

    officer_id: int
    position_id: int
    absent_id: int | None
    decision_no: str = ""


def choose(
    neighbourhood_id: int | None,
    field_id: int,
    *,
    table: Table,
    avoid: Collection[int | None] = (),
    is_sealed: bool = False,
    is_above: bool = False,
    loads: Loads = lambda officers: {},
) -> Route:
    """The route of a petition about a field, in an area (or nowhere in particular).

    `avoid`: officers who must keep out of it. `is_sealed`: it may hold an accusation; `is_above`: of the
    ward's leaders. `loads` is asked only among equals: open petitions by officer.
    Raises Misconfigured when the ward has no chair and no vice-chair, or nobody left to handle it.
    """
    head_id = head_of(table)
    if is_above:
        return _above(head_id, {*avoid, *leaders(table)}, table, loads)
    levels = () if is_sealed else _levels(neighbourhood_id, field_id, table)
    for words, given in levels:
        found = [c for g in given for c in _present(g.position_id, table, avoid, g.decision_no)]
        if found:
            return _route(_least_loaded(found, loads), head_id, words, table)
    found, words = _last_resort(table, avoid, is_sealed, field_id)
    return _route(_least_loaded(found, loads), head_id, words, table)


def leaders(table: Table) -> frozenset[int]:
    """The chair and the vice-chairs."""
    return frozenset(who for role in LEADERS for who, _ in table.with_role(role))


def _above(head_id: int, avoid: set[int | None], table: Table, loads: Loads) -> Route:
    words = "Nội dung về lãnh đạo UBND phường, chỉ cán bộ được giao riêng xem; giao cho"
    posts = [*_named(NEUTRAL, table), *(p for role in ABOVE_RESORT for p in table.posts(role))]
    for reach in (_present, _holding):
        for post in posts:
            if found := list(reach(post.id, table, avoid)):
                return _route(_least_loaded(found, loads), head_id, words, table)
    raise Misconfigured(
        f"{table.setup.name} chưa có cán bộ nhận nội dung tố cáo lãnh đạo UBND. "
        "Quản trị hệ thống cần ghi vị trí này trong phần cài đặt."
    )


def _named(setting: str, table: Table) -> list[Post]:
    """The position a setting names, if it is in use."""
    post = table.setup.posts.get(table.setup.settings.get(setting, 0))
    return [post] if post else []


def to_clerk(
    table: Table,
    *,
    why: str,
    avoid: Collection[int | None] = (),
    loads: Loads = lambda officers: {},
) -> Route:
    """The route back to the reception desk, for a reason of its own, but to none of `avoid`."""
    found, _ = _last_resort(table, avoid, False, None)
    return _route(_least_loaded(found, loads), head_of(table), why, table)


def to_officer(
    officer_id: int, *, table: Table, why: str, avoid: Collection[int | None] = ()
) -> Route | None:
    """The route to a named officer, or to who stands in for them; None when neither is there."""
    for position_id in table.posts_of.get(officer_id, ()):
        for candidate in _present(position_id, table, avoid):
            if officer_id in (candidate.officer_id, candidate.absent_id):
                return _route(candidate, head_of(table), why, table)
    return None


def head_of(table: Table) -> int:
    """The officer who answers for everything. Raises Misconfigured when nobody does."""
    for role in (Role.CHAIR, Role.VICE_CHAIR):
        for officer_id, _ in table.with_role(role):
            return officer_id
    raise Misconfigured(
        f"{table.setup.name} chưa có người giữ chức Chủ tịch hoặc Phó Chủ tịch UBND. "
        "Quản trị hệ thống cần ghi người giữ chức vụ trước khi nhận phản ánh."
    )


def _levels(
    neighbourhood_id: int | None, field_id: int, table: Table
) -> Iterator[tuple[str, list[Given]]]:
    """Delegations that fit, most specific first, with the words for each level."""
    field = table.setup.fields[field_id].name if field_id in table.setup.fields else "này"
    area = table.setup.neighbourhoods.get(neighbourhood_id or 0, "")
    wanted: list[tuple[str, int | None, int | None]] = [
        (f"Lĩnh vực {field} giao cho", field_id, None),
    ]
    if neighbourhood_id is not None:
        both = (f"Lĩnh vực {field} tại {area} giao cho", field_id, neighbourhood_id)
        wanted = [both, *wanted, (f"Địa bàn {area} giao cho", None, neighbourhood_id)]
    for words, *key in wanted:
        yield words, [g for g in table.given if [g.field_id, g.neighbourhood_id] == key]


def _last_resort(
    table: Table, avoid: Collection[int | None], is_sealed: bool, field_id: int | None
) -> tuple[list[Candidate], str]:
    """Whoever is there; when everybody is away, whoever it would be: nothing is ever turned down."""
    for reach in (_present, _holding):
        for role in SEALED_RESORT if is_sealed else LAST_RESORT:
            named = _named(DESIGNATED, table) if is_sealed and role is Role.CLERK else []
            posts = named or table.posts(role)
            found = [c for post in posts for c in reach(post.id, table, avoid)]
            if found:
                return found, _resort_words(table, role, is_sealed, field_id)
    raise Misconfigured(
        f"{table.setup.name} chưa có cán bộ tiếp nhận hoặc người có thể nhận phản ánh này. "
        "Quản trị hệ thống cần ghi người giữ vị trí Cán bộ tiếp nhận."
    )


def _resort_words(table: Table, role: Role, is_sealed: bool, field_id: int | None) -> str:
    if is_sealed:
        return "Nội dung cần giữ kín, chỉ Chủ tịch UBND và cán bộ tiếp nhận xem; giao cho"
    field = table.setup.fields.get(field_id or 0)
    why = f"Chưa có người được giao lĩnh vực {field.name}" if field else "Chưa rõ lĩnh vực"
    if role is not Role.CLERK:
        why += ", chưa có cán bộ tiếp nhận"
    return f"{why}; giao cho"


def _present(
    position_id: int, table: Table, avoid: Collection[int | None], decision_no: str = ""
) -> Iterator[Candidate]:
    """Who can act through a position today: its holders, or those who stand in for them."""
    for holder_id in table.holders.get(position_id, ()):
        if holder_id in avoid:
            continue
        absence = table.away.get(holder_id)
        if absence is None:
            yield Candidate(holder_id, position_id, None, decision_no)
        elif _can_stand_in(absence.substitute_id, table, avoid):
            yield Candidate(absence.substitute_id, position_id, holder_id, decision_no)


def _holding(position_id: int, table: Table, avoid: Collection[int | None]) -> Iterator[Candidate]:
    """Who holds a position, there or not."""
    for holder_id in table.holders.get(position_id, ()):
        if holder_id not in avoid:
            yield Candidate(holder_id, position_id, None)


def _can_stand_in(officer_id: int, table: Table, avoid: Collection[int | None]) -> bool:
    return officer_id in table.posts_of and officer_id not in table.away and officer_id not in avoid


def _least_loaded(found: list[Candidate], loads: Loads) -> Candidate:
    if len({c.officer_id for c in found}) == 1:
        return found[0]
    open_petitions = loads({c.officer_id for c in found})
    return min(found, key=lambda c: (open_petitions.get(c.officer_id, 0), c.officer_id))


def _route(best: Candidate, head_id: int, words: str, table: Table) -> Route:
    post = table.setup.posts[best.position_id]
    reason = f"{words} {post.title} {table.name(best.absent_id or best.officer_id)}"
    if best.decision_no:
        reason += f" (Quyết định {best.decision_no})"
    if best.absent_id is not None:
        until = table.away[best.absent_id].ends_on
        reason += f"; {table.name(best.officer_id)} làm thay đến hết ngày {until:%d/%m/%Y}"
    return Route(
        best.officer_id,
        best.position_id,
        best.absent_id,
        head_id,
        reason + ".",
        best.decision_no,
    )
