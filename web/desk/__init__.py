"""The officials' pages: my work, every petition, one petition, approvals, absence, entering for others."""

from flask import Flask

from web.desk import (
    absence,
    approvals,
    broadcasts,
    calls,
    case,
    commitments,
    conversations,
    dialogue_announcing,
    dialogue_door,
    dialogue_minutes,
    dialogue_page,
    dialogue_plan,
    dialogue_questions,
    dialogues,
    entry,
    home,
    outreach,
    papers,
    petitions,
    posters,
    publicity,
    reception_day,
    receptions,
    registers,
    reminders,
    report,
)
from web.desk.blueprint import desk

__all__ = [
    "absence",
    "approvals",
    "broadcasts",
    "calls",
    "case",
    "commitments",
    "conversations",
    "dialogue_announcing",
    "dialogue_door",
    "dialogue_minutes",
    "dialogue_page",
    "dialogue_plan",
    "dialogue_questions",
    "dialogues",
    "entry",
    "home",
    "init_app",
    "outreach",
    "papers",
    "petitions",
    "posters",
    "publicity",
    "reception_day",
    "receptions",
    "registers",
    "reminders",
    "report",
]


def init_app(app: Flask) -> None:
    app.register_blueprint(desk)
