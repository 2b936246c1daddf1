"""Where an administrator lands."""

from typing import Any

from flask import redirect, url_for

from feedback.people.models import Permission
from web.accounts.session import needs
from web.settings.blueprint import settings


@settings.get("")
@needs(Permission.SETTINGS)
def home() -> Any:
    return redirect(url_for(".people"))
