"""Who is reminded: position-holders, or who stands in for them today, who may see the petition."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from feedback.errors import Misconfigured
from feedback.people.actor import Actor
from feedback.people.directory import actor_in
from feedback.people.models import Role
from feedback.petitions.models import Petition
from feedback.petitions.visibility import can_see
from feedback.reminders.models import Reminder, To
from feedback.wards import routing
from feedback.wards.delegation import Table
from feedback.wards.watch import IN_CHARGE, SUPERIORS


@dataclass(frozen=True, slots=True)
class Recipient:
    """`for_id`: the absent officer for whom they are told."""

    officer_id: int
    relation: To
    for_id: int | None = None


def recipients(petition: Petition, to: Iterable[To], table: Table) -> list[Recipient]:
    """Whom these words of the ladder mean today, each person once, in the ladder's order.

    Nobody hears of a petition they may not see; superiors hear of none that is restricted.
    """
    found: dict[int, Recipient] = {}
    for relation in to:
        for officer_id in _named(relation, petition, table):
            told = _present(officer_id, relation, table)
            if _may_know(told, petition, table):
                found.setdefault(told.officer_id, told)
    return list(found.values())


def still_holds(row: Reminder, table: Table) -> bool:
    """Whether what made somebody a recipient is still so: the work has not gone to another."""
    petition = row.petition
    if row.relation is To.HANDLER:
        handlers = {petition.handler_id, petition.handler_for_id} - {None}
        if handlers.isdisjoint({row.officer_id, row.for_id}):
            return False
    if row.relation is To.DECIDER and petition.wish_id is None:
        return False
    told = Recipient(row.officer_id, row.relation, row.for_id)
    return _may_know(told, petition, table)


def _named(relation: To, petition: Petition, table: Table) -> Iterator[int]:
    match relation:
        case To.HANDLER:
            yield petition.handler_id
        case To.CLERK:
            yield from _holders(table, Role.CLERK)
        case To.DEPARTMENT_HEAD:
            for officer_id, position_id in table.with_role(Role.DEPARTMENT_HEAD):
                if table.setup.posts[position_id].department_id == petition.department_id:
                    yield officer_id
        case To.VICE_CHAIR:
            yield from _in_charge(petition.department_id, table)
        case To.CHAIR:
            yield from _head(table)
        case To.DECIDER:
            yield from _head(table) if petition.wish_id else ()
        case To.BRIEFING:
            yield from _head(table)
            yield from _holders(table, Role.VICE_CHAIR)
        case To.SUPERIOR:
            yield from table.setup.settings.get(SUPERIORS, ())


def _holders(table: Table, role: Role) -> list[int]:
    return [officer_id for officer_id, _ in table.with_role(role)]


def _in_charge(department_id: int | None, table: Table) -> Iterator[int]:
    """The vice-chair in charge of a unit where the ward has said so, otherwise all of them."""
    chosen = table.setup.settings.get(IN_CHARGE, {}).get(str(department_id))
    yield from table.holders.get(chosen, ()) or _holders(table, Role.VICE_CHAIR)


def _head(table: Table) -> Iterator[int]:
    try:
        yield routing.head_of(table)
    except Misconfigured:
        return


def _present(officer_id: int, relation: To, table: Table) -> Recipient:
    """The officer, or who stands in for them; an absence with nobody there to stand in changes nothing."""
    absence = table.away.get(officer_id)
    if absence is None:
        return Recipient(officer_id, relation)
    instead = absence.substitute_id
    if instead in table.away or instead not in table.posts_of:
        return Recipient(officer_id, relation)
    return Recipient(instead, relation, for_id=officer_id)


def _may_know(told: Recipient, petition: Petition, table: Table) -> bool:
    if told.relation is To.SUPERIOR:
        return not petition.is_restricted and told.officer_id != petition.complained_officer_id
    return can_see(petition, _actor(told.officer_id, table))


def _actor(officer_id: int, table: Table) -> Actor:
    """Remembered with the set-up it was made from."""
    memory, key = table.setup.memory, ("actor", table.on, officer_id)
    if key not in memory:
        memory[key] = actor_in(table, officer_id)
    found: Actor = memory[key]
    return found
