"""`flask triage "…"`: what the triage proposes, for trying words and for measuring."""

import json
from collections.abc import Iterator
from typing import TextIO

import click

from feedback.triage.suggest import KINDS, Suggestion, suggest


@click.command("triage")
@click.argument("text", required=False)
@click.option("--file", "source", type=click.File(encoding="utf-8"), help='JSON lines with "text".')
@click.option("--json", "as_json", is_flag=True, help="One JSON object per message.")
def triage(text: str | None, source: TextIO | None, as_json: bool) -> None:
    """Propose kind, field and urgency for TEXT, or for every line of a file."""
    if (text is None) == (source is None):
        raise click.UsageError("Give either a text or --file.")
    for message in _texts(source) if source else [text or ""]:
        found = suggest(message)
        click.echo(json.dumps(as_dict(found), ensure_ascii=False) if as_json else _shown(found))


def as_dict(found: Suggestion) -> dict[str, object]:
    return {
        "kind": found.kind,
        "fields": [{"no": f.no, "name": f.name, "score": f.score} for f in found.fields],
        "urgent": found.urgent,
        "why": list(found.why),
    }


def _texts(source: TextIO) -> Iterator[str]:
    for number, line in enumerate(source, 1):
        if not line.strip():
            continue
        try:
            yield str(json.loads(line)["text"])
        except (json.JSONDecodeError, KeyError, TypeError):
            raise click.ClickException(f'Line {number}: not a JSON object with "text".') from None


def _shown(found: Suggestion) -> str:
    fields = "; ".join(f"{f.no}. {f.name} ({f.score:.0%})" for f in found.fields[:3])
    urgent = " – KHẨN" if found.urgent else ""
    return "\n".join([f"{KINDS[found.kind]}{urgent}: {fields}", *(f"  {why}" for why in found.why)])
