"""The form of a report: what is asked, and how it is checked."""

import re
from datetime import date, datetime
from typing import Any

from wtforms import (
    BooleanField,
    DateField,
    HiddenField,
    StringField,
    TextAreaField,
)
from wtforms.fields.choices import SelectChoice
from wtforms.validators import Length, Optional, ValidationError

from feedback.clock import ZONE, today
from feedback.petitions.models import Kind
from feedback.text import normal_phone
from web.public.typed_form import Radio, Select, TypedForm, one_line
from web.public.wards import Choices

MOST_LETTERS = 10_000
LONG_AGO = 1945  # an older date is a slip of the finger
EMAIL = re.compile(r"[^@\s]+@[^@\s.]+(\.[^@\s.]+)+")
KINDS = (
    ("", "Để phường xem giúp"),
    (Kind.PHAN_ANH.value, "Phản ánh: báo một việc đang xảy ra"),
    (Kind.KIEN_NGHI.value, "Kiến nghị: đề xuất cách làm"),
    (Kind.HOI_DAP.value, "Hỏi về thủ tục, giấy tờ"),
    (Kind.KHEN_NGOI.value, "Khen ngợi, cảm ơn"),
    (Kind.KHIEU_NAI.value, "Khiếu nại một quyết định, một việc làm của cơ quan"),
    (Kind.TO_CAO.value, "Tố cáo hành vi vi phạm pháp luật"),
)


class ReportForm(TypedForm):
    text = TextAreaField(
        "Nội dung",
        description="Kể như nói với người quen: chuyện gì, từ bao giờ. Gõ không dấu cũng được.",
    )
    neighbourhood = Select("Thuộc tổ dân phố nào?", default="")
    address = StringField(
        "Địa chỉ, hoặc gần nơi nào dễ thấy",
        [Length(max=300)],
        filters=[one_line],
        description="Ví dụ: trước số 12 ngõ 34; cạnh trường mầm non.",
    )
    lat = HiddenField()
    lng = HiddenField()
    photo_place = HiddenField()  # "lat,lng", when the place in a photo was offered and taken

    name = StringField("Họ và tên", [Length(max=120)], filters=[one_line])
    phone = StringField(
        "Số điện thoại",
        [Length(max=30)],
        filters=[one_line],
        description="Để cán bộ gọi khi cần hỏi thêm, và để Ông/Bà tra cứu kết quả bằng số này.",
    )
    is_anonymous = BooleanField(
        "Giữ kín tên và số điện thoại của tôi với cán bộ xử lý",
        description="Chỉ người tiếp nhận của phường xem được.",
    )

    kind = Radio(
        "Đây là việc gì?", [Optional()], choices=[SelectChoice(*kind) for kind in KINDS], default=""
    )
    field = Select("Về lĩnh vực nào?", default="")
    happened_on = DateField(
        "Xảy ra ngày nào?", [Optional()], format=["%Y-%m-%d", "%d/%m/%Y", "%d-%m-%Y", "%d.%m.%Y"]
    )
    email = StringField("Thư điện tử", [Length(max=200)], filters=[one_line])
    complained = StringField(
        "Tên cán bộ bị phản ánh",
        [Length(max=120)],
        filters=[one_line],
        description="Chỉ điền khi phản ánh về cán bộ. Người này sẽ không được giao giải quyết.",
    )

    consent = BooleanField(
        "Tôi đồng ý để phường dùng thông tin trên vào việc giải quyết phản ánh này"
    )
    may_publish = BooleanField(
        "Phường được đăng nội dung và kết quả để bà con cùng biết",
        description="Không đăng tên, số điện thoại, địa chỉ nhà của Ông/Bà.",
    )

    not_accusation = HiddenField()  # the guide for accusations was read: it is none
    called: str | None = None  # the telephone as +84…, once the form was validated
    submission_key = HiddenField()
    website = StringField("Ô này để trống")  # people never see it; programs that send spam fill it

    def __init__(self, neighbourhoods: Choices, fields: Choices, **values: Any):
        super().__init__(**values)
        self.neighbourhood.choices = neighbourhoods
        self.field.choices = fields

    def validate_text(self, field: TextAreaField) -> None:
        if not field.data:
            raise ValidationError("Vui lòng viết nội dung Ông/Bà muốn phản ánh.")
        if len(re.sub(r"\W", "", field.data)) < 5:
            raise ValidationError("Nội dung ngắn quá. Vui lòng viết rõ thêm: chuyện gì, ở đâu.")
        if len(field.data) > MOST_LETTERS:
            raise ValidationError(
                f"Nội dung dài quá. Nhiều nhất 10.000 ký tự, đang có {len(field.data)}."
            )

    def validate_phone(self, field: StringField) -> None:
        self.called = normal_phone(field.data) if field.data else None
        if field.data and self.called is None:
            raise ValidationError("Số điện thoại chưa đúng. Ví dụ: 0912 345 678.")

    def validate_email(self, field: StringField) -> None:
        if field.data and not EMAIL.fullmatch(field.data):
            raise ValidationError("Địa chỉ thư điện tử chưa đúng. Ví dụ: ten@gmail.com")

    def validate_happened_on(self, field: DateField) -> None:
        if field.data and field.data > today():
            raise ValidationError("Ngày xảy ra không thể sau hôm nay.")
        if field.data and field.data.year < LONG_AGO:
            raise ValidationError(f"Ngày xảy ra phải từ năm {LONG_AGO} trở lại đây.")

    def validate_consent(self, field: BooleanField) -> None:
        if not field.data:
            raise ValidationError("Vui lòng đánh dấu đồng ý để phường được phép giải quyết.")

    @property
    def place(self) -> tuple[float, float] | tuple[None, None]:
        """Latitude and longitude, or nothing when they are no place on earth."""
        said = (self.lat.data, self.lng.data)
        if not all(said):
            said = tuple((self.photo_place.data or "").split(","))
        try:
            lat, lng = (float(part or "x") for part in said)
        except ValueError:
            return None, None
        return (lat, lng) if -90 <= lat <= 90 and -180 <= lng <= 180 else (None, None)

    @property
    def happened_at(self) -> datetime | None:
        """The start of the day it happened on."""
        on: date | None = self.happened_on.data
        return datetime(on.year, on.month, on.day, tzinfo=ZONE) if on else None

    @property
    def has_more(self) -> bool:
        """Whether anything in the folded-away part was filled in, or is wrong."""
        more = (self.kind, self.field, self.happened_on, self.email, self.complained)
        return any(field.data or field.errors for field in more)
