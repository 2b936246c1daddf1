"""Where a complaint or a restricted record stands, and what its writer can do next, in plain words."""

from dataclasses import dataclass

from feedback.petitions.dating import LEGAL
from feedback.petitions.models import Kind, Petition, Status


@dataclass(frozen=True)
class Stage:
    """`can_print`: the complaint is offered filled in; `shows_places`: where and when to bring it."""

    title: str
    words: str
    can_print: bool = False
    shows_places: bool = False


PREREGISTERED = Stage(
    "Ông/Bà mới đăng ký trước khiếu nại",
    "Theo Luật Khiếu nại, khiếu nại cần đơn có chữ ký hoặc điểm chỉ. Xin in đơn đã điền sẵn dưới đây, xem "
    "lại, ký tên rồi mang đến hoặc gửi bưu điện. Thời hạn theo luật tính từ ngày phường nhận được đơn đó; "
    "hiện chưa bắt đầu.",
    can_print=True,
    shows_places=True,
)
SEALED = Stage(
    "Nội dung được giữ kín",
    "Đây chưa phải là đơn tố cáo theo luật. Muốn được thụ lý, xin gửi đơn có chữ ký hoặc điểm chỉ, hoặc đến "
    "trình bày trực tiếp (Điều 22 Luật Tố cáo).",
    shows_places=True,
)
STAGES = {
    Status.SIGNED: Stage(
        "Phường đã nhận đơn có chữ ký",
        "Phường xem xét và báo cho Ông/Bà: thụ lý, hoặc không thụ lý và lý do. Ông/Bà chưa phải làm gì thêm.",
    ),
    Status.ADMITTED: Stage(
        "Đơn đã được thụ lý",
        "Phường đang xác minh, có thể mời Ông/Bà đến làm việc hoặc đối thoại. Có thêm giấy tờ, xin nộp cho "
        "người phụ trách. Ông/Bà có quyền rút đơn bất cứ lúc nào.",
    ),
    Status.SUSPENDED: Stage(
        "Việc giải quyết đang tạm đình chỉ",
        "Thời hạn dừng lại từ ngày có quyết định và chạy tiếp khi phường có quyết định tiếp tục. Lý do ghi ở "
        "phần “Đã làm đến đâu”.",
    ),
    Status.RESOLVED: Stage(
        "Đơn đã được giải quyết",
        "Không đồng ý, trong 30 ngày kể từ ngày nhận quyết định (vùng sâu, vùng xa: 45 ngày) Ông/Bà có quyền "
        "khiếu nại lần hai đến Chủ tịch UBND tỉnh, thành phố, hoặc khởi kiện tại Tòa án.",
    ),
    Status.NOT_ADMITTED: Stage(
        "Đơn không được thụ lý",
        "Lý do và nơi Ông/Bà có thể gửi ghi ở trên. Chưa rõ điều gì, xin hỏi người phụ trách.",
    ),
    Status.DISCONTINUED: Stage("Việc giải quyết đã đình chỉ", "Lý do ghi ở trên."),
    Status.WITHDRAWN: Stage("Ông/Bà đã rút đơn", "Phường không giải quyết tiếp đơn này."),
}


def stage_of(petition: Petition) -> Stage | None:
    """None for what is handled as any other report."""
    if petition.is_restricted:
        is_begun = petition.status in (Status.RECEIVED, Status.AWAITING_SIGNATURE)
        return SEALED if is_begun else STAGES.get(petition.status, SEALED)
    is_new = petition.status is Status.RECEIVED and petition.proposed_kind is Kind.KHIEU_NAI
    if is_new or petition.status is Status.AWAITING_SIGNATURE:
        return PREREGISTERED
    return STAGES.get(petition.status) if petition.kind in LEGAL else None
