"""Every way the law, or the ward's own service levels, say no."""

from feedback.errors import BadInput, Misconfigured, WrongState


class NoSuchLimit(BadInput):
    """No time limit for this kind of petition and step on that day."""

    default = "Không có thời hạn cho loại đơn và bước này."


class UnknownChoice(BadInput):
    """An urgency or an option that the procedure does not know."""

    default = "Lựa chọn này không có trong quy trình."


class LockedByLaw(WrongState):
    """The ward may not change a limit that the law sets."""

    default = "Thời hạn này do luật quy định, phường không tự thay đổi được."


class ExtensionRefused(WrongState):
    """Past the maximum, once too often, or without the written reason the law asks for."""

    default = "Không gia hạn được thời hạn này."


class PauseRefused(WrongState):
    """This clock does not stop for that."""

    default = "Không tạm dừng được thời hạn này."


class BadProcedure(Misconfigured):
    """A procedure file contradicts itself; the sentence names file, limit and field."""

    default = "Tệp quy trình không hợp lệ."
