"""A small application that shows every layout and every part at once, without a database."""

from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from flask import Flask, flash, render_template, request
from jinja2 import ChoiceLoader, FileSystemLoader
from wtforms import (
    BooleanField,
    DateField,
    PasswordField,
    RadioField,
    SelectChoice,
    SelectField,
    StringField,
    TextAreaField,
)
from wtforms.validators import InputRequired, Length, Optional

from feedback.errors import Stale
from feedback.petitions.models import Status
from web.forms import Form
from web.kit import init_kit

WARD = SimpleNamespace(
    name="Phường Ba Đình", province_name="Thành phố Hà Nội", hotline="02412345678",
    address="25 phố Liễu Giai",
)  # fmt: skip
OFFICER = SimpleNamespace(full_name="Nguyễn Thị Lan")
POSITION = SimpleNamespace(title="Chuyên viên Phòng Kinh tế, Hạ tầng và Đô thị")
DUE = datetime(2026, 8, 28, 10, 0, tzinfo=UTC)


class ReportForm(Form):
    text = TextAreaField(
        "Ông/Bà muốn phản ánh điều gì?",
        [InputRequired("Ông/Bà viết vài dòng về việc muốn phản ánh."), Length(max=4000)],
        description="Ví dụ: đèn đường trước số nhà 12 ngõ 5 hỏng từ tối thứ Hai.",
    )
    where = StringField("Việc xảy ra ở đâu?", description="Số nhà, ngõ, đường hoặc tổ dân phố.")
    phone = StringField(
        "Số điện thoại", [InputRequired("Ông/Bà ghi số điện thoại để phường gọi lại.")]
    )
    field = SelectField(
        "Lĩnh vực", choices=[SelectChoice("", "Chưa rõ"), SelectChoice("1", "Chiếu sáng đô thị")]
    )
    urgency = RadioField(
        "Mức độ",
        choices=[SelectChoice("normal", "Bình thường"), SelectChoice("urgent", "Khẩn")],
        default="normal",
    )
    anonymous = BooleanField("Không nêu tên tôi khi công khai")
    since = DateField("Từ ngày", [Optional()], format="%d/%m/%Y", description="Ví dụ 28/8/2026")
    password = PasswordField("Mật khẩu")


def create_sink(**config: Any) -> Flask:
    app = Flask("sink", static_folder=None)
    app.config.update(SECRET_KEY="sink", **config)
    init_kit(app)
    pages = FileSystemLoader(Path(__file__).parent / "sink_pages")
    app.jinja_loader = ChoiceLoader([pages, app.jinja_loader])
    app.context_processor(lambda: {"ward": None if request.args.get("wardless") else WARD})
    _add_pages(app)
    return app


def _add_pages(app: Flask) -> None:
    @app.route("/", endpoint="public.home", methods=["GET", "POST"])
    def form():
        form = ReportForm()
        form.validate_on_submit()
        return render_template("form.html", form=form, nav="report")

    @app.get("/tra-cuu", endpoint="public.track")
    def track():
        return render_template("track.html", nav="track", **_case())

    @app.get("/giup-do", endpoint="public.help")
    def help_page():
        flash("Đã lưu thay đổi.", "success")
        flash("Chưa lưu được.", "error")
        return render_template("bare.html", nav="help")

    @app.get("/desk", endpoint="desk.mine")
    def mine():
        return render_template("list.html", nav="mine", due=DUE, **_desk())

    @app.get("/desk/petitions", endpoint="desk.petitions")
    def case():
        return render_template(
            "case.html", nav="petitions", form=ReportForm(), **_desk(), **_case()
        )

    @app.get("/desk/approvals", endpoint="desk.approvals")
    @app.get("/desk/absence", endpoint="desk.absence")
    @app.post("/logout", endpoint="accounts.logout")
    def elsewhere():
        return ""

    @app.get("/login", endpoint="login")
    def login():
        return render_template("login.html", form=ReportForm())

    @app.route("/break/<int:code>", methods=["GET", "POST"])
    @app.route("/api/break/<int:code>", endpoint="api_break", methods=["GET", "POST"])
    def break_(code: int):
        if code == 1:
            raise Stale
        if code == 2:
            raise RuntimeError("broken")
        from flask import abort

        abort(code)


def _desk() -> dict[str, Any]:
    return {
        "current_officer": OFFICER,
        "current_position": POSITION,
        "statuses": list(Status),
        "badges": lambda: {"approvals": 3},
    }


def _case() -> dict[str, Any]:
    entries = [
        {"title": "Đã trả lời", "at": DUE, "by": "UBND phường", "text": "Đèn đã sửa.\nMời Ông/Bà đánh giá."},
        {"title": "Mới tiếp nhận", "at": DUE, "by": None, "text": None},
    ]  # fmt: skip
    photo = SimpleNamespace(
        url="/photo", thumbnail_url="/static/star.svg", name="den-hong.jpg", size=90
    )
    paper = SimpleNamespace(
        url="/paper", thumbnail_url=None, name="don-kien-nghi.pdf", size=1_234_567
    )
    return {
        "due": DUE, "status": Status.ANSWERED, "entries": entries, "photo": photo,
        "files": [photo, paper], "undo_until": datetime(2126, 1, 1, tzinfo=UTC),
    }  # fmt: skip
