"""What nobody chose is proposed by the words; what somebody chose stays."""

import pytest

from feedback.petitions.models import Kind, Urgency

OPEN = {"kind": None, "field_id": None, "urgency": None}


@pytest.mark.parametrize(
    ("text", "no", "urgency"),
    [
        ("Đèn đường trước nhà hỏng, tối om", 2, Urgency.QUICK),
        ("den duong hong, toi om may hom nay", 2, Urgency.QUICK),
        ("Rác chất đống bốc mùi hôi thối ở đầu ngõ", 4, Urgency.QUICK),
        ("Dây điện chập tóe lửa trên cột, nguy hiểm quá", 20, Urgency.URGENT),
        ("Abc xyz", 25, Urgency.NORMAL),
    ],
)
def test_the_words_choose_field_and_urgency(world, text, no, urgency):
    petition = world.submit(text, **OPEN)
    assert petition.field_id == world.fields[no].id
    assert petition.urgency is urgency
    assert petition.kind is Kind.PHAN_ANH


def test_the_field_found_in_the_words_decides_who_answers(world):
    assert world.submit("Đèn đường trước nhà hỏng, tối om", **OPEN).handler_id == world.an.id


def test_what_somebody_chose_stays(world):
    petition = world.submit(
        "Đèn đường hỏng", field_id=world.fields[4].id, urgency=Urgency.COMPLEX, kind=Kind.KIEN_NGHI
    )
    assert (petition.field_id, petition.urgency, petition.kind) == (
        world.fields[4].id,
        Urgency.COMPLEX,
        Kind.KIEN_NGHI,
    )


def test_an_accusation_is_sealed_whatever_was_chosen(world):
    text = "Tôi tố cáo cán bộ địa chính nhận hối lộ 20 triệu đồng để cấp giấy phép"
    for choices in (OPEN, {"kind": Kind.PHAN_ANH}):
        petition = world.submit(text, **choices)
        assert petition.is_restricted
        assert petition.kind is Kind.PHAN_ANH, "only an official may call it a denunciation"
        assert petition.handler_id == world.clerk.id
