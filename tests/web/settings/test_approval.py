"""Who signs, as the ward's own rules: written, ordered, tried, refused where the law leaves no choice."""

import pytest

from feedback.db import db, transaction
from feedback.errors import NotAllowed
from feedback.people.models import Permission
from feedback.petitions import approval_edits
from feedback.petitions.approval import Signing, may_sign
from feedback.petitions.models import Kind, Petition
from feedback.wards.setup import setup_of
from tests.web.desk import walks

PAGE = "/desk/settings/approval"
VICE = frozenset({Permission.APPROVE_FOR_CHAIR})
RULE = {
    "signing": "vice_chair",
    "kinds": ["kien_nghi"],
    "is_reopened": "any",
    "is_about_officer": "no",
    "because": "kiến nghị nhỏ",
    "decision_no": "Quy chế 05/QC-UBND",
}


def own(world):
    db.session.rollback()
    return setup_of(world.ward.id).settings.get("approval", [])


def add(client, world, **changes):
    mark = approval_edits.mark(setup_of(world.ward.id))
    return client.post(f"{PAGE}/new", data={**RULE, "mark": mark, **changes})


def may_vice_sign(petition):
    db.session.rollback()
    return may_sign(db.session.get_one(Petition, petition.id), None, VICE)


def test_a_rule_holds_at_once_also_for_what_waits(admin, chair, world):
    waiting = walks.submitted(world, kind=Kind.KIEN_NGHI)
    assert not may_vice_sign(waiting)
    page = admin.get(PAGE).text
    assert "Phường chưa có quy tắc riêng" in page
    assert "kiến nghị và việc phức tạp" in page
    assert add(chair, world).location.endswith("/approval")  # the chair may, too
    assert may_vice_sign(waiting)
    page = admin.get(PAGE).text
    assert "Kiến nghị · không phải về cán bộ" in page
    assert "Quy chế 05/QC-UBND" in page
    assert "Ghi quy tắc ký" in page
    mark = approval_edits.mark(setup_of(world.ward.id))
    admin.post(f"{PAGE}/0", data={**RULE, "mark": mark, "fields": [2, 3], "urgencies": ["normal"]})
    assert own(world) == [
        {
            "signing": "vice_chair",
            "because": "kiến nghị nhỏ",
            "kinds": ["kien_nghi"],
            "urgencies": ["normal"],
            "fields": [2, 3],
            "is_about_officer": False,
            "decision_no": "Quy chế 05/QC-UBND",
        }
    ]
    form = admin.get(f"{PAGE}/0").text
    assert 'value="Quy chế 05/QC-UBND"' in form
    mark = approval_edits.mark(setup_of(world.ward.id))
    admin.post(f"{PAGE}/0/removal", data={"mark": mark})
    assert own(world) == []
    assert not may_vice_sign(waiting)
    history = admin.get("/desk/settings/history?kind=approval").text
    assert "Bỏ quy tắc ký" in history
    assert "trước: Kiến nghị · không phải về cán bộ" in history


def test_the_first_that_fits_says_and_the_order_may_be_changed(admin, world):
    add(admin, world, because="một")
    add(admin, world, because="hai", signing="officer")
    tried = f"{PAGE}?kind=kien_nghi&urgency=normal&field=2"
    assert "vì: một" in admin.get(tried).text
    mark = approval_edits.mark(setup_of(world.ward.id))
    admin.post(f"{PAGE}/1/rise", data={"mark": mark})
    assert [row["because"] for row in own(world)] == ["hai", "một"]
    assert "vì: hai" in admin.get(tried).text
    assert "Chủ tịch trực tiếp ký" in admin.get(f"{PAGE}?kind=khieu_nai").text
    mark = approval_edits.mark(setup_of(world.ward.id))
    assert admin.post(f"{PAGE}/0/rise", data={"mark": mark}).status_code == 404
    assert admin.post(f"{PAGE}/7/removal", data={"mark": mark}).status_code == 404
    assert admin.get(f"{PAGE}/7").status_code == 404


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"kinds": []}, "Khiếu nại, tố cáo luôn do Chủ tịch ký"),
        ({"kinds": ["phan_anh", "to_cao"]}, "Khiếu nại, tố cáo luôn do Chủ tịch ký"),
        ({"signing": "officer", "is_about_officer": "any"}, "phải có lãnh đạo ký"),
        ({"because": "  "}, "Xin ghi lý do"),
        ({"fields": [77]}, "danh sách"),
        ({"signing": "anybody"}, "danh sách"),
    ],
)
def test_what_may_not_be_is_refused_and_stays_typed(admin, world, wrong, sentence):
    answer = add(admin, world, **wrong)
    assert answer.status_code == 422
    assert sentence in answer.text
    assert 'value="Quy chế 05/QC-UBND"' in answer.text
    assert own(world) == []


def test_the_chair_may_sign_everything_and_who_saw_an_older_list_is_told(admin, world):
    old = approval_edits.mark(setup_of(world.ward.id))
    everything = {"signing": "chair", "kinds": [], "is_about_officer": "any", "because": "tất cả"}
    add(admin, world, **everything)
    assert "Mọi hồ sơ" in admin.get(PAGE).text
    answer = admin.post(f"{PAGE}/new", data={**RULE, "mark": old})
    assert answer.status_code == 409
    assert "vừa được người khác sửa" in answer.text
    assert admin.post(f"{PAGE}/0/removal", data={"mark": old}).status_code == 409
    assert len(own(world)) == 1
    wanted = approval_edits.Wanted(signing=Signing.CHAIR, because="x")
    with pytest.raises(NotAllowed), transaction():
        approval_edits.save(wanted, None, "", by=world.actor("an"))
