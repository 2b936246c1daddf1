"""An officer's own chat: the one-time code that links it, and taking it away again."""

from dataclasses import dataclass
from typing import Any

import segno
import sqlalchemy as sa
from flask import flash, make_response, redirect, render_template, url_for
from markupsafe import Markup

from feedback import links
from feedback.db import db, transaction
from feedback.errors import NotFound
from feedback.people import chats
from feedback.people.models import Channel, Contact, Officer
from feedback.wards.models import ChannelAccount
from web import throttle
from web.accounts.pages import accounts
from web.accounts.session import current_login

CHATS = (Channel.TELEGRAM, Channel.ZALO, Channel.CONSOLE)
FROM_LINK = "lk-"  # how the payload of the deep link begins


@dataclass(frozen=True)
class Door:
    """A chat of the ward the code can be sent to. `link` opens it; `has_code`: with the code ready."""

    label: str
    name: str
    link: str = ""
    has_code: bool = False
    qr: Markup = Markup()


@accounts.post("/account/chat-code")
def chat_code() -> Any:
    """The code is shown on this answer and never again; only its fingerprint is kept."""
    login = current_login()
    if login is None:
        return redirect(url_for(".login"))
    throttle.check("link_code", str(login.id))
    with transaction():
        code = chats.new_code(login.officer_id)
    officer = db.session.get_one(Officer, login.officer_id)
    page = make_response(
        render_template(
            "accounts/chat_code.html",
            code=code,
            doors=_doors(officer.ward_id, code),
            minutes=int(chats.LIFE.total_seconds() // 60),
        )
    )
    page.headers["Cache-Control"] = "no-store"
    return page


@accounts.post("/account/chats/<int:contact_id>/removal")
def chat_removal(contact_id: int) -> Any:
    login = current_login()
    if login is None:
        return redirect(url_for(".login"))
    with transaction():
        contact = db.session.get(Contact, contact_id)
        if contact is None or contact.officer_id != login.officer_id:
            raise NotFound
        chats.unlink(contact_id, by_officer_id=login.officer_id)
    flash("Đã hủy liên kết. Cuộc trò chuyện ấy không còn nhận việc.", "success")
    return redirect(url_for(".account"))


def _doors(ward_id: int, code: str) -> list[Door]:
    rows = db.session.scalars(
        sa.select(ChannelAccount)
        .where(ChannelAccount.ward_id == ward_id, ChannelAccount.is_enabled)
        .order_by(ChannelAccount.id)
    )
    return [_door(row, code) for row in rows if row.channel in CHATS]


def _door(account: ChannelAccount, code: str) -> Door:
    label, name = account.channel.label, account.public_name
    if account.channel is Channel.ZALO:  # its address carries nothing: the code is typed there
        return Door(label, name, link := links.zalo(name or account.name), False, _square(link))
    if account.channel is not Channel.TELEGRAM or not name:
        return Door(label, name)
    link = links.telegram(name, FROM_LINK + code.replace("-", ""))
    return Door(label, f"@{name}", link, True, _square(link))


def _square(link: str) -> Markup:
    return Markup(segno.make(link, error="m").svg_inline(scale=5, border=2))  # noqa: S704  made by segno
