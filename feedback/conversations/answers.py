"""What was answered before: the ward's questions and answers, then published answers of settled petitions."""

import tomllib
from functools import cache
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from feedback import search
from feedback.conversations.turn import Found
from feedback.db import db
from feedback.petitions.lifecycle import SETTLED
from feedback.petitions.models import Answer, AnswerState, Kind, Petition
from feedback.petitions.similar import likeness
from feedback.text import clip, fold, hide_contacts, tokens
from feedback.wards.setup import Setup

SETTING = "faq"
MOST = 3
SHOWN = 900
LOOKED_AT = 20
ALIKE = 0.3  # share of neighbouring words in common
TELLING = 5  # letters of a word worth looking for


def find(text: str, setup: Setup) -> tuple[Found, ...]:
    """What may answer this question, the likeliest first; nothing rather than a poor guess."""
    said = f" {' '.join(tokens(fold(text)))} "
    entries = known_to(setup)
    known = [
        Found(entry["title"], entry["answer"].strip().replace("\n", " "))
        for entry in entries
        if any(f" {words} " in said for words in entry["words"])
    ]
    return tuple([*known, *_published(said, setup)][:MOST])


def known_to(setup: Setup) -> list[dict[str, Any]]:
    """The ward's own questions, then the shipped ones it has not written anew (under the same title)."""
    own = list(setup.settings.get(SETTING, ()))
    titles = {fold(entry["title"]) for entry in own}
    return [*own, *(entry for entry in shipped() if fold(entry["title"]) not in titles)]


@cache
def shipped() -> list[dict[str, Any]]:
    source = Path(__file__).with_name("faq.toml").read_text(encoding="utf-8")
    entries: list[dict[str, Any]] = tomllib.loads(source)["entry"]
    return entries


def _published(said: str, setup: Setup) -> list[Found]:
    """Answers whose reporters agreed to publish, of petitions in much the same words."""
    words = said.split()
    telling = sorted(set(words), key=lambda word: (-len(word), word))[:2]
    matching = search.matching(" ".join(telling), setup.ward_id) if telling else None
    if matching is None or len(telling[0]) < TELLING:
        return []
    rows = db.session.execute(
        sa.select(Petition.title, Petition.folded, Answer.text)
        .join(Answer, Answer.petition_id == Petition.id)
        .where(
            matching.condition,
            Petition.may_publish,
            Petition.is_restricted.is_(False),
            Petition.kind.not_in((Kind.KHIEU_NAI, Kind.TO_CAO)),
            Petition.status.in_(SETTLED),
            Answer.state == AnswerState.APPROVED,
        )
        .order_by(matching.newest.desc())
        .limit(LOOKED_AT)
    ).all()
    pairs = set(zip(words, words[1:], strict=False))
    ranked = [(likeness(pairs, _pairs(row.folded)), row) for row in rows]
    best = sorted((each for each in ranked if each[0] >= ALIKE), key=lambda each: -each[0])
    return [
        Found(hide_contacts(row.title), clip(hide_contacts(row.text), SHOWN)) for _, row in best
    ]


def _pairs(folded: str) -> set[tuple[str, str]]:
    words = tokens(folded)
    return set(zip(words, words[1:], strict=False))
