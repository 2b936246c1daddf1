"""The form class of residents' pages: what was typed is cleaned once, before anything looks at it."""

from typing import Any

from flask import request
from werkzeug.datastructures import MultiDict
from wtforms import ValidationError

from feedback.text import squeeze
from web.forms import Form, RadioField, SelectField


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


class Chosen:
    """A field whose choices are plain values: the chosen one is looked up, not compared with each drawn."""

    def pre_validate(self: Any, form: Form) -> None:
        if not self.process_errors and self.data not in {each.value for each in self.choices}:
            raise ValidationError(self.gettext("Not a valid choice."))


class Select(Chosen, SelectField):
    pass


class Radio(Chosen, RadioField):
    pass


def one_line(words: Any) -> Any:
    """For the filters of fields that hold no paragraphs."""
    return " ".join(words.split()) if isinstance(words, str) else words
