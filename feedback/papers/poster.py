"""An A4 sheet for gates and notice boards: one call, square codes that lead into the ward, who to ring."""

from dataclasses import asdict, dataclass

from feedback import links
from feedback.db import db
from feedback.messages import say
from feedback.papers.pdf import drawn, square
from feedback.wards.doors import Door, doors
from feedback.wards.models import Neighbourhood, Ward
from feedback.wards.setup import setup_of


@dataclass(frozen=True)
class Poster:
    """`over`: who speaks. `lines`: under the title. `how`: what to do, step by step. `foot`: without a phone."""

    over: str
    title: str
    lines: tuple[str, ...]
    doors: tuple[Door, ...]
    how: str
    foot: str


def pdf(poster: Poster) -> bytes:
    """Draw it."""
    codes = [{"label": door.label, "svg": square(door.address)} for door in poster.doors]
    return drawn("poster", asdict(poster) | {"doors": codes})


def of_area(area: Neighbourhood) -> Poster:
    """How the people of a neighbourhood reach the ward; the chat then knows where they come from."""
    ward, own = db.session.get_one(Ward, area.ward_id), setup_of(area.ward_id).texts
    return Poster(
        over=f"ỦY BAN NHÂN DÂN {ward.name.upper()}",
        title=say("announcing.poster_area", own),
        lines=(area.name,),
        doors=doors(ward.id, payload=f"tdp-{area.number}", page=links.report(ward.slug)),
        how=say("announcing.poster_how", own),
        foot=foot(ward),
    )


def foot(ward: Ward) -> str:
    """For who has no phone that reads codes."""
    return say("announcing.poster_foot", setup_of(ward.id).texts, hotline=ward.hotline)
