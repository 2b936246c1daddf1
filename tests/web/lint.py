"""What every page must be, whoever wrote it. Call `lint_page(html)` on every page a test fetches."""

import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterator
from hashlib import blake2b
from pathlib import Path
from xml.etree.ElementTree import Element

import html5lib
from werkzeug.wrappers import Response

LABELLED = {"input", "select", "textarea"}
NEEDS_NO_LABEL = {"hidden", "submit", "button", "image", "reset"}
TITLE = re.compile(r"^\S.* – \S.*$")
HEADING = re.compile(r"h[1-6]")


_WORDS = re.compile(r"(?<!<title)>([^<>]*)<")
_TYPED = re.compile(r'\b(value|alt|title|content|placeholder|aria-label)="[^"\s][^"]*"')
_CHANGING = re.compile(r"[\w-]{20,}+(?!=)|(?<!<h)(?<!</h)\d+")  # tokens and numbers, not names
_sound: set[str] = set()  # of pages without a fault, by `_shape`: reading one takes 10 to 50 ms
_same: set[int] = set()  # of the very pages: telling a shape takes half a millisecond
_shelf: list[Path] = []  # where the test processes of a run leave each other what they found sound


def lint_page(html: str) -> None:
    """Raises AssertionError naming everything wrong with a whole page."""
    _lint(html, page_faults)


def lint_fragment(html: str) -> None:
    """The same for a piece that htmx swaps in: no title, h1 or lang of its own."""
    _lint(html, fragment_faults)


def lint_response(response: Response) -> None:
    """Lints what a test client got, when it is a page or a piece of one; redirects are let be."""
    if response.mimetype != "text/html" or 300 <= response.status_code < 400:
        return
    html = response.get_data(as_text=True)
    lint = lint_page if html.lstrip()[:9].lower() == "<!doctype" else lint_fragment
    lint(html)


def share(folder: Path) -> None:
    """Tell the other processes of this run, and hear from them, which shapes are sound."""
    _shelf[:] = [folder]


def _lint(html: str, faults_of: Callable[[str], list[str]]) -> None:
    page = hash((faults_of, html))
    if page in _same:  # letter for letter
        return
    shape = blake2b(f"{faults_of.__name__} {_shape(html)}".encode(), digest_size=16).hexdigest()
    marks = [] if shape in _sound else [folder / shape for folder in _shelf]
    is_sound = shape in _sound or any(mark.exists() for mark in marks)
    faults = list(_plain_faults(html)) if is_sound else faults_of(html)
    if faults:
        raise AssertionError("\n".join(faults))
    _sound.add(shape)
    _same.add(page)
    for mark in marks:
        mark.touch()


def _shape(html: str) -> str:
    """The page without its words, typed ones included; its numbers and tokens counted through, so that the same stay the
    same and others others: what one page of a shape is judged by, all of them are."""
    known: dict[str, str] = {}
    html = _WORDS.sub(lambda words: ">x<" if words[1].strip() else "><", html)
    html = _TYPED.sub(r'\1="x"', html)
    return _CHANGING.sub(lambda found: known.setdefault(found[0], f"{len(known)}"), html)


def page_faults(html: str) -> list[str]:
    parser = html5lib.HTMLParser(namespaceHTMLElements=False)
    tree = parser.parse(html)
    return [*_syntax(parser), *_piece_faults(html, tree), *_page_faults(tree)]


def fragment_faults(html: str) -> list[str]:
    parser = html5lib.HTMLParser(namespaceHTMLElements=False)
    tree = parser.parseFragment(html)
    return [*_syntax(parser), *_piece_faults(html, tree)]


def _syntax(parser: html5lib.HTMLParser) -> Iterator[str]:
    for (line, column), code, data in parser.errors:
        yield f"line {line}:{column}: {code} {data or ''}"


def _page_faults(tree: Element) -> Iterator[str]:
    if tree.get("lang") != "vi":
        yield 'the page is not lang="vi"'
    headings = list(tree.iter("h1"))
    if len(headings) != 1:
        yield f"{len(headings)} h1 elements, want one"
    elif not _text(headings[0]):
        yield "the h1 is empty"
    title = _text(tree.find(".//title"))
    if not TITLE.match(title):
        yield f"the title {title!r} is not 'what – where'"
    yield from _heading_jumps(tree)


def _piece_faults(html: str, tree: Element) -> Iterator[str]:
    yield from _plain_faults(html)
    yield from _ids(tree)
    yield from _inline_code(tree)
    yield from _unlabelled(tree)
    yield from _forms(tree)
    yield from _nameless(tree)


def _plain_faults(html: str) -> Iterator[str]:
    if not unicodedata.is_normalized("NFC", html):
        yield "text is not NFC"
    if "{{" in html or "{%" in html:
        yield "a template tag reached the page"


def _ids(tree: Element) -> Iterator[str]:
    ids = Counter(e.get("id") for e in _elements(tree) if e.get("id") is not None)
    for name, times in ids.items():
        if times > 1:
            yield f"id {name!r} is used {times} times"
        if not name or " " in name:
            yield f"id {name!r} is empty or has a space"
    for element in _elements(tree):
        for attribute in ("for", "aria-describedby", "aria-labelledby", "aria-controls"):
            for target in element.get(attribute, "").split():
                if target not in ids:
                    yield f"{_show(element)}: {attribute} names no element: {target!r}"
        href = element.get("href", "")
        if len(href) > 1 and href.startswith("#") and href[1:] not in ids:
            yield f"{_show(element)}: link to nowhere: {href!r}"


def _inline_code(tree: Element) -> Iterator[str]:
    for element in _elements(tree):
        if element.tag == "style":
            yield "an inline <style>"
        if element.tag == "script" and not element.get("src"):
            yield "an inline <script>"
        for attribute in element.attrib:
            if attribute == "style" or attribute.startswith("on"):
                yield f"{_show(element)}: inline {attribute}"
        if element.get("href", "").lower().startswith("javascript:"):
            yield f"{_show(element)}: javascript: link"


def _unlabelled(tree: Element) -> Iterator[str]:
    labels = {e.get("for") for e in tree.iter("label") if _text(e)}
    wrapped = {id(e) for label in tree.iter("label") if _text(label) for e in label.iter()}
    for element in _elements(tree):
        if element.tag not in LABELLED or element.get("type") in NEEDS_NO_LABEL:
            continue
        named = element.get("aria-label") or element.get("aria-labelledby")
        if not (named or element.get("id") in labels or id(element) in wrapped):
            yield f"{_show(element)}: no label"


def _forms(tree: Element) -> Iterator[str]:
    for form in tree.iter("form"):
        if form.get("method", "get").lower() != "post":
            continue
        names = {e.get("name") for e in form.iter("input") if e.get("value")}
        if "csrf_token" not in names:
            yield f"{_show(form)}: POST without csrf_token"


def _nameless(tree: Element) -> Iterator[str]:
    for element in _elements(tree):
        if element.tag == "img" and element.get("alt") is None:
            yield f"{_show(element)}: no alt"
        if element.tag in ("a", "button") and not _name(element):
            yield f"{_show(element)}: no words a screen reader could say"


def _heading_jumps(tree: Element) -> Iterator[str]:
    previous = 0
    for element in tree.findall(".//main//*"):
        if HEADING.fullmatch(str(element.tag)):
            level = int(element.tag[1])
            if previous and level > previous + 1:
                yield f"h{previous} is followed by h{level}: {_text(element)!r}"
            previous = level


def _elements(tree: Element) -> Iterator[Element]:
    return (e for e in tree.iter() if isinstance(e.tag, str))


def _text(element: Element | None) -> str:
    return "" if element is None else " ".join("".join(element.itertext()).split())


def _name(element: Element) -> str:
    pictures = " ".join(image.get("alt", "") for image in element.iter("img"))
    return element.get("aria-label") or _text(element) or pictures.strip()


def _show(element: Element) -> str:
    wanted = ("id", "name", "type", "action", "href", "src")
    attributes = "".join(f' {k}="{element.get(k)}"' for k in wanted if element.get(k))
    return f"<{element.tag}{attributes}>"
