"""Commands that set an installation up: `flask prepare`, `flask seed-demo`, `flask wards load`.

`prepare` is run at every start and usually has nothing to do: what only the first run needs is loaded there.
"""

import secrets
import tomllib
from pathlib import Path

import click
import sqlalchemy as sa
from flask import Flask, current_app
from flask.cli import AppGroup
from sqlalchemy.orm.attributes import flag_modified

import web
from feedback.db import db, transaction
from feedback.errors import Refusal
from feedback.wards.founding import Founded, found
from feedback.wards.models import Ward

FACES = (
    ("chutich", "Chủ tịch: duyệt trả lời"),
    ("tiepnhan", "Tiếp nhận: nhận, giao việc"),
    ("hatang", "Chuyên viên hạ tầng: xử lý, soạn trả lời"),
    ("totruong1", "Tổ trưởng tổ dân phố số 1"),
    ("giamsat", "Giám sát: chỉ xem, ẩn danh"),
    ("quantri", "Quản trị hệ thống"),
)

wards = AppGroup("wards", help="Wards of this installation.")


def init_app(app: Flask) -> None:
    app.cli.add_command(prepare)
    app.cli.add_command(seed_demo)
    app.cli.add_command(wards)


@click.command("prepare")
@click.option("--demo", is_flag=True, help="Seed a demonstration ward when there is no ward yet.")
@click.option("--quiet", is_flag=True, help="Print nothing.")
def prepare(demo: bool, quiet: bool) -> None:
    """Bring the database up to date; with --demo make the first run one to look at."""
    settings = current_app.config["SETTINGS"]
    settings.upload_dir.mkdir(parents=True, exist_ok=True)
    from flask_migrate import upgrade  # with Alembic, which the web server does without

    upgrade()
    if demo and db.session.scalar(sa.select(Ward.id).limit(1)) is None:
        _seed()
    if not quiet:
        _greet(settings.public_url)


@click.command("seed-demo")
@click.option("--petitions", type=int, default=0, help="Add this many invented petitions in bulk.")
def seed_demo(petitions: int) -> None:
    """Make the demonstration ward; with --petitions fill it with volume for measurements."""
    from feedback.demo import volume

    ward = db.session.scalar(sa.select(Ward).where(Ward.is_demo)) or _seed()
    if petitions:
        with click.progressbar(length=petitions, label=f"{petitions:,} petitions") as bar:
            volume.fill(ward, petitions, progress=lambda done: bar.update(done - bar.pos))


@wards.command("load")
@click.argument("file", type=click.Path(exists=True, path_type=Path))
def load(file: Path) -> None:
    """Found a real ward from a file in the form of feedback/demo/ward.toml; prints first passwords."""
    data = tomllib.loads(file.read_text(encoding="utf-8"))
    try:
        with transaction():
            founded = found(data)
            first = _logins(founded)
    except Refusal as refusal:
        raise click.ClickException(refusal.sentence) from None
    for username, password in first:
        click.echo(f"{username}\t{password}")


def _logins(founded: Founded) -> list[tuple[str, str]]:
    from web.accounts import logins, passwords

    _load_accounts()
    first = []
    for officer, username in founded.logins:
        password = passwords.random_password()
        logins.create_login(officer, username, password, must_change_password=True)
        first.append((username, password))
    return first


def _load_accounts() -> None:
    """What hashes a password belongs to the pages, which a start with nothing to do goes without."""
    if "security" not in current_app.extensions:
        web.init_app(current_app._get_current_object())


def _seed() -> Ward:
    """The demonstration ward: one password for everybody, shown at every start."""
    from feedback.demo import seed
    from web.accounts import logins, passwords

    _load_accounts()
    password = secrets.token_hex(4)
    password_hash = passwords.hashed(password)
    with transaction():
        founded = seed.seed_ward()
        for officer, username in founded.logins:
            logins.create_login(officer, username, password_hash=password_hash)
        founded.ward.settings = {**founded.ward.settings, "demo_password": password}
        flag_modified(founded.ward, "settings")
    seed.seed_petitions(founded, current_app.config["SETTINGS"].upload_dir)
    return founded.ward


def _greet(address: str) -> None:
    ward = db.session.scalar(sa.select(Ward).order_by(Ward.id).limit(1))
    if ward is None:
        click.echo("No ward yet: flask wards load my-ward.toml (or make run for a demonstration).")
        return
    click.echo(
        f"\n  {ward.name}, {ward.province_name}\n\n  Người dân : {address}/\n  Cán bộ    : {address}/desk/"
    )
    if password := ward.settings.get("demo_password"):
        click.echo(f"\n  Phường mẫu, mọi tài khoản dùng chung mật khẩu: {password}")
        for username, words in FACES:
            click.echo(f"    {username:<11} {words}")
    click.echo("\n  Trò chuyện với bot không cần Telegram: make chat\n")
