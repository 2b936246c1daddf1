"""Commands of the administrator: doctor, backup, restore, new-key, rotate-keys."""

import asyncio
import sys
from pathlib import Path

import click
from cryptography.fernet import Fernet
from flask import Flask, current_app

from feedback.errors import Refusal
from feedback.outbox.accounts import enabled_accounts
from feedback.outbox.channel import Account, DeliveryFailure, make_sender
from web.ops import backup as backups
from web.ops import doctor as examination
from web.ops import keys
from web.ops.doctor import Finding, Level, ok, wrong


def init_app(app: Flask) -> None:
    for command in (doctor, backup, restore, new_key, rotate_keys):
        app.cli.add_command(command)


@click.command("doctor")
@click.option("--online", is_flag=True, help="Also ask each channel's provider who we are.")
def doctor(online: bool) -> None:
    """Check the installation and say what to do; exit code 1 when something is wrong."""
    findings = list(examination.examine(current_app.config["SETTINGS"]))
    if online:
        findings += [finding for each in enabled_accounts() for finding in _ask(each)]
    for finding in findings:
        click.echo(f"{finding.level.label:<6} {finding.words}")
        if finding.todo:
            click.echo(f"       -> {finding.todo}")
    sys.exit(any(finding.level is Level.ERROR for finding in findings))


@click.command("backup")
@click.argument("folder", type=click.Path(path_type=Path))
def backup(folder: Path) -> None:
    """Copy database and uploads into FOLDER, a new one, while the ward goes on working."""
    try:
        made = backups.make(current_app.config["SETTINGS"], folder.absolute())
    except Refusal as refusal:
        raise click.ClickException(refusal.sentence) from None
    click.echo(f"Đã sao lưu vào {folder}: {len(made.files)} tệp, {_size(made.size)}.")
    click.echo(
        "Không có khóa nào trong đó. Cất riêng instance/settings.env: thiếu FIELD_KEYS thì không ai "
        "đọc lại được họ tên, số điện thoại."
    )


@click.command("restore")
@click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path))
def restore(folder: Path) -> None:
    """Bring a backup back into an empty installation; stop web and worker before."""
    settings = current_app.config["SETTINGS"]
    try:
        found = backups.restore(settings, folder.absolute())
    except Refusal as refusal:
        raise click.ClickException(refusal.sentence) from None
    click.echo(f"Đã khôi phục {len(found.files)} tệp, bản sao lưu lúc {found.made_at}.")
    click.echo("Tin đang chờ gửi khi sao lưu được ghi là “không rõ kết quả”, không gửi lại.")
    for finding in examination.encryption(settings):
        if finding.level is Level.ERROR:
            raise click.ClickException(f"{finding.words} {finding.todo}")


@click.command("new-key")
def new_key() -> None:
    """Print a fresh key for FIELD_KEYS; put it before the present ones, then run rotate-keys."""
    click.echo(Fernet.generate_key().decode())


@click.command("rotate-keys")
def rotate_keys() -> None:
    """Seal every encrypted value with the first key of FIELD_KEYS. May be stopped and run again."""
    lost = 0
    for each in keys.sealed_tables():
        shown = {"label": each.table.name, "hidden": not sys.stdout.isatty()}
        with click.progressbar(length=keys.count(each), **shown) as bar:
            done = keys.rotate(each, lambda seen, bar=bar: bar.update(seen - bar.pos))
        click.echo(f"{each.table.name:<14} {done.changed} of {done.seen} rows sealed anew")
        lost += done.lost
    if lost:
        raise click.ClickException(
            f"{lost} values are opened by none of the keys; keep the old keys."
        )
    click.echo("Done. The older keys may be taken out of FIELD_KEYS now.")
    click.echo(
        "Officers make new recovery codes for their second factor: old ones stop working then."
    )


def _size(size: int) -> str:
    return f"{size / 2**20:,.1f} MiB"


def _ask(account: Account) -> list[Finding]:
    sender = make_sender(account)
    if sender is None:
        return []

    async def who() -> str:
        await sender.open()
        try:
            return await sender.who()
        finally:
            await sender.close()

    name = f"{account.channel.label} “{account.name}”"
    try:
        return [ok(f"{name}: nhà cung cấp nhận ra {asyncio.run(who())}")]
    except DeliveryFailure as error:
        return [wrong(f"{name}: {error}", "Kiểm tra mã bot, mạng và tường lửa của máy chủ.")]
