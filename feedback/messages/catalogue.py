"""What may be said anew: every text by subject, the values it knows, and whether other words hold."""

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from jinja2 import TemplateError, meta, nodes

from feedback.errors import BadInput
from feedback.messages import sandbox
from feedback.text import clip, squeeze

_HERE = Path(__file__).parent
_BLOCK = re.compile(r"{% block (\w+) %}\n(.*?){% endblock %}", re.DOTALL)
LONGEST = 4000
# What a ward may write: words, values, conditions and lists. No calls, no filters.
_ALLOWED = (
    nodes.Template, nodes.Output, nodes.TemplateData, nodes.Name, nodes.Getattr, nodes.If, nodes.For,
    nodes.Compare, nodes.Operand, nodes.Const, nodes.And, nodes.Or, nodes.Not, nodes.CondExpr,
    nodes.Tuple,
)  # fmt: skip


@dataclass(frozen=True)
class Value:
    """A place to be filled in, as an administrator reads about it."""

    name: str
    about: str
    is_needed: bool


@dataclass(frozen=True)
class Message:
    """One text. `standard`: as it ships."""

    name: str
    title: str
    standard: str
    values: tuple[Value, ...]


@dataclass(frozen=True)
class Subject:
    name: str
    title: str
    messages: tuple[Message, ...]
    read_in: tuple[str, ...] | None = None  # channels by name; None: every chat


@cache
def subjects() -> tuple[Subject, ...]:
    """The subjects a ward may write anew, in the order of `catalogue.toml`."""
    data = _data()
    return tuple(
        Subject(name, title, tuple(_messages(name, data)), _read_in(name, data))
        for name, title in data["subject"].items()
    )


def find(name: str) -> Message | None:
    every = (message for subject in subjects() for message in subject.messages)
    return next((message for message in every if message.name == name), None)


def subject_of(message: Message) -> Subject:
    name = message.name.partition(".")[0]
    return next(subject for subject in subjects() if subject.name == name)


def check(message: Message, text: str) -> str:
    """The words, cleaned. Raises BadInput naming what is missing, unknown or not allowed."""
    clean = squeeze(text)
    wrong = _wrong(message, clean)
    if wrong:
        raise BadInput(fields={"text": wrong})
    return clean


def preview(message: Message, text: str) -> str:
    """The words with sample values. Raises BadInput like `check`."""
    return _rendered(message, check(message, text))


def _wrong(message: Message, text: str) -> str:
    if not text:
        return "Vui lòng ghi nội dung, hoặc bấm “Dùng lại câu chuẩn”."
    if len(text) > LONGEST:
        return f"Nhiều nhất {LONGEST} ký tự."
    try:
        tree = sandbox.parse(text)
    except TemplateError:
        return "Dấu ngoặc chưa đúng: mỗi chỗ điền có đủ hai ngoặc nhọn mở và hai ngoặc nhọn đóng."
    if any(not isinstance(node, _ALLOWED) for node in tree.find_all(nodes.Node)):
        return (
            "Chỉ dùng được chữ, chỗ điền và điều kiện if; không dùng được phép tính hay lệnh khác."
        )
    used = meta.find_undeclared_variables(tree)
    known = {value.name for value in message.values}
    if unknown := sorted(used - known):
        return f"Không có chỗ điền: {', '.join(unknown)}. Xem danh sách chỗ điền bên dưới."
    needed = {value.name for value in message.values if value.is_needed}
    if missing := sorted(needed - used):
        return f"Còn thiếu chỗ điền: {', '.join(missing)}. Người nhận cần biết điều này."
    try:
        _rendered(message, text)
    except TemplateError:
        return "Một chỗ điền chưa đúng; hãy so với câu chuẩn."
    return ""


def _rendered(message: Message, text: str) -> str:
    own = _data().get("sample_in", {}).get(message.name.partition(".")[0], {})
    samples = _data()["sample"] | own
    values = {v.name: _shaped(samples.get(v.name, "…")) for v in message.values}
    return squeeze(sandbox.from_string(text).render(values))


def _shaped(sample: Any) -> Any:
    """A table of the file as a thing with attributes, which is what the texts are given."""
    if isinstance(sample, dict):
        return SimpleNamespace(**{name: _shaped(value) for name, value in sample.items()})
    return [_shaped(each) for each in sample] if isinstance(sample, list) else sample


def _read_in(name: str, data: dict[str, Any]) -> tuple[str, ...] | None:
    found = data["read_in"].get(name)
    return None if found is None else tuple(found)


def _messages(subject: str, data: dict[str, Any]) -> Iterator[Message]:
    titles = data["title"].get(subject, {})
    abouts = data["about"] | data.get("about_in", {}).get(subject, {})
    for block, standard in _BLOCK.findall((_HERE / f"{subject}.txt").read_text(encoding="utf-8")):
        text = squeeze(standard)
        tree = sandbox.parse(text)
        needed = _plainly_said(tree) - {"ward", "called"}
        values = tuple(
            Value(name, abouts.get(name, name), name in needed)
            for name in sorted(meta.find_undeclared_variables(tree))
        )
        title = titles.get(block) or clip(re.sub(r"{[{%].*?[}%]}", "…", text), 70)
        yield Message(f"{subject}.{block}", title, text, values)


def _plainly_said(tree: nodes.Template) -> set[str]:
    """Names that stand outside every condition: what is always told."""
    plain = (
        node for output in tree.body if isinstance(output, nodes.Output) for node in output.nodes
    )
    return {node.name for node in plain if isinstance(node, nodes.Name)}


@cache
def _data() -> dict[str, Any]:
    return tomllib.loads((_HERE / "catalogue.toml").read_text(encoding="utf-8"))
