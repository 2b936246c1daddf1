"""Square codes for gates and notice boards: a sheet for each neighbourhood, a sheet for each session."""

from io import BytesIO
from typing import Any

import sqlalchemy as sa
from flask import render_template, send_file, url_for

from feedback import links
from feedback.db import db
from feedback.dialogue import posters, queries
from feedback.papers import poster
from feedback.people.models import Permission as P
from feedback.wards.doors import doors
from feedback.wards.models import Neighbourhood, Ward
from web.accounts.session import current_actor, needs
from web.desk.blueprint import desk
from web.desk.dialogues import RIGHTS as DIALOGUES


@desk.get("/posters")
@needs(P.ANNOUNCE, P.SEE_NEIGHBOURHOOD)
def area_posters() -> Any:
    """The neighbourhoods this officer announces in, each with its sheet."""
    actor = current_actor()
    ward = db.session.get_one(Ward, actor.ward_id)
    query = sa.select(Neighbourhood).where(
        Neighbourhood.ward_id == ward.id, Neighbourhood.is_active
    )
    if not actor.has(P.ANNOUNCE):
        query = query.where(Neighbourhood.id.in_(actor.neighbourhood_ids or {0}))
    rows = db.session.scalars(query.order_by(Neighbourhood.number)).all()
    ways = doors(ward.id, payload="tdp", page=links.report(ward.slug))
    return render_template(
        "desk/posters.html",
        rows=[(row.name, _address(ward, row)) for row in rows],
        ways=ways,
        nav="posters",
    )


@desk.get("/dialogues/<int:dialogue_id>/poster.pdf")
@needs(*DIALOGUES)
def dialogue_poster(dialogue_id: int) -> Any:
    """Also before the session is announced, to look at."""
    row = queries.seen(dialogue_id, current_actor())
    data = poster.pdf(posters.of_dialogue(row))
    name = f"to-dan-doi-thoai-{row.id}.pdf"
    return send_file(BytesIO(data), mimetype="application/pdf", download_name=name)


def _address(ward: Ward, row: Neighbourhood) -> str:
    return url_for("public.area_poster", slug=ward.slug, number=row.number)
