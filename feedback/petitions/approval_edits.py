"""A ward's own rules of who signs an answer: written, put in order, taken back. They come before the shipped.

What the law gives to the chair alone (khiếu nại, tố cáo) no rule gives to somebody else.
"""

from dataclasses import dataclass
from typing import Any

from feedback.errors import BadInput
from feedback.people.actor import Actor
from feedback.people.models import Permission as P
from feedback.petitions.approval import SETTING, Rule, Signing, read
from feedback.petitions.models import Kind, Urgency
from feedback.text import squeeze
from feedback.wards import edits, own_rows
from feedback.wards.setup import Setup, setup_of

CHAIRS_OWN = frozenset({Kind.KHIEU_NAI, Kind.TO_CAO})
LONGEST = {"because": 200, "decision_no": 60}


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """A rule as it was typed; `fields` are numbers of the ward's fields."""

    signing: Signing
    because: str
    kinds: frozenset[Kind] = frozenset()
    urgencies: frozenset[Urgency] = frozenset()
    fields: frozenset[int] = frozenset()
    is_reopened: bool | None = None
    is_about_officer: bool | None = None
    decision_no: str = ""


def own_rules(setup: Setup) -> tuple[Rule, ...]:
    """The ward's own, in their order."""
    return read(setup.settings.get(SETTING, ()))


def mark(setup: Setup) -> str:
    return own_rows.mark_of(setup.settings.get(SETTING, ()))


def save(wanted: Wanted, no: int | None, seen: str, *, by: Actor) -> None:
    """Write a rule at a place of the list, at its end without one.

    Raises NotAllowed, Stale, NotFound, BadInput for a rule that may not be.
    """
    ward = edits.begin(by.ward_id or 0, by, P.DELEGATE)
    setup = setup_of(ward.id)
    row = _checked(wanted, setup)
    before = own_rows.put(ward, SETTING, row, no, seen)
    detail = {"before": words(read([before])[0], setup)} if before else {}
    edits.note("approval.written", ward.id, by, **_told(row, setup), **detail)


def remove(no: int, seen: str, *, by: Actor) -> None:
    """Raises NotAllowed, Stale, NotFound."""
    ward = edits.begin(by.ward_id or 0, by, P.DELEGATE)
    gone = own_rows.take_out(ward, SETTING, no, seen)
    edits.note("approval.removed", ward.id, by, **_told(gone, setup_of(ward.id)))


def raise_up(no: int, seen: str, *, by: Actor) -> None:
    """Try it one earlier. Raises NotAllowed, Stale, NotFound."""
    ward = edits.begin(by.ward_id or 0, by, P.DELEGATE)
    row = own_rows.raise_up(ward, SETTING, no, seen)
    edits.note("approval.raised", ward.id, by, **_told(row, setup_of(ward.id)))


def words(rule: Rule, setup: Setup) -> str:
    """When it fits: 'Phản ánh · Khẩn, Xử lý ngay · Chiếu sáng · lần xử lý đầu'; 'Mọi hồ sơ'."""
    names = {field.no: field.name for field in setup.fields.values()}
    said = [
        ", ".join(kind.label for kind in Kind if kind in rule.kinds),
        ", ".join(urgency.label for urgency in Urgency if urgency in rule.urgencies),
        ", ".join(names.get(no, f"lĩnh vực {no}") for no in sorted(rule.fields)),
        {None: "", True: "khi người dân đề nghị xử lý lại", False: "lần xử lý đầu"}[
            rule.is_reopened
        ],
        {None: "", True: "phản ánh về cán bộ", False: "không phải về cán bộ"}[
            rule.is_about_officer
        ],
    ]
    found = " · ".join(filter(None, said)) or "mọi hồ sơ"
    return found[0].upper() + found[1:]


def _checked(wanted: Wanted, setup: Setup) -> dict[str, Any]:
    wrong = {}
    if wanted.signing is not Signing.CHAIR and (not wanted.kinds or wanted.kinds & CHAIRS_OWN):
        wrong["kinds"] = (
            "Khiếu nại, tố cáo luôn do Chủ tịch ký: hãy chọn rõ các loại khác cho quy tắc này."
        )
    if wanted.signing is Signing.OFFICER and wanted.is_about_officer is not False:
        wrong["is_about_officer"] = "Phản ánh về cán bộ thì phải có lãnh đạo ký."
    if wanted.fields - {field.no for field in setup.fields.values()}:
        wrong["fields"] = "Vui lòng chọn lĩnh vực trong danh sách."
    if wrong:
        raise BadInput(fields=wrong)
    because = edits.required(
        "because", wanted.because, "Xin ghi lý do, cán bộ đọc bên cạnh “Ai ký”.", LONGEST["because"]
    )
    decision_no = squeeze(wanted.decision_no)
    if len(decision_no) > LONGEST["decision_no"]:
        raise BadInput(fields={"decision_no": f"Nhiều nhất {LONGEST['decision_no']} ký tự."})
    row: dict[str, Any] = {"signing": wanted.signing.value, "because": because}
    row |= {"kinds": sorted(kind.value for kind in wanted.kinds)} if wanted.kinds else {}
    row |= {"urgencies": sorted(u.value for u in wanted.urgencies)} if wanted.urgencies else {}
    row |= {"fields": sorted(wanted.fields)} if wanted.fields else {}
    for name in ("is_reopened", "is_about_officer"):
        row |= {name: value} if (value := getattr(wanted, name)) is not None else {}
    return row | ({"decision_no": decision_no} if decision_no else {})


def _told(row: dict[str, Any], setup: Setup) -> dict[str, str]:
    rule = read([row])[0]
    return {
        "rule": words(rule, setup),
        "signing": rule.signing.label,
        "because": rule.because,
        "decision_no": rule.decision_no,
    }
