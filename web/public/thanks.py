"""`/cam-on/<token>`: the number, the person, the date, and a link to keep."""

from functools import lru_cache

import segno
from flask import render_template
from markupsafe import Markup

from feedback import links
from feedback.triage.suggest import tone
from web.public import public
from web.public.case import opened


@public.get("/cam-on/<token:token>")
def thanks(token: str) -> str:
    view = opened(token)
    address = links.tracking(token)
    dangers = tone(view.petition.text).dangers if view.is_urgent else ()
    return render_template(
        "public/thanks.html", case=view, address=address, qr=qr(address), dangers=dangers
    )


@lru_cache(maxsize=256)
def qr(address: str) -> Markup:
    """The address as an inline picture that any telephone's camera reads."""
    code = segno.make(address, micro=False, error="m")
    return Markup(code.svg_inline(border=4, omitsize=True, title="Mã vuông mở trang theo dõi"))  # noqa: S704
