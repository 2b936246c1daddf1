"""The law as data: the numbers themselves, which law holds when, and what a broken file says."""

import unicodedata
from datetime import date, timedelta
from pathlib import Path

import pytest

import feedback.procedures
from feedback.petitions.models import Kind, Urgency
from feedback.procedures.limits import (
    URGENCIES,
    Confidence,
    Event,
    Limit,
    Pausing,
    ServiceLevel,
    Unit,
)
from feedback.procedures.load import read, shipped
from feedback.procedures.refusals import BadProcedure, LockedByLaw, NoSuchLimit, UnknownChoice

TODAY = date(2026, 11, 21)
FILES = sorted(Path(feedback.procedures.__file__).parent.glob("*.toml"))
NONE: frozenset[str] = frozenset()


def words(kind: str, step: str, urgency: str = "normal", *options: str, on: date = TODAY) -> str:
    procedures = shipped()
    return procedures.length(procedures.limit(kind, step, on), urgency, frozenset(options)).words


# -- the numbers --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("urgency", "acceptance", "answer"),
    [
        ("urgent", "1 giờ làm việc", "4 giờ làm việc"),
        ("quick", "8 giờ làm việc", "3 ngày làm việc"),
        ("normal", "8 giờ làm việc", "7 ngày làm việc"),
        ("complex", "8 giờ làm việc", "15 ngày"),
    ],
)
def test_the_wards_service_levels(urgency: str, acceptance: str, answer: str) -> None:
    assert words("phan_anh", "acceptance", urgency) == acceptance
    assert words("phan_anh", "answer", urgency) == answer


@pytest.mark.parametrize(
    ("kind", "step", "options", "length"),
    [
        ("phan_anh", "processing_notice", (), "10 ngày làm việc"),
        ("phan_anh", "transfer", (), "5 ngày làm việc"),
        ("kien_nghi", "answer", (), "15 ngày làm việc"),
        ("hoi_dap", "acceptance", (), "4 giờ làm việc"),
        ("hoi_dap", "answer", (), "2 ngày làm việc"),
        ("khieu_nai", "acceptance", (), "7 ngày làm việc"),
        ("khieu_nai", "acceptance", ("complex", "remote"), "7 ngày làm việc"),
        ("khieu_nai", "resolution", (), "30 ngày"),
        ("khieu_nai", "resolution", ("complex",), "45 ngày"),
        ("khieu_nai", "resolution", ("remote",), "45 ngày"),
        ("khieu_nai", "resolution", ("complex", "remote"), "60 ngày"),
        ("khieu_nai", "second_resolution", (), "45 ngày"),
        ("khieu_nai", "second_resolution", ("complex",), "60 ngày"),
        ("khieu_nai", "second_resolution", ("remote",), "60 ngày"),
        ("khieu_nai", "second_resolution", ("remote", "complex"), "70 ngày"),
        ("khieu_nai", "decision_notice", (), "3 ngày làm việc"),
        ("khieu_nai", "appeal", ("remote",), "45 ngày"),
        ("khieu_nai", "filing", (), "90 ngày"),
        ("to_cao", "acceptance", (), "7 ngày làm việc"),
        ("to_cao", "acceptance", ("many_places",), "10 ngày làm việc"),
        ("to_cao", "transfer", (), "5 ngày làm việc"),
        ("to_cao", "resolution", (), "30 ngày"),
        ("to_cao", "resolution", ("complex",), "60 ngày"),
        ("to_cao", "resolution", ("very_complex",), "90 ngày"),
        ("to_cao", "resolution", ("complex", "very_complex"), "90 ngày"),
        ("to_cao", "conclusion_published", (), "7 ngày làm việc"),
    ],
)
def test_the_laws_numbers(kind: str, step: str, options: tuple[str, ...], length: str) -> None:
    assert words(kind, step, "normal", *options) == length


def test_a_complaint_keeps_the_law_of_its_day() -> None:
    assert words("khieu_nai", "acceptance", on=date(2026, 6, 30)) == "10 ngày"
    assert words("khieu_nai", "acceptance", on=date(2026, 7, 1)) == "7 ngày làm việc"
    new = shipped().limit("khieu_nai", "acceptance", date(2026, 7, 1))
    assert new.lengths[0].cap_days == 10
    assert "155/2026" in new.article


def test_what_stops_which_clock() -> None:
    stopped_by = {
        (limit.kind, limit.step): limit.pauses
        for limit in shipped().limits
        if limit.pauses is not Pausing.NONE
    }
    assert {key for key, by in stopped_by.items() if by is Pausing.SUSPENSION} == {
        ("khieu_nai", "resolution"),
        ("khieu_nai", "second_resolution"),
        ("to_cao", "resolution"),
    }
    assert {key for key, by in stopped_by.items() if by is Pausing.WARD} == {
        ("phan_anh", "answer"),
        ("phan_anh", "resolution"),
        ("kien_nghi", "answer"),
        ("hoi_dap", "answer"),
        ("khen_ngoi", "answer"),
    }


def test_only_signed_petitions_start_the_clocks_of_complaint_and_denunciation() -> None:
    for kind in ("khieu_nai", "to_cao"):
        limit = shipped().limit(kind, "acceptance", TODAY)
        assert limit.counted_from is Event.SIGNED_RECEIVED


# -- the whole table ------------------------------------------------------------------------------------


@pytest.mark.parametrize("limit", shipped().limits, ids=lambda row: f"{row.kind}-{row.step}")
def test_every_row_can_answer_an_inspector(limit: Limit) -> None:
    assert limit.article
    assert limit.source
    assert limit.confidence is not Confidence.MEMORY
    assert limit.legal is (limit.confidence is not Confidence.DESIGN)
    for urgency in URGENCIES:
        length = limit.length(urgency, NONE)
        assert length.amount > 0
        assert list(length.extended_to) == sorted(length.extended_to)


def test_kinds_and_urgencies_are_those_of_a_petition() -> None:
    assert set(shipped().kinds()) == {str(kind) for kind in Kind}
    assert {str(urgency) for urgency in Urgency} == URGENCIES


def test_one_law_holds_on_every_day() -> None:
    for kind in shipped().kinds():
        for step in shipped().steps(kind):
            rows = [row for row in shipped().limits if (row.kind, row.step) == (kind, step)]
            edges = {row.applies_from for row in rows}
            edges |= {row.applies_to + timedelta(days=1) for row in rows if row.applies_to}
            for on in edges:
                assert sum(row.applies_on(on) for row in rows) == 1, (kind, step, on)


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_files_are_nfc(file: Path) -> None:
    assert unicodedata.is_normalized("NFC", file.read_text(encoding="utf-8"))


# -- refusals -------------------------------------------------------------------------------------------


def test_an_unknown_kind_step_or_day_is_refused_with_the_choices() -> None:
    with pytest.raises(NoSuchLimit, match="khieu_nai, kien_nghi, phan_anh, to_cao"):
        shipped().limit("don_xin", "answer", TODAY)
    with pytest.raises(NoSuchLimit, match="không có bước “answer”.*resolution"):
        shipped().limit("khieu_nai", "answer", TODAY)
    with pytest.raises(NoSuchLimit, match="01/01/2011"):
        shipped().limit("khieu_nai", "acceptance", date(2011, 1, 1))


def test_an_unknown_urgency_or_option_is_refused() -> None:
    limit = shipped().limit("phan_anh", "answer", TODAY)
    with pytest.raises(UnknownChoice, match="complex, normal, quick, urgent"):
        shipped().length(limit, "asap", NONE)
    with pytest.raises(UnknownChoice, match="không có tuỳ chọn remote"):
        shipped().length(limit, "normal", frozenset({"remote"}))


# -- a ward's own service levels --------------------------------------------------------------------------


def test_a_ward_sets_its_own_service_level() -> None:
    own = shipped().override(
        [
            ServiceLevel("phan_anh", "answer", 5, Unit.WORKING_DAYS, "normal", (8,)),
            ServiceLevel("hoi_dap", "answer", 6, Unit.WORKING_HOURS),
        ]
    )
    limit = own.limit("phan_anh", "answer", TODAY)
    assert limit.length("normal", NONE).words == "5 ngày làm việc"
    assert limit.length("normal", NONE).extended_to == (8,)
    assert limit.length("urgent", NONE).words == "4 giờ làm việc"
    assert own.limit("hoi_dap", "answer", TODAY).length("normal", NONE).words == "6 giờ làm việc"
    assert words("phan_anh", "answer") == "7 ngày làm việc"


@pytest.mark.parametrize(
    ("level", "refusal"),
    [
        (ServiceLevel("khieu_nai", "resolution", 20, Unit.CALENDAR_DAYS), LockedByLaw),
        (ServiceLevel("phan_anh", "processing_notice", 20, Unit.WORKING_DAYS), LockedByLaw),
        (ServiceLevel("phan_anh", "dream", 1, Unit.WORKING_DAYS), NoSuchLimit),
        (ServiceLevel("phan_anh", "answer", 5, Unit.WORKING_DAYS), UnknownChoice),
        (ServiceLevel("hoi_dap", "answer", 0, Unit.WORKING_DAYS), BadProcedure),
        (ServiceLevel("hoi_dap", "answer", 3, Unit.WORKING_DAYS, None, (2,)), BadProcedure),
    ],
)
def test_an_override_that_may_not_be(level: ServiceLevel, refusal: type[Exception]) -> None:
    with pytest.raises(refusal):
        shipped().override([level])


# -- broken files -----------------------------------------------------------------------------------------

GOOD = """
kinds = ["phan_anh"]
[[limit]]
step = "answer"
name = "Trả lời"
counted_from = "received"
lengths = [{ amount = 7, unit = "working_days" }]
article = "Đ.1"
source = "văn bản"
confidence = "V"
applies_from = 2020-01-01
"""


def test_a_good_file_is_read() -> None:
    (limit,) = read("x.toml", GOOD)
    assert (limit.kind, limit.step, limit.legal) == ("phan_anh", "answer", True)


@pytest.mark.parametrize(
    ("old", "new", "complaint"),
    [
        ('kinds = ["phan_anh"]', "", "x.toml: kinds"),
        ("[[limit]]", "[[limit", "x.toml: "),
        ('step = "answer"\n', "", "limit 1 (?): missing step"),
        ('article = "Đ.1"\n', "", "limit 1 (answer): missing article"),
        ('article = "Đ.1"', 'article = ""', "article: '' is no str or is empty"),
        ('article = "Đ.1"', 'article = "Đ.1"\nartikel = "x"', "unknown artikel"),
        ('"received"', '"yesterday"', "counted_from: 'yesterday' is none of received"),
        ("working_days", "workdays", "length 1: unit: 'workdays' is none of calendar_days"),
        ("amount = 7", "amount = 0", "length 1: amount"),
        ("amount = 7", 'amount = "7"', "length 1: amount: '7' is no int"),
        ("amount = 7", "amount = 7, extended_to = [5]", "extended_to must grow"),
        ("amount = 7", 'amount = 7, urgency = "asap"', "urgency: 'asap'"),
        ("amount = 7", 'amount = 7, urgency = "urgent"', "no length for urgency"),
        ("amount = 7", 'amount = 7, when = ["complex"]', "without options"),
        ('confidence = "V"', 'confidence = "sure"', "confidence: 'sure' is none of V, V1"),
        ('confidence = "V"', 'confidence = "D"', "confidence D is for service levels"),
        ('confidence = "V"', 'confidence = "V"\npauses = "ward"', "stops no legal clock"),
        ("2020-01-01", "2020-01-01\napplies_to = 2019-01-01", "applies_to comes before"),
        ("2020-01-01", '"2020-01-01"', "applies_from: '2020-01-01' is no date"),
        ('step = "answer"', 'step = "answer"\nkinds = ["to_cao"]', "['to_cao'] not among"),
    ],
)
def test_a_broken_file_says_where(old: str, new: str, complaint: str) -> None:
    assert old in GOOD
    with pytest.raises(BadProcedure) as caught:
        read("x.toml", GOOD.replace(old, new))
    assert caught.value.sentence.startswith("x.toml: ")
    assert complaint in caught.value.sentence


def test_a_capped_limit_cannot_pause() -> None:
    text = GOOD.replace("amount = 7", "amount = 7, cap_days = 10")
    read("x.toml", text)
    with pytest.raises(BadProcedure, match="capped"):
        read("x.toml", text + 'pauses = "suspension"\n')


def test_two_rows_for_one_day_are_refused() -> None:
    row = GOOD[GOOD.index("[[limit]]") :]
    with pytest.raises(BadProcedure, match="phan_anh/answer hold on the same day"):
        read("x.toml", GOOD + row.replace("2020", "2023"))
    ended = GOOD + "applies_to = 2022-12-31\n"
    assert len(read("x.toml", ended + row.replace("2020", "2023"))) == 2
