"""Residents' pages: one module per page, named as its address, its template and its test are."""

from typing import Any

from flask import Blueprint, Flask, current_app, g
from werkzeug.routing import BaseConverter

from web.public import wards
from web.public.patience import init_patience


class SlugConverter(BaseConverter):
    """A ward's name in addresses."""

    regex = "[a-z0-9][a-z0-9-]{1,59}"


class TokenConverter(BaseConverter):
    """A secret as `secrets.token_urlsafe` makes them."""

    regex = "[A-Za-z0-9_-]{12,43}"


public = Blueprint("public", __name__)


@public.url_value_preprocessor
def know_ward(_endpoint: str | None, values: dict[str, Any] | None) -> None:
    """The ward named in the address is `g.ward` for the rest of the request."""
    if values and "slug" in values:
        g.ward = wards.by_slug(values.pop("slug"))


@public.url_defaults
def name_ward(endpoint: str, values: dict[str, Any]) -> None:
    """Links to the ward's pages need not name it."""
    if "ward" in g and current_app.url_map.is_endpoint_expecting(endpoint, "slug"):
        values.setdefault("slug", g.ward.slug)


@public.context_processor
def ward_of_page() -> dict[str, Any]:
    return {"ward": g.get("ward")}


def init_app(app: Flask) -> None:
    from web.public import (  # noqa: F401  their routes
        case,
        dialogues,
        files,
        help,
        home,
        posters,
        publicity,
        receptions,
        report,
        results,
        slips,
        taking_part,
        thanks,
        track,
    )

    app.url_map.converters |= {"slug": SlugConverter, "token": TokenConverter}
    init_patience(app)
    app.register_blueprint(public)
