"""Nothing of a sealed record reaches anybody but the entitled: every route, every role, every log line.

A route that is added later is tried, too: addresses are made from the map itself.
"""

import io
import json
import logging
import zipfile

import pytest
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
TEXT = f"Tôi tố cáo ông Bình zqxwvut {SOUGHT} nhận hối lộ. Bút tích zqxwvut."
OF_CHAIR = f"Tôi tố cáo bà Nguyễn Thị Hoa zqxwvut {SOUGHT} nhận hối lộ."
NAME, PHONE, ADDRESS = "Lê Kín Đáo", "0977123123", "số 99 ngõ Zqxwvut"
SECRETS = ("zqxwvut", "Zqxwvut", NAME, PHONE, "+84977123123", "977 123 123")
ENTITLED = {TEXT: {"chair", "clerk"}, OF_CHAIR: {"clerk"}}
ELSEWHERE = ("static", "webhook", "health")


@pytest.fixture(params=[TEXT, OF_CHAIR], ids=["of an officer", "of the chair"])
def sealed(request, app, world):
    clean = attach.receive(app.config["SETTINGS"].upload_dir, "zqxwvut.jpg", jpeg())
    with transaction():
        file_id = attach.keep(world.ward.id, clean, FileUse.EVIDENCE).id
    petition = world.submit(
        request.param,
        kind=Kind.TO_CAO,
        name=NAME,
        phone=PHONE,
        address=ADDRESS,
        field_id=world.fields[2].id,
        neighbourhood_id=world.neighbourhoods[1].id,
        files=[file_id],
    )
    with transaction():  # late, so that lists, counters and reminders would speak of it
        db.session.execute(
            Deadline.__table__.update().values(due_at=clock.now(), look_at=clock.now())
        )
    return {
        "text": request.param,
        "number": petition.number,
        "token": petition.token,
        "key": db.session.get(type(petition.files[0]), file_id).key,
        "id": petition.id,
    }


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


def addresses(app, sealed, *, with_token: bool):
    """(method, address, whether it names the sealed record) of every route there is."""
    for rule in app.url_map.iter_rules():
        if rule.endpoint.startswith(ELSEWHERE) or ("token" in rule.arguments) is not with_token:
            continue
        for method in sorted({"GET", "POST"} & set(rule.methods or ())):
            yield method, _address(rule, sealed), bool({"number", "key"} & rule.arguments)


def _address(rule: Rule, sealed) -> str:
    known = {"slug": "ba-dinh", "noun": "note", "suffix": "pdf", "act": "x", **sealed}
    values = {name: known.get(name, sealed["id"]) for name in rule.arguments}
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


def assert_nothing_of_it(words: str, *also: str) -> None:
    for secret in (*SECRETS, *also):
        assert secret not in words, secret


def test_every_route_for_every_role(app, world, sealed, lines):
    strangers = [who for who in PEOPLE if who not in ENTITLED[sealed["text"]]]
    assert "vice" in strangers
    for who in [*strangers, None]:
        for method, address, names_it in addresses(app, sealed, with_token=False):
            client = at_desk(app, world.people[who]) if who else app.test_client()
            form = {"version": "1", "q": SOUGHT, "number": sealed["number"], "phone": "0900000000"}
            search = f"?q={SOUGHT}" if method == "GET" else ""
            answer = client.open(address + search, method=method, data=form if not search else None)
            words = read(answer.data)
            assert_nothing_of_it(words)
            if method == "GET" and not names_it:
                assert sealed["number"] not in words, (who, address)
            if names_it and who and answer.status_code not in (302, 303, 405):
                # existence is a secret: the same answer as for what is not there
                assert answer.status_code in (403, 404, 422), (who, method, address)
                nothing = address.replace(sealed["number"], "BD-2026-999999")
                nothing = nothing.replace(sealed["key"], "0" * len(sealed["key"]))
                same = client.open(nothing, method=method, data=form if not search else None)
                assert same.status_code == answer.status_code, (who, method, address)
    assert db.session.query(Petition.status).scalar() is Status.RECEIVED
    assert_nothing_of_it(lines.getvalue())
    for line in lines.getvalue().splitlines():
        json.loads(line)


def test_the_entitled_do_get_it(app, world, sealed):
    for who in ENTITLED[sealed["text"]]:
        page = at_desk(app, world.people[who]).get(f"/desk/cases/{sealed['number']}")
        assert page.status_code == 200, who
        assert "zqxwvut" in page.text


def test_its_own_pages_tell_nothing_of_it_either(app, world, sealed):
    """Whoever is shown the link by chance learns how it goes on, and nothing of the matter."""
    client = app.test_client()
    for method, address, _ in addresses(app, sealed, with_token=True):
        if method == "GET":
            answer = client.get(address)
            assert answer.status_code in (200, 404), address
            assert_nothing_of_it(read(answer.data))


def test_nobody_confirms_it_by_number_and_phone(app, world, sealed):
    answer = app.test_client().post(
        "/ba-dinh/tra-cuu", data={"number": sealed["number"], "phone": PHONE}
    )
    assert answer.status_code in (400, 422)
    from feedback.errors import NotFound

    with pytest.raises(NotFound):
        queries.by_number_and_phone(world.ward.id, sealed["number"], PHONE)


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
    assert_nothing_of_it(lines.getvalue())


def test_error_pages_say_the_same_to_everybody(app, world, sealed):
    chi = at_desk(app, world.chi)
    there = chi.get(f"/desk/cases/{sealed['number']}")
    nowhere = chi.get("/desk/cases/BD-2026-999999")
    assert there.status_code == nowhere.status_code == 404
    assert there.text.replace(sealed["number"], "") == nowhere.text.replace("BD-2026-999999", "")


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
    assert_nothing_of_it(told, sealed["number"], sealed["token"], sealed["key"])
