"""Ready phrases for answers; their words are in `feedback/messages/ready.txt`."""

from dataclasses import dataclass
from functools import lru_cache

from feedback.messages import say

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


@lru_cache(maxsize=100)
def phrases(ward: str, handler: str) -> list[Phrase]:
    """Every phrase, with the ward's and the handler's names in it."""
    return [
        Phrase(label, say(f"ready.{name}", ward=ward, handler=handler))
        for name, label in LABELS.items()
    ]
