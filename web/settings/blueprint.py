"""The blueprint of the administrator's pages."""

from flask import Blueprint

from web.accounts.session import staff_only
from web.desk.frame import frame

settings = Blueprint("settings", __name__, url_prefix="/desk/settings")
settings.before_request(staff_only)
settings.context_processor(frame)
