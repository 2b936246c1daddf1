"""What a resident can send from a petition's own page."""

from wtforms import RadioField, SelectMultipleField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length

from feedback.petitions.ratings import STARS, Reason
from feedback.text import squeeze
from web.forms import Form

MOST_LETTERS = 10_000


def _cleaned(words: object) -> object:
    return squeeze(words) if isinstance(words, str) else words


class SentForm(Form):
    """The view looks at the token itself: an expired one must not cost the words."""

    class Meta(Form.Meta):
        csrf = False


class AdditionForm(SentForm):
    addition = TextAreaField(
        "Ông/Bà muốn nói thêm điều gì?", [Length(max=MOST_LETTERS)], filters=[_cleaned]
    )


class RatingForm(SentForm):
    score = RadioField(
        "Ông/Bà có hài lòng với kết quả không?",
        [InputRequired("Vui lòng chọn một mức.")],
        choices=[SelectChoice(str(score), words) for score, words in STARS.items()],
    )
    reasons = SelectMultipleField(
        "Nếu chưa hài lòng, vì sao?",
        choices=[SelectChoice(reason.value, reason.label) for reason in Reason],
    )
    comment = StringField("Nói thêm", [Length(max=1000)], filters=[_cleaned])


class ReopeningForm(SentForm):
    reason = TextAreaField(
        "Điều gì chưa được?",
        [InputRequired("Vui lòng ghi điều gì chưa được."), Length(max=MOST_LETTERS)],
        filters=[_cleaned],
        description="Ví dụ: đèn chỉ sáng một tối rồi tắt lại.",
    )
