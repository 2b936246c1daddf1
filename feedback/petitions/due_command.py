"""`flask due`: until when, and why, from the command line; for a person who checks a date."""

import json
from datetime import datetime

import click

from feedback.clock import ZONE
from feedback.errors import Refusal
from feedback.petitions.due import as_json
from feedback.petitions.due import due as due_of
from feedback.procedures.limits import URGENCIES
from feedback.procedures.load import shipped
from feedback.worktime.calendar import shipped_calendar


class LocalTime(click.ParamType[datetime]):
    """2026-08-20T09:00, in Viet Nam unless it names its offset; a date alone is its midnight."""

    name = "time"

    def convert(
        self, value: object, param: click.Parameter | None, ctx: click.Context | None
    ) -> datetime:
        try:
            at = datetime.fromisoformat(str(value))
        except ValueError:
            self.fail(f"{value!r}: cần dạng 2026-08-20T09:00", param, ctx)
        return at.astimezone(ZONE) if at.tzinfo else at.replace(tzinfo=ZONE)


_SAME = {
    "answer": "resolution",
    "resolution": "answer",
}  # what ends a case, in the words of each track


@click.command("due")
@click.option("--kind", required=True, help="phan_anh, kien_nghi, hoi_dap, khieu_nai, to_cao…")
@click.option("--step", required=True, help="acceptance, processing_notice, answer, resolution…")
@click.option("--from", "start", required=True, type=LocalTime(), help="2026-08-20T09:00, giờ VN.")
@click.option("--option", "options", multiple=True, help="complex, remote…; có thể lặp lại.")
@click.option("--urgency", default="normal", type=click.Choice(sorted(URGENCIES)))
@click.option("--received", type=LocalTime(), help="Ngày nhận đơn, để chọn luật; mặc định --from.")
@click.option("--json", "wants_json", is_flag=True, help="In JSON thay cho câu chữ.")
def due(
    kind: str,
    step: str,
    start: datetime,
    options: tuple[str, ...],
    urgency: str,
    received: datetime | None,
    wants_json: bool,
) -> None:
    """Tính hạn của một bước, theo lịch nghỉ và quy trình đi kèm phần mềm, kèm cách tính."""
    steps = shipped().steps(kind)
    if step not in steps and _SAME.get(step) in steps:
        step = _SAME[step]
    try:
        found = due_of(
            kind,
            step,
            start,
            calendar=shipped_calendar(),
            urgency=urgency,
            options=frozenset(options),
            received_on=received.date() if received else None,
        )
    except Refusal as refusal:
        raise click.ClickException(refusal.sentence) from refusal
    if wants_json:
        click.echo(json.dumps(as_json(found), ensure_ascii=False))
    else:
        click.echo("\n".join(step["text"] for step in found.trace))
