"""Who signs an answer: the ward's own rules before the shipped ones, and a case to try them on."""

from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any, cast

from flask import flash, redirect, render_template, request, url_for
from wtforms import StringField
from wtforms.validators import InputRequired, Length

from feedback.db import transaction
from feedback.errors import BadInput, NotFound, Stale
from feedback.people.models import Permission as P
from feedback.petitions import approval as rules
from feedback.petitions import approval_edits as verbs
from feedback.petitions.approval import Rule, Signing
from feedback.petitions.models import Kind, Petition, Urgency
from feedback.wards.setup import Setup
from web.accounts.session import current_actor, needs
from web.desk.frame import current_setup
from web.forms import Form, RadioField, SelectMultipleField
from web.settings.asking import refuse
from web.settings.blueprint import settings
from web.settings.history import latest

SAID = {"yes": True, "no": False, "any": None}
TYPED = {value: name for name, value in SAID.items()}


class RuleForm(Form):
    signing = RadioField(
        "Ai ký?",
        [InputRequired("Xin chọn một mục.")],
        choices=[(signing.value, signing.label) for signing in Signing],
    )
    kinds = SelectMultipleField(
        "Loại nội dung",
        choices=[(kind.value, kind.label) for kind in Kind],
        description="Không chọn loại nào: mọi loại.",
    )
    urgencies = SelectMultipleField(
        "Mức độ",
        choices=[(urgency.value, urgency.label) for urgency in Urgency],
        description="Không chọn mức nào: mọi mức.",
    )
    fields = SelectMultipleField(
        "Lĩnh vực", coerce=int, description="Không chọn lĩnh vực nào: mọi lĩnh vực."
    )
    is_reopened = RadioField(
        "Lần xử lý",
        choices=[
            ("any", "Lần nào cũng vậy"),
            ("no", "Chỉ lần đầu"),
            ("yes", "Chỉ khi người dân đề nghị xử lý lại"),
        ],
    )
    is_about_officer = RadioField(
        "Phản ánh về cán bộ của phường",
        choices=[
            ("no", "Không áp dụng cho phản ánh về cán bộ"),
            ("yes", "Chỉ phản ánh về cán bộ"),
            ("any", "Cả hai"),
        ],
    )
    because = StringField(
        "Lý do",
        [Length(max=verbs.LONGEST["because"])],
        description="Cán bộ đọc bên cạnh “Ai ký”, ví dụ: việc thường ngày của đô thị.",
    )
    decision_no = StringField(
        "Số quyết định, quy chế",
        [Length(max=verbs.LONGEST["decision_no"])],
        description="Văn bản giao quyền ký, nếu có.",
    )


@dataclass(frozen=True)
class Line:
    """One rule in words. `no`: its place among the ward's own, nothing for a shipped one."""

    no: int | None
    words: str
    signing: str
    because: str
    decision_no: str = ""


@settings.get("/approval")
@needs(P.DELEGATE)
def approval() -> Any:
    setup = current_setup()
    own = [_line(rule, setup, no) for no, rule in enumerate(verbs.own_rules(setup))]
    return render_template(
        "settings/approval.html",
        own=own,
        shipped=[_line(rule, setup) for rule in rules.shipped()],
        mark=verbs.mark(setup),
        kinds=[(kind.value, kind.label) for kind in Kind],
        urgencies=[(urgency.value, urgency.label) for urgency in Urgency],
        fields=_fields(setup),
        tried=_tried(setup),
        asked=request.args,
        changes=latest("approval"),
    )


@settings.get("/approval/new")
@needs(P.DELEGATE)
def approval_new() -> Any:
    form = _form(
        is_reopened="any", is_about_officer="no", signing=Signing.VICE_CHAIR.value, kinds=[]
    )
    return _page(form, None)


@settings.post("/approval/new")
@needs(P.DELEGATE)
def approval_added() -> Any:
    return _save(None)


@settings.get("/approval/<int:no>")
@needs(P.DELEGATE)
def approval_rule(no: int) -> Any:
    rule = _own(no)
    form = _form(
        signing=rule.signing.value,
        kinds=[kind.value for kind in rule.kinds],
        urgencies=[urgency.value for urgency in rule.urgencies],
        fields=list(rule.fields),
        is_reopened=TYPED[rule.is_reopened],
        is_about_officer=TYPED[rule.is_about_officer],
        because=rule.because,
        decision_no=rule.decision_no,
    )
    return _page(form, no)


@settings.post("/approval/<int:no>")
@needs(P.DELEGATE)
def approval_changed(no: int) -> Any:
    return _save(no)


@settings.post("/approval/<int:no>/removal")
@needs(P.DELEGATE)
def approval_removed(no: int) -> Any:
    with transaction():
        verbs.remove(no, request.form.get("mark", ""), by=current_actor())
    flash("Đã bỏ quy tắc. Câu trả lời chờ ký theo quy tắc còn lại.", "success")
    return redirect(url_for(".approval"))


@settings.post("/approval/<int:no>/rise")
@needs(P.DELEGATE)
def approval_raised(no: int) -> Any:
    with transaction():
        verbs.raise_up(no, request.form.get("mark", ""), by=current_actor())
    flash("Quy tắc được xét sớm hơn một bậc.", "success")
    return redirect(url_for(".approval"))


def _save(no: int | None) -> Any:
    form = _form()
    if not form.validate():
        return _page(form, no, 422)
    try:
        with transaction():
            verbs.save(_wanted(form), no, request.form.get("mark", ""), by=current_actor())
    except (BadInput, Stale) as refusal:
        refuse(form, refusal)
        return _page(form, no, refusal.status)
    flash("Đã lưu. Áp dụng ngay, cả với câu trả lời đang chờ ký.", "success")
    return redirect(url_for(".approval"))


def _wanted(form: RuleForm) -> verbs.Wanted:
    return verbs.Wanted(
        signing=Signing(form.signing.data),
        because=form.because.data or "",
        kinds=frozenset(map(Kind, form.kinds.data or ())),
        urgencies=frozenset(map(Urgency, form.urgencies.data or ())),
        fields=frozenset(form.fields.data or ()),
        is_reopened=SAID[form.is_reopened.data or "any"],
        is_about_officer=SAID[form.is_about_officer.data or "any"],
        decision_no=form.decision_no.data or "",
    )


def _own(no: int) -> Rule:
    own = verbs.own_rules(current_setup())
    if no >= len(own):
        raise NotFound
    return own[no]


def _form(**values: Any) -> RuleForm:
    form = RuleForm(**values)
    form.fields.choices = _fields(current_setup())
    return form


def _fields(setup: Setup) -> list[tuple[int, str]]:
    known = sorted(setup.fields.values(), key=lambda field: field.no)
    return [(field.no, f"{field.no}. {field.name}") for field in known]


def _page(form: RuleForm, no: int | None, status: int = 200) -> Any:
    seen = request.form.get("mark") or verbs.mark(current_setup())
    return render_template("settings/approval_rule.html", form=form, no=no, mark=seen), status


def _line(rule: Rule, setup: Setup, no: int | None = None) -> Line:
    return Line(no, verbs.words(rule, setup), rule.signing.label, rule.because, rule.decision_no)


def _tried(setup: Setup) -> Line | None:
    """The rule that would hold for the case in the address, if there is one."""
    kind, urgency = request.args.get("kind", ""), request.args.get("urgency", "")
    if kind not in [each.value for each in Kind]:
        return None
    ids = {field.no: field.id for field in setup.fields.values()}
    petition = SimpleNamespace(
        ward_id=setup.ward_id,
        kind=Kind(kind),
        urgency=Urgency(urgency) if urgency in [u.value for u in Urgency] else Urgency.NORMAL,
        field_id=ids.get(request.args.get("field", 0, type=int)),
        reopened=int("reopened" in request.args),
        complained_officer_id=None,
    )
    return _line(rules.rule_for(cast(Petition, petition), setup), setup)
