"""Papers a resident prints: the receipt, Đơn khiếu nại (Mẫu 01), Đơn tố cáo with guidance.

Whoever holds the link may print; so the name and address of the sender stay out and are written by hand.
"""

from dataclasses import replace
from io import BytesIO
from typing import Any

from flask import Response, g, send_file

from feedback.errors import NotFound
from feedback.papers import filling
from feedback.papers.inputs import PaperContext, Person
from feedback.papers.issuing import preview
from feedback.petitions.models import Kind, Petition
from web import throttle
from web.public import public
from web.public.case import opened


@public.get("/t/<token:token>/phieu-tiep-nhan.pdf")
def receipt_slip(token: str) -> Response:
    return _slip("receipt", _nameless(filling.receipt(_mine(token))))


@public.get("/t/<token:token>/don-khieu-nai.pdf")
def complaint_slip(token: str) -> Response:
    petition = _mine(token)
    if Kind.KHIEU_NAI not in (petition.kind, petition.proposed_kind):
        raise NotFound
    return _slip("complaint", _nameless(filling.complaint(petition)))


@public.get("/<slug:slug>/don-to-cao.pdf")
def accusation_slip() -> Response:
    """Knows nothing of anybody: the same empty paper for all."""
    return _slip("accusation", filling.accusation(g.ward))


def _mine(token: str) -> Petition:
    """The petition of a link. Raises NotFound for one that may hold an accusation: nothing is printed."""
    petition = opened(token).petition
    if petition.is_restricted:
        raise NotFound
    return petition


def _nameless(filled: Any) -> PaperContext:
    found: PaperContext = replace(filled, person=Person())
    return found


def _slip(key: str, filled: PaperContext) -> Response:
    throttle.check("slip", throttle.visitor())
    answer = send_file(
        BytesIO(preview(key, filled)), mimetype="application/pdf", download_name=f"{key}.pdf"
    )
    answer.headers["Cache-Control"] = "no-store"
    return answer
