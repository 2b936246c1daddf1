"""Reminders and escalation: who is told, once, how a date stands."""

from feedback.reminders.queries import Waiting, briefing, waiting_for
from feedback.reminders.scan import clear, tick
from feedback.reminders.telling import morning_digests

__all__ = ["Waiting", "briefing", "clear", "morning_digests", "tick", "waiting_for"]
