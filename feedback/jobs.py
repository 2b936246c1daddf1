"""SCHEDULE: everything that happens by itself, as one table.

Jobs are right however often and wherever they run: unique keys and conditional updates decide, not the
schedule. The worker runs them; none overlaps itself.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any, cast

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from feedback import broadcast, clock, logs, reminders
from feedback.conversations import erasure, forgetting, inbox
from feedback.db import db, transaction
from feedback.dialogue import duty_reminders, reminding, yearly
from feedback.dialogue import forgetting as dialogue_forgetting
from feedback.documents import attach
from feedback.outbox import connecting, delivery
from feedback.outbox.models import JobRun
from feedback.people import chats
from feedback.petitions import silence, succession, undelivered
from feedback.publicity import board as publicity
from feedback.publicity import forgetting as publicity_forgetting
from feedback.reception import duties as reception_duties
from feedback.reception import forgetting as reception_forgetting
from feedback.reception import reminding as reception_reminding
from feedback.reception import timetable
from feedback.reminders import group_digest
from feedback.wards import keeping
from feedback.wards.models import Ward
from feedback.wards.setup import setup_of

log = logging.getLogger("jobs")

SECOND, MINUTE, HOUR = timedelta(seconds=1), timedelta(minutes=1), timedelta(hours=1)
RECORD_EVERY = timedelta(seconds=15)  # of a job that runs oftener not every run is written down
BATCH = 100  # as many dates or people are dealt with in one transaction
LONGEST_SEND = 10 * MINUTE  # a claim older than this has no living sender


@dataclass(frozen=True)
class Job:
    """`run` is given the directory of stored files. `words`: what it is for, as people read it."""

    name: str
    every: timedelta
    run: Callable[[Path], object]
    words: str

    def is_late(self, finished_at: datetime | None, now: datetime) -> bool:
        """Whether it should long have run again."""
        return finished_at is None or now - finished_at > 3 * self.every + MINUTE


def heartbeat(_files: Path) -> None:
    """Nothing: that it ran is the news."""


def settle_abandoned(_files: Path) -> int:
    with transaction():
        before = clock.now() - LONGEST_SEND
        return delivery.abandon(None, before=before, tell=undelivered.note)


def close_silent(_files: Path) -> int:
    with transaction():
        return silence.close_stale(clock.now())


def keep_answerable(_files: Path) -> int:
    with transaction():
        return succession.settle(clock.today())


def unlink_departed(_files: Path) -> int:
    with transaction():
        return chats.unlink_departed()


def remind(_files: Path) -> int:
    return _all(lambda: reminders.tick(clock.now(), BATCH))


def clear_reminders(_files: Path) -> int:
    with transaction():
        return reminders.clear(clock.now())


def write_digests(files: Path) -> int:
    remind(files)  # what is reached this minute belongs into this morning's digest
    people = _all(lambda: reminders.morning_digests(clock.now(), BATCH))
    return people + _all(lambda: group_digest.tick(clock.now(), BATCH))


def _all(some: Callable[[], int]) -> int:
    """Do a batch at a time, each in a transaction of its own, until one is not full."""
    total = 0
    while True:
        with transaction():
            done = some()
        total += done
        if done < BATCH:
            return total


def remind_of_dialogues(_files: Path) -> int:
    sessions = _all(lambda: reminding.tick(clock.now(), BATCH))
    return sessions + _all(lambda: duty_reminders.tick(clock.now(), BATCH))


def remind_of_the_year(_files: Path) -> int:
    with transaction():
        return yearly.remind_all(clock.now())


def remind_of_receptions(_files: Path) -> int:
    return _all(lambda: reception_reminding.tick(clock.now(), BATCH))


def tend_receptions(_files: Path) -> int:
    with transaction():
        return timetable.lay_out_all() + reception_duties.remind_all(clock.now())


def remind_of_publicity(_files: Path) -> int:
    with transaction():
        return publicity.remind_all(clock.now())


def forget_files(files: Path) -> int:
    gone = 0
    for ward_id in _wards():
        for name, in_chats in (("form_files", False), ("chat_files", True)):
            kept = keeping.kept_for(setup_of(ward_id), name)
            if kept is None:
                continue
            before = clock.now() - kept
            with transaction():
                paths = attach.forget_waiting(before, in_chats=in_chats, ward_id=ward_id)
            attach.erase(files, paths, before)
            gone += len(paths)
    return gone


FORGOTTEN = {  # what is kept for a time -> who forgets it
    "messages": forgetting.forget,
    "dialogue_people": dialogue_forgetting.forget,
    "dialogue_requests": dialogue_forgetting.forget_requests,
    "commenters": publicity_forgetting.forget_commenters,
    "reception_bookings": reception_forgetting.forget_bookings,
    "reception_visitors": reception_forgetting.forget_visitors,
}


def forget_what_is_over(_files: Path) -> int:
    gone = 0
    for ward_id in _wards():
        for name, forget in FORGOTTEN.items():
            kept = keeping.kept_for(setup_of(ward_id), name)
            if kept is not None:
                gone += _all(partial(forget, ward_id, clock.now() - kept, BATCH))
    return gone


def _wards() -> list[int]:
    found = list(db.session.scalars(sa.select(Ward.id).order_by(Ward.id)))
    db.session.rollback()
    return found


def answer_messages(_files: Path) -> int:
    return inbox.handle_pending()


def broadcast_on(_files: Path) -> int:
    return broadcast.tick()


def tend_channels(files: Path) -> int:
    return connecting.tend_all() + erasure.remove_files(files)


SCHEDULE = (
    Job(
        "inbox",
        SECOND,
        answer_messages,
        "Trả lời tin nhắn có ảnh, tệp và tin chưa trả lời được",
    ),
    Job(
        "channels",
        MINUTE,
        tend_channels,
        "Làm mới quyền của tài khoản Zalo, nhận các sự kiện còn chờ trên đĩa, xóa tệp của người rút dữ liệu",
    ),
    Job("broadcasts", SECOND, broadcast_on, "Gửi tiếp các thông báo đang gửi cho nhiều người"),
    Job("heartbeat", 15 * SECOND, heartbeat, "Tiến trình nền còn sống"),
    Job(
        "abandoned",
        5 * MINUTE,
        settle_abandoned,
        "Kết thúc các tin đang gửi dở của tiến trình đã chết",
    ),
    Job(
        "succession",
        MINUTE,
        keep_answerable,
        "Hồ sơ của người thôi giữ vị trí chuyển cho người kế nhiệm",
    ),
    Job("chats", 5 * MINUTE, unlink_departed, "Hủy liên kết trò chuyện của cán bộ đã thôi việc"),
    Job("reminders", MINUTE, remind, "Nhắc hạn và báo cáo lên cấp trên khi chậm"),
    Job("digests", MINUTE, write_digests, "Tin nhắc việc 07:45 mỗi sáng làm việc"),
    Job(
        "standing", HOUR, clear_reminders, "Bỏ lời nhắc không còn đúng: hạn đã đổi hoặc đã trả lời"
    ),
    Job(
        "dialogues",
        MINUTE,
        remind_of_dialogues,
        "Nhắc lịch đối thoại và các việc đối thoại phải làm",
    ),
    Job(
        "yearly",
        HOUR,
        remind_of_the_year,
        "Nhắc hội nghị đối thoại và họp tổ dân phố còn thiếu trong năm",
    ),
    Job("receptions", MINUTE, remind_of_receptions, "Nhắc người dân đã hẹn gặp Chủ tịch"),
    Job(
        "reception_duties",
        HOUR,
        tend_receptions,
        "Lập các ngày tiếp công dân sắp tới; nhắc công bố lịch, đủ ngày trong tháng, thông báo, kết luận",
    ),
    Job(
        "publicity",
        HOUR,
        remind_of_publicity,
        "Nhắc niêm yết, đọc loa, gỡ khi đủ thời hạn công khai",
    ),
    Job("silence", HOUR, close_silent, "Đóng hồ sơ đã trả lời mà người dân không phản hồi"),
    Job("files", 24 * HOUR, forget_files, "Xóa tệp đã tải lên nhưng biểu mẫu không được gửi"),
    Job(
        "keeping",
        24 * HOUR,
        forget_what_is_over,
        "Xóa lời trong tin nhắn, người dự, đề nghị đối thoại, góp ý, hẹn gặp đã quá thời gian lưu giữ",
    ),
)


class Runner:
    """Runs jobs for one worker. `files`: the directory of stored files."""

    def __init__(self, files: Path):
        self.files = files
        self._recorded: dict[str, tuple[datetime, str | None]] = {}

    def run(self, job: Job) -> str | None:
        """Run one job now and write down that it ran; the error, if it failed."""
        started, error = clock.now(), None
        with logs.bound(job=job.name):
            try:
                job.run(self.files)
            except Exception as failure:
                log.exception("%s failed", job.name)
                error = logs.redact(f"{type(failure).__name__}: {failure}")
                db.session.rollback()
            last = self._recorded.get(job.name)
            if last is None or started - last[0] >= RECORD_EVERY or error != last[1]:
                _record(job, started, error)
                self._recorded[job.name] = (started, error)
        return error


def last_runs() -> dict[str, JobRun]:
    """The last recorded run of each job."""
    return {row.name: row for row in db.session.scalars(sa.select(JobRun))}


def next_run(job: Job, last: JobRun | None) -> datetime:
    """When the worker, starting now, runs the job first: a daily one not once more for each start."""
    now = clock.now()
    if last is None or last.finished_at is None:
        return now
    return max(now, last.finished_at + job.every)


def _record(job: Job, started: datetime, error: str | None) -> None:
    values: dict[str, Any] = {
        "name": job.name,
        "started_at": started,
        "finished_at": clock.now(),
        "error": error,
    }
    table = cast(sa.Table, JobRun.__table__)
    kinds: dict[str, Any] = {"sqlite": sqlite.insert, "postgresql": postgresql.insert}
    statement = kinds[db.session.get_bind().dialect.name](table).values(values)
    with transaction():
        db.session.execute(statement.on_conflict_do_update(index_elements=["name"], set_=values))
