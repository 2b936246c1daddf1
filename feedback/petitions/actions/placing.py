"""Where it happened, from what the resident confirms."""

from feedback.people.actor import Actor
from feedback.petitions.actions.funnel import apply
from feedback.petitions.lifecycle import Action
from feedback.petitions.models import Petition


def locate(
    petition: Petition, *, by: Actor, lat: float, lng: float, expected_version: int | None = None
) -> Petition:
    """The resident says that a photo was taken where it happened (degrees, WGS 84)."""
    apply(
        petition,
        Action.ADD,
        by,
        text="Nơi chụp ghi trong ảnh là nơi xảy ra.",
        detail={"files": []},
        changes={"lat": lat, "lng": lng},
        expected_version=expected_version,
    )
    return petition
