"""A conference from plan to the next one's opening, as its people live it: over HTTP, chats by their outbox."""

import re
from datetime import date, timedelta

import pytest
import sqlalchemy as sa
import time_machine

from feedback import clock
from feedback.db import db, transaction
from feedback.dialogue import reminding
from feedback.dialogue.models import Dialogue, Status
from feedback.dialogue.question_models import Commitment, Question
from feedback.outbox.models import OutboxRow
from feedback.people.models import Channel, Officer, Position, Role, Tenure
from tests.feedback.conversations.person import Person, open_account
from tests.feedback.dialogue.stories import MONDAY, SATURDAY, a_contact, at
from tests.web.staff import at_desk

FORM = {
    "kind": "annual",
    "title": "Hội nghị đối thoại năm 2026",
    "theme": "Thoát nước và rác thải",
    "starts_on": "12/12/2026",
    "starts": "08:00",
    "ends": "11:00",
    "mode": "in_person",
    "place": "Nhà văn hóa phường",
    "seats": "3",
    "presiding": "Nguyễn Thị Hoa – Chủ tịch UBND phường",
    "agenda": "Báo cáo kinh tế - xã hội\nNgười dân hỏi, lãnh đạo trả lời",
}


@pytest.fixture
def second_head(world) -> Officer:
    """The head of neighbourhood 2."""
    with transaction():
        officer = Officer(ward_id=world.ward.id, full_name="Lê Thị Tổ Hai", created_at=clock.now())
        position = Position(
            ward_id=world.ward.id,
            code="head_2",
            title="Tổ trưởng tổ dân phố số 2",
            role=Role.NEIGHBOURHOOD_HEAD,
            neighbourhood_id=world.neighbourhoods[2].id,
        )
        db.session.add_all([officer, position])
        db.session.flush()
        db.session.add(
            Tenure(position_id=position.id, officer_id=officer.id, starts_on=date(2026, 1, 1))
        )
    return officer


def travel(to):
    """Requests have contexts of their own, so the process's clock itself is set."""
    return time_machine.travel(to, tick=False)


def said(contact_id: int, notice: str) -> list[str]:
    rows = sa.select(OutboxRow.body).filter_by(contact_id=contact_id, notice=f"dialogue.{notice}")
    return list(db.session.scalars(rows.order_by(OutboxRow.id)))


def ok(response, *expect: int):
    assert response.status_code in (expect or (200, 302, 303)), (
        response.status_code,
        response.get_data(as_text=True)[:600],
    )
    return response


def test_a_conference_from_plan_to_promises_kept(app, world, client, second_head):
    areas = [world.neighbourhoods[1].id, world.neighbourhoods[2].id]
    open_account(world, Channel.ZALO)
    open_account(world, Channel.TELEGRAM)
    in_zalo, in_telegram = Person("zalo-dan", Channel.ZALO), Person("tele-dan", Channel.TELEGRAM)
    zalo = a_contact(world, "zalo-dan", channel=Channel.ZALO).id
    telegram = a_contact(world, "tele-dan").id
    with travel(MONDAY):
        clerk, head = at_desk(app, world.clerk), at_desk(app, world.head_tdp)
        other_head, an = at_desk(app, second_head), at_desk(app, world.an)
        place = ok(
            clerk.post("/desk/dialogues/new", data=FORM | {"neighbourhood_ids": areas}), 302
        ).location
        number = int(place.rpartition("/")[2])
        desk, public = f"/desk/dialogues/{number}", f"/ba-dinh/doi-thoai/{number}"
        assert client.get(public).status_code == 404, "a draft is nobody's business"
        ok(clerk.post(f"{desk}/acts/announcement"))
        assert "Nhà văn hóa phường" in ok(client.get(public)).text
        ok(clerk.post(f"{desk}/acts/questions"))

        for who, where in ((head, areas[0]), (other_head, areas[1])):
            assert "Họp dân" in ok(who.get("/desk/")).text
            assert "A lô" in ok(who.get(f"{desk}/announcement")).text
            ok(who.post(f"{desk}/reach/{where}", data={"where": "Loa và nhóm Zalo tổ"}))
        assert "2 trong 2 tổ" in ok(clerk.get(desk)).text

        # three seats: the web, Zalo, Telegram; a neighbour the head registers has to wait
        sent = {"name": "Trần Thị Dân", "phone": "0912345678", "people": "1"}
        own = ok(client.post(f"{public}/dang-ky", data=sent), 303).location
        for person, called in ((in_zalo, "Bà Zalo"), (in_telegram, "Ông Telegram")):
            person.send(button=f"talk:join:{number}")
            person.send("1 người")
            assert person.send(called)[-1] == "talk.registered"
        ok(head.post(f"{desk}/people", data={"name": "Cụ Năm", "people": "1"}))
        assert "Danh sách chờ" in ok(clerk.get(f"{desk}/people")).text
        assert "Ông/Bà đã có chỗ" in ok(client.get(own)).text
        assert said(zalo, "registered")

        texts = ("Bao giờ thông cống ngõ 34?", "Đèn ngõ 12?", "Vỉa hè phố lớn?", "Tôi bán nhà")
        for text in texts:
            ok(client.post(f"{public}/cau-hoi", data={"text": text}), 303)
        asked = {q.text: q.id for q in db.session.scalars(sa.select(Question))}
        cong, den, via_he, ban_nha = (asked[text] for text in texts)
        act = f"{desk}/questions/{{}}/{{}}".format
        department = world.departments["kinh_te_ha_tang"].id
        ok(clerk.post(act(cong, "assign"), data={"department_id": department}))
        ok(clerk.post(act(den, "accept")))
        ok(clerk.post(act(via_he, "accept")))
        ok(clerk.post(act(ban_nha, "refuse"), data={"reason": "Việc riêng, xin gửi phản ánh."}))
        ok(client.post(f"{public}/cau-hoi/{cong}/phieu"), 303)
        ok(an.post(f"/desk/questions/{cong}/preparation", data={"text": "Đã có kinh phí."}))
        assert "Đã có kinh phí." in ok(clerk.get(f"{desk}/sheet")).text
        in_zalo.send("đối thoại")
        assert in_zalo.press("Bình chọn") == ["talk.vote"]
        assert in_zalo.send(button=f"talk:voice:{cong}") == ["talk.voted"]
        db.session.rollback()
        assert db.session.get_one(Question, cong).votes == 2, "one on the web, one in Zalo"

    with travel(SATURDAY - timedelta(days=1)), transaction():
        reminding.tick(clock.now())
    assert said(zalo, "remind_2")

    with travel(SATURDAY - timedelta(minutes=20)):
        clerk = at_desk(app, world.clerk)
        codes = re.findall(r"<code>(\w{3} \w{3})</code>", clerk.get(f"{desk}/people").text)
        stamp = (SATURDAY - timedelta(minutes=25)).isoformat()
        acts = [{"code": code, "key": f"may:{n}", "at": stamp} for n, code in enumerate(codes)]
        for _ in range(2):  # the connection broke before the answer came: sent again
            verdicts = ok(clerk.post(f"{desk}/door", json=acts)).json
        found = sorted(row["verdict"] for row in verdicts["verdicts"].values())
        assert found == ["in", "in", "in", "waiting"]
        assert verdicts["inside"] == 3

    with travel(SATURDAY):
        chair = at_desk(app, world.chair)
        ok(chair.post(f"{desk}/acts/beginning"))
        assert "Bao giờ thông cống" in ok(chair.get(f"{desk}/chair")).text
        ok(chair.post(act(cong, "call"), data={"back": "chair"}))
        screen = ok(client.get(f"{public}/man-chieu")).text
        assert "Đang trả lời" in screen
        assert "Bao giờ thông cống ngõ 34?" in screen
        assert "Đã có kinh phí." in ok(chair.get(f"{desk}/chair")).text
        in_telegram.send(button=f"talk:ask:{number}")
        in_telegram.send("Tôi giơ tay: rác ngõ 5?")
        assert in_telegram.send("Ông Telegram") == ["talk.asked"]
        live = db.session.scalars(sa.select(Question).filter_by(is_live=True)).one().id
        assert "giơ tay" in ok(chair.get(f"{desk}/chair/queue")).text
        owner = world.positions["an"].id
        for question, text in ((cong, "Thông cống ngõ 34"), (den, "Lắp đèn"), (live, "Dọn rác")):
            sent = {"text": text, "position_id": owner, "due_on": "2026-12-31", "back": "chair"}
            ok(chair.post(act(question, "promise"), data=sent))
        assert client.get(f"{public}/man-chieu/noi-dung").status_code == 200
        ok(chair.post(f"{desk}/acts/end"))
        assert "Còn 1 câu hỏi" in chair.post(f"{desk}/acts/results").text
        ok(chair.post(act(via_he, "pass_on"), data={"to": "Sở Xây dựng"}))
        ok(chair.post(f"{desk}/acts/conclusion", data={"conclusion": "Làm đúng hạn."}))
        minutes = ok(clerk.get(f"{desk}/papers/dialogue_minutes.pdf"))
        assert minutes.data.startswith(b"%PDF")
        marks = {"heard": "5", "answered": "4", "believed": "4"}
        ok(client.post(f"{own}/y-kien", data=marks), 303)

    with travel(at(21, 16)):
        clerk, an = at_desk(app, world.clerk), at_desk(app, world.an)
        issued = ok(clerk.post(f"{desk}/papers/dialogue_results"))
        assert "/desk/papers/" in issued.location
        ok(clerk.post(f"{desk}/acts/results"))
        assert "Thông cống ngõ 34" in ok(client.get(public)).text
        assert said(telegram, "published")
        assert in_telegram.send(button=f"talk:results:{number}")[-1] == "talk.results"
        assert "Dọn rác" in in_telegram.last[-1].text
        row = db.session.get_one(Dialogue, number)
        assert row.status is Status.PUBLISHED
        made = db.session.scalars(sa.select(Commitment).order_by(Commitment.id)).all()
        assert [p.position_id for p in made] == [owner] * 3
        ok(an.post(f"/desk/commitments/{made[0].id}/fulfilment", data={"evidence": "Đã thông."}))
        assert "1 việc đã làm, 2 việc đang làm" in ok(client.get("/ba-dinh/cam-ket")).text

        nxt = FORM | {"starts_on": "20/2/2027", "neighbourhood_ids": areas, "title": "Kỳ sau"}
        place = ok(clerk.post("/desk/dialogues/new", data=nxt), 302).location
        ok(clerk.post(f"{place}/acts/announcement"))
        page = ok(client.get(f"/ba-dinh/doi-thoai/{place.rpartition('/')[2]}")).text
        assert page.index("1 đã làm, 2 đang làm") < page.index("Báo cáo kinh tế")


def test_a_late_announcement_is_refused_with_its_article_and_overridden_with_a_reason(app, world):
    with travel(MONDAY):
        clerk = at_desk(app, world.clerk)
        form = FORM | {"starts_on": "3/12/2026", "neighbourhood_ids": [world.neighbourhoods[1].id]}
        place = ok(clerk.post("/desk/dialogues/new", data=form), 302).location
        refused = ok(clerk.post(f"{place}/acts/announcement"), 409)
        assert "Điều 43" in refused.text
        assert "Lý do" in refused.text
        ok(clerk.post(f"{place}/acts/announcement", data={"override": "Mưa lũ"}), 302)
        page = ok(clerk.get("/desk/dialogues")).text
        assert "Mưa lũ" in page.split("Không đúng thời hạn trong năm")[1]
        moved = {"starts_on": "4/12/2026", "starts": "8:00", "ends": "9:00", "reason": "Bão"}
        page = ok(clerk.post(f"{place}/move", data=moved), 409).text
        assert 'name="starts_on" value="4/12/2026"' in page, "what was typed is carried along"
        ok(clerk.post(f"{place}/move", data=moved | {"override": "Bão"}), 302)
