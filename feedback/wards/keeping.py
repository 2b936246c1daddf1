"""How long a ward keeps what is no part of a case: `settings["keeping"]`, by name, over the ordinary times.

Law 91/2025/QH15 has personal data deleted once their purpose is fulfilled; no text we know names the days, so
each ward sets them and reads on the page that they are our proposal.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from feedback.errors import BadInput
from feedback.people.actor import Actor
from feedback.wards import edits
from feedback.wards.setup import Setup, setup_of

KEY = "keeping"


@dataclass(frozen=True)
class Keeping:
    """`ordinary`: days unless the ward says otherwise; None keeps it for good, which only some may be."""

    name: str
    label: str
    about: str
    least: int
    most: int
    ordinary: int | None


KEPT = {
    row.name: row
    for row in (
        Keeping(
            "form_files",
            "Ảnh, tệp của biểu mẫu chưa gửi",
            "Người dân tải lên rồi không bấm Gửi.",
            1,
            30,
            7,
        ),
        Keeping(
            "chat_files",
            "Ảnh, tệp trong cuộc trò chuyện chưa thành hồ sơ",
            "Gửi trong Zalo, Telegram mà không lập phản ánh.",
            7,
            365,
            30,
        ),
        Keeping(
            "messages",
            "Lời trong tin nhắn đã nhận và đã gửi",
            "Hồ sơ, lịch sử và câu trả lời vẫn giữ nguyên; chỉ bản gốc từng tin nhắn bị xóa. "
            "Để trống: giữ mãi.",
            90,
            3650,
            None,
        ),
        Keeping(
            "dialogue_people",
            "Tên, số điện thoại của người đăng ký dự, đặt câu hỏi ở đối thoại",
            "Tính từ ngày đối thoại. Số người, câu hỏi, câu trả lời và lời hứa vẫn giữ.",
            30,
            3650,
            365,
        ),
        Keeping(
            "dialogue_requests",
            "Tên của người đề nghị tổ chức đối thoại",
            "Tính từ ngày đề nghị, nhưng không xóa trước khi hội nghị sau đó diễn ra, để mỗi người "
            "được đếm một lần. Số người đề nghị vẫn giữ.",
            30,
            3650,
            365,
        ),
        Keeping(
            "commenters",
            "Tên của người góp ý dự thảo",
            "Tính từ ngày công bố bản tổng hợp, giải trình. Ý kiến và giải trình vẫn giữ.",
            30,
            3650,
            365,
        ),
        Keeping(
            "reception_bookings",
            "Thông tin của người hẹn gặp mà không đến, hoặc hủy hẹn",
            "Tính từ ngày tiếp công dân: họ tên, điện thoại, địa chỉ, số định danh.",
            30,
            3650,
            180,
        ),
        Keeping(
            "reception_visitors",
            "Thông tin của người đã được tiếp, trong Sổ tiếp công dân",
            "Sổ là tài liệu lưu trữ: chỉ đặt thời hạn khi phường đã có quy định. Nội dung và kết quả "
            "trong Sổ vẫn giữ. Để trống: giữ mãi.",
            1825,
            36500,
            None,
        ),
    )
}


def kept_for(setup: Setup, name: str) -> timedelta | None:
    """How long; None for good."""
    days = days_of(setup)[name]
    return None if days is None else timedelta(days=days)


def days_of(setup: Setup) -> dict[str, int | None]:
    """The days of everything, by name."""
    own = setup.settings.get(KEY, {})
    return {name: own.get(name, row.ordinary) for name, row in KEPT.items()}


def save(days: Mapping[str, int | None], *, by: Actor) -> list[str]:
    """Set how many days each is kept; the labels of what changed. Raises NotAllowed, BadInput."""
    ward = edits.begin(by.ward_id or 0, by)
    wrong = {
        name: f"Xin ghi số ngày từ {row.least} đến {row.most}"
        + ("." if row.ordinary else ", hoặc để trống để giữ mãi.")
        for name, row in KEPT.items()
        if not _holds(row, days[name])
    }
    if wrong:
        raise BadInput(fields=wrong)
    before = days_of(setup_of(ward.id))
    ward.settings = {
        **ward.settings,
        KEY: {name: days[name] for name, row in KEPT.items() if days[name] != row.ordinary},
    }
    changes = {
        row.label: [said(before[name]), said(days[name])]
        for name, row in KEPT.items()
        if before[name] != days[name]
    }
    if changes:
        edits.note("keeping.changed", ward.id, by, changes=changes)
    return list(changes)


def said(days: int | None) -> str:
    """'30 ngày', 'giữ mãi'."""
    return "giữ mãi" if days is None else f"{days} ngày"


def _holds(row: Keeping, days: int | None) -> bool:
    return row.ordinary is None if days is None else row.least <= days <= row.most
