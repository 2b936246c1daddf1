"""How the ward answers, in figures: each number opens the list that makes it."""

from calendar import monthrange
from datetime import date
from typing import Any

from flask import Response, render_template, request, url_for

from feedback import audit, clock, meetings_report
from feedback.db import transaction
from feedback.errors import BadInput, NotFound
from feedback.indicators import periods as dated
from feedback.indicators.counting import Tally, tally
from feedback.indicators.reports import GROUPS, Group, indicator_table, lines, periodic_report
from feedback.papers.filling import signer_of
from feedback.papers.inputs import Register
from feedback.papers.issuing import preview
from feedback.people.actor import Actor
from feedback.people.directory import chair_of
from feedback.people.models import Permission as P
from feedback.petitions import queries
from web.accounts.session import current_actor, needs
from web.desk import periods
from web.desk.blueprint import desk
from web.desk.frame import current_setup
from web.desk.papers import sent
from web.desk.petitions import SEES, csv_line

WHOLE = (P.SEE_WARD, P.SEE_ANONYMISED, P.SETTINGS)
FORMATS = {"xlsx": "Excel", "docx": "Word", "pdf": "PDF", "csv": "CSV"}
BOX_OF = {"department": "department", "field": "field", "handler": "handler"}


@desk.get("/report")
@needs(*WHOLE, P.SEE_DEPARTMENT)
def report() -> Any:
    """The figures of a period; with `table` and `as` in the address, the file."""
    actor = current_actor()
    period = dated.current(clock.today())
    try:
        starts_on, ends_on = periods.chosen(period.starts_on, clock.today())
    except BadInput as refusal:
        return _page(actor, period.starts_on, clock.today(), refusal), 422
    suffix = request.args.get("as", "")
    if suffix in FORMATS:
        return _file(actor, request.args.get("table", ""), suffix, starts_on, ends_on)
    return _page(actor, starts_on, ends_on)


def _page(actor: Actor, starts_on: date, ends_on: date, refusal: BadInput | None = None) -> str:
    counted = _counted(actor, starts_on, ends_on)
    setup = current_setup()
    may_list = any(map(actor.has, SEES))
    own = None if _sees_all(actor) else sorted(actor.department_ids)

    def address(group: Group | None = None, key: Any = None, **more: str) -> str | None:
        """The list behind a number."""
        is_mixed = own is not None and len(own) != 1 and not (group and group.key == "department")
        if not may_list or is_mixed or (group and key is None):
            return None
        here = {"counted": "1", "from": starts_on.isoformat(), "to": ends_on.isoformat()}
        if own:
            here["department"] = str(own[0])
        if group and group.key == "month":
            last = date(key.year, key.month, monthrange(key.year, key.month)[1])
            here |= {"from": key.isoformat(), "to": min(last, ends_on).isoformat()}
        elif group:
            here[BOX_OF[group.key]] = str(key)
        return url_for(".petitions", **{**here, **more})

    return render_template(
        "desk/report.html",
        total=counted.total,
        at=counted.at,
        tables=[(group, lines(counted, group, setup)) for group in GROUPS],
        address=address,
        now=queries.counters(actor) if may_list else None,
        periods=_offered(),
        starts_on=starts_on,
        ends_on=ends_on,
        typed_from=request.args.get("from") if refusal else f"{starts_on:%d/%m/%Y}",
        typed_to=request.args.get("to") if refusal else f"{ends_on:%d/%m/%Y}",
        errors=refusal.fields if refusal else {},
        formats=FORMATS,
        sees_all=_sees_all(actor),
        units=", ".join(setup.departments[unit] for unit in own or ()),
        nav="report",
    )


def _file(actor: Actor, table: str, suffix: str, starts_on: date, ends_on: date) -> Response:
    setup = current_setup()
    if table == "periodic_report" and _sees_all(actor):
        signer = signer_of(chair_of(setup.ward_id).id)
        register = periodic_report(setup, starts_on, ends_on, signer)
    elif table == meetings_report.FORM and _sees_all(actor):
        signer = signer_of(chair_of(setup.ward_id).id)
        register = meetings_report.report(setup.ward_id, ends_on.year, signer)
    elif table == "indicators":
        register = indicator_table(_counted(actor, starts_on, ends_on), setup)
    else:
        raise NotFound
    data = _csv(table, register) if suffix == "csv" else preview(table, register, suffix)
    with transaction():
        audit.record(
            "figures.fetched",
            "ward",
            actor.ward_id,
            ward_id=actor.ward_id,
            officer_id=actor.officer_id,
            detail={"table": table, "as": suffix, "from": f"{starts_on}", "to": f"{ends_on}"},
        )
    return sent(data, suffix, f"{table} {starts_on:%Y%m%d}-{ends_on:%Y%m%d}.{suffix}")


def _counted(actor: Actor, starts_on: date, ends_on: date) -> Tally:
    units = None if _sees_all(actor) else actor.department_ids
    return tally(actor.ward_id or 0, starts_on, ends_on, units)


def _sees_all(actor: Actor) -> bool:
    return any(map(actor.has, WHOLE))


def _offered() -> list[dated.Period]:
    """The periods that have begun, this year's and last year's, newest first."""
    today = clock.today()
    found = [
        each
        for year in (today.year + 1, today.year, today.year - 1)
        for each in dated.periods(year)
    ]
    begun = [each for each in found if each.starts_on <= today]
    return sorted(begun, key=lambda each: (each.ends_on, each.starts_on), reverse=True)[:9]


def _csv(table: str, register: Register) -> bytes:
    from feedback.papers.compose import form_for

    heads = [column.title for column in form_for(table, register).columns]
    body = [csv_line(tuple(map(str, row))) for row in register.rows]
    return ("\ufeff" + csv_line(tuple(heads)) + "".join(body)).encode()
