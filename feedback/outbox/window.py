"""In which way a chat may still be written to: free, paid, by a template, or not at all. Pure."""

from datetime import datetime, timedelta
from typing import Any, NamedTuple

from feedback.labels import Labelled

FREE_FOR = timedelta(hours=48)  # after somebody's last message
OPEN_FOR = timedelta(days=7)
SPARE = timedelta(minutes=5)  # what clocks and the wire may take
NEXT = ("chat", "email", "phone", "paper")


class Way(Labelled):
    """How a message goes out."""

    FREE = "free", "Miễn phí"
    BILLED = "billed", "Tin tư vấn trả phí"
    TEMPLATE = "template", "Tin mẫu trả phí"


class Policy(NamedTuple):
    """What a ward pays for, in đồng, and how else its residents are reached, in this order."""

    pays: bool = False
    monthly_budget: int = 0
    billed_price: int = 55
    template_price: int = 300
    next_ways: tuple[str, ...] = NEXT

    @classmethod
    def of(cls, ward_settings: dict[str, Any]) -> "Policy":
        """From `ward.settings["channels"]`; what is not said there is not paid."""
        said = ward_settings.get("channels", {})
        known = {name: said[name] for name in cls._fields if name in said}
        if "next_ways" in known:
            known["next_ways"] = tuple(each for each in known["next_ways"] if each in NEXT)
        return cls(**known)

    def price(self, way: Way) -> int:
        return {Way.FREE: 0, Way.BILLED: self.billed_price}.get(way, self.template_price)


def way(
    last_heard_at: datetime | None, now: datetime, *, pays: bool, has_template: bool
) -> Way | None:
    """The way for a message now; None: this person can't be reached here.

    A template is taken only where words may not be written any more.
    """
    silence = now - last_heard_at + SPARE if last_heard_at else None
    if silence is not None and silence <= FREE_FOR:
        return Way.FREE
    if pays and silence is not None and silence <= OPEN_FOR:
        return Way.BILLED
    return Way.TEMPLATE if pays and has_template else None
