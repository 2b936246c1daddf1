"""What was sent is called by its kind wherever a resident or an official reads of it."""

import pytest

from feedback.messages import say
from feedback.petitions import by_itself
from feedback.petitions.models import Kind, called
from tests.feedback.petitions.stories import do


@pytest.mark.parametrize(
    ("kind", "proposed", "values", "word"),
    [
        (Kind.PHAN_ANH, Kind.PHAN_ANH, {}, "phản ánh"),
        (Kind.KIEN_NGHI, Kind.KIEN_NGHI, {}, "kiến nghị"),
        (Kind.HOI_DAP, Kind.HOI_DAP, {}, "câu hỏi"),
        (Kind.KHEN_NGOI, Kind.KHEN_NGOI, {}, "lời khen"),
        (Kind.KHIEU_NAI, Kind.KHIEU_NAI, {}, "khiếu nại"),
        (Kind.PHAN_ANH, Kind.KHIEU_NAI, {}, "khiếu nại"),  # nobody has decided yet
        (Kind.PHAN_ANH, Kind.KHIEU_NAI, {"is_accepted": True}, "phản ánh"),
        (Kind.TO_CAO, Kind.TO_CAO, {"is_restricted": True}, "nội dung"),
        (Kind.PHAN_ANH, Kind.TO_CAO, {"is_restricted": True}, "nội dung"),
    ],
)
def test_named_by_kind(kind, proposed, values, word):
    assert called(kind, proposed, **{"is_restricted": False, **values}) == word


def test_the_timeline_and_messages_follow_the_kind_an_official_gives(world):
    petition = world.submit("Nên lắp thêm ghế đá ở công viên cho người già", kind=Kind.KIEN_NGHI)
    first = petition.timeline[0]
    assert by_itself.title(first, petition) == "Đã nhận được kiến nghị"
    petition = do("accept", petition, world.actor("clerk"), kind=Kind.HOI_DAP)
    assert by_itself.title(petition.timeline[0], petition) == "Đã nhận được câu hỏi"


@pytest.mark.parametrize("block", ["asked", "answered", "late", "transferred", "merged"])
def test_no_message_calls_a_complaint_a_report(block):
    texts = dict.fromkeys(("ward", "link", "question", "answer", "until", "due", "root"), "…")
    values = {**texts, "handler": "…", "to": "…", "reason": "…"}
    said = say(f"petition.{block}", number="BD-1", called="khiếu nại", **values)
    assert "khiếu nại bd-1" in said.lower()
    assert "phản ánh" not in said.lower()
