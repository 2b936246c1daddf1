"""Who is on watch: duty officers, the vice-chair in charge of each unit, superiors who are told of delays."""

from typing import Any

from flask import flash, redirect, render_template, url_for

from feedback.db import transaction
from feedback.errors import BadInput
from feedback.people.models import Permission as P
from feedback.people.models import Role
from feedback.wards import watch as verbs
from web.accounts.session import current_actor, needs
from web.desk import choices
from web.desk.frame import today
from web.forms import Form, SelectField, SelectMultipleField
from web.settings import matrix
from web.settings.asking import refuse
from web.settings.blueprint import settings
from web.settings.history import latest

ALL = ("", "Mọi Phó Chủ tịch")


def _form(**values: Any) -> Any:
    """The form with a list for each unit in use: `unit<id>`."""
    table = today()

    class WatchForm(Form):
        duty = SelectMultipleField(
            "Trực việc khẩn",
            coerce=int,
            choices=choices.officers(table),
            description="Được báo ngay khi có dấu hiệu nguy hiểm, bất kể giờ nào. Không chọn ai: Cán bộ tiếp nhận.",
        )
        superiors = SelectMultipleField(
            "Cấp trên được báo khi quá hạn lâu",
            coerce=int,
            choices=list(verbs.superiors(table.setup.ward_id).items()),
            description="Chỉ biết mã hồ sơ và số ngày quá hạn; không bao giờ thấy nội dung cần giữ kín.",
        )

    posts = [
        (str(post.id), f"{post.title} ({matrix.holders(table, post.id) or 'chưa có người giữ'})")
        for post in table.posts(Role.VICE_CHAIR)
    ]
    for unit_id, name in choices.departments(table):
        setattr(
            WatchForm,
            f"unit{unit_id}",
            SelectField(name, choices=[ALL, *posts], validate_choice=False),
        )
    return WatchForm(**values)


@settings.get("/watch")
@needs(P.SETTINGS)
def watch() -> Any:
    settings_ = today().setup.settings
    chosen = settings_.get(verbs.IN_CHARGE, {})
    values = {f"unit{unit}": str(post) for unit, post in chosen.items()}
    return _page(
        _form(
            duty=settings_.get(verbs.DUTY, []),
            superiors=settings_.get(verbs.SUPERIORS, []),
            **values,
        )
    )


@settings.post("/watch")
@needs(P.SETTINGS)
def watch_saved() -> Any:
    form = _form()
    if not form.validate():
        return _page(form, 422)
    in_charge = {
        int(field.name.removeprefix("unit")): int(field.data)
        for field in form
        if field.name.startswith("unit") and (field.data or "").isdecimal()
    }
    try:
        with transaction():
            changed = verbs.save(
                form.duty.data or (), in_charge, form.superiors.data or (), by=current_actor()
            )
    except BadInput as refusal:
        refuse(form, refusal)
        return _page(form, 422)
    flash(f"Đã lưu: {', '.join(changed)}." if changed else "Không có gì đổi.", "success")
    return redirect(url_for(".watch"))


def _page(form: Any, status: int = 200) -> Any:
    return render_template(
        "settings/watch.html",
        form=form,
        units=[field for field in form if field.name.startswith("unit")],
        has_vice_chairs=bool(today().posts(Role.VICE_CHAIR)),
        changes=latest("watch"),
    ), status
