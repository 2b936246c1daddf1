"""The blueprint of the officials' pages."""

from flask import Blueprint

from web.accounts.session import staff_only
from web.desk.frame import frame

desk = Blueprint("desk", __name__, url_prefix="/desk")
desk.before_request(staff_only)
desk.context_processor(frame)
