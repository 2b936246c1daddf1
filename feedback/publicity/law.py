"""The items and terms of publicity as data: `items.toml`."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from feedback.labels import Labelled

SOURCE = Path(__file__).with_name("items.toml")


class Way(Labelled):
    """Where something is made public."""

    WEB = "web", "Trang thông tin điện tử"
    BOARD = "board", "Niêm yết tại trụ sở, nhà văn hóa"
    LOUDSPEAKER = "loudspeaker", "Loa truyền thanh"
    HEADS = "heads", "Gửi Tổ trưởng tổ dân phố"


@dataclass(frozen=True)
class Item:
    """One of the fourteen. `is_standing`: shown as long as it holds; `is_spoken`: read out and sent, too."""

    no: int
    name: str
    is_standing: bool = False
    is_spoken: bool = False

    @property
    def ways(self) -> tuple[Way, ...]:
        spoken = (Way.LOUDSPEAKER, Way.HEADS) if self.is_spoken else ()
        return (Way.WEB, Way.BOARD, *spoken)


@cache
def items() -> Mapping[int, Item]:
    return {int(no): Item(int(no), **row) for no, row in terms()["item"].items()}


def days_of(way: Way, item: Item) -> int | None:
    """For how many days without a break at least; None: once, or as long as it holds."""
    if item.is_standing:
        return None
    days: dict[Way, int] = {
        Way.BOARD: terms()["board_days"],
        Way.LOUDSPEAKER: terms()["loudspeaker_days"],
    }
    return days.get(way)


@cache
def terms() -> dict[str, Any]:
    return tomllib.loads(SOURCE.read_text(encoding="utf-8"))
