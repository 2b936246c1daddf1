"""The composition root: the only module that knows settings, pages and channels at once."""

import gc

from flask import Flask
from werkzeug.middleware.proxy_fix import ProxyFix

import web
from config import Settings
from feedback import links, logs, sealing
from feedback.db import db, prepare
from feedback.petitions.due_command import due
from feedback.triage.command import triage
from web import commands


def create_app(
    settings: Settings | None = None, *, migrates: bool = True, pages: bool = True
) -> Flask:
    """Build the application. Raises config.ConfigError when a setting is missing or wrong.

    The web server never migrates, and starts 0.2 s sooner without what commands need for it. The worker
    and `flask prepare` show no pages: 15 MiB and 0.4 s less without them.
    """
    collects = gc.isenabled()
    gc.disable()  # what is loaded stays: looking through it was a tenth of every start, and 0.4 s at the end
    try:
        return _built(settings or Settings.from_environment(), migrates=migrates, pages=pages)
    finally:
        gc.freeze()
        if collects:
            gc.enable()


def _built(settings: Settings, *, migrates: bool, pages: bool) -> Flask:
    import bots
    import feedback.models  # noqa: F401  every table is known from here on

    logs.set_up(settings.log_level, settings.secrets())
    app = Flask("ward", static_folder=None, template_folder="web/templates", root_path=_here())
    app.config.from_mapping(
        SETTINGS=settings,
        SECRET_KEY=settings.secret_key,
        SQLALCHEMY_DATABASE_URI=settings.database_url,
        SQLALCHEMY_ENGINE_OPTIONS={
            "hide_parameters": True,  # residents' words reach no log
            "pool_size": settings.web_threads,  # beyond it a connection is made anew each time
        },
        MAP_TILE_URL=settings.map_tile_url,
        MAP_TILE_CREDIT=settings.map_tile_credit,
        MAX_CONTENT_LENGTH=120 * 1024 * 1024,
        MAX_FORM_MEMORY_SIZE=2 * 1024 * 1024,
        SESSION_COOKIE_SECURE=settings.is_https,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
    )
    if settings.trusted_proxies:
        hops = settings.trusted_proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=hops)
    sealing.use_keys(settings.field_keys)
    links.use_public_url(settings.public_url)
    db.init_app(app)
    with app.app_context():
        prepare(db.engine)
    if migrates:
        from flask_migrate import Migrate

        Migrate(app, db, directory=_here() + "/migrations", render_as_batch=True)
    app.cli.add_command(due)
    app.cli.add_command(triage)
    commands.init_app(app)
    if pages:
        web.init_app(app)
    bots.init_app(app)
    return app


def _here() -> str:
    return __file__.rpartition("/")[0] or "."
