"""The page linter finds what it promises to find, and nothing in a sound page."""

import unicodedata

import pytest
from flask import Response, redirect

from tests.web.lint import lint_fragment, lint_page, lint_response

SOUND = (
    '<!DOCTYPE html><html lang="vi"><head><meta charset="utf-8"><title>Tra cứu – Phường A</title>'
    '</head><body><main><h1>Tra cứu</h1><form method="post">'
    '<input type="hidden" name="csrf_token" value="x"><label for="code">Mã</label>'
    '<input id="code" name="code"><button>Xem</button></form>{}</main></body></html>'
)

FAULTS = {
    "not lang": SOUND.replace('lang="vi"', 'lang="en"'),
    "2 h1": SOUND.format("<h1>Hai</h1>"),
    "0 h1": SOUND.replace("h1>", "h2>"),
    "the title": SOUND.replace("Tra cứu – ", ""),
    "no label": SOUND.replace('for="code"', ""),
    "used 2 times": SOUND.format('<p id="code">x</p>'),
    "POST without csrf_token": SOUND.replace("csrf_token", "token"),
    "csrf_token": SOUND.replace('value="x"', 'value=""'),
    "inline <script>": SOUND.format("<script>alert(1)</script>"),
    "inline <style>": SOUND.format("<div><style>p{}</style></div>"),
    "inline style": SOUND.format('<p style="color:red">x</p>'),
    "inline onclick": SOUND.format('<p onclick="go()">x</p>'),
    "javascript: link": SOUND.format('<a href="javascript:go()">x</a>'),
    "not NFC": SOUND.format(unicodedata.normalize("NFD", "Phường")),
    "no alt": SOUND.format('<img src="/a.png">'),
    "no words": SOUND.format('<a href="/x"><img src="/a.png" alt=""></a>'),
    "link to nowhere": SOUND.format('<a href="#gone">x</a>'),
    "aria-describedby names no element": SOUND.format('<p aria-describedby="gone">x</p>'),
    "h1 is followed by h3": SOUND.format("<h3>Ba</h3>"),
    "template tag": SOUND.format("{{ '{{ name }}' }}"),
    "end-tag-too-early": SOUND.format("</div>"),
    "expected-doctype": SOUND.replace("<!DOCTYPE html>", ""),
}


def test_a_sound_page_passes():
    lint_page(SOUND.format('<img src="/a.png" alt="Đèn hỏng"><a href="#code">Mã</a>'))


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_is_named(fault: str):
    with pytest.raises(AssertionError, match=fault):
        lint_page(FAULTS[fault].replace("{}", ""))


def test_a_fragment_needs_no_title_but_must_be_sound():
    lint_fragment('<p id="counters">3 việc quá hạn</p>')
    with pytest.raises(AssertionError, match="no alt"):
        lint_fragment('<img src="/a.png">')


def test_what_a_client_gets_is_judged_by_what_it_is():
    lint_response(redirect("/"))
    lint_response(Response("{}", mimetype="application/json"))
    lint_response(Response(SOUND.format(""), mimetype="text/html"))
    lint_response(Response("<b>3</b>", mimetype="text/html"))
    with pytest.raises(AssertionError, match="not lang"):
        lint_response(Response(FAULTS["not lang"].replace("{}", ""), mimetype="text/html"))


@pytest.mark.parametrize(
    ("sound", "faulty", "fault"),
    [
        ('<a href="#a7">x</a><p id="a7">x</p>', '<a href="#a7">x</a><p id="a8">x</p>', "nowhere"),
        ('<p id="a7">x</p><p id="a8">x</p>', '<p id="a7">x</p><p id="a7">x</p>', "used 2 times"),
        ("<h2>x</h2><h3>x</h3>", "<h2>x</h2><h4>x</h4>", "followed by h4"),
        (
            '<p id="{0}">x</p><a href="#{0}">x</a>',
            '<p id="{0}">x</p><a href="#{1}">x</a>',
            "nowhere",
        ),
    ],
)
def test_pages_alike_but_for_their_numbers_are_judged_as_one_and_others_are_not(
    sound, faulty, fault
):
    tokens = "o2vY0w-7Zb3kQy5nT8dLxA", "p3wZ1x-8Ac4lRz6oU9eMyB"
    lint_page(SOUND.format(sound.format(*tokens)))
    with pytest.raises(AssertionError, match=fault):
        lint_page(SOUND.format(faulty.format(*tokens)))
