"""The sender of one account: claim, send, settle, again, until stopped.

It lives in the worker's one event loop. The database is asked through `in_db`, so a slow disk never
holds up a send under way, and no transaction is open while a provider is on the line.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any, Protocol

from feedback import clock
from feedback.db import transaction
from feedback.outbox import accounts, delivery
from feedback.outbox.channel import (
    LIMITS,
    Account,
    AccountRefused,
    ChannelSender,
    Delivery,
    PermanentFailure,
    TemporaryFailure,
    UnknownOutcome,
)
from feedback.outbox.delivery import Tell
from feedback.outbox.models import OutboxState
from feedback.outbox.outcome import Outcome, outcome_of
from feedback.outbox.pace import ANY_TIME, Pace
from feedback.outbox.prompt import Prompt

log = logging.getLogger("outbox")

LOOK_EVERY = 0.2  # seconds between looks at an idle queue
ROUND = 0.1  # … between two rounds while messages leave or wait for a place: answers are settled together
LONGEST_LEAD = 0.4  # seconds a message may be claimed before it leaves; a kill leaves it unknown
SEND_LIMIT = 90.0  # seconds one call may take in all, however slowly it drips
GONE = "Không gửi: người nhận đã chặn hoặc không còn dùng cuộc trò chuyện này."
PATIENCE = 4.0  # seconds a stopping sender waits for the answers under way


class InDb(Protocol):
    """Call a function where the database may be used; await its result."""

    def __call__(self, function: Callable[..., Any], /, *args: Any) -> Awaitable[Any]: ...


def nobody(_row: Delivery, _outcome: Outcome) -> None:
    """Tell nobody."""


class Courier:
    """`by` names this sender among all workers; `tell` hears of messages that did not arrive."""

    def __init__(
        self,
        account: Account,
        sender: ChannelSender,
        *,
        by: str,
        in_db: InDb,
        tell: Tell = nobody,
        send_limit: float = SEND_LIMIT,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ):
        self.account, self.sender, self.by, self.in_db, self.tell = account, sender, by, in_db, tell
        self.send_limit, self.sleep = send_limit, sleep
        self.pace = Pace(LIMITS[account.channel])
        self.error: str | None = None
        self.last_sent_at: datetime | None = None
        self._leased_at: datetime | None = None
        self._exchange_takes = 0.0  # seconds, lately
        self._under_way: set[asyncio.Task[None]] = set()
        self._outcomes: list[tuple[Delivery, Outcome]] = []

    async def run(self, stop: asyncio.Event) -> None:
        """Send until `stop` is set, then let go in good order within PATIENCE."""
        await self.sender.open()
        try:
            while not stop.is_set():
                began = clock.now()
                try:
                    wait = await self.turn()
                except Exception:
                    log.exception("a round of %s failed", self.account.name)
                    wait = 1.0
                await self._rest(wait - (clock.now() - began).total_seconds(), stop)
        finally:
            await self._let_go()

    async def turn(self) -> float:
        """One round: settle what came back, claim what may go before the next one's claims are here, and
        let each leave in its time.

        Returns the seconds from its beginning until the next round is due.
        """
        is_ours = await self._hold_lease()
        now = clock.now()
        room, resting = self.pace.room(now, self._lead()) if is_ours else 0, self.pace.resting(now)
        outcomes, self._outcomes = self._outcomes, []
        rows: list[tuple[Delivery, Prompt | None]] = []
        if outcomes or (room > 0 and await self.in_db(delivery.has_due, self.account, resting)):
            try:
                rows = await self.in_db(self._exchange, outcomes, room, resting)
            except BaseException:
                self._outcomes = outcomes + self._outcomes
                raise
            taken = (clock.now() - now).total_seconds()
            self._exchange_takes = max(taken, 0.95 * self._exchange_takes)
        for row, prompt in rows:
            leaves_at = self.pace.take(clock.now())
            task = asyncio.create_task(self._deliver(row, prompt, leaves_at))
            self._under_way.add(task)
            task.add_done_callback(self._under_way.discard)
        if not is_ours:
            return accounts.RENEW_AFTER.total_seconds()
        is_full = room <= 0 and not self.pace.is_silent(now)
        return ROUND if rows or is_full or self._under_way or self._outcomes else LOOK_EVERY

    def _lead(self) -> timedelta:
        """How long before it leaves a message is claimed, so that no place waits for the database."""
        takes = self._exchange_takes
        return timedelta(seconds=min(max(ROUND, takes) + takes, LONGEST_LEAD))

    async def idle(self) -> None:
        """Wait until nothing is under way any more."""
        if self._under_way:
            await asyncio.wait(self._under_way)

    # --- the database's side -------------------------------------------------------------------

    def _exchange(
        self, outcomes: Sequence[tuple[Delivery, Outcome]], room: int, resting: Sequence[str]
    ) -> list[tuple[Delivery, Prompt | None]]:
        with transaction():
            delivery.settle(self.by, outcomes, self.tell)
            if room <= 0:
                return []
            return delivery.claim(self.account, self.by, room, resting)

    async def _hold_lease(self) -> bool:
        now = clock.now()
        if self._leased_at and now - self._leased_at < accounts.RENEW_AFTER:
            return True
        is_new = self._leased_at is None
        is_held = await self.in_db(self._lease, is_new)
        if not is_held and not is_new:
            log.warning("another worker sends for %s now", self.account.name)
        self._leased_at = now if is_held else None
        return bool(is_held)

    def _lease(self, is_new: bool) -> bool:
        with transaction():
            if not accounts.take_lease(self.account.id, self.by):
                return False
            if is_new:
                self.pace.follow(accounts.last_sent_at(self.account.id) or ANY_TIME)
                left = delivery.abandon(self.account, except_by=self.by, tell=self.tell)
                if left:
                    log.warning("%s messages of %s: outcome unknown", left, self.account.name)
            accounts.note_state(self.account.id, self.last_sent_at, self.error)
        return True

    def _release(self, outcomes: Sequence[tuple[Delivery, Outcome]]) -> None:
        with transaction():
            delivery.settle(self.by, outcomes, self.tell)
            accounts.note_state(self.account.id, self.last_sent_at, self.error)
            accounts.release_lease(self.account.id, self.by)

    # --- the provider's side -------------------------------------------------------------------

    async def _deliver(self, row: Delivery, prompt: Prompt | None, leaves_at: datetime) -> None:
        try:
            if prompt is None:
                raise PermanentFailure("no key opens this message")
            if row.is_unreachable:
                raise PermanentFailure(GONE, unreachable=True)
            await self.sleep((leaves_at - clock.now()).total_seconds())
            outcome = await self._call(row, prompt)
        except (TimeoutError, asyncio.CancelledError) as error:
            late = UnknownOutcome(f"no answer ({type(error).__name__})")
            outcome = outcome_of(row, late, clock.now())
        except Exception as error:
            outcome = outcome_of(row, error, clock.now())
            self._learn(row, error)
        self.pace.give_back(row, clock.now())
        self._outcomes.append((row, outcome))

    async def _call(self, row: Delivery, prompt: Prompt) -> Outcome:
        if self.pace.is_silent(clock.now()):
            return Outcome(OutboxState.QUEUED, error="the account rests", is_counted=False)
        async with asyncio.timeout(self.send_limit):
            provider_id = await self.sender.send(row, prompt)
        self.last_sent_at, self.error = clock.now(), None
        self.pace.answered()
        return Outcome(OutboxState.SENT, provider_id=provider_id)

    def _learn(self, row: Delivery, error: Exception) -> None:
        """What a failure says about the pace and the account."""
        now = clock.now()
        if isinstance(error, AccountRefused) or (
            isinstance(error, TemporaryFailure) and error.whole_account
        ):
            self.error = str(error)
            self.pace.fall_silent(now)
        elif isinstance(error, TemporaryFailure) and error.retry_after:
            self.pace.told_to_wait(row, now, error.retry_after)
        log.log(
            logging.WARNING if isinstance(error, TemporaryFailure) else logging.ERROR,
            "message %s (try %s): %s: %s",
            row.id,
            row.tries,
            type(error).__name__,
            error,
        )

    async def _rest(self, seconds: float, stop: asyncio.Event) -> None:
        """Until the time is over or the worker stops."""
        with suppress(TimeoutError):
            await asyncio.wait_for(stop.wait(), seconds)

    async def _let_go(self) -> None:
        if self._under_way:
            _, late = await asyncio.wait(self._under_way, timeout=PATIENCE)
            for task in late:
                task.cancel()
            await asyncio.gather(*late, return_exceptions=True)
        await self.in_db(self._release, self._outcomes)
        await self.sender.close()
