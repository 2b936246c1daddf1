"""Commands of the channels. What they run is loaded when they run."""

import click
from flask import Flask, current_app
from flask.cli import with_appcontext


@click.command("worker")
@with_appcontext
def worker() -> None:
    """Send queued messages and run the scheduled jobs, until stopped."""
    from bots.worker import run

    run(current_app._get_current_object())


def init_app(app: Flask) -> None:
    app.cli.add_command(worker)
