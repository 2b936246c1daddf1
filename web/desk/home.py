"""Where each official lands: what waits for them, in the order in which they can act."""

from typing import Any

from flask import render_template, request, url_for

from feedback import clock
from feedback.people.actor import Actor
from feedback.petitions import queries
from feedback.petitions.queries import Pile
from web.accounts.session import current_actor
from web.desk.blueprint import desk

TONES = {Pile.SOON: "soon", Pile.LATE: "late"}


@desk.get("/")
def mine() -> Any:
    return _work(current_actor())


@desk.get("/work")
def work() -> Any:
    """My own cases, for those whose home is another page."""
    return _work(current_actor())


@desk.get("/counters")
def counters() -> Any:
    """The tiles alone, for the page that refreshes itself."""
    return render_template("desk/_counters.html", tiles=_tiles(current_actor()))


def _work(actor: Actor) -> Any:
    known = {pile.value: pile for pile in Pile}
    pile = known.get(request.args.get("pile", ""))
    page = queries.my_work(actor, request.args.get("after"), pile=pile)
    return render_template(
        "desk/mine.html",
        page=page,
        pile=pile,
        tiles=_tiles(actor),
        soon=queries.soon(clock.now()),
        nav="mine",
    )


def _tiles(actor: Actor) -> list[tuple[str, int, str, str]]:
    """(words, number, address, tone) for `parts/lists.html counters`."""
    n = queries.counters(actor)
    return [
        (pile.label, n[pile.value], url_for(".work", pile=pile.value), TONES.get(pile, ""))
        for pile in Pile
    ]
