"""Reminders and escalation: who is told, once, how a date stands."""

from feedback.reminders.queries import (
    Level,
    Waiting,
    briefing,
    level_of,
    standing_of,
    waiting_for,
)
from feedback.reminders.scan import clear, tick
from feedback.reminders.telling import morning_digests

__all__ = [
    "Level",
    "Waiting",
    "briefing",
    "clear",
    "level_of",
    "morning_digests",
    "standing_of",
    "tick",
    "waiting_for",
]
