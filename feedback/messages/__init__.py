"""What the ward says: one text file per subject, one Jinja block per message.

`say("petition.received", setup.texts, number="BD-2026-000001", …)` renders block `received` of
`petition.txt`, or the ward's own words for it (`own`). What is said several times under names of their own
(`remind_1`, `remind_2`) has one text, `remind`. A value the text needs and nobody gave is an error
(StrictUndefined), never an empty hole in a letter.
"""

import logging
import re
from collections.abc import Mapping
from functools import lru_cache
from types import MappingProxyType
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template
from jinja2.exceptions import TemplateError
from jinja2.sandbox import ImmutableSandboxedEnvironment

from feedback.text import squeeze

log = logging.getLogger("messages")
_AGAIN = re.compile(r"_\d+$")

_HOW: dict[str, Any] = {
    "undefined": StrictUndefined,
    "autoescape": False,  # plain text for chats and letters; web pages escape what they show
    "trim_blocks": True,
    "lstrip_blocks": True,
}
_environment = Environment(loader=FileSystemLoader(str(__file__).rpartition("/")[0]), **_HOW)  # noqa: S701
sandbox = ImmutableSandboxedEnvironment(**_HOW)  # for words that an administrator wrote
NOTHING: Mapping[str, str] = MappingProxyType({})


@lru_cache
def _subject(name: str) -> Template:
    return _environment.get_template(name + ".txt")


@lru_cache(maxsize=2000)
def _own(text: str) -> Template:
    return sandbox.from_string(text)


def say(message: str, own: Mapping[str, str] = NOTHING, /, **values: Any) -> str:
    """Render one message ("subject.block") as plain text in NFC.

    `own`: the ward's own words by message, which come first; one that fails (written for an older
    program) gives way to the standard text. Raises jinja2.UndefinedError when a value is missing and
    KeyError when there is no such block.
    """
    message = _AGAIN.sub("", message)
    if message in own:
        try:
            return squeeze(_own(own[message]).render(values))
        except TemplateError as error:
            log.error("own text of %s does not hold: %s", message, error)
    subject, _, block = message.partition(".")
    template = _subject(subject)
    return squeeze("".join(template.blocks[block](template.new_context(values))))
