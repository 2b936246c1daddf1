"""The page kit: one call makes an application speak, look and guard itself like ours."""

from pathlib import Path
from typing import Any

from flask import Flask, url_for
from govuk_frontend_wtf.main import WTFormsHelpers, wtforms_errors
from jinja2 import (
    ChoiceLoader,
    FileSystemBytecodeCache,
    FileSystemLoader,
    PackageLoader,
    PrefixLoader,
)
from werkzeug.routing import BuildError

from web.assets import init_assets
from web.error_pages import init_error_pages
from web.forms import init_csrf
from web.headers import init_headers
from web.kit_words import ERROR_SUMMARY_TITLE, VietnameseKit
from web.phrases import init_phrases
from web.sessions import init_sessions

TEMPLATES = Path(__file__).parent / "templates"


def init_kit(app: Flask) -> None:
    """Templates, filters, static files, forms' csrf, headers and error pages."""
    app.jinja_loader = ChoiceLoader(
        [
            FileSystemLoader(TEMPLATES),
            PrefixLoader(
                {
                    "govuk_frontend_jinja": VietnameseKit(),
                    "govuk_frontend_wtf": PackageLoader("govuk_frontend_wtf"),
                }
            ),
        ]
    )
    # Compiled templates outlive the process, in a folder of the user's own: a tenth of a second of the start.
    app.jinja_env.bytecode_cache = FileSystemBytecodeCache()
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True
    WTFormsHelpers(app)
    app.add_template_global(form_errors, "wtforms_errors")
    app.add_template_global(link_to)
    init_phrases(app)
    init_assets(app)
    init_sessions(app)
    init_csrf(app)
    init_headers(app)
    init_error_pages(app)


def form_errors(form: Any, params: dict[str, Any] | None = None) -> dict[str, Any]:
    """Parameters for govukErrorSummary, titled in Vietnamese."""
    return wtforms_errors(form, {"titleText": ERROR_SUMMARY_TITLE} | (params or {}))


def link_to(endpoint: str, **values: Any) -> str | None:
    """The address of a page, or None while no such page is registered."""
    try:
        return url_for(endpoint, **values)
    except BuildError:
        return None
