"""`/<ward>/giup-do` and `/<ward>/thong-tin-ca-nhan`: how it works, and what becomes of personal data."""

from flask import g, render_template

from feedback.petitions.guards import REOPEN_DAYS
from web.public import public


@public.get("/<slug:slug>/giup-do")
def help():
    days = g.ward.settings.get("reopen_days", REOPEN_DAYS)
    return render_template("public/help.html", reopen_days=days)


@public.get("/<slug:slug>/thong-tin-ca-nhan")
def privacy():
    return render_template("public/privacy.html")
