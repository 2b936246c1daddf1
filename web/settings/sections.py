"""What can be set up, as one table: the home page lists it, each page says where it is in it."""

from dataclasses import dataclass

from feedback.people.actor import Actor
from feedback.people.models import Permission as P


@dataclass(frozen=True)
class Section:
    """One line of the home page. `rights`: one of these opens it."""

    endpoint: str
    title: str
    about: str
    rights: frozenset[P] = frozenset({P.SETTINGS})


@dataclass(frozen=True)
class Group:
    title: str
    sections: tuple[Section, ...]


GROUPS = (
    Group(
        "Con người và phân công",
        (
            Section(
                "settings.people",
                "Cán bộ và tài khoản",
                "Ai đăng nhập được, mật khẩu mới, khóa và mở.",
            ),
            Section(
                "settings.posts",
                "Chức danh và người giữ",
                "Ai giữ chức danh nào, từ ngày nào; người đến, người đi.",
            ),
            Section(
                "settings.delegations",
                "Phân công lĩnh vực",
                "Lĩnh vực nào, ở đâu, giao cho chức danh nào, theo quyết định nào.",
                frozenset({P.SETTINGS, P.DELEGATE}),
            ),
            Section(
                "settings.approval",
                "Ai ký trả lời",
                "Việc nào Chủ tịch ký, Phó Chủ tịch ký thay, cán bộ tự gửi.",
                frozenset({P.SETTINGS, P.DELEGATE}),
            ),
            Section(
                "settings.watch",
                "Trực và theo dõi",
                "Ai trực việc khẩn, Phó Chủ tịch nào phụ trách đơn vị nào, cấp trên nào được báo.",
            ),
            Section(
                "desk.absence",
                "Vắng mặt và làm thay",
                "Đặt người làm thay cho cán bộ vắng mặt.",
                frozenset({P.SET_ANY_SUBSTITUTE}),
            ),
            Section(
                "settings.units",
                "Đơn vị và tổ dân phố",
                "Tên, tổ trưởng, đường phố thuộc tổ.",
            ),
            Section(
                "settings.fields",
                "Lĩnh vực",
                "Từ khóa nhận biết, mức độ thường gặp, ảnh kết quả, dùng hay không.",
            ),
        ),
    ),
    Group(
        "Thời gian",
        (
            Section(
                "settings.calendar",
                "Lịch làm việc",
                "Ngày nghỉ, hoán đổi, làm bù, giờ làm việc cả tuần hay riêng một ngày; xác nhận lịch từng năm.",
            ),
            Section(
                "settings.law",
                "Căn cứ pháp luật",
                "Thời hạn, căn cứ, mẫu văn bản nào chưa kiểm chứng với Công báo.",
            ),
        ),
    ),
    Group(
        "Nói với người dân",
        (
            Section(
                "settings.facts",
                "Thông tin phường",
                "Địa chỉ, đường dây nóng, nơi và lịch tiếp công dân, cấp trên, thời hạn xử lý lại.",
            ),
            Section(
                "settings.levels",
                "Mức phục vụ",
                "Phường hứa tiếp nhận và trả lời trong bao lâu.",
            ),
            Section(
                "settings.texts",
                "Câu chữ gửi đi",
                "Sửa từng câu gửi cho người dân, xem thử trước khi lưu.",
            ),
            Section(
                "settings.broadcast_hours",
                "Giờ gửi thông báo",
                "Từ mấy giờ đến mấy giờ được nhắn tin thông báo cho nhiều người.",
            ),
            Section(
                "settings.faq",
                "Hỏi đáp của phường",
                "Câu hỏi người dân hay hỏi và câu trả lời tự động trong tin nhắn.",
            ),
            Section(
                "settings.channels",
                "Kênh nhắn tin",
                "Nối Zalo OA, bật tắt từng kênh, ngân sách tin trả phí, tin mẫu.",
            ),
            Section(
                "settings.groups",
                "Nhóm của cán bộ",
                "Nhóm Telegram, chủ đề nào nhận báo việc của đơn vị nào.",
            ),
        ),
    ),
    Group(
        "Dữ liệu và lịch sử",
        (
            Section(
                "settings.keeping",
                "Thời gian lưu giữ",
                "Tệp chưa gửi, tin nhắn cũ được giữ bao lâu.",
            ),
            Section(
                "settings.history",
                "Lịch sử thay đổi",
                "Ai đã sửa gì trong phần thiết lập, lúc nào.",
                frozenset({P.SETTINGS, P.DELEGATE}),
            ),
        ),
    ),
)


def open_to(actor: Actor) -> list[Group]:
    """What this person may open, by group."""
    groups = (
        Group(group.title, tuple(s for s in group.sections if any(map(actor.has, s.rights))))
        for group in GROUPS
    )
    return [group for group in groups if group.sections]
