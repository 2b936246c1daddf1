"""The forms of the log-in pages."""

from wtforms import PasswordField, StringField
from wtforms.validators import DataRequired, EqualTo, Length

from web.forms import Form

LONGEST = Length(max=200)  # argon2 must not be fed a novel


class LoginForm(Form):
    name = StringField(
        "Tên đăng nhập hoặc thư điện tử",
        [DataRequired("Xin nhập tên đăng nhập hoặc thư điện tử."), LONGEST],
    )
    password = PasswordField("Mật khẩu", [DataRequired("Xin nhập mật khẩu."), LONGEST])


class CodeForm(Form):
    code = StringField(
        "Mã 6 chữ số trên điện thoại",
        [DataRequired("Xin nhập mã."), Length(max=20)],
        description="Mở ứng dụng tạo mã trên điện thoại. Mất điện thoại thì nhập một mã dự phòng.",
    )


class PasswordForm(Form):
    present = PasswordField(
        "Mật khẩu hiện tại", [DataRequired("Xin nhập mật khẩu hiện tại."), LONGEST]
    )
    new = PasswordField(
        "Mật khẩu mới",
        [DataRequired("Xin nhập mật khẩu mới."), LONGEST],
        description="Ít nhất 10 ký tự. Một câu dài, dễ nhớ với mình là tốt nhất.",
    )
    again = PasswordField(
        "Nhập lại mật khẩu mới", [EqualTo("new", "Hai lần nhập mật khẩu mới chưa giống nhau.")]
    )


class SwitchOnForm(Form):
    code = StringField(
        "Mã 6 chữ số đang hiện trên điện thoại", [DataRequired("Xin nhập mã."), Length(max=10)]
    )


class ConfirmPasswordForm(Form):
    password = PasswordField("Mật khẩu", [DataRequired("Xin nhập mật khẩu."), LONGEST])
