"""The demonstration ward in Chromium: a case in every state of the law, its papers, figures and books."""

import pytest
import sqlalchemy as sa

from feedback.db import db, transaction
from feedback.demo import seed
from feedback.people.models import Officer
from feedback.petitions.models import Kind, Petition, Status
from tests.browser import serving
from tests.web.screen import session_of
from tests.web.sound import complaints_at_every_width

pytestmark = [
    pytest.mark.browser,
    pytest.mark.parametrize("bare_app", ["sqlite"], indirect=True),
]
BY_LAW = (
    Status.AWAITING_SIGNATURE,
    Status.SIGNED,
    Status.ADMITTED,
    Status.SUSPENDED,
    Status.RESOLVED,
    Status.NOT_ADMITTED,
)


@pytest.fixture
def ward(app):
    with transaction():
        founded = seed.seed_ward()
    seed.seed_petitions(founded, app.config["SETTINGS"].upload_dir)
    return {login: officer.id for officer, login in founded.logins}


def addresses() -> list[str]:
    """What the chair may open, one of each kind."""
    newest = sa.select(Petition.number).order_by(Petition.id.desc()).limit(1)
    complaint = newest.where(Petition.kind == Kind.KHIEU_NAI)
    numbers = {
        status: db.session.scalar(complaint.where(Petition.status == status)) for status in BY_LAW
    }
    sealed = db.session.scalar(newest.where(Petition.kind == Kind.TO_CAO))
    group = db.session.scalar(newest.where(Petition.representatives.any()))
    admitted = f"/desk/cases/{numbers[Status.ADMITTED]}"
    return [
        *(f"/desk/cases/{number}" for number in (*numbers.values(), sealed, group)),
        f"{admitted}/papers/receipt",
        "/desk/", "/desk/cases", "/desk/approvals", "/desk/registers", "/desk/report",
        "/desk/reminders", "/desk/briefing", "/ba-dinh/", "/ba-dinh/ket-qua",
    ]  # fmt: skip


@pytest.mark.parametrize("half", [0, 1])  # two, so that two processes may share them
def test_every_page_of_the_demonstration_is_sound(app, ward, open_page, half):
    chair = db.session.get_one(Officer, ward["chutich"])
    places, found = addresses(), []
    with serving(app) as site:
        page = open_page(site + "/desk/", cookies=session_of(app, chair))
        for where in places[half::2]:
            answer = page.goto(site + where)
            assert answer.status == 200, where
            page.evaluate("document.querySelectorAll('details').forEach(each => each.open = true)")
            found += complaints_at_every_width(page)
    assert found == []
