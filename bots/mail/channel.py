"""Sending e-mail: one letter for one row over SMTP, and what each way to fail means.

Until the words are handed over (DATA) nothing was said, so every failure before may be tried again; an
answer lost after them leaves the outcome unknown.
"""

import asyncio
import smtplib
import ssl
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from email.message import EmailMessage
from email.utils import format_datetime, parseaddr
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from flask import Flask

from config import Settings
from feedback import clock
from feedback.outbox import mail
from feedback.outbox.channel import (
    Account,
    AccountRefused,
    Delivery,
    DeliveryFailure,
    PermanentFailure,
    TemporaryFailure,
    UnknownOutcome,
)
from feedback.outbox.prompt import Prompt
from feedback.text import clip

THREADS = 4  # letters under way at once
SUBJECT = 120  # characters
FindAddress = Callable[[Delivery], str | None]


class MailSender:
    """One ward's letters. See feedback.outbox.channel.ChannelSender. `seconds`: patience with the server."""

    def __init__(
        self, url: str, sender: str, *, find_address: FindAddress, seconds: float = 30.0
    ) -> None:
        self._parts = urlsplit(url)
        self._sender, self._find_address, self._seconds = sender, find_address, seconds

    async def open(self) -> None:
        self._pool = ThreadPoolExecutor(THREADS, thread_name_prefix="mail")

    async def close(self) -> None:
        self._pool.shutdown(wait=False, cancel_futures=True)

    async def who(self) -> str:
        def look() -> str:
            self._connected().quit()
            return self._sender

        return await self._away(look)

    async def send(self, row: Delivery, prompt: Prompt) -> str:
        return await self._away(self._send, row, prompt)

    async def _away(self, function: Callable[..., str], *args: Any) -> str:
        return await asyncio.get_running_loop().run_in_executor(self._pool, function, *args)

    def _send(self, row: Delivery, prompt: Prompt) -> str:
        if prompt.file_key:
            raise PermanentFailure("files are shown on the page, not sent by e-mail")
        to = self._find_address(row)
        if to is None:
            raise PermanentFailure("no address", unreachable=True)
        letter = letter_of(row, prompt, sender=self._sender, to=to)
        server = self._connected()
        try:
            self._begin(server, to)
            self._say(server, letter)
        finally:
            server.close()
        return str(letter["Message-ID"])

    def _connected(self) -> smtplib.SMTP:
        """A connection ready for a letter. Raises TemporaryFailure, AccountRefused."""
        wants_tls = parse_qs(self._parts.query).get("starttls", ["1"])[0] != "0"
        host, is_ssl = self._parts.hostname or "", self._parts.scheme == "smtps"
        port = self._parts.port or (465 if is_ssl else 587)
        try:
            if is_ssl:
                server: smtplib.SMTP = smtplib.SMTP_SSL(
                    host, port, timeout=self._seconds, context=ssl.create_default_context()
                )
            else:
                server = smtplib.SMTP(host, port, timeout=self._seconds)
                if wants_tls:
                    server.starttls(context=ssl.create_default_context())
            if self._parts.username:
                server.login(unquote(self._parts.username), unquote(self._parts.password or ""))
            server.ehlo_or_helo_if_needed()
        except smtplib.SMTPAuthenticationError as error:
            raise AccountRefused(f"SMTP: {error.smtp_code}") from None
        except (OSError, smtplib.SMTPException) as error:
            raise TemporaryFailure(f"SMTP: {type(error).__name__}", whole_account=True) from None
        return server

    def _begin(self, server: smtplib.SMTP, to: str) -> None:
        try:
            _check(*server.mail(parseaddr(self._sender)[1]))
            _check(*server.rcpt(to), is_recipient=True)
        except (OSError, smtplib.SMTPException) as error:
            raise TemporaryFailure(f"SMTP: {type(error).__name__}") from None

    def _say(self, server: smtplib.SMTP, letter: EmailMessage) -> None:
        try:
            code, words = server.data(letter.as_bytes())
        except smtplib.SMTPDataError as error:  # refused before it was said
            _check(error.smtp_code, _bytes(error.smtp_error))
            raise TemporaryFailure("SMTP: DATA refused") from None
        except (OSError, smtplib.SMTPException) as error:
            raise UnknownOutcome(f"SMTP: {type(error).__name__}") from None
        _check(code, words)


def letter_of(row: Delivery, prompt: Prompt, *, sender: str, to: str) -> EmailMessage:
    """Plain text; its first line is the subject. The same row always makes the same Message-ID."""
    words = prompt.text
    if prompt.url:
        words += f"\n\n{prompt.url[0]}: {prompt.url[1]}"
    letter = EmailMessage()
    letter["From"], letter["To"] = sender, to
    letter["Subject"] = clip(next(iter(prompt.text.splitlines()), "") or sender, SUBJECT)
    letter["Date"] = format_datetime(clock.now())
    domain = parseaddr(sender)[1].rpartition("@")[2]
    stamp = f"{row.created_at:%Y%m%d%H%M%S}"
    letter["Message-ID"] = f"<{stamp}.{row.id}@{domain}>"
    letter["Auto-Submitted"] = "auto-generated"
    letter.set_content(words)
    return letter


def _check(code: int, words: bytes, *, is_recipient: bool = False) -> None:
    """Raises what an answer of the server means, unless it is good."""
    if code < 400:
        return
    said = f"SMTP {code} {words.decode('utf-8', 'replace')}"[:200]
    failure: DeliveryFailure = TemporaryFailure(said)
    if code >= 500:
        failure = PermanentFailure(said, unreachable=is_recipient and code in (550, 551, 553))
    raise failure


def _bytes(words: bytes | str) -> bytes:
    return words if isinstance(words, bytes) else words.encode()


def sender_for(app: Flask, account: Account) -> MailSender | None:
    """The sender of a ward's letters; None without a mail server."""
    settings: Settings = app.config["SETTINGS"]
    if not settings.smtp_url:
        return None

    def find_address(row: Delivery) -> str | None:
        with app.app_context():
            return mail.address_of(row.contact_id)

    return MailSender(settings.smtp_url, settings.mail_from, find_address=find_address)
