"""Who may open what: every route of every staff page, tried by a stranger, by the wrong and the right.

A new route without a line in `ROUTES` fails `test_every_route_is_expected`.
"""

from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import current_app

from feedback import clock
from feedback.conversations.models import Conversation
from feedback.db import db, transaction
from feedback.documents import attach
from feedback.documents.models import FileUse
from feedback.papers import offers
from feedback.papers.issuing import issue
from feedback.people import relatives
from feedback.people.models import Channel, Contact, OfficeGroup, Officer, Tenure
from feedback.petitions import queries
from feedback.petitions.models import Status
from feedback.wards import substitution
from feedback.wards.models import ChannelAccount, Delegation, Ward
from tests.web.desk import broadcast_routes, walks
from tests.web.desk.broadcast_routes import ROUTES as BROADCAST  # tried in their own file
from tests.web.desk.conftest import jpeg, kept_photo
from tests.web.desk.dialogue_routes import ROUTES as DIALOGUE  # tried in their own file
from tests.web.desk.publicity_routes import ROUTES as PUBLICITY
from tests.web.desk.reception_routes import ROUTES as RECEPTION
from tests.web.lint import lint_page
from tests.web.staff import at_desk, give_login
from tests.world import World, let_go, make_world
from web.desk.steps import STEPS

ALL = frozenset(
    ["chair", "vice", "clerk", "dept_head", "an", "binh", "chi", "head_tdp", "supervisor", "admin"]
)
WATCH = ALL - {"admin"}
WORK = WATCH - {"supervisor", "head_tdp"}
WARD = {"chair", "vice", "clerk"}
# Who sees a petition about lighting in neighbourhood 1: the ward's own, An's department, its head of
# neighbourhood, the supervisor. Chi is the stranger.
SEE = WARD | {"an", "binh", "dept_head", "head_tdp", "supervisor"}
SET_UP = {"chair", "admin"}
OPEN = "open"  # answers everybody, logged in or not

# endpoint -> (method, address, who gets past the door); {n} is the petition's number, {e} of one
# the clerk typed, {f} a file's key, {k} An's chat.
ROUTES = {
    "accounts.login": ("GET", "/login", OPEN),
    "accounts.login_code": ("GET", "/login/code", OPEN),
    "accounts.logout": ("POST", "/logout", OPEN),
    "accounts.account": ("GET", "/account", ALL),
    "accounts.password": ("GET", "/account/password", ALL),
    "accounts.second_factor_page": ("GET", "/account/second-factor", ALL),
    "accounts.relatives_page": ("GET", "/account/relatives", ALL),
    "accounts.relative_withdrawal": ("POST", "/account/relatives/{r}/withdrawal", {"an"}),
    "accounts.second_factor_removal": ("POST", "/account/second-factor/removal", ALL),
    "accounts.chat_code": ("POST", "/account/chat-code", ALL),
    "accounts.chat_removal": ("POST", "/account/chats/{k}/removal", {"an"}),
    "desk.conversations": ("GET", "/desk/conversations", WARD),
    "desk.conversation": ("GET", "/desk/conversations/{w}", WARD),
    "desk.conversation_answer": ("POST", "/desk/conversations/{w}/answer", WARD),
    "desk.conversation_closing": ("POST", "/desk/conversations/{w}/closing", WARD),
    "desk.conversation_file": ("GET", "/desk/conversations/{w}/files/{wf}", WARD),
    "desk.case_message": ("POST", "/desk/cases/{n}/message", SEE & WORK),
    "desk.outreach": ("GET", "/desk/outreach", WARD | {"head_tdp"}),
    "desk.outreach_done": ("POST", "/desk/outreach/{g}/done", WARD | {"head_tdp"}),
    "desk.mine": ("GET", "/desk/", ALL),
    "desk.work": ("GET", "/desk/work", ALL),
    "desk.counters": ("GET", "/desk/counters", ALL),
    "desk.petitions": ("GET", "/desk/cases", WATCH),
    "desk.export": ("GET", "/desk/cases.csv", WATCH),
    "desk.bulk": ("POST", "/desk/cases/bulk", WARD | {"dept_head"}),
    "desk.case": ("GET", "/desk/cases/{n}", SEE),
    "desk.reporter_shown": ("POST", "/desk/cases/{n}/reporter", SEE & WORK),
    "desk.attach_files": ("POST", "/desk/cases/{n}/files", SEE & WORK),
    "desk.paper": ("GET", "/desk/cases/{n}/papers/receipt", SEE & WORK),
    "desk.paper_issued": ("POST", "/desk/cases/{n}/papers/receipt", SEE & WORK),
    "desk.paper_preview": ("POST", "/desk/cases/{n}/papers/receipt/preview", SEE & WORK),
    "desk.paper_file": ("GET", "/desk/papers/{p}.pdf", SEE & WORK),
    "desk.report": ("GET", "/desk/report", WARD | {"dept_head", "supervisor", "admin"}),
    "desk.registers": ("GET", "/desk/registers", WARD | {"dept_head"}),
    "desk.file": ("GET", "/desk/files/{f}", SEE - {"supervisor"}),
    "desk.thumbnail": ("GET", "/desk/files/{f}/thumbnail", SEE - {"supervisor"}),
    "desk.reminders_page": ("GET", "/desk/reminders", WORK),
    "desk.briefing": ("GET", "/desk/briefing", {"chair", "vice"}),
    "desk.approvals": ("GET", "/desk/approvals", {"chair", "vice"}),
    "desk.absence": ("GET", "/desk/absence", ALL - {"supervisor"}),
    "desk.absence_begin": ("POST", "/desk/absence", ALL - {"supervisor"}),
    "desk.absence_end": ("POST", "/desk/absence/{s}/end", {"chair", "an", "admin"}),
    "desk.entry": ("GET", "/desk/entry", WARD | {"head_tdp"}),
    "desk.entry_sent": ("POST", "/desk/entry", WARD | {"head_tdp"}),
    "desk.receipt": ("GET", "/desk/entry/{e}/receipt", {"clerk"}),
    "settings.home": ("GET", "/desk/settings", SET_UP),
    "settings.history": ("GET", "/desk/settings/history", SET_UP),
    "settings.groups": ("GET", "/desk/settings/groups", {"admin"}),
    "settings.group_code": ("POST", "/desk/settings/groups/code", {"admin"}),
    "settings.group_removal": ("POST", "/desk/settings/groups/{og}/removal", {"admin"}),
    "settings.broadcast_hours": ("GET", "/desk/settings/broadcast-hours", {"admin"}),
    "settings.broadcast_hours_saved": ("POST", "/desk/settings/broadcast-hours", {"admin"}),
    "settings.calendar": ("GET", "/desk/settings/calendar", {"admin"}),
    "settings.calendar_year": ("GET", "/desk/settings/calendar/2027", {"admin"}),
    "settings.day": ("GET", "/desk/settings/calendar/days?on=2027-01-01", {"admin"}),
    "settings.day_saved": ("POST", "/desk/settings/calendar/days", {"admin"}),
    "settings.day_removed": ("POST", "/desk/settings/calendar/days/2027-01-01/removal", {"admin"}),
    "settings.import_page": ("GET", "/desk/settings/calendar/2035/import", {"admin"}),
    "settings.imported": ("POST", "/desk/settings/calendar/2035/import", {"admin"}),
    "settings.confirmed": ("POST", "/desk/settings/calendar/2027/confirmation", {"admin"}),
    "settings.doubted": ("POST", "/desk/settings/calendar/2027/doubt", {"admin"}),
    "settings.office_hours": ("GET", "/desk/settings/office-hours", {"admin"}),
    "settings.office_hours_saved": ("POST", "/desk/settings/office-hours", {"admin"}),
    "settings.approval": ("GET", "/desk/settings/approval", SET_UP),
    "settings.approval_new": ("GET", "/desk/settings/approval/new", SET_UP),
    "settings.approval_added": ("POST", "/desk/settings/approval/new", SET_UP),
    "settings.approval_rule": ("GET", "/desk/settings/approval/0", SET_UP),
    "settings.approval_changed": ("POST", "/desk/settings/approval/0", SET_UP),
    "settings.approval_removed": ("POST", "/desk/settings/approval/0/removal", SET_UP),
    "settings.approval_raised": ("POST", "/desk/settings/approval/1/rise", SET_UP),
    "settings.faq": ("GET", "/desk/settings/faq", {"admin"}),
    "settings.faq_new": ("GET", "/desk/settings/faq/new", {"admin"}),
    "settings.faq_added": ("POST", "/desk/settings/faq/new", {"admin"}),
    "settings.faq_entry": ("GET", "/desk/settings/faq/0", {"admin"}),
    "settings.faq_changed": ("POST", "/desk/settings/faq/0", {"admin"}),
    "settings.faq_removed": ("POST", "/desk/settings/faq/0/removal", {"admin"}),
    "settings.watch": ("GET", "/desk/settings/watch", {"admin"}),
    "settings.watch_saved": ("POST", "/desk/settings/watch", {"admin"}),
    "settings.law": ("GET", "/desk/settings/law", {"admin"}),
    "settings.keeping": ("GET", "/desk/settings/keeping", {"admin"}),
    "settings.keeping_saved": ("POST", "/desk/settings/keeping", {"admin"}),
    "settings.delegations": ("GET", "/desk/settings/delegations", SET_UP),
    "settings.delegations_paper": ("GET", "/desk/settings/delegations/paper", SET_UP),
    "settings.delegations_file": ("GET", "/desk/settings/delegations.csv", SET_UP),
    "settings.delegation": ("GET", "/desk/settings/delegations/new", SET_UP),
    "settings.delegation_given": ("POST", "/desk/settings/delegations/new", SET_UP),
    "settings.delegation_withdrawn": ("POST", "/desk/settings/delegations/{d}/withdrawal", SET_UP),
    "settings.delegation_ended": ("POST", "/desk/settings/delegations/{d}/end", SET_UP),
    "settings.posts": ("GET", "/desk/settings/posts", {"admin"}),
    "settings.post_new": ("GET", "/desk/settings/posts/new", {"admin"}),
    "settings.post_opened": ("POST", "/desk/settings/posts/new", {"admin"}),
    "settings.post": ("GET", "/desk/settings/posts/{x}", {"admin"}),
    "settings.post_corrected": ("POST", "/desk/settings/posts/{x}", {"admin"}),
    "settings.post_closed": ("POST", "/desk/settings/posts/{x}/closure", {"admin"}),
    "settings.post_held": ("POST", "/desk/settings/posts/{x}/holders", {"admin"}),
    "settings.post_left": ("POST", "/desk/settings/posts/{x}/holders/{t}/end", {"admin"}),
    "settings.units": ("GET", "/desk/settings/units", {"admin"}),
    "settings.department": ("POST", "/desk/settings/units/departments/{u}", {"admin"}),
    "settings.department_used": ("POST", "/desk/settings/units/departments/{u}/use", {"admin"}),
    "settings.neighbourhood": ("POST", "/desk/settings/units/neighbourhoods/{a}", {"admin"}),
    "settings.neighbourhood_used": (
        "POST",
        "/desk/settings/units/neighbourhoods/{a}/use",
        {"admin"},
    ),
    "settings.fields": ("GET", "/desk/settings/fields", {"admin"}),
    "settings.field": ("POST", "/desk/settings/fields/{l}", {"admin"}),
    "settings.channels": ("GET", "/desk/settings/channels", {"admin"}),
    "settings.channel_opening": ("POST", "/desk/settings/channels/{c}/opening", {"admin"}),
    "settings.channel_closing": ("POST", "/desk/settings/channels/{c}/closing", {"admin"}),
    "settings.channel_look": ("POST", "/desk/settings/channels/{c}/look", {"admin"}),
    "settings.channel_templates": ("POST", "/desk/settings/channels/{c}/templates", {"admin"}),
    "settings.channel_money": ("POST", "/desk/settings/channels/money", {"admin"}),
    "settings.zalo_departure": ("GET", "/desk/settings/channels/zalo/departure", {"admin"}),
    "settings.zalo_consent": ("GET", "/desk/settings/channels/zalo/consent", {"admin"}),
    "settings.zalo_tokens": ("POST", "/desk/settings/channels/zalo/tokens", {"admin"}),
    "settings.zalo_site": ("POST", "/desk/settings/channels/zalo/site", {"admin"}),
    "settings.facts": ("GET", "/desk/settings/facts", {"admin"}),
    "settings.facts_saved": ("POST", "/desk/settings/facts", {"admin"}),
    "settings.levels": ("GET", "/desk/settings/levels", {"admin"}),
    "settings.level": ("GET", "/desk/settings/levels/phan_anh/answer/normal", {"admin"}),
    "settings.level_saved": ("POST", "/desk/settings/levels/phan_anh/answer/normal", {"admin"}),
    "settings.texts": ("GET", "/desk/settings/texts", {"admin"}),
    "settings.text": ("GET", "/desk/settings/texts/petition.received", {"admin"}),
    "settings.text_saved": ("POST", "/desk/settings/texts/petition.received", {"admin"}),
    "settings.text_preview": ("POST", "/desk/settings/texts/petition.received/preview", {"admin"}),
    "settings.text_restored": ("POST", "/desk/settings/texts/petition.late/standard", {"admin"}),
    "settings.person_new": ("POST", "/desk/settings/people/new", {"admin"}),
    "settings.person": ("POST", "/desk/settings/people/{o}", {"admin"}),
    "settings.people": ("GET", "/desk/settings/people", {"admin"}),
    "settings.login": ("POST", "/desk/settings/people/{o}/login", {"admin"}),
    "settings.password": ("POST", "/desk/settings/people/{o}/password", {"admin"}),
    "settings.closure": ("POST", "/desk/settings/people/{o}/closure", {"admin"}),
    "settings.opening": ("POST", "/desk/settings/people/{o}/opening", {"admin"}),
}
ACTS = ("desk.act",)  # tried one by one below
STAFF = ("accounts.", "desk.", "settings.")
STRANGERS = (302, 303)
ENDS = ("removal", "closure", "/end", "withdrawal", "/use")


def staff_rules(app):
    return [r for r in app.url_map.iter_rules() if r.endpoint.startswith(STAFF)]


def furnished() -> tuple[World, dict[str, object]]:
    """A ward with what the addresses name: a petition of An's with a photo, An's absence."""
    world = make_world()
    root = current_app.config["SETTINGS"].upload_dir
    photo = kept_photo(world)
    petition = walks.submitted(world, files=[photo.id])
    day = clock.today() + timedelta(days=40)
    with transaction():
        absence = substitution.declare(
            by=world.actor("an"),
            absent_id=world.an.id,
            substitute_id=world.binh.id,
            starts_on=day,
            ends_on=day,
        )
        relative = relatives.declare(by=world.actor("an"), name="Lý Thân", relationship="Em")
        chats = ChannelAccount(ward_id=world.ward.id, channel=Channel.ZALO, name="1423847451")
        db.session.add(chats)
        newcomer = Officer(ward_id=world.ward.id, full_name="Lê Văn Mới", created_at=clock.now())
        db.session.add(newcomer)
        chat = Contact(
            ward_id=world.ward.id,
            channel=Channel.TELEGRAM,
            account="main",
            address="77",
            officer_id=world.an.id,
            created_at=clock.now(),
        )
        resident = Contact(
            ward_id=world.ward.id,
            channel=Channel.TELEGRAM,
            account="main",
            address="78",
            created_at=clock.now(),
        )
        db.session.add_all([chat, resident])
        db.session.flush()
        group = OfficeGroup(ward_id=world.ward.id, contact_id=resident.id, linked_at=clock.now())
        db.session.add(group)
        db.session.flush()
        group_id = group.id
        ward = db.session.get_one(Ward, world.ward.id)
        rule = {"signing": "chair", "because": "thử", "kinds": ["khen_ngoi"]}
        entry = {"title": "Giờ đổ rác", "words": ["gio do rac"], "answer": "18 giờ."}
        ward.settings = {**ward.settings, "approval": [rule, rule], "faq": [entry]}
        talk = Conversation(ward_id=world.ward.id, contact_id=resident.id, updated_at=clock.now())
        db.session.add(talk)
        db.session.flush()
        clean = attach.receive(root, "cống.jpg", jpeg("blue"))
        sent = attach.keep(world.ward.id, clean, FileUse.EVIDENCE, conversation_id=talk.id)
    give_login(newcomer, "le.moi")
    to_bring = broadcast_routes.to_bring(world, petition)
    entered = walks.received(world, entered_by=world.actor("clerk"), channel=Channel.PHONE)
    found = queries.case(petition.number, world.actor("clerk"))
    filled = offers.context("receipt", found, world.actor("clerk"), {})
    paper = issue("receipt", filled, by=world.actor("clerk"), root=root, petition_id=found.id)
    places = {
        "g": to_bring,
        "og": group_id,
        "p": paper.id,
        "e": entered.number,
        "n": petition.number,
        "f": photo.key,
        "s": absence.id,
        "o": newcomer.id,
        "k": chat.id,
        "w": talk.id,
        "wf": sent.key,
        "r": relative.id,
        "d": db.session.scalar(sa.select(Delegation.id).where(Delegation.ward_id == world.ward.id)),
        "x": world.positions["an"].id,
        "t": db.session.scalar(sa.select(Tenure.id).where(Tenure.officer_id == world.an.id)),
        "u": world.departments["van_phong"].id,
        "a": world.neighbourhoods[3].id,
        "l": world.fields[2].id,
        "c": chats.id,
    }
    return let_go(world), places


@pytest.fixture
def story(lived):
    return lived(furnished)


def ask(client, method, address):
    return client.open(address, method=method)


def test_every_route_is_expected(app):
    known = {*ROUTES, *BROADCAST, *DIALOGUE, *PUBLICITY, *RECEPTION, *ACTS}
    assert {rule.endpoint for rule in staff_rules(app)} == known


@pytest.fixture
def doors(story) -> list[tuple[str, str, str | frozenset[str]]]:
    """(method, address, who gets past) of each route; looks before acts, what ends something last."""
    found = [(method, where.format(**story[1]), may) for method, where, may in ROUTES.values()]
    return sorted(found, key=lambda door: (door[0] == "POST", door[1].endswith(ENDS)))


def test_a_visitor_is_sent_to_the_door(app, doors):
    for method, address, may in doors:
        answer = ask(app.test_client(), method, address)
        if may is OPEN:
            assert answer.status_code in (200, *STRANGERS), address
        else:
            assert answer.status_code in STRANGERS, address
            assert answer.location.startswith("/login"), address


@pytest.mark.parametrize("who", sorted(ALL))
def test_only_the_right_people_get_past(app, story, doors, who):
    client = at_desk(app, story[0].people[who])
    for method, address, may in doors:
        if may is OPEN:
            continue
        answer = ask(client, method, address)
        if who in may:
            assert answer.status_code in (200, 302, 303, 409, 422), (address, answer.status_code)
            assert not (answer.location or "").startswith("/login"), address
        else:
            assert answer.status_code in (403, 404), (address, answer.status_code)


def test_a_stranger_finds_no_case_to_act_on(app, world):
    number = walks.received(world).number
    people = {who: at_desk(app, world.people[who]) for who in ("chi", "admin", "supervisor")}
    for step in STEPS:
        address, form = f"/desk/cases/{number}/{step.noun}", {"version": 1}
        for who in ("chi", "admin"):
            assert people[who].post(address, data=form).status_code == 404, (who, address)
        refused = people["supervisor"].post(address, data=form)
        assert refused.status_code in (403, 404, 409, 422), address
        visitor = app.test_client().post(address, data=form)
        assert visitor.location == "/login", address
        assert walks.status_of(number) is Status.RECEIVED, address


def test_another_wards_case_is_not_there(app, world):
    other = make_world("HK", "hoan-kiem")
    number = walks.received(world).number
    for who in ("chair", "clerk", "an", "supervisor"):
        assert at_desk(app, other.people[who]).get(f"/desk/cases/{number}").status_code == 404


def test_a_restricted_case_is_for_the_chair_and_the_clerk(app, world):
    from feedback.petitions.models import Kind

    number = walks.received(world, kind=Kind.TO_CAO).number
    for who in ALL - {"admin"}:
        page = at_desk(app, world.people[who]).get(f"/desk/cases/{number}")
        assert page.status_code == (200 if who in ("chair", "clerk") else 404), who


def test_the_supervisor_sees_the_matter_without_the_people(app, world):
    text = "Gọi tôi 0912 345 678 hoặc thu@dan.vn. Đèn hỏng trước nhà số 12."
    number = walks.answered(world, text=text, address="số 12 ngõ 34").number
    page = at_desk(app, world.supervisor).get(f"/desk/cases/{number}")
    lint_page(page.text)
    for secret in ("0912", "thu@dan.vn", "số 12 ngõ 34", "Trần Thị Dân", "Hiện thông tin"):
        assert secret not in page.text, secret
    assert "Đèn hỏng trước nhà" in page.text
    assert "<form" not in page.text.split("<main")[1].split("</main>")[0]
    rows = at_desk(app, world.supervisor).get("/desk/cases")
    lint_page(rows.text)
    assert "0912" not in rows.text
    assert "0912" not in at_desk(app, world.supervisor).get("/desk/cases.csv").text


def test_every_post_needs_the_token_of_its_page(app, story, doors, monkeypatch):
    clients = {who: at_desk(app, story[0].people[who]) for who in ALL}
    monkeypatch.setitem(app.config, "WTF_CSRF_ENABLED", True)
    for method, address, may in doors:
        if method == "POST":
            who = "clerk" if may is OPEN else min(may)
            assert clients[who].post(address).status_code == 400, address


def test_every_action_needs_the_token_of_its_page(app, world, monkeypatch):
    number = walks.received(world).number
    client = at_desk(app, world.clerk)
    monkeypatch.setitem(app.config, "WTF_CSRF_ENABLED", True)
    form = {"version": walks.version_of(number)}
    for step in STEPS:
        address = f"/desk/cases/{number}/{step.noun}"
        assert client.post(address, data=form).status_code == 400, address
        assert walks.status_of(number) is Status.RECEIVED, address
