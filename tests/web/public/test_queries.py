"""Every page costs the same number of queries, however much there is to show."""

import pytest

from tests.database import statements
from tests.feedback.documents import samples
from tests.web.public.office import begin, do
from tests.web.public.resident import upload


def cost(resident, path: str) -> int:
    resident.open(path)  # what is read once and kept has been read
    with statements() as asked:
        resident.open(path)
    return len(asked)


@pytest.mark.parametrize("path", ["/ba-dinh/", "/ba-dinh/gui", "/ba-dinh/tra-cuu"])
def test_an_empty_form_costs_one_query(resident, path):
    assert cost(resident, path) == 1


def test_a_submission_costs_few_queries(resident):
    resident.report()
    form = resident.fill(text="Rác đầu ngõ hai ngày chưa dọn")
    with statements() as asked:
        resident.post("/ba-dinh/gui", form)
    assert len(asked) <= 7, asked


def test_a_long_story_costs_what_a_short_one_costs(resident, world, clock):
    token = resident.report()
    short = cost(resident, f"/t/{token}")
    begin(world, token)
    for n in range(4):
        do(world, token, "an", "ask", question=f"Câu hỏi thứ {n}?")
        photo = upload(samples.photo(size=(40 + n, 40)), f"{n}.jpg")
        resident.post(f"/t/{token}/bo-sung", {"addition": f"Trả lời {n}", "photos": [photo]})
    assert cost(resident, f"/t/{token}") == short <= 9
