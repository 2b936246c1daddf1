"""Which papers fit which petition, for whom, and that each can be filled from what is typed."""

import io
from datetime import date, timedelta

import pytest
from pypdf import PdfReader

from feedback import clock
from feedback.db import db, transaction
from feedback.errors import BadInput, NotAllowed, NotFound
from feedback.papers import forms, offers
from feedback.papers.asking import READERS
from feedback.papers.issuing import ISSUERS, issue, preview
from feedback.papers.registers import petition_register, reception_register
from feedback.people.models import Channel
from feedback.petitions import actions, queries
from feedback.petitions.models import Kind, Status
from feedback.wards import substitution
from tests.feedback.petitions.stories import petition_at

TYPED = {
    "line": "Trụ sở tiếp công dân phường",
    "text": "Chờ kết quả đo đạc",
    "yes": "yes",
    "number": "3",
    "day": "28/08/2026",
    "moment": "28/08/2026 14:30",
    "items": "Quyết định số 45 | 03 | bản sao\nẢnh hiện trạng",
    "official": "Trần Văn Vinh | Phó Chủ tịch",
    "officials": "Lý Văn An | Chuyên viên | Phòng Kinh tế",
    "opinions": "Bà Dân | Đề nghị đo lại\nÔng An: Đồng ý",
}
ON = date(2026, 11, 20)
LIVES = {
    Kind.PHAN_ANH: (Status.IN_PROGRESS, Status.ANSWERED, Status.TRANSFERRED, Status.REJECTED),
    Kind.KHIEU_NAI: (Status.AWAITING_SIGNATURE, Status.SIGNED, Status.ADMITTED),
}


def keys(petition, actor) -> set[str]:
    return {form.key for form in offers.offers(petition, actor)}


def said(data: bytes) -> str:
    return " ".join(" ".join(p.extract_text() for p in PdfReader(io.BytesIO(data)).pages).split())


OF_NO_PETITION = {"ReceptionConclusions", "ReceptionTimetable", "Register", "PublicDialogue"}


def test_every_form_but_the_registers_is_offered_somewhere_and_can_be_read():
    for key in sorted(path.stem for path in forms.FOLDER.glob("*.toml")):
        form = forms.form(key, ON)
        if form.input in OF_NO_PETITION:
            assert form.offer is None
            continue
        assert form.offer is not None, key
        assert form.offer.issuers in ISSUERS
        assert set(form.offer.statuses) <= set(offers.STATUSES)
        assert {ask.shape for ask in form.offer.asks} <= set(READERS)
        assert set(form.offer.kinds) <= set(Kind)


@pytest.mark.parametrize(
    ("status", "kind", "some", "none"),
    [
        (
            Status.IN_PROGRESS,
            Kind.PHAN_ANH,
            {"receipt", "referral"},
            {"answer_letter", "complaint"},
        ),
        (Status.ANSWERED, Kind.PHAN_ANH, {"answer_letter", "result_notice"}, {"referral"}),
        (Status.TRANSFERRED, Kind.PHAN_ANH, {"referral", "guidance"}, {"answer_letter"}),
        (
            Status.SIGNED,
            Kind.KHIEU_NAI,
            {
                "complaint",
                "acceptance_notice",
                "refusal_notice",
            },
            {"accusation", "apology", "extension_notice", "suspension", "complaint_dialogue"},
        ),
        (
            Status.AWAITING_SIGNATURE,
            Kind.KHIEU_NAI,
            {"complaint", "guidance"},
            {"acceptance_notice", "refusal_notice", "suspension"},
        ),
        (
            Status.ADMITTED,
            Kind.KHIEU_NAI,
            {"acceptance_notice", "suspension", "resumption", "complaint_dialogue"},
            {"refusal_notice"},
        ),
    ],
)
def test_papers_fit_kind_and_state(world, status, kind, some, none):
    petition = petition_at(world, status)
    found = keys(petition, world.actor("clerk"))
    assert some <= found
    assert not none & found


def test_of_an_accusation_only_the_guidance_is_printed(world):
    petition = world.submit("Tôi tố cáo ông A nhận hối lộ", kind=Kind.TO_CAO, channel=Channel.DESK)
    for who in ("chair", "clerk"):
        assert keys(petition, world.actor(who)) == {"accusation"}
    for who in ("an", "vice", "supervisor", "head_tdp", "admin"):
        assert keys(petition, world.actor(who)) == set()
    data = preview("accusation", offers.context("accusation", petition, world.actor("clerk"), {}))
    assert "hối lộ" not in said(data)
    with pytest.raises(NotFound):
        offers.context("receipt", petition, world.actor("clerk"), {})


def test_who_only_watches_makes_no_papers(world):
    petition = petition_at(world, Status.IN_PROGRESS)
    for who in ("supervisor", "head_tdp", "admin", "chi"):
        assert keys(petition, world.actor(who)) == set()


@pytest.mark.parametrize("kind", [Kind.PHAN_ANH, Kind.KHIEU_NAI])
def test_every_offered_paper_is_filled_drawn_and_given_out(world, tmp_path, kind):
    """Through the whole life of a petition, with everything typed that its form asks."""
    met = set()
    for status in LIVES[kind]:
        petition = petition_at(world, status)
        assert petition.kind is kind
        by = world.actor("clerk")
        for form in offers.offers(petition, by):
            typed = {ask.name: TYPED[ask.shape] for ask in form.offer.asks}
            filled = offers.context(form.key, petition, by, typed)
            for suffix in ("pdf", "docx"):
                assert preview(form.key, filled, suffix)
            met.add(form.key)
            if offers.may_issue(form, by):
                paper = issue(form.key, filled, by=by, root=tmp_path, petition_id=petition.id)
                assert paper.petition_id == petition.id
            petition = db.session.merge(petition)
    assert {"receipt", "documents_receipt", "guidance"} <= met
    if kind is Kind.PHAN_ANH:
        assert {"result_notice", "answer_letter", "referral"} <= met
    else:
        assert {"suspension", "resumption", "complaint_dialogue", "complaint"} <= met


def test_an_extension_and_a_late_answer_bring_their_papers(world):
    petition = petition_at(world, Status.IN_PROGRESS)
    assert not {"extension_notice", "apology"} & keys(petition, world.actor("clerk"))
    with clock.at(petition.due_at + timedelta(days=1)):
        assert "apology" in keys(petition, world.actor("clerk"))
    with transaction():
        found = queries.case(petition.number, world.actor("clerk"))
        actions.extend(found, by=world.actor("clerk"), working_days=1, reason="Chờ vật tư")
    found = queries.case(petition.number, world.actor("clerk"))
    assert {"extension_notice", "apology"} <= keys(found, world.actor("clerk"))


def test_what_is_missing_or_wrong_is_named_all_at_once(world):
    petition = petition_at(world, Status.IN_PROGRESS)
    with pytest.raises(BadInput) as refused:
        offers.context("reception_refusal", petition, world.actor("clerk"), {"came_on": "hôm qua"})
    assert set(refused.value.fields) == {"came_on", "where", "ground"}
    assert "28/08/2026" in refused.value.fields["came_on"]


def test_the_signer_is_one_who_may_sign(world):
    petition = petition_at(world, Status.IN_PROGRESS)
    by = world.actor("clerk")
    form = offers.offer("guidance", petition, by)
    assert [who for who, _ in offers.signers(form, petition, by)] == [world.chair.id, world.vice.id]
    typed = {"ground": "Điều 26", "competent": "Sở Xây dựng"}
    filled = offers.context("guidance", petition, by, typed, world.vice.id)
    assert "KT. CHỦ TỊCH" in said(preview("guidance", filled))
    with pytest.raises(NotAllowed):
        offers.context("guidance", petition, by, typed, world.an.id)


def test_an_officer_drafts_and_does_not_give_out_in_the_chairs_name(world, tmp_path):
    petition = petition_at(world, Status.IN_PROGRESS)
    by = world.actor("an")
    form = offers.offer("guidance", petition, by)
    assert not offers.may_issue(form, by)
    filled = offers.context("guidance", petition, by, {"ground": "Điều 26", "competent": "Sở"})
    assert preview("guidance", filled)
    with pytest.raises(NotAllowed):
        issue("guidance", filled, by=by, root=tmp_path, petition_id=petition.id)


def test_who_stands_in_gives_out_in_the_name_of_who_is_away(world, tmp_path):
    with transaction():
        substitution.declare(
            by=world.actor("clerk"),
            absent_id=world.clerk.id,
            substitute_id=world.an.id,
            starts_on=clock.today(),
            ends_on=clock.today(),
        )
    petition = petition_at(world, Status.RECEIVED)
    by = world.actor("an")
    filled = offers.context("guidance", petition, by, {"ground": "Điều 26", "competent": "Sở"})
    paper = issue("guidance", filled, by=by, root=tmp_path, petition_id=petition.id)
    assert (paper.issued_by_id, paper.issued_for_id) == (world.an.id, world.clerk.id)


def test_registers_count_what_is_sealed_and_name_nobody_without_the_right(world):
    today = clock.today()
    world.submit(channel=Channel.DESK)
    world.submit(is_anonymous=True)
    world.submit("Tố cáo ông A", kind=Kind.TO_CAO, channel=Channel.DESK)
    whole = petition_register(world.actor("clerk"), today, today)
    assert (len(whole.rows), whole.sealed) == (2, 1)
    assert "Trần Thị Dân" in str(whole.rows)
    assert "(đề nghị không nêu tên)" in str(whole.rows)
    visits = reception_register(world.actor("clerk"), today, today)
    assert (len(visits.rows), visits.sealed) == (1, 1)
    assert len(visits.rows[0]) == len(forms.form("reception_register", ON).columns)
    assert "Tố cáo" not in str(whole.rows) + str(visits.rows)
    assert "1 hồ sơ được giữ kín" in said(preview("petition_register", whole))
    assert preview("reception_register", visits, "xlsx").startswith(b"PK")
    partly = petition_register(world.actor("dept_head"), today, today)
    assert (len(partly.rows), partly.sealed) == (0, 0)
    with pytest.raises(BadInput):
        petition_register(world.actor("clerk"), today, today, most=1)
