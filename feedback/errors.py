"""Every way we refuse, one class each, with the Vietnamese sentence the person reads."""


class Refusal(Exception):
    """A request we understand and refuse. `sentence` is shown as it is; `status` is its HTTP twin."""

    status = 400
    default = "Không thực hiện được yêu cầu này."

    def __init__(self, sentence: str | None = None):
        self.sentence = sentence or self.default
        super().__init__(self.sentence)


class BadInput(Refusal):
    """What was typed can't be used. `fields` maps the name of a form field to its sentence."""

    status = 422
    default = "Một số thông tin chưa đúng. Vui lòng xem lại."

    def __init__(self, sentence: str | None = None, *, fields: dict[str, str] | None = None):
        super().__init__(sentence or (next(iter(fields.values())) if fields else None))
        self.fields = fields or {}


class NotAllowed(Refusal):
    """This person may not do this to this thing."""

    status = 403
    default = "Ông/Bà không có quyền thực hiện việc này."


class NotFound(Refusal):
    """No such thing, or not for this person: the two are told the same."""

    status = 404
    default = "Không tìm thấy nội dung này."


class WrongState(Refusal):
    """The action does not fit the petition's present status."""

    status = 409
    default = "Hồ sơ đang ở trạng thái khác nên không thực hiện được việc này."


class Stale(Refusal):
    """Somebody else changed the row first."""

    status = 409
    default = "Hồ sơ vừa được người khác cập nhật. Vui lòng xem bản mới rồi thực hiện lại."


class TooMany(Refusal):
    """Throttled."""

    status = 429
    default = "Ông/Bà thao tác quá nhanh. Vui lòng thử lại sau ít phút."


class TooLarge(Refusal):
    """A file or text over its limit."""

    status = 413
    default = "Tệp quá lớn."


class Misconfigured(Refusal):
    """The ward's own set-up is incomplete; the sentence says what the administrator must do."""

    status = 503
    default = "Hệ thống của phường chưa được thiết lập xong."
