"""The form class of residents' pages: what was typed is cleaned once, before anything looks at it."""

from typing import Any

from flask import request
from werkzeug.datastructures import MultiDict

from feedback.text import squeeze
from web.forms import Form


class TypedForm(Form):
    """Its csrf token is looked at by the view: an expired one must not cost the words."""

    class Meta(Form.Meta):
        csrf = False

        def wrap_formdata(self, form: Form, formdata: Any) -> MultiDict[str, str] | None:
            """Of a POST the words as sent, in NFC and without what cannot be seen; else nothing."""
            if formdata is None or request.method != "POST":
                return None
            return MultiDict(
                [(name, squeeze(words)) for name, words in request.form.items(multi=True)]
            )


def one_line(words: Any) -> Any:
    """For the filters of fields that hold no paragraphs."""
    return " ".join(words.split()) if isinstance(words, str) else words
