"""What a resident can send from a petition's own page."""

from wtforms import StringField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length

from feedback.petitions.ratings import STARS, Reason
from web.forms import RadioField, SelectMultipleField
from web.public.typed_form import TypedForm

MOST_LETTERS = 10_000


class AdditionForm(TypedForm):
    addition = TextAreaField("Ông/Bà muốn nói thêm điều gì?", [Length(max=MOST_LETTERS)])


class RatingForm(TypedForm):
    score = RadioField(
        "Ông/Bà có hài lòng với kết quả không?",
        [InputRequired("Vui lòng chọn một mức.")],
        choices=[SelectChoice(str(score), words) for score, words in STARS.items()],
    )
    reasons = SelectMultipleField(
        "Nếu chưa hài lòng, vì sao?",
        choices=[SelectChoice(reason.value, reason.label) for reason in Reason],
    )
    comment = StringField("Nói thêm", [Length(max=1000)])


class ReopeningForm(TypedForm):
    reason = TextAreaField(
        "Điều gì chưa được?",
        [InputRequired("Vui lòng ghi điều gì chưa được."), Length(max=MOST_LETTERS)],
        description="Ví dụ: đèn chỉ sáng một tối rồi tắt lại.",
    )
