"""What the lists of forms offer, read from the ward's set-up in memory."""

from feedback.people.directory import rights_of
from feedback.people.models import Channel, Permission
from feedback.petitions.models import Kind, Status, Urgency
from feedback.petitions.outcome import Outcome
from feedback.wards.delegation import Table

Choices = list[tuple[int | str, str]]


def number(raw: int | str | None) -> int | None:
    """How a list of rows is read back: nothing chosen is None."""
    return int(raw) if raw else None


def officers(table: Table, without: int | None = None) -> Choices:
    """Everybody who can be given a case, by name, each with their post."""
    found = {
        officer_id: f"{table.name(officer_id)} – {table.setup.posts[posts[0]].title}"
        for officer_id, posts in table.posts_of.items()
        if officer_id != without and Permission.HANDLE in rights_of(table, officer_id)
    }
    return sorted(found.items(), key=lambda pair: pair[1])


def departments(table: Table) -> Choices:
    unused = table.setup.unused_departments
    return [each for each in table.setup.departments.items() if each[0] not in unused]


def neighbourhoods(table: Table) -> Choices:
    unused = table.setup.unused_areas
    return [each for each in table.setup.neighbourhoods.items() if each[0] not in unused]


def fields(table: Table) -> Choices:
    return [(f.id, f.name) for f in sorted(table.setup.fields.values(), key=lambda f: f.no)]


def kinds(_table: Table) -> Choices:
    return [(kind.value, kind.label) for kind in Kind]


def urgencies(_table: Table) -> Choices:
    return [(urgency.value, urgency.label) for urgency in Urgency]


def statuses(_table: Table) -> Choices:
    return [(status.value, status.label) for status in Status]


def outcomes(_table: Table) -> Choices:
    return [(outcome.value, outcome.label) for outcome in Outcome]


def channels(_table: Table) -> Choices:
    return [(channel.value, channel.label) for channel in Channel if channel != Channel.CONSOLE]


BY_SHAPE = {
    "officers": officers,
    "departments": departments,
    "neighbourhoods": neighbourhoods,
    "fields": fields,
    "kinds": kinds,
    "urgencies": urgencies,
}
