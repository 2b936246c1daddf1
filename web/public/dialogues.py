"""`/<ward>/doi-thoai`: the sessions, one session, calendars and feeds, promises, the projector's page."""

from typing import Any

import sqlalchemy as sa
from flask import Response, g, render_template

from feedback import links
from feedback.db import db
from feedback.dialogue import commitments, door, feeds, queries, questions, survey
from feedback.dialogue.lifecycle import COMING
from feedback.dialogue.models import Dialogue
from feedback.documents.models import FileUse, StoredFile
from feedback.wards.models import Ward
from web.public import public
from web.public.devices import own_seat
from web.public.files import send
from web.public.thanks import qr

ICS, RSS = "text/calendar; charset=utf-8", "application/rss+xml; charset=utf-8"


@public.get("/<slug:slug>/doi-thoai")
def dialogues() -> str:
    rows = commitments.of_ward(g.ward.id)
    return render_template(
        "public/dialogues.html",
        programme=queries.programme(g.ward.id),
        tally=commitments.tally(rows),
        has_commitments=bool(rows),
    )


@public.get("/<slug:slug>/doi-thoai/<int:dialogue_id>")
def dialogue(dialogue_id: int) -> str:
    row = queries.public(g.ward.id, dialogue_id)
    return render_template("public/dialogue.html", **shown(row))


@public.get("/<slug:slug>/doi-thoai.ics")
def dialogues_calendar() -> Response:
    """All sessions of the ward, to be subscribed to."""
    return Response(feeds.calendar(_ward(), queries.in_feeds(g.ward.id)), content_type=ICS)


@public.get("/<slug:slug>/doi-thoai/<int:dialogue_id>.ics")
def dialogue_calendar(dialogue_id: int) -> Response:
    """One session, to be put into a calendar."""
    row = queries.public(g.ward.id, dialogue_id)
    body = feeds.calendar(_ward(), [row], name=row.title)
    response = Response(body, content_type=ICS)
    response.headers["Content-Disposition"] = f'attachment; filename="doi-thoai-{row.id}.ics"'
    return response


@public.get("/<slug:slug>/doi-thoai.rss")
def dialogues_feed() -> Response:
    return Response(feeds.rss(_ward(), queries.in_feeds(g.ward.id)), content_type=RSS)


@public.get("/<slug:slug>/cam-ket")
def promises() -> str:
    """What was promised, and what was done."""
    rows = commitments.of_ward(g.ward.id)
    return render_template(
        "public/commitments.html",
        rows=rows,
        tally=commitments.tally(rows),
        standing=commitments.standing,
    )


@public.get("/<slug:slug>/doi-thoai/<int:dialogue_id>/man-chieu")
def projector(dialogue_id: int) -> str:
    """For the beamer: large letters, nothing to press; only what everybody may read."""
    return render_template("public/projector.html", **_on_screen(dialogue_id))


@public.get("/<slug:slug>/doi-thoai/<int:dialogue_id>/man-chieu/noi-dung")
def projector_part(dialogue_id: int) -> str:
    """The part that changes."""
    return render_template("public/_projector.html", **_on_screen(dialogue_id))


@public.get("/<slug:slug>/doi-thoai/<int:dialogue_id>/tep/<token:key>")
def dialogue_file(dialogue_id: int, key: str) -> Response:
    """Paper and pictures of a session, to everybody who may read it."""
    row = queries.public(g.ward.id, dialogue_id)
    file = db.first_or_404(_for_everybody(row).filter_by(key=key))
    return send(file, file.path, file.media_type)


def shown(row: Dialogue) -> dict[str, Any]:
    """What the page of a session needs."""
    return {
        "d": row,
        "agenda": commitments.agenda(row),
        "questions": questions.public(row),
        "who_asked": questions.who_asked,
        "promises": [p for p in commitments.of_ward(row.ward_id) if p.dialogue_id == row.id],
        "standing": commitments.standing,
        "crowd": door.crowd(row),
        "mood": survey.mood(row) if row.status in survey.ASKED else None,
        "takes_people": row.status in COMING,
        "takes_questions": row.status in questions.TAKES,
        "is_over": row.status in survey.ASKED,
        "files": _files(row),
        "seat": own_seat(row.id),
        "nav": "dialogues",
    }


def _on_screen(dialogue_id: int) -> dict[str, Any]:
    row = queries.public(g.ward.id, dialogue_id)
    waiting = questions.queue(row)
    current = next((q for q in waiting if q.called_at), None)
    settled = [q for q in questions.public(row) if q.settled_at]
    address = links.dialogue(g.ward.slug, row.id)
    return {
        "d": row,
        "current": current,
        "next": [q for q in waiting if q is not current][:4],
        "settled": len(settled),
        "left": len(waiting),
        "agenda": commitments.agenda(row),
        "crowd": door.crowd(row),
        "who_asked": questions.who_asked,
        "address": address,
        "qr": qr(address),
    }


def _files(row: Dialogue) -> list[StoredFile]:
    """What was attached for everybody; proofs of an announcement and signed minutes are not."""
    return list(db.session.scalars(_for_everybody(row).order_by(StoredFile.id)))


def _for_everybody(row: Dialogue) -> sa.Select[StoredFile]:
    return db.select(StoredFile).where(
        StoredFile.dialogue_id == row.id, StoredFile.use != FileUse.INTERNAL
    )


def _ward() -> Ward:
    return db.session.get_one(Ward, g.ward.id)
