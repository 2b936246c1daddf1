"""Chat accounts: connected, switched on and off, looked at; what messages may cost; templates; ownership."""

import re
import secrets
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from flask import current_app, flash, redirect, render_template, request, session, url_for
from wtforms import BooleanField, IntegerField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length, NumberRange

from feedback import clock, links
from feedback.db import db, transaction
from feedback.errors import NotFound, Refusal
from feedback.outbox import connecting, spending, templates, tokens
from feedback.outbox.connecting import Connector, NotConnected
from feedback.outbox.tokens import Condition
from feedback.outbox.window import Policy
from feedback.people.models import Channel
from feedback.people.models import Permission as P
from feedback.wards import edits
from feedback.wards.models import ChannelAccount, Ward
from web.accounts.session import current_actor, needs
from web.forms import Form, RadioField
from web.settings.blueprint import settings

STATE = "zalo_consent"  # in the session while an administrator is at Zalo
ORDERS = {
    "chat,email,phone,paper": "Kênh nhắn tin khác của cùng người, thư điện tử, rồi gọi điện, rồi giấy qua tổ trưởng",
    "chat,phone,paper": "Kênh nhắn tin khác của cùng người, rồi gọi điện, rồi giấy qua tổ trưởng",
    "phone,paper": "Gọi điện, rồi giấy qua tổ trưởng",
    "paper": "Giấy qua tổ trưởng",
}
REFUSALS = {"-14003": "Callback URL chưa đúng", "access_denied": "Người quản trị OA không đồng ý"}
SITE = re.compile(r"zalo_verifier([A-Za-z0-9_-]{5,80})\.html")


class PairForm(Form):
    access_token = TextAreaField("Access token", [InputRequired(), Length(min=20, max=2000)])
    refresh_token = TextAreaField("Refresh token", [InputRequired(), Length(min=20, max=2000)])


class MoneyForm(Form):
    pays = BooleanField(
        "Cho phép gửi tin Zalo có trả phí",
        description="Không chọn: chỉ gửi tin miễn phí trong 48 giờ sau tin cuối của người dân.",
    )
    monthly_budget = IntegerField(
        "Ngân sách mỗi tháng (đồng)",
        [NumberRange(0, 1_000_000_000)],
        description="Hết ngân sách thì tin chuyển sang cách liên hệ tiếp theo.",
    )
    billed_price = IntegerField(
        "Giá một tin tư vấn ngoài 48 giờ (đồng)",
        [NumberRange(0, 100_000)],
        description="Mặc định 55 đồng là giá niêm yết ghi lại tháng 9/2026 từ nguồn thứ cấp; sửa theo hợp đồng của phường.",
    )
    template_price = IntegerField(
        "Giá một tin mẫu (đồng)",
        [NumberRange(0, 100_000)],
        description="Mặc định 300 đồng chỉ là ước tính: giá tùy mẫu được duyệt; sửa theo hợp đồng của phường.",
    )
    next_ways = RadioField(
        "Khi không nhắn được, liên hệ tiếp theo",
        choices=[SelectChoice(value, words) for value, words in ORDERS.items()],
    )


class SiteForm(Form):
    name = StringField(
        "Tên tệp xác thực",
        [InputRequired(), Length(max=120)],
        description="Zalo cho tải tệp có tên dạng zalo_verifierABC123.html",
    )
    text = TextAreaField(
        "Nội dung tệp",
        [InputRequired(), Length(max=4000)],
        description="Mở tệp bằng trình soạn thảo, sao chép toàn bộ rồi dán vào đây.",
    )


@dataclass(frozen=True)
class Line:
    """One account as the page shows it."""

    row: ChannelAccount
    held: Condition | None
    state: str
    colour: str


@settings.get("/channels")
@needs(P.SETTINGS)
def channels() -> Any:
    return _page()


@settings.post("/channels/<int:account_id>/opening")
@needs(P.SETTINGS)
def channel_opening(account_id: int) -> Any:
    return _switch(account_id, True, "Đã bật kênh.")


@settings.post("/channels/<int:account_id>/closing")
@needs(P.SETTINGS)
def channel_closing(account_id: int) -> Any:
    return _switch(account_id, False, "Đã tắt kênh: không nhận, không gửi tin qua tài khoản này.")


@settings.post("/channels/<int:account_id>/look")
@needs(P.SETTINGS)
def channel_look(account_id: int) -> Any:
    """Ask the provider whether all is well."""
    row = _account(account_id)
    try:
        _connector(row.channel).look(row.id)
        flash("Kết nối tốt.", "success")
    except Refusal as refusal:
        flash(refusal.sentence, "error")
    return redirect(url_for(".channels"))


@settings.get("/channels/zalo/departure")
@needs(P.SETTINGS)
def zalo_departure() -> Any:
    """Off to Zalo, to give consent; a state of our own comes back with it."""
    state = session[STATE] = secrets.token_urlsafe(24)
    try:
        return redirect(_connector(Channel.ZALO).consent_url(links.consented("zalo"), state))
    except Refusal as refusal:
        flash(refusal.sentence, "error")
        return redirect(url_for(".channels"))


@settings.get("/channels/zalo/consent")
@needs(P.SETTINGS)
def zalo_consent() -> Any:
    """Back from Zalo. Raises nothing: whatever went wrong is said on the page."""
    state, code = session.pop(STATE, ""), request.args.get("code", "")
    given = request.args.get("state", "")
    if not (state and secrets.compare_digest(state.encode(), given.encode())):
        flash(
            "Lần xin quyền này đã cũ hoặc không bắt đầu từ đây. Xin bấm lại nút nối Zalo.", "error"
        )
    elif not code:
        why = request.args.get("error", "")
        flash(f"Zalo chưa cho quyền. {REFUSALS.get(why, '')}".strip(), "error")
    else:
        oa_id = re.sub(r"[^0-9]", "", request.args.get("oa_id", ""))[:40]
        _connected(
            lambda ward_id: _connector(Channel.ZALO).connect(ward_id, code, oa_id), "consent"
        )
    return redirect(url_for(".channels"))


@settings.post("/channels/zalo/tokens")
@needs(P.SETTINGS)
def zalo_tokens() -> Any:
    """A pair of tokens from the API Explorer."""
    form = PairForm()
    try:
        connector = _connector(Channel.ZALO)
    except Refusal as refusal:
        flash(refusal.sentence, "error")
        return redirect(url_for(".channels"))
    if not form.validate():
        return _page(pair=form), 422
    access, refresh = (form[name].data.strip() for name in ("access_token", "refresh_token"))
    _connected(lambda ward_id: connector.paste(ward_id, access, refresh), "pasted")
    return redirect(url_for(".channels"))


@settings.post("/channels/money")
@needs(P.SETTINGS)
def channel_money() -> Any:
    form = MoneyForm()
    if not form.validate():
        return _page(money=form), 422
    said = {name: form[name].data for name in Policy._fields if name != "next_ways"}
    said["next_ways"] = form.next_ways.data.split(",")
    with transaction():
        ward = edits.begin(current_actor().ward_id, current_actor())
        ward.settings = {**ward.settings, "channels": {**_said(ward), **said}}
        edits.note("channels.money", ward.id, current_actor(), **said)
    flash("Đã lưu.", "success")
    return redirect(url_for(".channels"))


@settings.post("/channels/<int:account_id>/templates")
@needs(P.SETTINGS)
def channel_templates(account_id: int) -> Any:
    wanted = {
        notice: re.sub(r"[^0-9A-Za-z_-]", "", request.form.get(notice, ""))[:40]
        for notice in templates.suggested()
    }
    with transaction():
        row = _account(account_id)
        edits.begin(row.ward_id, current_actor())
        templates.set_mapping(row.id, wanted)
        edits.note("channels.templates", row.ward_id, current_actor(), account=row.name)
    flash("Đã lưu.", "success")
    return redirect(url_for(".channels"))


@settings.post("/channels/zalo/site")
@needs(P.SETTINGS)
def zalo_site() -> Any:
    form = SiteForm()
    is_right = form.validate()
    named = SITE.fullmatch((form.name.data or "").strip())
    if not named:
        form.name.errors = ["Tên tệp phải có dạng zalo_verifier….html"]
    if not (is_right and named):
        return _page(site=form), 422
    with transaction():
        ward = edits.begin(current_actor().ward_id, current_actor())
        site = {"code": named[1], "text": form.text.data}
        ward.settings = {**ward.settings, "channels": {**_said(ward), "zalo_site": site}}
        edits.note("channels.site", ward.id, current_actor(), file=named[0])
    flash("Đã lưu. Trở lại trang của Zalo và bấm Xác thực.", "success")
    return redirect(url_for(".channels"))


def _page(
    pair: PairForm | None = None, money: MoneyForm | None = None, site: SiteForm | None = None
) -> Any:
    ward = db.session.get_one(Ward, current_actor().ward_id)
    policy = Policy.of(ward.settings)
    connector = connecting.of(Channel.ZALO)
    lines = _lines(ward.id)
    zalo = [line for line in lines if line.row.channel is Channel.ZALO]
    public = links.channels().removesuffix("/desk/settings/channels")
    return render_template(
        "settings/channels.html",
        lines=lines,
        zalo=zalo,
        missing=connector.missing() if connector else [],
        challenge=connector.challenge() if connector else "",
        callback=links.consented("zalo"),
        webhook=f"{public}/webhooks/zalo",
        is_https=current_app.config["SETTINGS"].is_https,
        pair=pair or PairForm(formdata=None),
        money=money
        or MoneyForm(
            formdata=None, data={**policy._asdict(), "next_ways": ",".join(policy.next_ways)}
        ),
        site=site or SiteForm(formdata=None, data=_site(ward)),
        site_url=f"{public}/{_site(ward)['name']}" if _site(ward) else "",
        spent=spending.spent(ward.id),
        budget=policy.monthly_budget,
        suggested=templates.suggested().values(),
        mapped={line.row.id: templates.mapped(line.row.id) for line in zalo},
        tracking=f"{public}/t/",
        now=clock.now(),
    )


def _lines(ward_id: int) -> list[Line]:
    own = sa.select(ChannelAccount).where(
        ChannelAccount.ward_id == ward_id, ChannelAccount.channel != Channel.CONSOLE
    )
    held = tokens.conditions()
    rows = db.session.scalars(own.order_by(ChannelAccount.channel, ChannelAccount.id))
    return [Line(row, held.get(row.id), *_state(row, held.get(row.id))) for row in rows]


def _state(row: ChannelAccount, held: Condition | None) -> tuple[str, str]:
    if not row.is_enabled:
        return "Đang tắt", "grey"
    if row.channel is Channel.ZALO and held is None:
        return "Chưa nối", "orange"
    if held and held.refused_at:
        return "Mất quyền, cần xin lại", "red"
    return ("Có lỗi", "red") if row.last_error else ("Đang hoạt động", "green")


def _switch(account_id: int, is_enabled: bool, sentence: str) -> Any:
    with transaction():
        row = _account(account_id)
        edits.begin(row.ward_id, current_actor())
        row.is_enabled = is_enabled
        word = "opened" if is_enabled else "closed"
        edits.note(f"channels.{word}", row.ward_id, current_actor(), account=row.name)
    flash(sentence, "success")
    return redirect(url_for(".channels"))


def _connected(connect: Any, how: str) -> None:
    """Carry out a connection, write it down, and say what became of it."""
    actor = current_actor()
    try:
        account_id = connect(actor.ward_id)
    except Refusal as refusal:
        flash(refusal.sentence, "error")
        return
    with transaction():
        edits.note("channels.connected", actor.ward_id, actor, how=how, account=account_id)
    flash("Đã nối Zalo OA. Tin chờ sẽ tự gửi.", "success")


def _connector(channel: Channel) -> Connector:
    """Raises NotConnected when nobody has set the channel up."""
    connector = connecting.of(channel)
    if connector is None or connector.missing():
        raise NotConnected("Kênh này chưa được cài đặt đủ để kết nối từ trang này.")
    return connector


def _account(account_id: int) -> ChannelAccount:
    """Raises NotFound for an account of another ward."""
    row = db.session.get(ChannelAccount, account_id)
    if row is None or row.ward_id != current_actor().ward_id:
        raise NotFound
    return row


def _said(ward: Ward) -> dict[str, Any]:
    return dict(ward.settings.get("channels", {}))


def _site(ward: Ward) -> dict[str, str]:
    site = _said(ward).get("zalo_site")
    return {"name": f"zalo_verifier{site['code']}.html", "text": site["text"]} if site else {}
