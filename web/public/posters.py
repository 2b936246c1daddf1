"""Posters to print, for whoever hangs them up: nothing on them is secret."""

from io import BytesIO

import sqlalchemy as sa
from flask import Response, g, send_file

from feedback.db import db
from feedback.dialogue import posters, queries
from feedback.errors import NotFound
from feedback.papers import poster
from feedback.wards.models import Neighbourhood
from web import throttle
from web.public import public


@public.get("/<slug:slug>/to-dan/<int:number>.pdf")
def area_poster(number: int) -> Response:
    area = db.session.scalars(
        sa.select(Neighbourhood).where(
            Neighbourhood.ward_id == g.ward.id,
            Neighbourhood.number == number,
            Neighbourhood.is_active,
        )
    ).one_or_none()
    if area is None:
        raise NotFound
    return _sheet(poster.of_area(area), f"to-dan-to-{number}.pdf")


@public.get("/<slug:slug>/doi-thoai/<int:dialogue_id>/to-dan.pdf")
def dialogue_poster(dialogue_id: int) -> Response:
    row = queries.public(g.ward.id, dialogue_id)
    return _sheet(posters.of_dialogue(row), f"to-dan-doi-thoai-{dialogue_id}.pdf")


def _sheet(sheet: poster.Poster, name: str) -> Response:
    throttle.check("slip", throttle.visitor())
    return send_file(BytesIO(poster.pdf(sheet)), mimetype="application/pdf", download_name=name)
