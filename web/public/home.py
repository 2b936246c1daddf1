"""`/` and `/<ward>/`: the one big question."""

from flask import g, render_template, request

from feedback.text import fold, squeeze
from web.public import public, wards
from web.public.pristine import pristine
from web.public.report import new_form

MOST_SHOWN = 40


@public.get("/")
def wards_here() -> str:
    """One ward: its home. Several: choose, by typing a name with or without accents."""
    known = wards.everyone()
    if len(known) == 1:
        g.ward = wards.by_slug(known[0][0])
        return home()
    words = squeeze(request.args.get("words", "")[:80])
    found = [row for row in known if fold(words) in fold(f"{row[1]} {row[2]}")]
    return render_template(
        "public/wards.html",
        wards=found[:MOST_SHOWN],
        more=len(found[MOST_SHOWN:]),
        words=words,
    )


@public.get("/<slug:slug>/")
def home() -> str:
    return pristine("home", _draw)


def _draw(key: str) -> str:
    form = new_form(key)
    form.text.label.text = "Ông/Bà muốn phản ánh điều gì?"
    return render_template("public/home.html", form=form)
