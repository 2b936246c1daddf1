"""One courier for each account that is switched on, as long as the worker lives."""

import asyncio
import logging
from dataclasses import dataclass

from feedback.outbox.accounts import enabled_accounts
from feedback.outbox.channel import LIMITS, Account, make_sender
from feedback.outbox.courier import Courier, InDb, nobody
from feedback.outbox.delivery import Tell

log = logging.getLogger("outbox")

LOOK_EVERY = 5.0  # seconds until an account switched on or off is noticed


@dataclass
class _Post:
    account: Account
    stop: asyncio.Event
    task: asyncio.Task[None]


async def deliver(stop: asyncio.Event, *, by: str, in_db: InDb, tell: Tell = nobody) -> None:
    """Send for every enabled account until `stop` is set; settings changed meanwhile are followed."""
    posts: dict[int, _Post] = {}
    while not stop.is_set():
        try:
            wanted = {each.id: each for each in await in_db(enabled_accounts)}
        except Exception:
            log.exception("the accounts could not be read")
            wanted = {id: post.account for id, post in posts.items()}
        for id, post in list(posts.items()):
            if wanted.get(id) != post.account or post.task.done():
                await _close(posts.pop(id))
        for id, account in wanted.items():
            if id not in posts and account.channel in LIMITS:
                sender = await in_db(make_sender, account)
                if sender:
                    own_stop = asyncio.Event()
                    courier = Courier(account, sender, by=by, in_db=in_db, tell=tell)
                    posts[id] = _Post(account, own_stop, asyncio.create_task(courier.run(own_stop)))
        try:
            await asyncio.wait_for(stop.wait(), LOOK_EVERY)
        except TimeoutError:
            continue
    await asyncio.gather(*(_close(post) for post in posts.values()))


async def _close(post: _Post) -> None:
    post.stop.set()
    try:
        await post.task
    except Exception:
        log.exception("the sender of %s broke off", post.account.name)
