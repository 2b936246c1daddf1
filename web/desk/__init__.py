"""The officials' pages: my work, every petition, one petition, approvals, absence, entering for others."""

from flask import Flask


def init_app(app: Flask) -> None:
    from web.desk import home  # noqa: F401
    from web.desk.blueprint import desk
    from web.settings import settings

    app.register_blueprint(desk)
    app.register_blueprint(settings)
