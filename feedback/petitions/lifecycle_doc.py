"""docs/lifecycle.md, drawn from the table: `python -m feedback.petitions.lifecycle_doc > docs/lifecycle.md`."""

from collections.abc import Iterator

from feedback.petitions.lifecycle import STANDINGS, TRANSITIONS, Relation, Transition
from feedback.petitions.models import Status

HEAD = """\
# The life of a petition

Drawn from `TRANSITIONS` in `feedback/petitions/lifecycle.py`; do not edit.
Draw it again: `python -m feedback.petitions.lifecycle_doc > docs/lifecycle.md`
"""


def render() -> str:
    """The whole page."""
    parts = [HEAD, *_diagram(), "", "## Actions", "", *_actions(), "", "## Statuses", ""]
    parts += [*_statuses(), "", "## Relations", "", *_relations(), ""]
    return "\n".join(parts)


def _diagram() -> Iterator[str]:
    yield "```mermaid"
    yield "stateDiagram-v2"
    for status in Status:
        yield f"    {status.value}: {status.label}"
    edges: dict[tuple[str, str], list[str]] = {}
    for row in TRANSITIONS:
        for edge in _edges(row):
            edges.setdefault(edge, []).append(row.action.label)
    for (start, end), labels in edges.items():
        yield f"    {start} --> {end}: {', '.join(labels)}"
    for status in Status:
        if not any(start == status.value for start, _ in edges):
            yield f"    {status.value} --> [*]"
    yield "```"


def _edges(row: Transition) -> Iterator[tuple[str, str]]:
    if not row.from_ and row.to:
        yield "[*]", row.to.value
    for status in Status:
        if status in row.from_ and row.next(status) is not status:
            yield status.value, row.next(status).value


def _actions() -> Iterator[str]:
    yield "| Action | Button | From | To | Who (with the right to) | Resident sees | Unless |"
    yield "|---|---|---|---|---|---|---|"
    for row in TRANSITIONS:
        cells = (
            f"`{row.action.value}`",
            row.action.label,
            _names(row.from_) or "–",
            f"`{row.to.value}`" if row.to else "same",
            "; ".join(_who(relation, right) for relation, right in row.who.items()),
            "yes" if row.is_public else "no",
            (row.guard.__doc__ or "").partition("\n")[0] if row.guard else "",
        )
        yield f"| {' | '.join(cells)} |"


def _who(relation: Relation, right: str | None) -> str:
    return f"{relation.value} (`{right}`)" if right else relation.value


def _names(statuses: frozenset[Status]) -> str:
    if statuses == frozenset(Status):
        return "any"
    return ", ".join(f"`{status.value}`" for status in Status if status in statuses)


def _statuses() -> Iterator[str]:
    yield "| Status | Shown as | Work to do | Why no date runs |"
    yield "|---|---|---|---|"
    for status, standing in STANDINGS.items():
        is_open = "yes" if standing.is_open else "no"
        yield f"| `{status.value}` | {status.label} | {is_open} | {standing.why_no_date} |"


def _relations() -> Iterator[str]:
    yield "| Relation | Who that is |"
    yield "|---|---|"
    for relation in Relation:
        yield f"| `{relation.value}` | {relation.label} |"


if __name__ == "__main__":
    print(render(), end="")
