"""What of the law the ward must check itself: numbers, grounds and forms nobody read in a published text."""

from typing import Any

from flask import render_template

from feedback import clock
from feedback.people.models import Permission as P
from feedback.sources import doubtful
from web.accounts.session import needs
from web.settings.blueprint import settings


@settings.get("/law")
@needs(P.SETTINGS)
def law() -> Any:
    return render_template("settings/law.html", points=doubtful(clock.today()))
