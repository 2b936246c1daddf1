"""The yearly report: what was held, asked, promised, received; every gate passed, with article and reason."""

from datetime import date

from feedback import clock, meetings_report
from feedback.db import db, transaction
from feedback.dialogue import door, questions, survey
from feedback.dialogue.models import Dialogue
from feedback.dialogue.question_models import Question
from feedback.dialogue.registration_models import Registration
from feedback.people.models import Channel
from feedback.publicity import consulting
from feedback.reception import days
from tests.feedback.dialogue.stories import MONDAY, SATURDAY, announced, at, do, planned, register
from tests.feedback.reception.stories import ruled


def said(world, year: int = 2026) -> dict[str, tuple[object, object]]:
    found = meetings_report.report(world.ward.id, year)
    return {row[1]: (row[2], row[3]) for row in found.rows}


def test_an_empty_year_says_what_is_owed(world):
    with clock.at(MONDAY):
        rows = said(world)
    assert rows["Hội nghị trao đổi, đối thoại với Nhân dân"][0] == 0
    assert "Điều 43" in rows["Hội nghị trao đổi, đối thoại với Nhân dân"][1]
    assert rows["Việc làm không đúng thời hạn, quy định, có lý do"] == (0, "")


def test_a_year_of_meetings(world):
    with clock.at(MONDAY):
        late = planned(world, kind="thematic", starts_at=at(3), title="Chuyên đề rác")
        do(world, late, "announce", override="Mưa lũ")
        dialogue = announced(world)
        here = register(dialogue, people=2)
        do(world, dialogue, "open_questions")
        by = world.actor("clerk")
        db.session.rollback()
        with transaction():
            ids = [
                questions.ask(questions.Asked(dialogue.id, text, Channel.WEB)).id
                for text in ("Cống?", "Đèn?", "Đất?")
            ]
            for question_id in ids:
                questions.accept(db.session.get_one(Question, question_id), by=by)
        ruled(world, starts_on=date(2026, 12, 1))
        db.session.rollback()
        with transaction():
            days.publish(world.ward.id, date(2026, 12, 3), by=by, override="Lịch mới")
            consulting.open_up(
                world.ward.id,
                by=by,
                title="Quy chế chợ",
                text="Giờ họp",
                closes_on=date(2026, 12, 10),
                override="Phải ban hành sớm",
            )
    with clock.at(SATURDAY):
        db.session.rollback()
        with transaction():
            door.check_in(db.session.get_one(Dialogue, dialogue.id), here.code, by=by)
        do(world, dialogue, "start")
        with transaction():
            one, two, three = (db.session.get_one(Question, id) for id in ids)
            questions.answer(one, by=by, text="Thông rồi")
            post = world.positions["an"].id
            questions.promise(
                two, by=by, text="Lắp đèn", position_id=post, due_on=date(2026, 12, 20)
            )
            questions.pass_on(three, by=by, to="Sở")
        do(world, dialogue, "end")
        with transaction():
            row = db.session.get_one(Registration, here.id)
            survey.mark(row, "heard", 4)
    with clock.at(at(21)):
        rows = said(world)
        assert rows["Hội nghị trao đổi, đối thoại với Nhân dân"] == (1, "Đã tổ chức 12/12/2026")
        assert rows["Người dân đến dự"][0] == 2
        assert rows["Câu hỏi, ý kiến của người dân"][0] == 3
        assert rows["– Đã trả lời"][0] == rows["– Đã hứa giải quyết"][0] == 1
        assert rows["– Đang làm"] == (1, "1 quá hạn")
        assert rows["Người dự cho ý kiến"] == (1, "báo trước 4,0/5")
        assert rows["Dự thảo lấy ý kiến Nhân dân"][0] == 1
        assert rows["Việc làm không đúng thời hạn, quy định, có lý do"][0] == 3
        gates = [
            (words, why) for words, (_, why) in rows.items() if words.startswith("– 30/11/2026")
        ]
        assert [why.partition("Lý do: ")[2] for _, why in gates] == [
            "Mưa lũ",
            "Lịch mới",
            "Phải ban hành sớm",
        ]
        assert all("Điều" in why or "Quy định" in why for _, why in gates)
        assert said(world, 2025)["Câu hỏi, ý kiến của người dân"][0] == 0
