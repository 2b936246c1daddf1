"""What `flask worker` runs: the one process that sends messages and does what happens by itself.

The main thread holds the event loop of all senders; scheduled jobs run in two threads beside it. A signal
stops both: sends under way are finished or called unknown, within five seconds.
"""

import asyncio
import logging
import os
import secrets
import signal
import socket
import sys
from concurrent.futures import ThreadPoolExecutor
from threading import Thread
from typing import Any

from apscheduler.executors.pool import ThreadPoolExecutor as Threads
from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.triggers.interval import IntervalTrigger
from flask import Flask

from feedback import jobs
from feedback.db import db
from feedback.outbox import office
from feedback.outbox.courier import InDb
from feedback.petitions import undelivered

log = logging.getLogger("worker")

JOB_THREADS = 2
# Seconds until a busy thread gives way: the database's thread asks for its turn after every row it writes.
HANDOVER = 0.0005
PATIENCE = 1.0  # seconds a running job is waited for at the end; what it wrote is rolled back


def run(app: Flask) -> None:
    """Send queued messages and run the scheduled jobs, until a signal comes."""
    name = f"{socket.gethostname()[:30]}:{os.getpid()}:{secrets.token_hex(4)}"
    sys.setswitchinterval(HANDOVER)
    scheduler = schedule(app)
    scheduler.start()
    log.info("worker %s started", name)
    asyncio.run(_send(app, name))
    ending = Thread(target=scheduler.shutdown, daemon=True)
    ending.start()
    ending.join(PATIENCE)
    log.info("worker %s stopped", name)
    if ending.is_alive():  # a job that does not end must not hold up the next worker
        os._exit(0)


def schedule(app: Flask) -> BackgroundScheduler:
    """The scheduler with every job of the table, not started yet."""
    runner = jobs.Runner(app.config["SETTINGS"].upload_dir)
    last = jobs.last_runs()
    db.session.remove()  # a read left open for the worker's life would keep every old page of the database
    scheduler = BackgroundScheduler(
        executors={"default": Threads(JOB_THREADS)},
        job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None},
        timezone="UTC",
    )

    def run_one(job: jobs.Job) -> None:
        with app.app_context():
            runner.run(job)

    for job in jobs.SCHEDULE:
        scheduler.add_job(
            run_one,
            IntervalTrigger(seconds=int(job.every.total_seconds()), timezone="UTC"),
            args=[job],
            id=job.name,
            next_run_time=jobs.next_run(job, last.get(job.name)),
        )
    return scheduler


async def _send(app: Flask, name: str) -> None:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for each in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(each, stop.set)
    with ThreadPoolExecutor(1, thread_name_prefix="database") as pool:
        await office.deliver(stop, by=name, in_db=database(app, pool), tell=undelivered.note)


def database(app: Flask, pool: ThreadPoolExecutor) -> InDb:
    """How the senders reach the database: in a thread of its own, never in the event loop."""

    def call(function: Any, *args: Any) -> Any:
        with app.app_context():
            return function(*args)

    async def in_db(function: Any, /, *args: Any) -> Any:
        return await asyncio.get_running_loop().run_in_executor(pool, call, function, *args)

    return in_db
