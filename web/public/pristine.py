"""An untouched form is the same page for everybody but for two hidden values, so it is drawn once.

It is kept with the ward's set-up and drawn anew whenever that changes.
"""

import secrets
from collections.abc import Callable

from flask import current_app, g, session
from flask_wtf.csrf import generate_csrf

from web.public import wards

TOKEN, KEY = "\ue000token", "\ue000key"  # U+E000 stands in no text


def new_key() -> str:
    """What tells a form sent twice from two forms."""
    return secrets.token_urlsafe(18)


def pristine(name: str, draw: Callable[[str], str]) -> str:
    """The page that `draw` makes with a form key, with this visitor's csrf token and a new key."""
    if current_app.debug or "_flashes" in session:
        return draw(new_key())
    token = generate_csrf()
    memory = wards.setup(g.ward).memory
    page = memory.get(("page", name))
    if page is None:
        page = memory["page", name] = draw(KEY).replace(token, TOKEN)
    return page.replace(TOKEN, token).replace(KEY, new_key())
