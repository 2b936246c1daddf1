"""Who acts: a resident, an officer with today's rights, or the program itself."""

from dataclasses import dataclass, field

from feedback.people.kinship import NOBODY, Kinship
from feedback.people.models import Channel, Party, Permission, Role


@dataclass(frozen=True)
class Actor:
    """A person or the program, with everything needed to decide what they may do.

    `rights` are the officer's own; `stands_in_for` maps each absent officer for whom they stand in
    today to that officer's rights, so that an act under a borrowed right can be recorded as such.
    `kinship`: the ward's, which says what they must keep out of.
    `channel`: the chat in which they act; None at the desk. It stands in the record of the act.
    """

    party: Party
    ward_id: int | None = None
    officer_id: int | None = None
    roles: frozenset[Role] = frozenset()
    rights: frozenset[Permission] = frozenset()
    position_ids: frozenset[int] = frozenset()
    department_ids: frozenset[int] = frozenset()
    neighbourhood_ids: frozenset[int] = frozenset()
    stands_in_for: dict[int, frozenset[Permission]] = field(default_factory=dict)
    kinship: Kinship = NOBODY
    channel: Channel | None = None

    def has(self, right: Permission) -> bool:
        """Whether the right is theirs, or borrowed from somebody they stand in for."""
        return right in self.rights or any(right in lent for lent in self.stands_in_for.values())


SYSTEM = Actor(party=Party.SYSTEM)
CITIZEN = Actor(party=Party.CITIZEN)
