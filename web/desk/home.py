"""Where each official lands: what waits for them, in the order in which they can act."""

from typing import Any

from flask import redirect, render_template, request, url_for

from feedback import clock
from feedback.dialogue import duty_reminders
from feedback.people.actor import Actor
from feedback.people.models import Permission as P
from feedback.people.models import Role
from feedback.petitions import hotspots, queries
from feedback.petitions.models import Status
from feedback.petitions.queries import Pile
from web.accounts.session import current_actor
from web.desk.blueprint import desk

RECEIVED = queries.Filters(status=Status.RECEIVED)
REOPENED = queries.Filters(status=Status.REOPENED)
TONES = {Pile.SOON: "soon", Pile.LATE: "late"}


@desk.get("/")
def mine() -> Any:
    actor = current_actor()
    if actor.roles & {Role.CHAIR, Role.VICE_CHAIR} or P.APPROVE in _borrowed(actor):
        return _chair(actor)
    if Role.NEIGHBOURHOOD_HEAD in actor.roles:
        return render_template(
            "desk/neighbourhood.html", duties=duty_reminders.owed_by(actor), nav="mine"
        )
    if actor.has(P.HANDLE):
        return _work(actor)
    if actor.has(P.SEE_ANONYMISED):
        return redirect(url_for(".petitions"))
    if actor.has(P.SETTINGS):
        return redirect(url_for("settings.home"))
    return render_template("desk/nothing.html")


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
    after = request.args.get("after")
    page = queries.my_work(actor, after, pile=pile)
    takes_in = actor.has(P.INTAKE) and not (pile or after)
    return render_template(
        "desk/mine.html",
        page=page,
        received=queries.listing(actor, RECEIVED, limit=10).rows if takes_in else (),
        pile=pile,
        tiles=_tiles(actor),
        soon=queries.soon(clock.now()),
        nav="mine",
    )


def _chair(actor: Actor) -> Any:
    now = clock.now()
    return render_template(
        "desk/chair.html",
        counts=queries.counters(actor),
        reopened=queries.listing(actor, REOPENED, limit=5).rows,
        queue=queries.approval_queue(actor, limit=5).rows,
        late=queries.listing(actor, queries.Filters(is_overdue=True), limit=5).rows,
        spots=hotspots.busiest(actor.ward_id),
        soon=queries.soon(now),
        nav="mine",
    )


def _tiles(actor: Actor) -> list[tuple[str, int, str, str]]:
    """(words, number, address, tone) for `parts/lists.html counters`."""
    n = queries.counters(actor)
    tiles = [
        (pile.label, n[pile.value], url_for(".work", pile=pile.value), TONES.get(pile, ""))
        for pile in Pile
    ]
    if actor.has(P.INTAKE):
        address = url_for(".petitions", status="received")
        tiles.insert(0, ("Chờ tiếp nhận", n["to_accept"], address, ""))
    if n["to_help"]:
        address = url_for(".petitions", status="coordinating")
        tiles.append(("Đề nghị phối hợp", n["to_help"], address, "soon"))
    return tiles


def _borrowed(actor: Actor) -> frozenset[P]:
    return frozenset().union(*actor.stands_in_for.values())
