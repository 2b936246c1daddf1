"""`flask officers …`: logins from the command line, for the day nobody can get in."""

import click
import sqlalchemy as sa
from flask.cli import AppGroup

from feedback import clock
from feedback.db import db, transaction
from feedback.errors import Refusal
from feedback.people.models import Officer, Position, Tenure
from feedback.wards.models import Ward
from web.accounts import logins, passwords

officers = AppGroup("officers", help="Officers and their logins.")


@officers.command("add")
@click.argument("ward_code")
@click.argument("position_code")
@click.argument("full_name")
@click.argument("username")
@click.option("--email", default=None, help="Also a name to log in with.")
def add(
    ward_code: str, position_code: str, full_name: str, username: str, email: str | None
) -> None:
    """Add an officer to a position and print a first password."""
    password = passwords.random_password()
    password_hash = passwords.hashed(password)
    try:
        with transaction():
            position = _position(ward_code, position_code)
            officer = Officer(
                ward_id=position.ward_id, full_name=full_name, email=email, created_at=clock.now()
            )
            db.session.add(officer)
            db.session.flush()
            db.session.add(
                Tenure(position_id=position.id, officer_id=officer.id, starts_on=clock.today())
            )
            logins.create_login(
                officer, username, password_hash=password_hash, must_change_password=True
            )
    except Refusal as refusal:
        raise click.ClickException(refusal.sentence) from None
    click.echo(f"{username}  {password}")


@officers.command("reset-password")
@click.argument("name")
def reset_password(name: str) -> None:
    """Print a new password for a login, named by username or e-mail."""
    password = passwords.random_password()
    new_hash = passwords.hashed(password)
    with transaction():
        login = logins.find(name)
        if login is None:
            raise click.ClickException(f"no login named {name}")
        logins.reset_password(login, new_hash, by_officer_id=None)
    click.echo(f"{name}  {password}")


def _position(ward_code: str, position_code: str) -> Position:
    query = sa.select(Position).join(Ward, Ward.id == Position.ward_id)
    query = query.where(Ward.code == ward_code, Position.code == position_code)
    position = db.session.scalars(query).first()
    if position is None:
        raise click.ClickException(f"no position {position_code} in ward {ward_code}")
    return position
