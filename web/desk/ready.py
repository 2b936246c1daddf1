"""Ready phrases for answers; their words are in `feedback/messages/ready.txt`."""

from dataclasses import dataclass

from feedback.messages import say
from feedback.wards.setup import Setup

LABELS = {
    "fixed": "Đã xử lý xong",
    "planned": "Cần thêm thời gian",
    "late": "Xin lỗi vì chậm",
    "elsewhere": "Không thuộc thẩm quyền",
    "signed": "Hướng dẫn tố cáo",
    "guidance": "Hướng dẫn thủ tục",
}


@dataclass(frozen=True)
class Phrase:
    label: str
    text: str


def phrases(setup: Setup, handler: str) -> list[Phrase]:
    """Every phrase, with the ward's and the handler's names in it; remembered with the set-up."""
    known: list[Phrase] | None = setup.memory.get(("phrases", handler))
    if known is None:
        known = setup.memory["phrases", handler] = [
            Phrase(label, say(f"ready.{name}", setup.texts, ward=setup.name, handler=handler))
            for name, label in LABELS.items()
        ]
    return known
