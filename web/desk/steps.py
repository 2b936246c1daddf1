"""The forms of a case: for each action its address, what it asks, and what is said when it is done.

What may be done, and by whom, is decided by `feedback.petitions.lifecycle`; here is only the paper.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from feedback.errors import BadInput
from feedback.petitions import actions
from feedback.petitions.lifecycle import Action
from feedback.petitions.models import Kind, Urgency
from feedback.text import squeeze

LONGEST = 20_000


@dataclass(frozen=True)
class Ask:
    """One thing a form asks. `shape`: "text" (several lines), "line", "number", or a list in `CHOICES`."""

    name: str
    label: str
    shape: str = "text"
    hint: str = ""
    is_optional: bool = False
    is_prefilled: bool = False  # from the petition's own column of this name

    def read(self, raw: str) -> Any:
        """The typed words as the verb takes them. Raises BadInput naming this field."""
        words = squeeze(raw)
        if not words:
            if self.is_optional:
                return None
            raise BadInput(fields={self.name: f"Xin điền: {self.label.lower()}."})
        if len(words) > LONGEST:
            raise BadInput(fields={self.name: f"Nhiều nhất {LONGEST} ký tự."})
        try:
            return READERS.get(self.shape, str)(words)
        except ValueError:
            raise BadInput(fields={self.name: f"Xin xem lại: {self.label.lower()}."}) from None


@dataclass(frozen=True)
class Step:
    """One action as a form. `tone`: "" (green), "secondary" or "warning"."""

    noun: str
    action: Action
    verb: Callable[..., Any]
    done: str
    asks: tuple[Ask, ...] = ()
    tone: str = "secondary"

    @property
    def label(self) -> str:
        return self.action.label


READERS: dict[str, Callable[[str], Any]] = {
    "number": int,
    "officers": int,
    "departments": int,
    "neighbourhoods": int,
    "fields": int,
    "kinds": Kind,
    "urgencies": Urgency,
}

_KIND = Ask("kind", "Loại", "kinds", is_prefilled=True, is_optional=True)
_FIELD = Ask("field_id", "Lĩnh vực", "fields", is_prefilled=True, is_optional=True)
_URGENCY = Ask("urgency", "Mức độ", "urgencies", is_prefilled=True, is_optional=True)
_PLACE = Ask(
    "neighbourhood_id", "Tổ dân phố", "neighbourhoods", is_prefilled=True, is_optional=True
)
CLASSIFICATION = (_KIND, _FIELD, _URGENCY, _PLACE)

STEPS: tuple[Step, ...] = (
    Step("acceptance", Action.ACCEPT, actions.accept, "Đã tiếp nhận.", CLASSIFICATION, ""),
    Step(
        "assignment",
        Action.ASSIGN,
        actions.assign,
        "Đã phân công.",
        (
            Ask("officer_id", "Người phụ trách", "officers"),
            Ask("instruction", "Ý kiến chỉ đạo", is_optional=True),
        ),
    ),
    Step("taking", Action.TAKE, actions.take, "Ông/Bà đã nhận việc.", (), ""),
    Step(
        "handback",
        Action.HAND_BACK,
        actions.hand_back,
        "Đã trả lại nơi phân công.",
        (Ask("reason", "Lý do trả lại", hint="Mỗi người chỉ trả lại một lần."),),
    ),
    Step(
        "question",
        Action.ASK,
        actions.ask,
        "Đã gửi câu hỏi tới người dân; thời hạn tạm dừng.",
        (
            Ask(
                "question",
                "Câu hỏi gửi người dân",
                hint="Hỏi từng điều một, dễ trả lời. Thời hạn tạm dừng cho đến khi có trả lời.",
            ),
        ),
    ),
    Step(
        "addition",
        Action.ADD,
        actions.add,
        "Đã ghi thông tin bổ sung.",
        (
            Ask(
                "text",
                "Người dân cho biết thêm",
                hint="Ghi lại lời người dân nói qua điện thoại hoặc tại quầy.",
            ),
        ),
    ),
    Step(
        "consultation",
        Action.CONSULT,
        actions.consult,
        "Đã đề nghị phối hợp.",
        (
            Ask("department_id", "Đơn vị phối hợp", "departments"),
            Ask("question", "Nội dung đề nghị"),
        ),
    ),
    Step(
        "opinion",
        Action.CONSULTED,
        actions.consulted,
        "Đã ghi ý kiến phối hợp.",
        (Ask("text", "Ý kiến của đơn vị phối hợp"),),
    ),
    Step(
        "return",
        Action.RETURN_ANSWER,
        actions.return_answer,
        "Đã trả lại để hoàn thiện.",
        (Ask("reason", "Cần sửa điều gì"),),
    ),
    Step(
        "extension",
        Action.EXTEND,
        actions.extend,
        "Đã gia hạn và báo cho người dân.",
        (
            Ask("working_days", "Thêm bao nhiêu ngày làm việc", "number"),
            Ask("reason", "Lý do, như người dân sẽ đọc"),
        ),
    ),
    Step(
        "transfer",
        Action.TRANSFER,
        actions.transfer,
        "Đã chuyển cơ quan khác và báo cho người dân.",
        (
            Ask("to", "Cơ quan nhận", "line", hint="Tên, địa chỉ, điện thoại."),
            Ask("reason", "Lý do, như người dân sẽ đọc"),
        ),
        "warning",
    ),
    Step(
        "rejection",
        Action.REJECT,
        actions.reject,
        "Đã từ chối và báo cho người dân.",
        (Ask("reason", "Lý do, như người dân sẽ đọc"),),
        "warning",
    ),
    Step(
        "merger",
        Action.MERGE,
        actions.merge,
        "Đã gộp vào phản ánh gốc.",
        (Ask("into", "Mã của phản ánh gốc", "line", hint="Ví dụ BD-2026-000123"),),
        "warning",
    ),
    Step("closing", Action.CLOSE, actions.close, "Đã hoàn thành."),
    Step(
        "reopening",
        Action.REOPEN,
        actions.reopen,
        "Đã mở lại để xử lý.",
        (Ask("reason", "Người dân chưa đồng ý ở điểm nào"),),
    ),
    Step(
        "correction",
        Action.CORRECT,
        actions.correct,
        "Đã sửa phân loại.",
        CLASSIFICATION,
    ),
    Step(
        "note",
        Action.NOTE,
        actions.note,
        "Đã thêm ghi chú.",
        (Ask("text", "Ghi chú nội bộ", hint="Người dân không thấy."),),
    ),
    Step("draft", Action.DRAFT, actions.draft, "Đã lưu bản thảo.", (Ask("text", "Trả lời"),)),
    Step(
        "submission",
        Action.SUBMIT_ANSWER,
        actions.submit_answer,
        "Đã trình duyệt.",
        (Ask("text", "Trả lời"),),
        "",
    ),
    Step("approval", Action.APPROVE, actions.approve, "Đã duyệt. Câu trả lời sẽ được gửi.", (), ""),
    Step("recall", Action.RECALL, actions.recall, "Đã thu hồi; câu trả lời chưa gửi đi."),
)
SENDING = Step(  # drafted and sent in one, where the rules let the handler
    "sending",
    Action.SUBMIT_ANSWER,
    actions.send_answer,
    "Đã gửi câu trả lời.",
    (Ask("text", "Trả lời"),),
    "",
)
BY_NOUN = {step.noun: step for step in (*STEPS, SENDING)}
BY_ACTION = {step.action: step for step in STEPS}
