"""Which officers must keep out of what, as a value in memory."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Kinship:
    """Of one ward. `kin`: officers close to an officer, both ways. `phones`: whose own or relatives'
    telephone has this fingerprint."""

    kin: Mapping[int, frozenset[int]]
    phones: Mapping[str, frozenset[int]]

    def avoided(
        self, complained_id: int | None = None, phone_hash: str | None = None
    ) -> frozenset[int]:
        """Officers who may not handle what is about this officer, or comes from this telephone."""
        found = self.phones.get(phone_hash or "", frozenset())
        if complained_id is not None:
            found = found | {complained_id} | self.kin.get(complained_id, frozenset())
        return found

    def touches(
        self, officer_id: int | None, complained_id: int | None, phone_hash: str | None
    ) -> bool:
        return officer_id is not None and officer_id in self.avoided(complained_id, phone_hash)

    def phones_of(self, officer_id: int | None) -> list[str]:
        """Fingerprints of the telephones that keep this officer away."""
        return [phone for phone, officers in self.phones.items() if officer_id in officers]


NOBODY = Kinship({}, {})
