"""Forms as data: editions, the ward's corrections, signing, and words of people that stay words."""

from dataclasses import fields, replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedback.errors import BadInput, NotFound
from feedback.papers import forms, markup
from feedback.papers.compose import DOTS, compose, day, hour, long_day
from feedback.papers.compose import fields as input_of
from feedback.papers.document import Paragraph, Run, Style, Table
from feedback.papers.forms import Form, form
from feedback.papers.inputs import Person
from feedback.papers.signing import Authority, Capacity, Signer, lines
from feedback.procedures.limits import Confidence
from tests.feedback.papers.samples import CLERK, DEPUTY, OFFICE, ON, SAMPLES, at


def text(document) -> str:
    return "\n".join(
        "".join(run.text for run in block.runs)
        for block in document.blocks
        if isinstance(block, Paragraph)
    )


@pytest.mark.parametrize("key", forms.keys())
def test_a_form_says_where_it_comes_from_and_what_it_needs(key):
    newest = form(key, ON)
    assert newest.article
    assert newest.confidence in set(Confidence)
    assert newest.source or newest.confidence == "V"
    assert len(newest.series) <= 40
    assert len(key) <= 40
    assert isinstance(SAMPLES[key], input_of(newest))


def test_only_the_edition_of_the_day_counts():
    old = replace(form("apology", ON), starts_on=date(2020, 1, 1), ends_on=date(2025, 6, 30))
    assert old.ends_on < form("apology", ON).starts_on
    with pytest.raises(NotFound):
        form("acceptance_notice", date(2026, 6, 30))
    with pytest.raises(NotFound):
        form("no_such_form", ON)


def test_two_editions_of_one_day_are_refused(tmp_path, monkeypatch):
    shared = (forms.FOLDER / "apology.toml").read_text(encoding="utf-8")
    head, edition = shared.split("[[edition]]")
    (tmp_path / "twice.toml").write_text(
        head + "[[edition]]" + edition + "\n[[edition]]" + edition, encoding="utf-8"
    )
    monkeypatch.setattr(forms, "FOLDER", tmp_path)
    with pytest.raises(ValueError, match="two editions"):
        forms.editions("twice")


@pytest.mark.parametrize("key", sorted(SAMPLES))
def test_a_paper_without_a_number_leaves_room_for_it(key):
    numbered = bool(form(key, ON).suffix)
    line = compose(key, SAMPLES[key]).head.number_line
    assert (line.startswith("Số:      ") and "/" in line) if numbered else line == ""
    if numbered:
        suffix = form(key, ON).suffix
        assert compose(key, SAMPLES[key], number=5).head.number_line == f"Số: 05/{suffix}"
        assert compose(key, SAMPLES[key], number=123).head.number_line == f"Số: 123/{suffix}"


def test_a_letter_has_its_subject_under_the_number():
    letter = compose("answer_letter", SAMPLES["answer_letter"])
    assert letter.title == letter.subject == ""
    assert letter.head.about == "V/v trả lời phản ánh số BD-2026-000123"


def test_further_recipients_stand_before_the_file_copy():
    refusal = compose("reception_refusal", SAMPLES["reception_refusal"])
    assert refusal.recipients == (
        "Như trên;",
        "Công an phường (để phối hợp);",
        "Lưu: VT, hồ sơ.",
    )


@pytest.mark.parametrize(
    ("authority", "signer", "expected"),
    [
        (Authority.CHAIR, Signer("A", Capacity.CHAIR), ("CHỦ TỊCH",)),
        (Authority.CHAIR, Signer("A", Capacity.ACTING), ("Q. CHỦ TỊCH",)),
        (Authority.CHAIR, DEPUTY, ("KT. CHỦ TỊCH", "PHÓ CHỦ TỊCH")),
        (Authority.COMMITTEE, Signer("A", Capacity.CHAIR), ("TM. ỦY BAN NHÂN DÂN", "CHỦ TỊCH")),
        (Authority.COMMITTEE, DEPUTY, ("TM. ỦY BAN NHÂN DÂN", "KT. CHỦ TỊCH", "PHÓ CHỦ TỊCH")),
        (
            Authority.COMMITTEE,
            Signer("A", Capacity.ORDER, "Chánh Văn phòng"),
            ("TL. CHỦ TỊCH", "CHÁNH VĂN PHÒNG"),
        ),
        (
            Authority.CHAIR,
            Signer("A", Capacity.WARRANT, "Trưởng phòng"),
            ("TUQ. CHỦ TỊCH", "TRƯỞNG PHÒNG"),
        ),
        (Authority.OFFICER, CLERK, ("CÁN BỘ TIẾP NHẬN",)),
    ],
)
def test_the_words_above_a_signature(authority, signer, expected):
    assert lines(authority, signer) == expected


def test_who_may_not_sign_a_form_does_not():
    with pytest.raises(BadInput):
        compose("suspension", replace(SAMPLES["suspension"], signer=CLERK))


def with_corrections(key: str, **changes):
    office = replace(OFFICE, corrections={key: changes})
    return replace(SAMPLES[key], office=office)


def test_a_ward_corrects_its_forms():
    context = with_corrections(
        "result_notice",
        authority="committee",
        suffix="TB-UBND-VP",
        body="Kính báo {{ person.name }}.",
        recipients=["Như trên;", "Lưu: VT."],
    )
    paper = compose("result_notice", context, number=1)
    assert paper.head.number_line == "Số: 01/TB-UBND-VP"
    assert paper.signatures[0][0].titles == ("TM. ỦY BAN NHÂN DÂN", "CHỦ TỊCH")
    assert text(paper) == "Kính báo Trần Thị Dân."
    assert compose("apology", replace(SAMPLES["apology"], office=context.office)).size == 14


@pytest.mark.parametrize(
    "changes",
    [
        {"body": "{{ nobody_gave_this }}"},
        {"body": "{% if %}"},
        {"body": "{{ person.__class__.__mro__ }}"},
        {"article": "Điều 1"},
    ],
)
def test_a_wrong_correction_is_refused_in_words(changes):
    with pytest.raises(BadInput) as refused:
        compose("result_notice", with_corrections("result_notice", **changes))
    assert "Thông báo kết quả" in refused.value.sentence


def test_another_input_is_a_programming_error():
    with pytest.raises(TypeError):
        compose("receipt", SAMPLES["apology"])


@given(st.text(min_size=1, max_size=200))
def test_what_people_typed_stays_what_it_is(typed):
    """No sign of theirs is markup, and nothing of it is lost but spaces and private characters."""
    body = f"Trước: {markup.guarded(typed)} sau.\n= **{markup.guarded('x')}**"
    *own, last = markup.blocks(body)
    assert last == Paragraph((Run("x", bold=True),), Style.CENTRED)
    assert all(isinstance(block, Paragraph) and block.style is Style.PLAIN for block in own)
    assert not any(run.bold or run.italic or run.fill for block in own for run in block.runs)
    shown = "".join(run.text for block in own for run in block.runs)
    kept = "".join(c for c in markup.nfc(typed) if not "\ue000" <= c <= "\uf8ff")
    assert "".join(shown.split()) == "".join(f"Trước:{kept}sau.".split())


def test_an_answer_of_several_lines_is_several_paragraphs():
    paper = compose(
        "result_notice", replace(SAMPLES["result_notice"], answer="# Một\n| hai | ba\n**bốn**")
    )
    assert "# Một\n| hai | ba\n**bốn**" in text(paper)


def test_a_table_keeps_its_rows_whatever_its_cells_hold():
    item = replace(SAMPLES["documents_receipt"].items[0], name="a | b\nc")
    paper = compose("documents_receipt", replace(SAMPLES["documents_receipt"], items=(item, item)))
    table = next(block for block in paper.blocks if isinstance(block, Table))
    assert [len(row) for row in table.rows] == [4, 4, 4]
    assert [line[0].text for line in table.rows[1][1]] == ["a | b", "c"]


def test_what_is_not_known_is_left_to_be_written():
    paper = compose("complaint", replace(SAMPLES["complaint"], person=Person(), text=""))
    assert sum(run.fill for b in paper.blocks for run in b.runs) >= 8
    assert DOTS in text(paper)


def test_an_accusation_has_its_guidance_on_a_page_of_its_own():
    paper = compose("accusation", SAMPLES["accusation"])
    assert paper.annex
    assert "Chủ tịch Ủy ban nhân dân thành phố Hà Nội" in "".join(
        run.text for block in paper.annex for run in block.runs
    )
    assert {field.name for field in fields(SAMPLES["accusation"])}.isdisjoint({"person", "number"})


def test_dates_as_the_decree_writes_them():
    assert long_day(date(2026, 2, 5)) == "05 tháng 02 năm 2026"
    assert long_day(date(2026, 11, 15)) == "15 tháng 11 năm 2026"
    assert long_day(date(2026, 3, 1)) == "01 tháng 3 năm 2026"
    assert day(at(20, 7, 30)) == "20/11/2026"
    assert hour(at(20, 8, 5)) == "08 giờ 05 phút"
    assert day(None) == DOTS


def test_a_form_knows_its_own_fields():
    correctable = {field.name for field in fields(Form)}
    assert correctable >= forms.CORRECTABLE
