"""What the set-up lacks, in sentences, each with the page where it is mended."""

from collections.abc import Iterator
from dataclasses import dataclass

from flask import url_for

from feedback import clock
from feedback.people.actor import Actor
from feedback.people.directory import table_of
from feedback.people.models import Permission as P
from feedback.people.models import Role
from feedback.wards.calendar_days import calendar_warning, years_to_know
from feedback.wards.calendar_rows import calendar_of
from feedback.wards.delegation import Table


@dataclass(frozen=True)
class Warning:
    words: str
    link: str
    link_words: str


def of(actor: Actor) -> Iterator[Warning]:
    """The worst first; only what this person can mend."""
    if actor.ward_id is None or not actor.has(P.SETTINGS):
        return
    table = table_of(actor.ward_id)
    yield from _vacant(table)
    yield from _calendar(table)
    yield from _not_given(table)


def _not_given(table: Table) -> Iterator[Warning]:
    given = {each.field_id for each in table.given if table.holders.get(each.position_id)}
    left = [each.name for id, each in table.setup.fields.items() if id not in given]
    if left:
        names = ", ".join(left[:3]) + ("…" if len(left) > 3 else "")
        words = (
            f"{len(left)} lĩnh vực chưa giao cho ai ({names}); phản ánh về đó đến Cán bộ tiếp nhận."
        )
        yield Warning(words, url_for("settings.delegations"), "Phân công lĩnh vực")


def _vacant(table: Table) -> Iterator[Warning]:
    for role in (Role.CHAIR, Role.CLERK):
        if not table.with_role(role):
            words = f"Chưa có ai giữ vị trí {role.label}; phản ánh mới không có nơi nhận."
            yield Warning(words, url_for("settings.posts"), "Ghi người giữ")


def _calendar(table: Table) -> Iterator[Warning]:
    words = calendar_warning(table.setup.ward_id, clock.today())
    if words:
        settled = calendar_of(table.setup).settled
        year = next(y for y in years_to_know(clock.today()) if not settled.get(y))
        link = url_for("settings.calendar_year", year=year)
        yield Warning(words, link, f"Xem và xác nhận lịch năm {year}")
