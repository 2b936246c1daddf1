"""What keeps the installation in order: health, request ids in the log, the doctor, the keys."""

from flask import Flask

from web.ops import commands, health, requests


def init_app(app: Flask) -> None:
    requests.init_app(app)
    commands.init_app(app)
    app.register_blueprint(health.blueprint)
