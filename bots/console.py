"""`flask chat`: talk to the ward in a terminal, with no token and no network.

The same inbox, engine and outbox as every channel; what the ward says is printed and settled here.
"""

import uuid
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import click
import sqlalchemy as sa
from flask import current_app

from feedback import clock
from feedback.conversations import fetching, inbox
from feedback.conversations.inbound import FileRef, Inbound, Spot
from feedback.db import db, transaction
from feedback.documents import attach
from feedback.documents.intake import CleanFile
from feedback.errors import Refusal
from feedback.outbox.models import OutboxRow, OutboxState
from feedback.outbox.prompt import Choice, Prompt
from feedback.people import chats, directory
from feedback.people.models import Channel, Contact
from feedback.text import squeeze
from feedback.wards.models import ChannelAccount, Ward

ACCOUNT = "main"
HELP = """Viết như nhắn tin rồi Enter. Ngoài ra:
  1, 2, 3…                 bấm nút có số ấy
  @photo đường/dẫn.jpg     gửi ảnh hoặc tệp (viết chú thích sau đường dẫn)
  @location 21.034,105.814 gửi vị trí
  @phone 0912345678        chia sẻ số điện thoại của mình
  @again                   gửi lại y nguyên tin vừa rồi (như khi mạng chập chờn)
  Enter                    xem tin mới;  @bye hoặc Ctrl-D để thôi"""


class Line:
    """One person at the terminal. `name` tells several apart."""

    def __init__(self, name: str = "dan"):
        self.name = name
        self.choices: tuple[Choice, ...] = ()
        self.last: Inbound | None = None

    def send(self, typed: str) -> list[Prompt]:
        """Send one line as a message and return what the ward answers. Raises ValueError with advice."""
        inbound = self.last if typed == "@again" else self._read(typed)
        if inbound is not None:
            self.last = inbound
            inbox.receive(inbound)
        inbox.handle_pending()
        return list(self.listen())

    def listen(self) -> Iterator[Prompt]:
        """Everything queued for this person, settled as it is handed out."""
        with transaction():
            rows = db.session.scalars(
                sa.select(OutboxRow)
                .where(
                    OutboxRow.channel == Channel.CONSOLE,
                    OutboxRow.recipient == self.name,
                    OutboxRow.state == OutboxState.QUEUED,
                    OutboxRow.not_before <= clock.now(),
                )
                .order_by(OutboxRow.id)
            ).all()
            for row in rows:
                row.state, row.settled_at = OutboxState.SENT, clock.now()
                row.provider_id = f"console:{row.id}"
        for row in rows:
            prompt = Prompt.from_json(row.body)
            self.choices = prompt.choices or self.choices
            yield prompt

    def _read(self, typed: str) -> Inbound | None:
        bare = Inbound(Channel.CONSOLE, ACCOUNT, self.name, uuid.uuid4().hex, sent_at=clock.now())
        bare = replace(bare, ref=bare.message_id)
        word, _, rest = typed.partition(" ")
        if not typed:
            return None
        if typed.isdecimal() and 1 <= int(typed) <= len(self.choices):
            return replace(bare, button=self.choices[int(typed) - 1].payload)
        if typed.startswith("/"):
            return replace(bare, button=typed[1:].strip().replace(" ", ":"))
        if not typed.startswith("@"):
            return replace(bare, text=squeeze(typed))
        if word not in READERS:
            raise ValueError(HELP)
        return READERS[word](bare, rest.strip())


def _photo(bare: Inbound, rest: str) -> Inbound:
    path, _, caption = rest.partition(" ")
    file = Path(path).expanduser()
    if not file.is_file():
        raise ValueError(f"Không có tệp {path}.")
    ref = FileRef(str(file.absolute()), file.name, size=file.stat().st_size)
    return replace(bare, files=(ref,), text=squeeze(caption))


def _location(bare: Inbound, rest: str) -> Inbound:
    try:
        lat, lng = (float(part) for part in rest.replace(",", " ").split())
    except ValueError:
        raise ValueError("Ví dụ: @location 21.034,105.814") from None
    return replace(bare, place=Spot(lat, lng))


def _phone(bare: Inbound, rest: str) -> Inbound:
    return replace(bare, phone=rest)


READERS = {"@photo": _photo, "@location": _location, "@phone": _phone}


def fetch(_account: str, file: FileRef) -> CleanFile:
    """A file on this machine, taken in as any other."""
    root = current_app.config["SETTINGS"].upload_dir
    try:
        return attach.receive(root, file.name, Path(file.key).read_bytes())
    except OSError:
        raise Refusal(f"Không đọc được tệp “{file.name}”.") from None


def open_account() -> str:
    """Make the console's account, for the first ward, and return the ward's name."""
    with transaction():
        ward = db.session.scalar(sa.select(Ward).order_by(Ward.id).limit(1))
        if ward is None:
            raise click.ClickException("Chưa có phường nào. Chạy `make run` một lần trước.")
        own = {"channel": Channel.CONSOLE, "name": ACCOUNT}
        if not db.session.scalar(sa.select(ChannelAccount.id).filter_by(**own)):
            db.session.add(ChannelAccount(ward_id=ward.id, **own))
        return ward.name


def sit_as(name: str) -> str | None:
    """Let this terminal be the chat of an officer, named by their position's code ("ha_tang", "hatang").

    Returns who that is; None when no position is called so, and it is a resident's chat.
    """
    with transaction():
        account = db.session.scalars(
            sa.select(ChannelAccount).filter_by(channel=Channel.CONSOLE, name=ACCOUNT)
        ).one()
        table = directory.table_of(account.ward_id)
        wanted = name.replace("_", "").lower()
        for position_id, holders in table.holders.items():
            post = table.setup.posts[position_id]
            if post.code.replace("_", "").lower() == wanted:
                _seat(account, name, holders[0])
                return f"{table.name(holders[0])}, {post.title}"
    return None


def _seat(account: ChannelAccount, name: str, officer_id: int) -> None:
    own = {"channel": Channel.CONSOLE, "account": ACCOUNT, "address": name}
    for other in chats.of(officer_id):
        if other.channel is Channel.CONSOLE and other.address != name:
            chats.unlink(other.id, by_officer_id=officer_id)
    contact = db.session.scalars(sa.select(Contact).filter_by(**own)).one_or_none()
    if contact is None:
        contact = Contact(ward_id=account.ward_id, created_at=clock.now(), **own)
        db.session.add(contact)
    contact.officer_id = officer_id


def show(prompt: Prompt) -> str:
    """A prompt as text, its buttons numbered."""
    lines = [f"  {line}" for line in prompt.text.splitlines()]
    if prompt.ask_location:
        lines.append("    (gửi vị trí: @location 21.034,105.814)")
    if prompt.ask_phone:
        lines.append("    (chia sẻ số: @phone 0912345678)")
    if prompt.url:
        lines.append(f"    {prompt.url[0]}: {prompt.url[1]}")
    lines += [f"    [{no}] {choice.label}" for no, choice in enumerate(prompt.choices, 1)]
    return "\n".join(lines)


@click.command("chat")
@click.option(
    "--as",
    "name",
    default="dan",
    show_default=True,
    help="Who is talking: any name, or an officer's position, such as ha_tang, chu_tich, to_truong_1.",
)
def chat(name: str) -> None:
    """Talk to the ward in the terminal, as a resident or an officer would in a chat."""
    fetching.register(Channel.CONSOLE, fetch)
    ward = open_account()
    click.echo(f"Ông/Bà đang nói chuyện với UBND {ward} (thử, không qua mạng).\n{HELP}\n")
    officer = sit_as(name)
    if officer:
        click.echo(f"Đang ngồi ghế {officer}. Gõ “việc của tôi” để bắt đầu.\n")
    line = Line(name)
    typed = ""
    while typed != "@bye":
        try:
            answers = line.send(typed)
        except ValueError as advice:
            click.echo(str(advice))
            answers = []
        for prompt in answers:
            click.echo(show(prompt) + "\n")
        try:
            typed = click.prompt(name, default="", show_default=False, prompt_suffix="> ").strip()
        except (EOFError, click.Abort):
            break
    click.echo("Tạm biệt.")
