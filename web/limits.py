"""Throttling: how often one address may knock. Counts live in the memory of each web process."""

from flask import Flask, current_app
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address

limiter = Limiter(get_remote_address, storage_uri="memory://", strategy="fixed-window")


def init_limits(app: Flask) -> None:
    limiter.init_app(app)


@limiter.request_filter
def _is_off() -> bool:
    return not current_app.config["SETTINGS"].rate_limits
