"""Letters over SMTP against a real server on loopback: what arrives, and what each fault means."""

import asyncio
import logging
import socket
from email import message_from_bytes, policy

import pytest
import sqlalchemy as sa
import time_machine
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult

from bots.mail.channel import MailSender
from feedback import clock
from feedback.db import db, transaction
from feedback.outbox import mail
from feedback.outbox.channel import Account, Delivery
from feedback.outbox.courier import Courier
from feedback.outbox.enqueue import say_to
from feedback.outbox.models import OutboxRow, OutboxState
from feedback.outbox.outcome import Outcome
from feedback.outbox.outreach import Outreach
from feedback.outbox.prompt import Choice, Prompt
from feedback.people.models import Channel, Contact
from feedback.petitions import undelivered
from feedback.petitions.models import Petition
from feedback.wards.models import ChannelAccount
from tests.feedback.outbox.parts import in_this_thread, make_contact, rounds, states

MONDAY = "2026-11-23 08:00+07:00"
FROM = "UBND Phường Ba Đình <phuong@ward.test>"
DAN = "dan@example.vn"

logging.getLogger("mail.log").setLevel(logging.WARNING)  # the server tells of every line it hears


class Post:
    """Takes letters, or answers as it was told to."""

    def __init__(self):
        self.letters = []
        self.answers = {}

    async def handle_RCPT(self, server, session, envelope, address, options):
        if "RCPT" in self.answers:
            return self.answers["RCPT"]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        answer = self.answers.get("DATA", "250 OK")
        if answer == "taken and gone":
            self.letters.append(envelope)
            server.transport.abort()
            return "250 OK"
        if answer.startswith("250"):
            self.letters.append(envelope)
        return answer


@pytest.fixture(autouse=True)
def time():
    with time_machine.travel(MONDAY, tick=False) as traveller:
        yield traveller


@pytest.fixture(autouse=True)
def _mail_is_on(app):
    mail.use(True)
    yield
    mail.use(False)


@pytest.fixture
def post():
    handler = Post()
    running = Controller(handler, hostname="127.0.0.1", port=_free())
    running.start()
    handler.port = running.port
    yield handler
    running.stop()


@pytest.fixture
def dan(world) -> Contact:
    with transaction():
        return db.session.get_one(Contact, mail.contact_of(world.ward.id, " Dan@Example.vn "))


def say(contact, text="Đã nhận phản ánh BD-2026-000001.\n\nXem tại: https://x.vn/t/abc", **more):
    with transaction():
        say_to(
            contact,
            Prompt(text, (Choice("5", "rate:5"),)),
            notice="petition.answered",
            key="a",
            **more,
        )


def live(world, post, *, url="smtp://127.0.0.1:{port}?starttls=0", turns=2, tell=lambda *_: None):
    row = db.session.scalars(sa.select(ChannelAccount).filter_by(channel=Channel.EMAIL)).one()
    account = Account(row.id, row.ward_id, row.channel, row.name)
    sender = MailSender(
        url.format(port=getattr(post, "port", 9)),
        FROM,
        find_address=lambda _row: DAN,
        seconds=5.0,
    )

    async def story():
        await sender.open()
        courier = Courier(account, sender, by="me", in_db=in_this_thread, tell=tell)
        await rounds(courier, turns)
        await sender.close()

    asyncio.run(story())


def test_a_letter_says_it_in_plain_text_with_the_link(world, post, dan):
    say(dan)
    live(world, post)
    [envelope] = post.letters
    letter = message_from_bytes(envelope.content, policy=policy.default)
    assert envelope.rcpt_tos == [DAN]
    assert letter["From"] == FROM
    assert letter["Subject"] == "Đã nhận phản ánh BD-2026-000001."
    assert letter["Auto-Submitted"] == "auto-generated"
    assert letter["Message-ID"].endswith("@ward.test>")
    assert letter.get_content_type() == "text/plain"
    assert "https://x.vn/t/abc" in letter.get_content()
    assert states() == ["sent"]


def test_the_address_lies_sealed_and_nowhere_in_plain(world, dan):
    say(dan)
    stored = db.session.execute(sa.text("SELECT * FROM contact")).one()
    queued = db.session.execute(sa.text("SELECT * FROM outbox")).one()
    assert DAN not in str(stored)
    assert DAN not in str(queued)
    assert mail.address_of(dan.id) == DAN


def test_one_address_is_one_contact_however_it_is_typed(world, dan):
    with transaction():
        assert mail.contact_of(world.ward.id, "DAN@example.vn") == dan.id
        for wrong in ("", "dan", "dan@", "a b@x.vn", "x@y", "đan@ví.vn", "a@b.vn\nBcc: c@d.vn"):
            assert mail.contact_of(world.ward.id, wrong) is None


@pytest.mark.parametrize(
    ("answers", "state"),
    [
        ({"RCPT": "550 no such user"}, "failed"),
        ({"RCPT": "451 greylisted"}, "queued"),
        ({"DATA": "554 spam"}, "failed"),
        ({"DATA": "452 full"}, "queued"),
        ({"DATA": "taken and gone"}, "unknown"),
    ],
)
def test_what_the_server_says_decides(world, post, dan, answers, state):
    post.answers = answers
    say(dan)
    live(world, post, turns=1)
    assert states() == [state]
    db.session.expire_all()
    gone = db.session.get_one(Contact, dan.id).unreachable_at is not None
    assert gone == (answers == {"RCPT": "550 no such user"})


def test_a_server_that_is_away_costs_no_try(world, dan):
    say(dan)
    live(world, None, url="smtp://127.0.0.1:9?starttls=0", turns=1)
    row = db.session.scalars(sa.select(OutboxRow)).one()
    assert (row.state.value, row.tries) == ("queued", 0)


@pytest.mark.filterwarnings("ignore:Requiring AUTH")  # without TLS, on loopback
def test_a_wrong_password_is_the_accounts_fault_and_costs_no_letter(world, dan):
    def refuse(server, session, envelope, mechanism, data):
        return AuthResult(success=False, handled=False, message="535 no")

    running = Controller(
        Post(),
        hostname="127.0.0.1",
        port=_free(),
        authenticator=refuse,
        auth_require_tls=False,
        auth_required=True,
    )
    running.start()
    try:
        say(dan)
        url = f"smtp://ward:x%40y@127.0.0.1:{running.port}?starttls=0"
        live(world, None, url=url, turns=1)
    finally:
        running.stop()
    row = db.session.scalars(sa.select(OutboxRow)).one()
    assert (row.state.value, row.tries) == ("queued", 0)
    assert "535" in row.error


def test_whoever_leaves_an_address_on_the_page_is_answered_by_letter(world, post):
    petition = world.submit(email=DAN)
    live(world, post)
    [envelope] = post.letters
    letter = message_from_bytes(envelope.content, policy=policy.default)
    assert petition.number in letter.get_content()
    assert petition.token in letter.get_content()


def test_without_a_mail_server_nothing_is_promised(world):
    mail.use(False)
    petition = world.submit(email=DAN)
    assert petition.contact_id is None
    assert db.session.scalar(sa.select(sa.func.count(OutboxRow.id))) == 0


def test_who_cannot_be_reached_in_a_chat_gets_the_letter_and_then_a_call(world, post):
    chat = make_contact(world)
    petition = world.submit(email=DAN, contact_id=chat.id, channel=Channel.TELEGRAM)
    row = db.session.scalars(sa.select(OutboxRow)).one()
    failed = _delivery(row)
    with transaction():
        undelivered.note(failed, _failure())
    letter = db.session.scalars(sa.select(OutboxRow).filter_by(channel=Channel.EMAIL)).one()
    assert letter.petition_id == petition.id
    post.answers = {"RCPT": "550 no such user"}
    live(world, post, tell=undelivered.note)
    asked = db.session.scalars(sa.select(Outreach)).one()
    assert (asked.petition_id, asked.means.value) == (petition.id, "phone")
    said = [e.text for e in db.session.get_one(Petition, petition.id).timeline]
    assert any("Thư điện tử" in text for text in said)


def _free() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def _delivery(row):
    return Delivery(
        row.id,
        row.channel,
        row.account,
        row.recipient,
        row.lane,
        row.notice,
        1,
        clock.now(),
        {},
        row.contact_id,
        row.petition_id,
    )


def _failure():
    return Outcome(OutboxState.FAILED, error="blocked", is_unreachable=True)
