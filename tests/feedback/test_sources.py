"""What of the law nobody has read in a published text is known, and told."""

from datetime import date

from feedback.procedures.grounds import Use, every
from feedback.procedures.limits import Confidence
from feedback.sources import Subject, doubtful, unproven

ON = date(2026, 11, 23)


def test_the_least_sure_comes_first_and_nothing_proven_or_designed_is_listed():
    found = [point.confidence for point in doubtful(ON)]
    assert found == sorted(found, key=["M", "V~", "V1"].index)
    assert len(set(doubtful(ON))) == len(doubtful(ON))


def test_what_the_project_knows_to_be_open_is_told():
    open_points = {(point.subject, point.article) for point in unproven(ON)}
    assert (Subject.GROUND, "NĐ 31/2019/NĐ-CP Đ.3") in open_points
    told = " ".join(point.article for point in unproven(ON))
    for law in ("06/2025/TT-TTCP", "05/2021/TT-TTCP", "136/2025/QH15", "118/2025/NĐ-CP"):
        assert law in told


def test_every_ground_says_where_it_was_read():
    assert all(each.source and each.article for each in every())
    criteria = [each for each in every() if each.use is Use.COMPLEX]
    assert {each.confidence for each in criteria if each.kind == "to_cao"} == {Confidence.MEMORY}
    assert {each.confidence for each in criteria if each.kind == "khieu_nai"} == {
        Confidence.ONE_COPY
    }
