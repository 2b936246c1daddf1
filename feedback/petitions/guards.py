"""What may stand in the way of an action besides status and rights: each says why, or None."""

from collections.abc import Callable
from datetime import datetime, timedelta

from feedback import clock
from feedback.documents.models import FileUse, StoredFile
from feedback.people.actor import Actor
from feedback.people.models import Party, Role
from feedback.petitions.models import Kind, Petition
from feedback.wards.setup import setup_of

Guard = Callable[[Petition, Actor], str | None]

RECALL_WINDOW = timedelta(seconds=15)
GROUP = 5  # so many people with one content are spoken for (Luật Tiếp công dân Đ.29)
REOPEN_DAYS = 7  # unless the ward's settings say otherwise

CLARITY = {
    "handler_id": "người phụ trách",
    "work": "việc phải làm",
    "due_at": "thời hạn",
    "responsibility": "trách nhiệm",
    "expected_result": "kết quả",
    "authority": "thẩm quyền",
}


def is_clear(petition: Petition, _actor: Actor) -> str | None:
    """Nothing ends while one of the six "rõ" is empty."""
    missing = [words for name, words in CLARITY.items() if not getattr(petition, name)]
    return f"Chưa đủ sáu rõ, còn thiếu: {', '.join(missing)}." if missing else None


def is_proven(petition: Petition, _actor: Actor) -> str | None:
    """A field may demand a photo of how it looks afterwards; a new one after each re-opening."""
    field = setup_of(petition.ward_id).fields.get(petition.field_id)
    if field is None or not field.photo_after_required or petition.kind is not Kind.PHAN_ANH:
        return None
    since = max((e.at for e in petition.timeline if e.action == "reopen"), default=None)
    if any(_shows_result(file, since) for file in petition.files):
        return None
    again = " mới, chụp sau khi người dân đề nghị xử lý lại" if since else ""
    return f"Lĩnh vực {field.name} cần ảnh sau khi xử lý{again}. Xin thêm ảnh rồi trình."


def is_complete(petition: Petition, actor: Actor) -> str | None:
    """Nothing is answered while one of the six "rõ" is empty or the photo afterwards is missing."""
    return is_clear(petition, actor) or is_proven(petition, actor)


def may_close(petition: Petition, actor: Actor) -> str | None:
    """The same for an official; a resident's word or silence ends what was answered."""
    return (is_complete if actor.party is Party.OFFICER else is_clear)(petition, actor)


def _shows_result(file: StoredFile, since: datetime | None) -> bool:
    is_photo = file.use is FileUse.RESULT and file.width is not None
    return is_photo and (since is None or file.created_at >= since)


def may_hand_back(petition: Petition, actor: Actor) -> str | None:
    """Once per officer, and not from the desk it would land on."""
    if Role.CLERK in actor.roles:
        return "Cán bộ tiếp nhận là nơi nhận hồ sơ trả lại; vui lòng phân công người khác."
    names = {actor.officer_id, *actor.stands_in_for}
    if any(e.action == "hand_back" and e.officer_id in names for e in petition.timeline):
        return "Ông/Bà đã trả lại hồ sơ này một lần; vui lòng báo cáo lãnh đạo đơn vị."
    return None


def may_recall(petition: Petition, _actor: Actor) -> str | None:
    """Only in the seconds before the answer leaves the house."""
    if petition.answered_at and clock.now() <= petition.answered_at + RECALL_WINDOW:
        return None
    return "Trả lời đã gửi đi, không thu hồi được nữa."


def may_reopen(petition: Petition, _actor: Actor) -> str | None:
    """Within the ward's days after the answer."""
    until = reopen_until(petition)
    if until is None or clock.now() > until:
        return "Đã quá thời gian đề nghị xử lý lại; Ông/Bà vui lòng gửi nội dung mới."
    return None


def may_admit(petition: Petition, _actor: Actor) -> str | None:
    """Not an accusation of the ward's own leaders; a group has named who speaks for it."""
    if petition.is_above_ward:
        return (
            "Tố cáo Chủ tịch, Phó Chủ tịch UBND phường thuộc thẩm quyền Chủ tịch UBND cấp tỉnh; "
            "phường chuyển trong 05 ngày làm việc (Luật Tố cáo Đ.24 k.2)."
        )
    people = petition.proceeding.people if petition.proceeding else 1
    if people >= GROUP and not petition.representatives:
        return "Vụ việc nhiều người: cần ghi người đại diện trước khi thụ lý."
    return None


def is_complaint(petition: Petition, _actor: Actor) -> str | None:
    """Only a complaint's settlement knows a dialogue."""
    return None if petition.kind is Kind.KHIEU_NAI else "Chỉ khiếu nại mới tổ chức đối thoại."


def was_called(petition: Petition, _actor: Actor) -> str | None:
    """Only after everybody was invited to it."""
    calls = ("call_dialogue", "hold_dialogue")
    said = [entry.action for entry in petition.timeline if entry.action in calls]
    return None if said[-1:] == ["call_dialogue"] else "Chưa mời đối thoại."


def is_of_several(petition: Petition, _actor: Actor) -> str | None:
    """Only where several people made it as one."""
    several = petition.proceeding is not None and petition.proceeding.people > 1
    return None if several else "Đơn chỉ có một người."


def reopen_until(petition: Petition, answered_at: datetime | None = None) -> datetime | None:
    """Until when the resident may ask for it to be handled again; None before an answer.

    `answered_at`: as if it were answered then.
    """
    answered_at = answered_at or petition.answered_at
    if answered_at is None:
        return None
    days = setup_of(petition.ward_id).settings.get("reopen_days", REOPEN_DAYS)
    return answered_at + timedelta(days=int(days))
