"""Every change of the set-up: what, who, when, from what to what."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from flask import render_template, request, url_for

from feedback.audit import AuditRow
from feedback.db import db
from feedback.messages import catalogue
from feedback.people.models import Permission as P
from feedback.wards.edits import SUBJECT
from feedback.worktime.holidays import DayKind
from feedback.worktime.words import WEEKDAYS, day_name
from web.accounts.session import current_actor, needs
from web.desk.frame import current_setup
from web.settings.blueprint import settings

LIMIT = 25


@dataclass(frozen=True)
class Change:
    """One line. `text`: what exactly, in a sentence or two."""

    at: datetime
    by: str
    what: str
    text: str


def latest(*kinds: str, limit: int = 8) -> list[Change]:
    """The newest changes of these kinds ("calendar", "delegation"…), newest first."""
    return [_told(row) for row in _rows(kinds, None, limit)]


@settings.get("/history")
@needs(P.SETTINGS, P.DELEGATE)
def history() -> Any:
    kind = request.args.get("kind", "")
    kinds = (kind,) if kind in KINDS else ()
    after = request.args.get("after", type=int)
    rows = _rows(kinds, after, LIMIT + 1)
    older = None
    if len(rows) > LIMIT:
        older = url_for(".history", kind=kind or None, after=rows[LIMIT - 1].id)
    return render_template(
        "settings/history.html",
        changes=[_told(row) for row in rows[:LIMIT]],
        kinds=KINDS,
        kind=kind if kinds else "",
        older=older,
        newest=url_for(".history", kind=kind or None) if after else None,
    )


def _rows(kinds: tuple[str, ...], after: int | None, limit: int) -> list[AuditRow]:
    ward_id = current_actor().ward_id
    query = sa.select(AuditRow).where(
        AuditRow.subject == SUBJECT, AuditRow.subject_id == ward_id, AuditRow.ward_id == ward_id
    )
    wanted = (AuditRow.action.startswith(f"{kind}.") for kind in kinds or KINDS)
    query = query.where(sa.or_(*wanted))
    if after:
        query = query.where(AuditRow.id < after)
    return list(db.session.scalars(query.order_by(AuditRow.id.desc()).limit(limit)))


def _told(row: AuditRow) -> Change:
    what, tell = WORDS.get(row.action, (row.action, _plain))
    by = current_setup().officers.get(row.officer_id or 0, "Hệ thống")
    return Change(row.at, by, what, ". ".join(filter(None, tell(row.detail))))


Tell = Callable[[dict[str, Any]], Iterator[str]]


def _plain(detail: dict[str, Any]) -> Iterator[str]:
    for value in detail.values():
        yield str(value)


def _day(detail: dict[str, Any]) -> Iterator[str]:
    yield day_name(date.fromisoformat(detail["day"]))
    if "kind" in detail:
        hours = ", ".join(detail.get("hours", ())).replace("-", "–")
        yield f"{DayKind(detail['kind']).label.capitalize()}{' ' + hours if hours else ''}: {detail['name']}"
        yield f"Căn cứ: {detail['source']}" if detail["source"] else ""


def _year(detail: dict[str, Any]) -> Iterator[str]:
    yield f"Năm {detail['year']}"
    yield f"Căn cứ: {detail['decision_no']}" if "decision_no" in detail else ""


def _hours(detail: dict[str, Any]) -> Iterator[str]:
    for day, name in enumerate(WEEKDAYS):
        before, after = (detail[which][str(day)] for which in ("before", "after"))
        if before != after:
            yield f"{name}: {', '.join(after) or 'nghỉ'} (trước: {', '.join(before) or 'nghỉ'})"


def _given(detail: dict[str, Any]) -> Iterator[str]:
    field = detail["field"] or "Mọi lĩnh vực"
    yield f"{field}{', tại ' + detail['area'] if detail['area'] else ''}: {detail['position']}"
    yield f"{_span(detail)}; Quyết định {detail['decision_no']}"


def _held(detail: dict[str, Any]) -> Iterator[str]:
    yield f"{detail['name']}: {detail['title']}"
    yield _span(detail)


def _renamed(detail: dict[str, Any]) -> Iterator[str]:
    name, before = detail.get("name") or detail["title"], detail.get("before")
    yield f"{name} (trước: {before})" if before and before != name else name


def _used(detail: dict[str, Any]) -> Iterator[str]:
    yield f"{detail['name']}: {'dùng lại' if detail['is_active'] else 'ngừng dùng'}"


def _field(detail: dict[str, Any]) -> Iterator[str]:
    before, after = detail["before"], detail["after"]
    yield detail["name"]
    if before["is_active"] != after["is_active"]:
        yield "Dùng lại" if after["is_active"] else "Ngừng dùng"
    if before["keywords"] != after["keywords"]:
        yield f"{after['keywords']} từ khóa (trước: {before['keywords']})"
    if before.get("photo") != after.get("photo"):
        yield "Phải có ảnh sau khi xử lý" if after["photo"] else "Không bắt buộc ảnh kết quả"
    if before.get("urgency") != after.get("urgency"):
        yield f"Mức độ thường gặp: {after['urgency']} (trước: {before.get('urgency', 'theo mức chuẩn')})"


def _words(detail: dict[str, Any]) -> Iterator[str]:
    message = catalogue.find(detail["message"])
    yield message.title if message else detail["message"]
    yield detail.get("text", "")


def _facts(detail: dict[str, Any]) -> Iterator[str]:
    for label, (before, after) in detail["changes"].items():
        yield f"{label}: {after or 'để trống'} (trước: {before or 'để trống'})"


def _level(detail: dict[str, Any]) -> Iterator[str]:
    yield f"{detail['what']}: {detail['after']} (trước: {detail['before']})"
    yield f"áp dụng cho hồ sơ nhận từ {date.fromisoformat(detail['from']):%d/%m/%Y}"


def _rule(detail: dict[str, Any]) -> Iterator[str]:
    yield f"{detail['rule']}: {detail['signing']}"
    yield f"trước: {detail['before']}" if "before" in detail else ""
    yield f"Căn cứ: {detail['decision_no']}" if detail["decision_no"] else ""


def _entry(detail: dict[str, Any]) -> Iterator[str]:
    yield from _renamed({"name": detail["title"], "before": detail.get("before")})
    yield detail["answer"]


def _span(detail: dict[str, Any]) -> str:
    first, last = (
        f"{date.fromisoformat(day):%d/%m/%Y}" if day else ""
        for day in (detail["starts_on"], detail["ends_on"])
    )
    return f"từ {first}" + (f" đến hết {last}" if last else "")


def _account(detail: dict[str, Any]) -> Iterator[str]:
    if isinstance(detail.get("account"), str):
        yield f"Tài khoản {detail['account']}."


def _money(detail: dict[str, Any]) -> Iterator[str]:
    yield "Có gửi tin trả phí." if detail["pays"] else "Không gửi tin trả phí."
    yield f"Ngân sách mỗi tháng {detail['monthly_budget']} đồng."


def _site(detail: dict[str, Any]) -> Iterator[str]:
    yield f"Tệp {detail['file']}."


KINDS = {
    "calendar": "Lịch làm việc",
    "delegation": "Phân công",
    "people": "Nhân sự",
    "units": "Đơn vị, địa bàn, lĩnh vực",
    "channels": "Kênh nhắn tin",
    "texts": "Câu chữ",
    "facts": "Thông tin phường",
    "levels": "Mức phục vụ",
    "approval": "Ai ký trả lời",
    "watch": "Trực và theo dõi",
    "faq": "Hỏi đáp",
    "keeping": "Thời gian lưu giữ",
    "broadcast": "Giờ gửi thông báo",
}
WORDS: dict[str, tuple[str, Tell]] = {
    "calendar.day_set": ("Đặt một ngày", _day),
    "calendar.day_removed": ("Trả một ngày về như thường", _day),
    "calendar.confirmed": ("Xác nhận lịch năm", _year),
    "calendar.doubted": ("Chuyển lịch năm về dự kiến", _year),
    "calendar.hours": ("Đổi giờ làm việc", _hours),
    "delegation.given": ("Giao lĩnh vực", _given),
    "delegation.withdrawn": ("Bỏ một phân công", _given),
    "delegation.ended": ("Kết thúc một phân công", _given),
    "people.officer_added": ("Thêm cán bộ", _renamed),
    "people.officer_corrected": ("Sửa thông tin cán bộ", _renamed),
    "people.post_opened": ("Thêm chức danh", _renamed),
    "people.post_corrected": ("Sửa chức danh", _renamed),
    "people.post_closed": ("Ngừng dùng chức danh", _renamed),
    "people.appointed": ("Ghi người giữ chức danh", _held),
    "people.left": ("Thôi giữ chức danh", _held),
    "units.department": ("Đơn vị", _renamed),
    "units.department_used": ("Đơn vị", _used),
    "units.neighbourhood": ("Tổ dân phố", _renamed),
    "units.neighbourhood_used": ("Tổ dân phố", _used),
    "units.field": ("Lĩnh vực", _field),
    "channels.opened": ("Bật một kênh nhắn tin", _account),
    "channels.closed": ("Tắt một kênh nhắn tin", _account),
    "channels.connected": ("Nối tài khoản Zalo OA", _account),
    "channels.money": ("Đổi quy định tin trả phí", _money),
    "channels.templates": ("Đổi số mẫu tin Zalo", _account),
    "channels.site": ("Đặt tệp xác thực tên miền", _site),
    "texts.written": ("Sửa câu chữ", _words),
    "texts.restored": ("Dùng lại câu chuẩn", _words),
    "facts.changed": ("Sửa thông tin phường", _facts),
    "levels.changed": ("Đổi mức phục vụ", _level),
    "approval.written": ("Ghi quy tắc ký", _rule),
    "approval.removed": ("Bỏ quy tắc ký", _rule),
    "approval.raised": ("Xét sớm hơn một quy tắc ký", _rule),
    "watch.changed": ("Đổi người trực, người theo dõi", _facts),
    "faq.written": ("Ghi câu hỏi đáp", _entry),
    "faq.removed": ("Bỏ câu hỏi đáp", _entry),
    "keeping.changed": ("Đổi thời gian lưu giữ", _facts),
    "broadcast.hours_changed": ("Đổi giờ gửi thông báo", _facts),
}
