"""Complaints, accusations and longer reports of the demonstration: `lives.toml`, lived on the pretended clock."""

import tomllib
from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from functools import cache
from inspect import signature
from pathlib import Path
from typing import Any

from feedback import clock
from feedback.db import db, transaction
from feedback.demo import stories
from feedback.people.actor import CITIZEN, Actor
from feedback.people.directory import actor_for
from feedback.people.models import Channel
from feedback.petitions import actions
from feedback.petitions.actions.splitting import Spoken
from feedback.petitions.intake import Submission, submit
from feedback.petitions.models import Kind, Petition, Urgency
from feedback.wards.calendar_rows import calendar_of
from feedback.wards.setup import setup_of

SOURCE = Path(__file__).with_name("lives.toml")
TYPED = (Channel.DESK, Channel.PAPER, Channel.PHONE)  # entered by the clerk
FIRST, APART = time(9), timedelta(minutes=20)


@cache
def lives() -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = tomllib.loads(SOURCE.read_text(encoding="utf-8"))["life"]
    return rows


def live(
    ward_id: int,
    who: Mapping[str, int],
    areas: Mapping[int, int],
    fields: Mapping[int, int],
    *,
    old: bool,
) -> int:
    """Live those that began before the sixty petitions, or those that began among them; how many.

    `who`: officers by login. `areas`, `fields`: ids by number.
    """
    chosen = [row for row in lives() if (row["days"] > stories.OLDEST) is old]
    for row in sorted(chosen, key=lambda row: -int(row["days"])):
        with clock.at(_moment(ward_id, row["days"], 0)), transaction():
            petition = submit(_submission(ward_id, row, who, areas, fields))
        for no, act in enumerate(row.get("act", ()), 1):
            at = _moment(ward_id, act["days"], no)
            with clock.at(at), transaction():
                _do(db.session.get_one(Petition, petition.id), act, who)
    return len(chosen)


def _moment(ward_id: int, days: int, no: int) -> datetime:
    """In the morning of the working day on or before so many days ago."""
    on = clock.today() - timedelta(days=days)
    worked = calendar_of(setup_of(ward_id)).add_working_days(on + timedelta(days=1), -1)
    at = datetime.combine(worked, FIRST, clock.ZONE) + no * APART
    return min(at, clock.now())


def _submission(
    ward_id: int,
    row: Mapping[str, Any],
    who: Mapping[str, int],
    areas: Mapping[int, int],
    fields: Mapping[int, int],
) -> Submission:
    name, phone = stories.names(stories.PEOPLE + len(lives()))[
        stories.PEOPLE + lives().index(dict(row))
    ]
    channel = Channel(row["channel"])
    return Submission(
        ward_id=ward_id,
        text=row["text"],
        kind=Kind(row["kind"]),
        urgency=Urgency(row["urgency"]) if "urgency" in row else None,
        field_id=fields[row["field"]],
        neighbourhood_id=areas[row["neighbourhood"]],
        address=row["address"],
        name=name,
        phone=phone,
        channel=channel,
        complained_officer_id=who[row["accused"]] if "accused" in row else None,
        entered_by=actor_for(who["tiepnhan"]) if channel in TYPED else None,
    )


def _do(petition: Petition, act: Mapping[str, Any], who: Mapping[str, int]) -> None:
    verb = getattr(actions, act["do"])
    values = {name: value for name, value in act.items() if name not in ("days", "who", "do")}
    takes = signature(verb).parameters
    for name in {"on", "signed_on"} & takes.keys():
        values[name] = clock.today()
    verb(petition, by=_actor(act["who"], petition, who), **dict(_meant(values, who)))


def _meant(values: Mapping[str, Any], who: Mapping[str, int]) -> list[tuple[str, Any]]:
    """The words of the file as the verbs want them."""
    found: list[tuple[str, Any]] = []
    for name, value in values.items():
        match name:
            case "officer":
                found.append(("officer_id", who[value]))
            case "meets_in":
                found.append(("meets_at", _on(clock.today() + timedelta(days=value))))
            case "representatives":
                found.append((name, [Spoken(each) for each in value]))
            case "as":
                found.append(("kind", Kind(value)))
            case "extra":
                found.append(("days", value))
            case _:
                found.append((name, value))
    return found


def _on(day: date) -> datetime:
    return datetime.combine(day, FIRST, clock.ZONE)


def _actor(name: str, petition: Petition, who: Mapping[str, int]) -> Actor:
    if name == "citizen":
        return CITIZEN
    return actor_for(petition.handler_id if name == "handler" else who[name])
