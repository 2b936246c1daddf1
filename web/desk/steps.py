"""The forms of a case: for each action its address, what it asks, and what is said when it is done.

What may be done, and by whom, is decided by `feedback.petitions.lifecycle`; here is only the paper.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from feedback import clock
from feedback.errors import BadInput
from feedback.people.models import Channel
from feedback.petitions import actions
from feedback.petitions.actions.splitting import Spoken
from feedback.petitions.lifecycle import Action
from feedback.petitions.models import Kind, Urgency
from feedback.text import squeeze

LONGEST = 20_000


def read_day(words: str) -> date:
    """2026-10-05, or as people write it: 05/10/2026. Raises ValueError."""
    if "/" in words:
        return datetime.strptime(words, "%d/%m/%Y").replace(tzinfo=clock.ZONE).date()
    return date.fromisoformat(words)


def read_moment(words: str) -> datetime:
    """A local minute, as the browser's field gives it. Raises ValueError."""
    return datetime.fromisoformat(words).replace(tzinfo=clock.ZONE)


def read_spoken(raw: str) -> list[Spoken]:
    """One person a line: name; address; telephone."""
    lines = [line.split(";") for line in raw.splitlines() if line.strip()]
    return [Spoken(*(part.strip() for part in line[:3])) for line in lines]


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
        if self.shape == "spoken":
            words = raw  # its lines count
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
    called: str = ""  # instead of the action's own name

    @property
    def label(self) -> str:
        return self.called or self.action.label


READERS: dict[str, Callable[[str], Any]] = {
    "day": read_day,
    "moment": read_moment,
    "yes": lambda words: words == "1",
    "legal_kinds": Kind,
    "ward_kinds": Kind,
    "hands": Channel,
    "complex_from_start": lambda words: (words,),
    "spoken": read_spoken,
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
_SIGNED_ON = Ask("signed_on", "Ngày phường nhận đơn có chữ ký", "day", is_prefilled=True)
_ON = Ask("on", "Ngày ký văn bản", "day", is_prefilled=True)
_DECISION = Ask("decision", "Số quyết định", "line", hint="Ví dụ 25/QĐ-UBND")
_REASON = Ask("reason", "Lý do, như người gửi sẽ đọc")

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
        "Đã gộp vào hồ sơ gốc.",
        (Ask("into", "Mã của hồ sơ gốc", "line", hint="Ví dụ BD-2026-000123"),),
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
    Step(
        "waiting",
        Action.AWAIT_SIGNATURE,
        actions.await_signature,
        "Đã ghi nhận; người gửi được hướng dẫn nộp đơn có chữ ký.",
        (Ask("kind", "Đây là", "legal_kinds", hint="Chưa có đơn ký tên thì chưa tính thời hạn."),),
    ),
    Step(
        "signature",
        Action.RECEIVE_SIGNED,
        actions.receive_signed,
        "Đã nhận đơn; thời hạn thụ lý bắt đầu tính.",
        (
            Ask("kind", "Đơn là", "legal_kinds", is_prefilled=True),
            _SIGNED_ON,
            Ask("came_by", "Đơn đến bằng cách nào", "hands"),
            Ask("people", "Số người cùng đứng đơn", "number", is_prefilled=True),
            Ask("is_remote", "Vùng sâu, vùng xa đi lại khó khăn", "yes", is_optional=True),
        ),
        "",
    ),
    Step(
        "reclassification",
        Action.RECLASSIFY,
        actions.reclassify,
        "Đã chuyển sang phản ánh, kiến nghị.",
        (Ask("kind", "Xử lý như", "ward_kinds"),),
    ),
    Step(
        "proposal",
        Action.PROPOSE,
        actions.propose,
        "Đã đề xuất thụ lý.",
        (Ask("text", "Đề xuất, căn cứ", hint="Phiếu đề xuất thụ lý trình Chủ tịch."),),
    ),
    Step(
        "admission",
        Action.ADMIT,
        actions.admit,
        "Đã thụ lý; thời hạn giải quyết bắt đầu tính.",
        (
            Ask(
                "decision",
                "Số thông báo hoặc quyết định thụ lý",
                "line",
                hint="Ví dụ 12/TB-UBND",
            ),
            _ON,
            Ask(
                "criteria",
                "Vụ việc phức tạp ngay từ đầu vì",
                "complex_from_start",
                is_optional=True,
                hint="Chỉ với khiếu nại; để trống nếu không phức tạp.",
            ),
        ),
        "",
    ),
    Step(
        "refusal",
        Action.REFUSE_ADMISSION,
        actions.refuse_admission,
        "Đã ghi không thụ lý và báo cho người gửi.",
        (
            Ask("ground_code", "Căn cứ", "refusals"),
            _REASON,
            Ask(
                "decision",
                "Số thông báo",
                "line",
                hint="Bắt buộc khi đơn đã có chữ ký.",
                is_optional=True,
            ),
        ),
        "warning",
    ),
    Step(
        "prolongation",
        Action.PROLONG,
        actions.prolong,
        "Đã gia hạn theo luật và báo cho người gửi.",
        (
            Ask("days", "Thêm bao nhiêu ngày", "number"),
            Ask("criterion", "Vụ việc phức tạp vì", "complex"),
            Ask("decision", "Số văn bản gia hạn", "line", hint="Ví dụ 20/TB-UBND"),
            _REASON,
        ),
    ),
    Step(
        "suspension",
        Action.SUSPEND,
        actions.suspend,
        "Đã tạm đình chỉ; thời hạn dừng.",
        (_DECISION, _ON, Ask("reason", "Căn cứ tạm đình chỉ, như người gửi sẽ đọc")),
        "warning",
    ),
    Step(
        "resumption",
        Action.RESUME,
        actions.resume,
        "Đã tiếp tục giải quyết; thời hạn chạy tiếp.",
        (_DECISION, _ON),
        "",
    ),
    Step(
        "invitation",
        Action.CALL_DIALOGUE,
        actions.call_dialogue,
        "Đã ghi lịch đối thoại và báo cho người khiếu nại.",
        (
            Ask("meets_at", "Thời gian", "moment", hint="Báo trước ít nhất 05 ngày."),
            Ask("where", "Địa điểm", "line"),
        ),
    ),
    Step(
        "dialogue",
        Action.HOLD_DIALOGUE,
        actions.hold_dialogue,
        "Đã ghi kết quả đối thoại.",
        (
            Ask("agreed", "Nội dung đã thống nhất"),
            Ask("differing", "Nội dung còn khác nhau"),
            Ask(
                "absence",
                "Người khiếu nại vắng mặt vì",
                "line",
                hint="Ghi lý do, hoặc “không có lý do”.",
                is_optional=True,
            ),
        ),
    ),
    Step(
        "resolution",
        Action.RESOLVE,
        actions.resolve,
        "Đã ghi kết quả giải quyết và báo cho người gửi.",
        (
            Ask("decision", "Số quyết định hoặc kết luận", "line", hint="Ví dụ 31/QĐ-UBND"),
            _ON,
            Ask("summary", "Kết quả, như người gửi sẽ đọc"),
        ),
        "",
    ),
    Step(
        "leaving",
        Action.LEAVE,
        actions.leave,
        "Đã ghi việc rút đơn; hồ sơ tiếp tục với những người còn lại.",
        (
            Ask("people", "Bao nhiêu người rút", "number"),
            Ask("reason", "Văn bản rút đơn", "line", hint="Ngày của đơn rút; không ghi tên."),
        ),
    ),
    Step(
        "withdrawal",
        Action.WITHDRAW,
        actions.withdraw,
        "Đã ghi việc rút đơn.",
        (Ask("reason", "Văn bản rút đơn", "line", hint="Đơn rút ngày nào; không ghi tên."),),
        "warning",
    ),
    Step(
        "discontinuation",
        Action.DISCONTINUE,
        actions.discontinue,
        "Đã đình chỉ giải quyết và báo cho người gửi.",
        (_DECISION, _ON, Ask("reason", "Căn cứ đình chỉ, như người gửi sẽ đọc")),
        "warning",
    ),
    Step(
        "part",
        Action.SPLIT,
        actions.split,
        "Đã tách thành hồ sơ riêng, có mã riêng.",
        (
            Ask(
                "text",
                "Nội dung tách riêng",
                hint="Chỉ chép phần thuộc việc này. Ảnh, ghi chú không đi theo.",
            ),
            Ask("kind", "Là", "kinds"),
            Ask("field_id", "Lĩnh vực", "fields", is_optional=True),
        ),
    ),
    Step(
        "group",
        Action.GROUP,
        actions.group,
        "Đã lập vụ việc nhiều người.",
        (
            Ask("people", "Tổng số người", "number", hint="Từ 5 người trở lên."),
            Ask(
                "representatives",
                "Người đại diện",
                "spoken",
                hint="Mỗi người một dòng: họ tên; địa chỉ; điện thoại. 5–10 người: cử 1–2; hơn 10: nhiều nhất 5.",
            ),
            Ask(
                "others",
                "Mã các hồ sơ cùng nội dung",
                "line",
                hint="Cách nhau bằng dấu phẩy; được gộp vào hồ sơ này.",
                is_optional=True,
            ),
        ),
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
_WISH = Ask("request_id", "Đề nghị gia hạn", "number")
MORE_TIME = Step(
    "wish",
    Action.NOTE,
    actions.ask_more_time,
    "Đã xin gia hạn; người có thẩm quyền được báo để quyết định.",
    (
        Ask("working_days", "Xin thêm bao nhiêu ngày", "number"),
        Ask("reason", "Lý do, như người dân sẽ đọc nếu được đồng ý"),
    ),
    called="Xin gia hạn",
)
TAKE_BACK = Step(
    "unwish",
    Action.NOTE,
    actions.withdraw_more_time,
    "Đã rút đề nghị gia hạn.",
    (_WISH,),
    called="Rút đề nghị gia hạn",
)
GRANT = Step(
    "grant",
    Action.EXTEND,
    actions.grant_more_time,
    "Đã đồng ý gia hạn và báo cho người dân.",
    (_WISH,),
    "",
    called="Đồng ý gia hạn",
)
DENY = Step(
    "denial",
    Action.EXTEND,
    actions.refuse_more_time,
    "Đã báo cán bộ: không đồng ý gia hạn.",
    (_WISH, Ask("reason", "Vì sao không đồng ý")),
    called="Không đồng ý gia hạn",
)
BY_NOUN = {step.noun: step for step in (*STEPS, SENDING, MORE_TIME, TAKE_BACK, GRANT, DENY)}
BY_ACTION = {step.action: step for step in STEPS}
