"""The administrator's pages: what the ward is and who works for it."""

from web.settings import home, people
from web.settings.blueprint import settings

__all__ = ["home", "people", "settings"]
