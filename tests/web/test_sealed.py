"""Nothing of a sealed record reaches anybody but the entitled: every route, every role, every log line.

A route that is added later is tried, too: addresses are made from the map itself.
"""

import io
import json
import logging
import re
import zipfile
from dataclasses import dataclass

import pytest
import sqlalchemy as sa
from werkzeug.routing import Rule

from feedback import clock, logs
from feedback.db import db, transaction
from feedback.documents import attach
from feedback.documents.models import FileUse
from feedback.petitions import queries
from feedback.petitions.models import Deadline, Kind, Petition, Status
from tests.web.desk.conftest import jpeg
from tests.web.staff import at_desk
from tests.world import PEOPLE

SOUGHT = "kvprqj"  # a word of it that may come back where it was typed
ELSEWHERE = ("static", "webhook", "health")


@dataclass(frozen=True)
class Matter:
    """A denunciation, who may read it, and what of it nobody else may meet anywhere."""

    whose: str
    text: str
    mark: str  # in its text, its address and the name of its photo
    name: str
    phone: str
    entitled: frozenset[str]

    @property
    def address(self) -> str:
        return f"số 99 ngõ {self.mark.capitalize()}"

    @property
    def secrets(self) -> tuple[str, ...]:
        far, spaced = f"+84{self.phone[1:]}", " ".join(re.findall("...", self.phone[1:]))
        return (self.mark, self.mark.capitalize(), self.name, self.phone, far, spaced)


MATTERS = (
    Matter(
        "an officer",
        f"Tôi tố cáo ông Bình zqxwvut {SOUGHT} nhận hối lộ. Bút tích zqxwvut.",
        "zqxwvut",
        "Lê Kín Đáo",
        "0977123123",
        frozenset({"chair", "clerk"}),
    ),
    Matter(
        "the chair",
        f"Tôi tố cáo bà Nguyễn Thị Hoa jxwvqfz {SOUGHT} nhận hối lộ.",
        "jxwvqfz",
        "Vũ Thầm Lặng",
        "0966234234",
        frozenset({"clerk"}),
    ),
)


@dataclass(frozen=True)
class Record:
    """The matter as the ward keeps it."""

    matter: Matter
    number: str
    token: str
    key: str
    id: int


def kept(app, world, matter: Matter) -> Record:
    clean = attach.receive(app.config["SETTINGS"].upload_dir, f"{matter.mark}.jpg", jpeg())
    with transaction():
        file_id = attach.keep(world.ward.id, clean, FileUse.EVIDENCE).id
    petition = world.submit(
        matter.text,
        kind=Kind.TO_CAO,
        name=matter.name,
        phone=matter.phone,
        address=matter.address,
        field_id=world.fields[2].id,
        neighbourhood_id=world.neighbourhoods[1].id,
        files=[file_id],
    )
    with transaction():  # late, so that lists, counters and reminders would speak of it
        db.session.execute(
            Deadline.__table__.update().values(due_at=clock.now(), look_at=clock.now())
        )
    key = db.session.get(type(petition.files[0]), file_id).key
    return Record(matter, petition.number, petition.token, key, petition.id)


@pytest.fixture(params=MATTERS, ids=lambda matter: f"of {matter.whose}")
def sealed(request, app, world) -> Record:
    return kept(app, world, request.param)


@pytest.fixture
def all_sealed(app, world) -> list[Record]:
    return [kept(app, world, matter) for matter in MATTERS]


@pytest.fixture
def lines():
    """What the program logs, as JSON lines."""
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(logs.JsonLines())
    root = logging.getLogger()
    level = root.level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    yield stream
    root.removeHandler(handler)
    root.setLevel(level)


def addresses(app, sealed: Record, *, with_token: bool):
    """(method, address, whether it names the sealed record) of every route there is."""
    for rule in app.url_map.iter_rules():
        if rule.endpoint.startswith(ELSEWHERE) or ("token" in rule.arguments) is not with_token:
            continue
        for method in sorted({"GET", "POST"} & set(rule.methods or ())):
            yield method, _address(rule, sealed), bool({"number", "key"} & rule.arguments)


def _address(rule: Rule, sealed: Record) -> str:
    known = {"slug": "ba-dinh", "noun": "note", "suffix": "pdf", "act": "x"}
    known |= {name: getattr(sealed, name) for name in ("number", "token", "key", "id")}
    values = {name: known.get(name, sealed.id) for name in rule.arguments}
    address = ""
    for is_dynamic, part in rule._trace:
        address += str(values[part]) if is_dynamic else part.lstrip("|")
    return address


def read(data: bytes) -> str:
    """A page, or the parts of a spreadsheet or document, as text."""
    if not data.startswith(b"PK"):
        return data.decode("utf-8", "replace")
    with zipfile.ZipFile(io.BytesIO(data)) as parts:
        return "".join(parts.read(name).decode("utf-8", "replace") for name in parts.namelist())


def assert_nothing_of(sealed: list[Record], words: str, *also: str) -> None:
    for secret in (*also, *(secret for each in sealed for secret in each.matter.secrets)):
        assert secret not in words, secret


@pytest.mark.parametrize("who", sorted({*PEOPLE, "a visitor"} - {"clerk"}))
def test_every_route_for_every_role(app, world, all_sealed, lines, who):
    hidden = [each for each in all_sealed if who not in each.matter.entitled]
    assert len(hidden) == (1 if who == "chair" else 2)
    officer, client = world.people.get(who), None
    for method, address, names_it, sealed in every_door(app, hidden):
        if client is None:
            client = at_desk(app, officer) if officer else app.test_client()
        form = {"version": "1", "q": SOUGHT, "number": sealed.number, "phone": "0900000000"}
        sent = {"data": form} if method == "POST" else {"query_string": {"q": SOUGHT}}
        answer = client.open(address, method=method, **sent)
        words = read(answer.data)
        assert_nothing_of(hidden, words)
        if method == "GET" and not names_it:
            for each in hidden:
                assert each.number not in words, address
        if names_it and officer and answer.status_code not in (302, 303, 405):
            # existence is a secret: the same answer as for what is not there
            assert answer.status_code in (403, 404, 422), (method, address)
            nothing = address.replace(sealed.number, "BD-2026-999999")
            nothing = nothing.replace(sealed.key, "0" * len(sealed.key))
            same = client.open(nothing, method=method, data=form if method == "POST" else None)
            assert same.status_code == answer.status_code, (method, address)
        if method == "POST":  # which may be the end of a session
            client = None
    assert set(db.session.scalars(sa.select(Petition.status))) == {Status.RECEIVED}
    assert db.session.scalar(sa.select(sa.func.count(Petition.id))) == len(all_sealed)
    assert_nothing_of(all_sealed, lines.getvalue())
    for line in lines.getvalue().splitlines():
        json.loads(line)


def every_door(app, sealed: list[Record]):
    """Each route for each record it names; what names none of them once, with the last one's id."""
    for each in sealed:
        for method, address, names_it in addresses(app, each, with_token=False):
            if names_it or each is sealed[-1]:
                yield method, address, names_it, each


def test_the_entitled_do_get_it(app, world, sealed):
    for who in sealed.matter.entitled:
        page = at_desk(app, world.people[who]).get(f"/desk/cases/{sealed.number}")
        assert page.status_code == 200, who
        assert sealed.matter.mark in page.text


def test_its_own_pages_tell_nothing_of_it_either(app, world, sealed):
    """Whoever is shown the link by chance learns how it goes on, and nothing of the matter."""
    client = app.test_client()
    for method, address, _ in addresses(app, sealed, with_token=True):
        if method == "GET":
            answer = client.get(address)
            assert answer.status_code in (200, 404), address
            assert_nothing_of([sealed], read(answer.data))


def test_nobody_confirms_it_by_number_and_phone(app, world, sealed):
    answer = app.test_client().post(
        "/ba-dinh/tra-cuu", data={"number": sealed.number, "phone": sealed.matter.phone}
    )
    assert answer.status_code in (400, 422)
    from feedback.errors import NotFound

    with pytest.raises(NotFound):
        queries.by_number_and_phone(world.ward.id, sealed.number, sealed.matter.phone)


def test_a_failure_logs_nothing_of_it(app, world, sealed, lines, monkeypatch):
    """Not even a statement that broke, with the words it carried."""
    with pytest.raises(Exception, match="UNIQUE|unique|duplicate"), transaction():
        row = db.session.query(Petition).one()
        values = {
            c.name: getattr(row, c.name) for c in Petition.__table__.columns if c.name != "id"
        }
        try:
            db.session.execute(Petition.__table__.insert().values(values))
        except Exception:
            logging.getLogger("web").exception("it broke")
            raise
    assert "it broke" in lines.getvalue()
    assert_nothing_of([sealed], lines.getvalue())


def test_error_pages_say_the_same_to_everybody(app, world, sealed):
    chi = at_desk(app, world.chi)
    there = chi.get(f"/desk/cases/{sealed.number}")
    nowhere = chi.get("/desk/cases/BD-2026-999999")
    assert there.status_code == nowhere.status_code == 404
    assert there.text.replace(sealed.number, "") == nowhere.text.replace("BD-2026-999999", "")


def test_a_backup_names_nothing_of_it(app, world, sealed, tmp_path, lines):
    """Neither what is printed, nor the list, nor a file's name; and what is copied is for one user."""
    result = app.test_cli_runner().invoke(args=["backup", str(tmp_path / "copy")])
    if app.config["SETTINGS"].is_sqlite:
        assert result.exit_code == 0, result.output
        assert (tmp_path / "copy").stat().st_mode & 0o077 == 0
    names = [str(path.relative_to(tmp_path)) for path in tmp_path.rglob("*")]
    listed = tmp_path / "copy" / "manifest.json"
    words = listed.read_text() if listed.exists() else ""
    told = "\n".join([result.output, lines.getvalue(), words, *names])
    assert_nothing_of([sealed], told, sealed.number, sealed.token, sealed.key)
