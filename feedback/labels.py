"""An enum member carries the Vietnamese words people see."""

from enum import StrEnum


class Labelled(StrEnum):
    """`RECEIVED = "received", "Mới tiếp nhận"`: the value is stored, `.label` is shown."""

    label: str

    def __new__(cls, value: str, label: str = "") -> "Labelled":
        member = str.__new__(cls, value)
        member._value_ = value
        member.label = label or value
        return member
