"""What the ladder writes is read where it belongs: the apology by the resident, the rest by officials."""

import time_machine

from tests.feedback.reminders.days import accepted, work
from tests.web.staff import at_desk

MORNING = "2026-08-13 07:45"  # the petition was due on the evening before


def test_the_resident_reads_the_apology_and_no_internal_word(world, client):
    petition = accepted(world, "2026-08-03 09:00")
    work(MORNING)
    with time_machine.travel("2026-08-13 09:00+07:00", tick=False):
        page = client.get(f"/t/{petition.token}").get_data(as_text=True)
    assert "Xin lỗi vì chậm trả lời" in page
    assert "Hạn đã hẹn: 17:00 ngày 12/08/2026" in page
    assert "Báo cáo việc chậm hạn" not in page
    assert "Đỗ Văn Dũng" not in page


def test_officials_read_who_was_told(world, app):
    petition = accepted(world, "2026-08-03 09:00")
    work(MORNING)
    with time_machine.travel("2026-08-13 09:00+07:00", tick=False):
        page = at_desk(app, world.an).get(f"/desk/cases/{petition.number}")
    assert page.status_code == 200
    words = page.get_data(as_text=True)
    assert "Báo cáo việc chậm hạn" in words
    assert "đã quá hạn; đã báo Lý Văn An, Đỗ Văn Dũng, Trần Văn Vinh" in words
