"""Announcements to everybody who asked for them: `send(...)` is the way in for other parts of the house."""

from feedback.broadcast.expansion import tick
from feedback.broadcast.verbs import send

__all__ = ["send", "tick"]
