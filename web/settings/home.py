"""Where an administrator lands: what must be looked at, and everything that can be set up."""

from typing import Any

from flask import render_template

from feedback.people.models import Permission as P
from web.accounts.session import current_actor, needs
from web.settings import warnings
from web.settings.blueprint import settings
from web.settings.sections import open_to


@settings.get("")
@needs(P.SETTINGS, P.DELEGATE)
def home() -> Any:
    actor = current_actor()
    return render_template(
        "settings/home.html", groups=open_to(actor), warnings=list(warnings.of(actor))
    )
