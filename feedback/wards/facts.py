"""What a ward says of itself and promises: one table of facts, where each is kept, what it may be."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Any

from feedback.errors import BadInput
from feedback.people.actor import Actor
from feedback.people.models import Permission as P
from feedback.people.permissions import RIGHTS
from feedback.text import normal_phone, show_phone, squeeze
from feedback.wards import edits
from feedback.wards.models import Ward
from feedback.wards.setup import Setup, setup_of


class Shape(Enum):
    """How a fact is written: a line, some lines, a telephone, an address of e-mail or web, a number, a post, a choice."""

    LINE = "line"
    LINES = "lines"
    PHONE = "phone"
    EMAIL = "email"
    WEB = "web"
    NUMBER = "number"
    POST = "post"
    CHOICE = "choice"


@dataclass(frozen=True)
class Fact:
    """`path`: a column of the ward, or a key of its settings ("papers.over")."""

    name: str
    label: str
    path: str
    shape: Shape = Shape.LINE
    about: str = ""
    longest: int = 200
    needed: bool = False
    least: int = 0
    most: int = 0
    ordinary: int = 0  # of a number nobody set
    choices: tuple[tuple[str, str], ...] = ()

    @property
    def is_column(self) -> bool:
        return hasattr(Ward, self.path)


@dataclass(frozen=True)
class Group:
    title: str
    facts: tuple[Fact, ...]


GROUPS = (
    Group(
        "Liên hệ",
        (
            Fact("name", "Tên phường, xã", "name", about="Ví dụ: Phường Ba Đình", longest=120, needed=True),
            Fact("address", "Địa chỉ trụ sở", "address", longest=300),
            Fact("hotline", "Đường dây nóng", "hotline", Shape.PHONE, "Hiện cho người dân gọi.", 30),
            Fact("email", "Thư điện tử", "email", Shape.EMAIL),
            Fact("office_hours", "Giờ làm việc, bằng chữ", "office_hours",
                 about="Câu người dân đọc. Giờ dùng để tính hạn sửa ở mục Lịch làm việc."),
            Fact("zalo", "Trang Zalo", "zalo_link", Shape.WEB, "Địa chỉ bắt đầu bằng https://"),
            Fact("telegram", "Trang Telegram", "telegram_link", Shape.WEB, "Địa chỉ bắt đầu bằng https://"),
        ),
    ),
    Group(
        "Tiếp công dân",
        (
            Fact("reception_place", "Nơi tiếp công dân", "reception_place", longest=300),
            Fact("reception_times", "Lịch tiếp công dân", "reception_days", Shape.LINES,
                 "Chủ tịch trực tiếp tiếp ít nhất hai ngày mỗi tháng (Luật 136/2025/QH15).", 1000),
            Fact("accusation_position", "Giữ đơn tố cáo", "accusation_position", Shape.POST,
                 "Chức danh được phân công; để trống thì Cán bộ tiếp nhận."),
            Fact("neutral_position", "Giữ đơn tố cáo lãnh đạo phường", "neutral_position", Shape.POST,
                 "Người không thuộc lãnh đạo; Chủ tịch, Phó Chủ tịch không xem được."),
        ),
    ),
    Group(
        "Văn bản",
        (
            Fact("over", "Cơ quan cấp trên", "papers.over",
                 about="In ở góc trái văn bản, ví dụ: UBND THÀNH PHỐ HÀ NỘI. Để trống thì không in."),
            Fact("place", "Địa danh", "papers.place", about="Để trống: lấy từ tên phường."),
            Fact(
                "authority",
                "Khối ký trên văn bản trả lời",
                "papers.authority",
                Shape.CHOICE,
                "Theo quy chế làm việc của UBND phường.",
                choices=(
                    ("", "Theo từng mẫu văn bản"),
                    ("chair", "CHỦ TỊCH (thẩm quyền riêng)"),
                    ("committee", "TM. ỦY BAN NHÂN DÂN"),
                ),
            ),
        ),
    ),
    Group(
        "Thời hạn của phường",
        (
            Fact("voters", "Số cử tri của phường", "voters", Shape.NUMBER,
                 "Khi 10% cử tri đề nghị, phường phải tổ chức đối thoại (Điều 43 Luật 72/2025/QH15).",
                 least=1, most=1_000_000),
            Fact("reopen_days", "Người dân được đề nghị xử lý lại trong", "reopen_days", Shape.NUMBER,
                 "Số ngày kể từ khi trả lời.", least=1, most=60, ordinary=7),
        ),
    ),
)  # fmt: skip
FACTS = {fact.name: fact for group in GROUPS for fact in group.facts}


def read(setup: Setup, ward: Ward) -> dict[str, str]:
    """Every fact as it is typed into a form."""
    return {name: _shown(fact, _value(ward, fact), setup) for name, fact in FACTS.items()}


def save(typed: Mapping[str, str], *, by: Actor) -> list[str]:
    """Set the facts that were typed; the labels of those that changed. Raises NotAllowed, BadInput."""
    ward = edits.begin(by.ward_id or 0, by)
    setup, wrong, wanted = setup_of(ward.id), {}, {}
    for name, text in typed.items():
        try:
            wanted[name] = _checked(FACTS[name], squeeze(text), setup)
        except BadInput as refusal:
            wrong[name] = refusal.sentence
    if wrong:
        raise BadInput(fields=wrong)
    changes: dict[str, list[str]] = {}
    for name, value in wanted.items():
        fact, before = FACTS[name], _value(ward, FACTS[name])
        if (before or None) != (value or None) and not (before is None and value == fact.ordinary):
            _put(ward, fact, value)
            changes[fact.label] = [_told(fact, each, setup) for each in (before, value)]
    if changes:
        edits.note("facts.changed", ward.id, by, changes=changes)
    return list(changes)


def may_hold(setup: Setup, position_id: int) -> bool:
    """A post whose holder can be told of work and do it."""
    post = setup.posts.get(position_id)
    return post is not None and P.HANDLE in RIGHTS[post.role]


def _checked(fact: Fact, text: str, setup: Setup) -> Any:
    if not text:
        if fact.needed:
            raise BadInput(f"Vui lòng ghi {fact.label.lower()}.")
        return fact.ordinary or None
    if len(text) > fact.longest:
        raise BadInput(f"Nhiều nhất {fact.longest} ký tự.")
    match fact.shape:
        case Shape.PHONE if sum(map(str.isdecimal, text)) < 3 or any(map(str.isalpha, text)):
            raise BadInput("Số điện thoại chưa đúng. Ví dụ: 024 3845 0000")
        case Shape.EMAIL if "@" not in text:
            raise BadInput("Địa chỉ thư điện tử chưa đúng. Ví dụ: phuong@hanoi.gov.vn")
        case Shape.WEB if not text.startswith("https://") or " " in text:
            raise BadInput("Địa chỉ phải bắt đầu bằng https:// và không có khoảng trống.")
        case Shape.CHOICE if text not in dict(fact.choices):
            raise BadInput("Vui lòng chọn một mục trong danh sách.")
        case Shape.NUMBER:
            if not text.isdecimal() or not fact.least <= int(text) <= fact.most:
                raise BadInput(f"Xin ghi một số từ {fact.least} đến {fact.most}.")
            return int(text)
        case Shape.POST:
            if not text.isdecimal() or not may_hold(setup, int(text)):
                raise BadInput("Vui lòng chọn một chức danh trong danh sách.")
            return int(text)
    return text


def _value(ward: Ward, fact: Fact) -> Any:
    if fact.is_column:
        return getattr(ward, fact.path)
    found: Any = ward.settings
    for key in fact.path.split("."):
        found = found.get(key) if isinstance(found, Mapping) else None
    return found


def _put(ward: Ward, fact: Fact, value: Any) -> None:
    if fact.is_column:
        setattr(ward, fact.path, value or "")
        return
    group, _, key = fact.path.rpartition(".")
    settings = dict(ward.settings)
    holder = dict(settings.get(group, {})) if group else settings
    holder[key] = value
    if value is None:
        del holder[key]
    if group:
        settings[group] = holder
    ward.settings = settings


def _shown(fact: Fact, value: Any, setup: Setup) -> str:
    if value in (None, ""):
        return str(fact.ordinary) if fact.ordinary else ""
    return show_phone(value) if fact.shape is Shape.PHONE and normal_phone(value) else str(value)


def _told(fact: Fact, value: Any, setup: Setup) -> str:
    if fact.shape is Shape.CHOICE:
        return dict(fact.choices).get(value or "", "")
    if fact.shape is Shape.POST and value in setup.posts:
        return setup.posts[value].title
    return _shown(fact, value, setup)
