"""A form and what it is filled with become a Document: the same for DOCX, PDF and the screen."""

import dataclasses
from datetime import date, datetime
from functools import lru_cache
from typing import Any

from jinja2 import StrictUndefined, Template, TemplateError
from jinja2.sandbox import ImmutableSandboxedEnvironment

from feedback import clock
from feedback.errors import BadInput
from feedback.papers import inputs, markup, signing
from feedback.papers.document import Block, Document, Head, Line, Run, Signature, Table
from feedback.papers.forms import Form, form
from feedback.papers.inputs import PaperContext, Register
from feedback.text import nfc

DOTS = "…………"


def fields(form_: Form) -> type[PaperContext]:
    """What a form is filled with."""
    found: type[PaperContext] = getattr(inputs, form_.input)
    return found


def form_for(key: str, context: PaperContext) -> Form:
    """The form in force on the day of the paper, with the ward's own words. Raises NotFound, BadInput."""
    found = form(key, context.on)
    if found.may_be_collective and context.office.authority:
        found = dataclasses.replace(found, authority=context.office.authority)
    return found.corrected(context.office.corrections.get(key, {}))


def compose(key: str, context: PaperContext, *, number: int | None = None) -> Document:
    """The paper; without a number its place is left free.

    Raises BadInput when the ward's own words need a value that there is not, or when this signer may not
    sign this form; TypeError when the form needs another input.
    """
    form_ = form_for(key, context)
    if not isinstance(context, fields(form_)):
        raise TypeError(f"{key} needs {form_.input}, not {type(context).__name__}")
    if context.signer.capacity not in form_.signers:
        raise BadInput(
            f"{form_.name}: {context.signer.capacity.label.lower()} không đúng thẩm quyền ký."
        )
    values = {each.name: getattr(context, each.name) for each in dataclasses.fields(context)}
    fill = _Filler(form_, values)
    title, subject = fill(form_.title), fill(form_.subject)
    return Document(
        head=_head(form_, context, number, about="" if title else subject),
        title=title,
        subject=subject if title else "",
        to=(tuple(map(nfc, context.to)) or (DOTS * 4,)) if form_.is_addressed else (),
        blocks=(*markup.blocks(fill.raw(form_.body)), *_register(form_, context)),
        recipients=tuple(line for line in map(fill, _recipients(form_, context)) if line),
        signatures=_signatures(form_, context, fill),
        annex=markup.blocks(fill.raw(form_.annex)),
        corner=form_.code if form_.is_corner_shown else "",
        size=form_.size,
        is_landscape=form_.is_landscape,
        name=form_.name,
        signed_on=context.on.isoformat(),
    )


def sign(form_: Form, number: int | None) -> str:
    """'05/TB-UBND'; room to write by hand while there is no number."""
    return f"{number:02d}/{form_.suffix}" if number else f"{' ' * 7}/{form_.suffix}"


def day(value: date | datetime | None) -> str:
    """28/08/2026, of an instant the local day."""
    return f"{_local(value):%d/%m/%Y}" if value else DOTS


def long_day(value: date | datetime | None) -> str:
    """05 tháng 02 năm 2026: NĐ 30/2020 pads days below 10 and the months 1 and 2."""
    if not value:
        return "…… tháng …… năm ………"
    local = _local(value)
    month = f"{local.month:02d}" if local.month < 3 else str(local.month)
    return f"{local.day:02d} tháng {month} năm {local.year}"


def hour(value: datetime | None) -> str:
    """08 giờ 30 phút"""
    return f"{_local(value):%H giờ %M phút}" if value else "…… giờ …… phút"


def _local(value: date | datetime) -> date | datetime:
    return clock.local(value) if isinstance(value, datetime) else value


def _bare(text: str) -> str:
    """Without the stop at its end, where the form goes on."""
    return text.rstrip(" .;,\n")


def _lower_first(text: str) -> str:
    return text[:1].lower() + text[1:]


# Forms may be rewritten by a ward: they see values, never the program.
_environment = ImmutableSandboxedEnvironment(
    undefined=StrictUndefined,
    autoescape=False,
    finalize=markup.guarded,
    trim_blocks=True,
    lstrip_blocks=True,
)
_environment.filters.update(
    day=day, long_day=long_day, hour=hour, lower_first=_lower_first, bare=_bare
)
_environment.globals.update(FILL=markup.FILL, DOTS=DOTS)


@lru_cache(maxsize=500)
def _template(text: str) -> Template:
    return _environment.from_string(text)


class _Filler:
    """Renders the templates of one form over one set of values."""

    def __init__(self, form_: Form, values: dict[str, Any]):
        self.form = form_
        self.values = values

    def raw(self, text: str) -> str:
        try:
            return nfc(_template(text).render(self.values))
        except TemplateError as error:
            raise BadInput(f"Mẫu “{self.form.name}” viết sai: {error}.") from error

    def __call__(self, text: str) -> str:
        return markup.plain(self.raw(text))


def _head(form_: Form, context: PaperContext, number: int | None, about: str) -> Head:
    office = context.office
    place_date = f"{office.place}, ngày {long_day(context.on)}" if form_.is_dated else ""
    if form_.is_citizens:
        return Head(place_date=f"{DOTS}, ngày {long_day(None)}" if form_.is_dated else "")
    return Head(
        over=office.over,
        names=office.names,
        number_line=f"Số: {sign(form_, number)}" if form_.suffix else "",
        about=about,
        place_date=place_date,
    )


def _recipients(form_: Form, context: PaperContext) -> tuple[str, ...]:
    """The form's, with further ones before the line that says where the copy is kept."""
    own = form_.recipients
    copies = tuple(f"{{{{ copies_to[{n}] }}}};" for n in range(len(context.copies_to)))
    return (*own[:-1], *copies, own[-1]) if own else ()


def _signatures(
    form_: Form, context: PaperContext, fill: _Filler
) -> tuple[tuple[Signature, ...], ...]:
    if form_.signatures is not None:
        return tuple(
            tuple(
                Signature(
                    titles=tuple(cell.get("title", "").splitlines()),
                    note=cell.get("note", ""),
                    name=fill(cell.get("name", "")),
                )
                for cell in row
            )
            for row in form_.signatures
        )
    titles = signing.lines(form_.authority, context.signer)
    return ((Signature(titles=titles, name=nfc(context.signer.name)),),)


def _register(form_: Form, context: PaperContext) -> tuple[Block, ...]:
    if not isinstance(context, Register):
        return ()
    heads = tuple(_cell(column.title, bold=True) for column in form_.columns)
    numbers = tuple(_cell(str(n), italic=True) for n in range(1, len(form_.columns) + 1))
    body = tuple(
        tuple(_cell(day(cell) if isinstance(cell, date) else str(cell)) for cell in row)
        for row in context.rows
    )
    widths = tuple(column.width for column in form_.columns)
    return (Table(widths=widths, heads=2, rows=(heads, numbers, *body)),)


def _cell(text: str, *, bold: bool = False, italic: bool = False) -> tuple[Line, ...]:
    return tuple((Run(line, bold=bold, italic=italic),) for line in nfc(text).splitlines() if line)
