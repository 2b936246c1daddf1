"""What the ward says: one text file per subject, one Jinja block per message.

`say("petition.received", number="BD-2026-000001", …)` renders block `received` of `petition.txt`. A value
the text needs and nobody gave is an error (StrictUndefined), never an empty hole in a letter.
"""

from functools import lru_cache
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template

from feedback.text import squeeze

_environment = Environment(
    loader=FileSystemLoader(str(__file__).rpartition("/")[0]),
    undefined=StrictUndefined,
    autoescape=False,  # noqa: S701  plain text for chats and letters; web pages escape what they show
    trim_blocks=True,
    lstrip_blocks=True,
)


@lru_cache
def _subject(name: str) -> Template:
    return _environment.get_template(name + ".txt")


def say(message: str, /, **values: Any) -> str:
    """Render one message ("subject.block") as plain text in NFC.

    Raises jinja2.UndefinedError when a value is missing and KeyError when there is no such block.
    """
    subject, _, block = message.partition(".")
    template = _subject(subject)
    return squeeze("".join(template.blocks[block](template.new_context(values))))
