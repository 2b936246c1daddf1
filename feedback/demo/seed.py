"""The demonstration ward with its petitions, each brought to its state by the real verbs.

Time is lived through: petitions are spread over the last three weeks, and every act happens some hours
after the one before it, on the pretended clock of `clock.at`.
"""

import io
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from feedback import clock
from feedback.db import db, transaction
from feedback.demo import lives, meetings, stories
from feedback.documents import attach
from feedback.documents.intake import CleanFile
from feedback.documents.models import FileUse
from feedback.people.actor import CITIZEN, Actor
from feedback.people.directory import actor_for
from feedback.people.models import Channel
from feedback.petitions import actions
from feedback.petitions.intake import Submission, submit
from feedback.petitions.lifecycle import STANDINGS
from feedback.petitions.models import Kind, Petition, Status
from feedback.wards.founding import Founded, found
from feedback.wards.models import Field, Neighbourhood, Ward

ANSWER = (
    "UBND phường xin cảm ơn Ông/Bà đã phản ánh. Đơn vị phụ trách đã kiểm tra tại chỗ và xử lý xong nội dung "
    "Ông/Bà nêu. Nếu còn vướng mắc, mời Ông/Bà bấm “Đề nghị xử lý lại”. (Câu trả lời mẫu)"
)
TOLD = (
    "UBND phường xin trả lời: Ông/Bà nộp hồ sơ tại Trung tâm Phục vụ hành chính công của phường trong giờ làm việc, "
    "mang theo căn cước, hoặc nộp qua Cổng Dịch vụ công quốc gia. Cần hỏi thêm, mời gọi đường dây nóng của phường. "
    "(Câu trả lời mẫu)"
)
CHANNELS = (Channel.WEB, Channel.WEB, Channel.DESK, Channel.PHONE, Channel.WEB)

Step = Callable[[Petition, "Cast"], object]


class Cast:
    """Who plays: the chair, the clerk, and whoever handles the petition at the moment.

    `photo`: what every sample answer shows as its result.
    """

    def __init__(self, chair_id: int, clerk_id: int, photo: CleanFile):
        self.chair_id, self.clerk_id, self.photo = chair_id, clerk_id, photo
        self.earlier: dict[
            int, int
        ] = {}  # field number -> id of a petition others may be merged into

    @property
    def chair(self) -> Actor:
        return actor_for(self.chair_id)

    @property
    def clerk(self) -> Actor:
        return actor_for(self.clerk_id)

    def handler(self, petition: Petition) -> Actor:
        return actor_for(petition.handler_id)


def accept(p: Petition, cast: Cast) -> object:
    return actions.accept(p, by=cast.clerk)


def assign(p: Petition, cast: Cast) -> object:
    return actions.assign(
        p,
        by=cast.clerk,
        officer_id=p.handler_id,
        instruction="Kiểm tra thực tế, báo cáo kết quả (mẫu).",
    )


def take(p: Petition, cast: Cast) -> object:
    return actions.take(p, by=cast.handler(p))


def ask(p: Petition, cast: Cast) -> object:
    return actions.ask(
        p,
        by=cast.handler(p),
        question="Xin Ông/Bà cho biết rõ hơn địa điểm và gửi thêm một ảnh nếu có (mẫu).",
    )


def consult(p: Petition, cast: Cast) -> object:
    return actions.consult(
        p,
        by=cast.handler(p),
        department_id=p.field.department_id,
        question="Đề nghị phối hợp kiểm tra (mẫu).",
    )


def write(p: Petition, cast: Cast) -> object:
    handler = cast.handler(p)
    if p.field.photo_after_required:
        attach.keep(
            p.ward_id,
            cast.photo,
            FileUse.RESULT,
            petition_id=p.id,
            uploaded_by_id=handler.officer_id,
        )
    return actions.submit_answer(p, by=handler, text=TOLD if p.kind is Kind.HOI_DAP else ANSWER)


def approve(p: Petition, cast: Cast) -> object:
    return actions.approve(p, by=cast.chair)


def rate(p: Petition, cast: Cast) -> object:
    return actions.rate(p, by=CITIZEN, score=5, comment="Cảm ơn phường (mẫu).", channel=p.channel)


def transfer(p: Petition, cast: Cast) -> object:
    return actions.transfer(
        p,
        by=cast.clerk,
        to="Sở, ngành có thẩm quyền (mẫu)",
        reason="Nội dung không thuộc thẩm quyền của phường.",
    )


def reject(p: Petition, cast: Cast) -> object:
    return actions.reject(
        p, by=cast.clerk, reason="Nội dung không phải phản ánh, kiến nghị thuộc phạm vi tiếp nhận."
    )


def reopen(p: Petition, cast: Cast) -> object:
    return actions.reopen(p, by=CITIZEN, reason="Hiện tượng vẫn còn, đề nghị kiểm tra lại (mẫu).")


WORK: tuple[Step, ...] = (accept, assign, take)
PATHS: dict[Status, tuple[Step, ...]] = {
    Status.RECEIVED: (),
    Status.ACCEPTED: (accept,),
    Status.ASSIGNED: (accept, assign),
    Status.IN_PROGRESS: WORK,
    Status.WAITING_CITIZEN: (*WORK, ask),
    Status.COORDINATING: (*WORK, consult),
    Status.AWAITING_APPROVAL: (*WORK, write),
    Status.ANSWERED: (*WORK, write, approve),
    Status.CLOSED: (*WORK, write, approve, rate),
    Status.REOPENED: (*WORK, write, approve, reopen),
    Status.TRANSFERRED: (accept, transfer),
    Status.REJECTED: (reject,),
}


def seed_ward() -> Founded:
    """Found the demonstration ward in the present transaction."""
    return found(stories.ward(), is_demo=True)


def seed_petitions(founded: Founded, files: Path) -> int:
    """Live the sixty petitions and those of `lives.toml`; returns how many. Opens its own transactions, one an act.

    `files`: the directory of stored files.
    """
    who = {login: officer.id for officer, login in founded.logins}
    photo = attach.receive(files, "ảnh sau xử lý (mẫu).jpg", _sample_photo())
    cast = Cast(who["chutich"], who["tiepnhan"], photo)
    rows = sorted(stories.petitions(), key=lambda row: _days_ago(row["state"]), reverse=True)
    ward_id = founded.ward.id
    places = (who, _neighbourhoods(ward_id), _fields(ward_id))
    before = lives.live(ward_id, *places, old=True)
    for index, row in enumerate(rows):
        _live(founded.ward, row, index, cast)
    areas = list(_neighbourhoods(ward_id).values())
    meetings.live(ward_id, areas, clerk_id=who["tiepnhan"])
    return before + len(rows) + lives.live(ward_id, *places, old=False)


def _sample_photo() -> bytes:
    """A picture of nothing in particular, the same each time."""
    from PIL import Image  # takes long to load, and this is made once

    out = io.BytesIO()
    Image.linear_gradient("L").resize((640, 480)).save(out, "JPEG")
    return out.getvalue()


def _days_ago(state: str) -> int:
    """Ended petitions are older than fresh ones, so that the clock runs one way."""
    return {"received": 1, "accepted": 2, "assigned": 3, "merged": 1}.get(
        state, 5 if state != "closed" else stories.OLDEST
    )


def _live(ward: Ward, row: dict[str, Any], index: int, cast: Cast) -> None:
    at = clock.now() - timedelta(days=_days_ago(row["state"]), minutes=37 * (index % 11))
    with clock.at(at), transaction():
        petition = submit(_submission(ward, row, index))
    if row["state"] == Status.MERGED:
        _merge(petition.id, cast.earlier[row["field"]], cast, at + timedelta(hours=1))
        return
    if STANDINGS[Status(row["state"])].is_open:
        cast.earlier.setdefault(row["field"], petition.id)
    for number, step in enumerate(PATHS[Status(row["state"])], start=1):
        with clock.at(min(at + timedelta(hours=5 * number), clock.now())), transaction():
            step(_load(petition.id), cast)


def _merge(petition_id: int, into_id: int, cast: Cast, at: datetime) -> None:
    with clock.at(at), transaction():
        actions.merge(_load(petition_id), by=cast.clerk, into=_load(into_id))


def _load(petition_id: int) -> Petition:
    return db.session.get_one(Petition, petition_id)


def _submission(ward: Ward, row: dict[str, Any], index: int) -> Submission:
    name, phone = stories.names(stories.PEOPLE)[index]
    place = stories.ward()["neighbourhood"][row["neighbourhood"] - 1]
    area = _neighbourhoods(ward.id)[row["neighbourhood"]]
    field = _fields(ward.id)[row["field"]]
    return Submission(
        ward_id=ward.id,
        text=row["text"],
        field_id=field,
        neighbourhood_id=area,
        address=row["address"],
        lat=place["lat"] + (index % 7) * 0.0002,
        lng=place["lng"] + (index % 5) * 0.0002,
        name=name,
        phone=phone,
        is_anonymous=index % 9 == 0,
        channel=CHANNELS[index % len(CHANNELS)],
    )


def _neighbourhoods(ward_id: int) -> dict[int, int]:
    return _ids(Neighbourhood.number, Neighbourhood.id, Neighbourhood.ward_id == ward_id)


def _fields(ward_id: int) -> dict[int, int]:
    return _ids(Field.no, Field.id, Field.ward_id == ward_id)


def _ids(number: Any, key: Any, where: Any) -> dict[int, int]:
    return {row[0]: row[1] for row in db.session.execute(sa.select(number, key).where(where))}
