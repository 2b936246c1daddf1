"""A ward lives through months: residents write, officials work by the real verbs, the worker runs its jobs.

Everything is drawn from one seed. People are absent with somebody standing in, leave and are succeeded
(or not, for a while), and a decree swaps a day while petitions run over it.
"""

import heapq
import random
from bisect import bisect_left
from collections.abc import Callable
from datetime import date, datetime, timedelta
from itertools import count

import sqlalchemy as sa

from feedback import clock, jobs
from feedback.clock import ZONE
from feedback.db import db, transaction
from feedback.people.actor import CITIZEN, SYSTEM, Actor
from feedback.people.directory import actor_in, rights_of, table_of
from feedback.people.models import Channel, Contact, Officer, Permission, Tenure
from feedback.petitions import actions, deadlines, intake
from feedback.petitions.intake import Submission
from feedback.petitions.lifecycle import STANDINGS, Action, allowed_actions
from feedback.petitions.models import Kind, Petition, Status, Urgency
from feedback.reminders import calendar_edits
from feedback.wards import routing, substitution
from feedback.wards.calendar_rows import calendar_of
from feedback.wards.setup import setup_of
from feedback.worktime.holidays import Day, DayKind

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
KINDS = (Kind.PHAN_ANH,) * 12 + (Kind.KIEN_NGHI,) * 3 + (Kind.HOI_DAP,) * 2
KINDS += (Kind.KHEN_NGOI, Kind.KHIEU_NAI, Kind.TO_CAO)
URGENCIES = (Urgency.URGENT,) + (Urgency.QUICK,) * 3 + (Urgency.NORMAL,) * 5 + (Urgency.COMPLEX,)


class Simulation:
    """`broken`: what was found wrong, day by day: [(instant, number of petition, what)]."""

    def __init__(self, world, begins: date, ends: date, petitions: int, seed: int = 1):
        self.ward_id = world.ward.id
        officer_ids = [officer.id for officer in world.people.values()]
        self.posts = {who: position.id for who, position in world.positions.items()}
        self.fields = {no: field.id for no, field in world.fields.items()}
        self.chance = random.Random(seed)
        self.begins, self.ends = _midnight(begins), _midnight(ends)
        self.events: list[tuple[datetime, int, Callable[[datetime], None]]] = []
        self.order = count()
        self.broken: list[tuple[datetime, str, str]] = []
        self.runs: list[datetime] = []
        self.did: dict[str, int] = {}
        with transaction():
            for officer_id in officer_ids:
                db.session.add(_chat(self.ward_id, f"officer-{officer_id}", officer_id))
            self.residents = [_chat(self.ward_id, f"resident-{n}") for n in range(20)]
            db.session.add_all(self.residents)
            db.session.flush()
            self.resident_ids = [each.id for each in self.residents]
        for _ in range(petitions):
            self.at(self._sometime(), self._submit)
        on = begins
        while on < ends:
            hours = (7.75, 12.5, 22) if on.day % 5 == 0 else (7.75,)
            for hour in hours:
                self.at(_midnight(on) + hour * HOUR, self._worker)
            on += DAY

    def at(self, when: datetime, what: Callable[[datetime], None]) -> None:
        if self.begins <= when < self.ends:
            heapq.heappush(self.events, (when, next(self.order), what))

    def run(self) -> None:
        while self.events:
            now, _, what = heapq.heappop(self.events)
            with clock.at(now):
                what(now)
            db.session.remove()  # as after every request and every job

    def saw(self, at: datetime, until: datetime) -> bool:
        """Whether the worker ran between two instants, the first included."""
        index = bisect_left(self.runs, at)
        return index < len(self.runs) and self.runs[index] < until

    # -- the ward's own life ---------------------------------------------------------------------

    def absent(self, who: str, substitute: str, first: date, days: int) -> None:
        """Declared the day before, by the chair."""

        def declare(_now: datetime) -> None:
            with transaction():
                held = table_of(self.ward_id, first).holders
                there = [held.get(self.posts[each]) for each in (who, substitute)]
                if not all(there):
                    return
                substitution.declare(
                    by=self._chair(),
                    absent_id=there[0][0],
                    substitute_id=there[1][0],
                    starts_on=first,
                    ends_on=first + (days - 1) * DAY,
                )

        self.at(_midnight(first) - 8 * HOUR, declare)

    def leaves(self, who: str, last: date, successor_on: date | None) -> None:
        def leave(_now: datetime) -> None:
            with transaction():
                query = sa.select(Tenure).where(
                    Tenure.position_id == self.posts[who], Tenure.ends_on.is_(None)
                )
                db.session.scalars(query).one().ends_on = last

        def come(now: datetime) -> None:
            with transaction():
                officer = Officer(
                    ward_id=self.ward_id, full_name=f"Người mới {who}", created_at=now
                )
                db.session.add(officer)
                db.session.flush()
                db.session.add(_chat(self.ward_id, f"officer-{officer.id}", officer.id))
                position_id = self.posts[who]
                db.session.add(
                    Tenure(position_id=position_id, officer_id=officer.id, starts_on=now.date())
                )

        self.at(_midnight(last) + 15 * HOUR, leave)
        if successor_on:
            self.at(_midnight(successor_on) + HOUR, come)

    def decree(self, on: date, *days: Day) -> None:
        def edit(_now: datetime) -> None:
            with transaction():
                self.did["redated"] = calendar_edits.import_days(self.ward_id, days, by=SYSTEM)

        self.at(_midnight(on) + 10 * HOUR, edit)
        self.decreed = (_midnight(on) + 10 * HOUR, _midnight(min(day.on for day in days)))

    # -- the worker ------------------------------------------------------------------------------

    def _worker(self, now: datetime) -> None:
        for each in jobs.SCHEDULE:
            if each.name in ("succession", "digests"):  # the digests begin with the reminders
                each.run(None)
        self.runs.append(now)
        self._check(now)

    def _check(self, now: datetime) -> None:
        """Every open petition has one head and one handler in office, and a date or a reason."""
        table = table_of(self.ward_id)
        head_id = routing.head_of(table)
        query = sa.select(
            Petition.number,
            Petition.head_id,
            Petition.handler_id,
            Petition.due_at,
            Petition.status,
        ).where(Petition.is_open)
        for row in db.session.execute(query):
            if row.head_id != head_id:
                self.broken.append((now, row.number, "head"))
            if row.handler_id not in table.posts_of:
                self.broken.append((now, row.number, "handler"))
            if row.due_at is None and not STANDINGS[row.status].why_no_date:
                self.broken.append((now, row.number, "date"))

    # -- residents and officials -----------------------------------------------------------------

    def _submit(self, now: datetime) -> None:
        draw = self.chance
        kind = draw.choice(KINDS)
        urgency = draw.choice(URGENCIES) if kind is Kind.PHAN_ANH else Urgency.NORMAL
        with transaction():
            petition = intake.submit(
                Submission(
                    ward_id=self.ward_id,
                    text="Nội dung phản ánh",
                    channel=Channel.TELEGRAM,
                    contact_id=draw.choice([*self.resident_ids, None]),
                    kind=kind,
                    urgency=urgency,
                    field_id=self.fields[draw.choice((2, 3, 4, 9, 17))],
                )
            )
            self._later(petition.id, self._accept, now, draw.lognormvariate(1.3, 1.3))
        if urgency is Urgency.URGENT:
            for hours in (1, 3, 5, 7):
                self.at(now + hours * HOUR, self._worker)

    def _later(self, petition_id: int, step, now: datetime, hours: float) -> None:
        """In office time, about so many hours of the wall clock later."""
        when = calendar_of(setup_of(self.ward_id)).next_office_time(now + hours * HOUR)
        when += timedelta(minutes=self.chance.randrange(60), seconds=7)
        self.at(when, lambda at: self._do(petition_id, step, at))

    def _do(self, petition_id: int, step, now: datetime) -> None:
        with transaction():
            step(db.session.get_one(Petition, petition_id), now)

    def _accept(self, petition: Petition, now: datetime) -> None:
        clerk = self._holder(Permission.INTAKE)
        if clerk is None or not self._may(petition, clerk, Action.ACCEPT):
            return self._later(petition.id, self._accept, now, 20)
        roll = self.chance.random()
        if roll < 0.03:
            return self._act("transfer", petition, clerk, to="Sở Xây dựng", reason="Thẩm quyền")
        if roll < 0.06:
            return self._act("reject", petition, clerk, reason="Không đủ thông tin")
        kind = {Kind.KHIEU_NAI: Kind.KHIEU_NAI, Kind.TO_CAO: Kind.TO_CAO}.get(
            petition.proposed_kind
        )
        self._act("accept", petition, clerk, kind=kind)
        if petition.status is Status.AWAITING_SIGNATURE:
            return self._later(petition.id, self._sign, now, self.chance.uniform(2, 300))
        return self._later(petition.id, self._work, now, self._pace())

    def _work(self, petition: Petition, now: datetime) -> None:
        if not petition.is_open:
            return None
        handler = self._acting(petition.handler_id)
        if handler is None or petition.status in (
            Status.WAITING_CITIZEN,
            Status.AWAITING_APPROVAL,
        ):
            return self._later(petition.id, self._work, now, 24)
        roll = self.chance.random()
        if roll < 0.15 and self._may(petition, handler, Action.ASK):
            self._act("ask", petition, handler, question="Xin cho biết thêm")
            return self._later(petition.id, self._add, now, self.chance.uniform(2, 400))
        clerk = self._holder(Permission.ASSIGN)
        if roll < 0.25 and clerk and self._may(petition, clerk, Action.ASSIGN):
            to = self.chance.choice(sorted(set(table_of(self.ward_id).posts_of)))
            table = table_of(self.ward_id)
            if Permission.HANDLE in rights_of(table, to) and to not in table.away:
                self._act("assign", petition, clerk, officer_id=to)
            return self._later(petition.id, self._work, now, self._pace())
        if roll < 0.33 and clerk and self._may(petition, clerk, Action.EXTEND):
            room = deadlines.room(petition)
            if room:
                days = self.chance.randint(1, room.most)
                self._act("extend", petition, clerk, working_days=days, reason="Chờ vật tư")
            return self._later(petition.id, self._work, now, self._pace())
        if self._may(petition, handler, Action.SUBMIT_ANSWER):
            self._act("submit_answer", petition, handler, text="Đã xử lý xong.")
            return self._later(petition.id, self._approve, now, self.chance.uniform(0.2, 30))
        return self._later(petition.id, self._work, now, 24)

    # -- complaints and accusations, under the law -------------------------------------------------

    def _sign(self, petition: Petition, now: datetime) -> None:
        """The signed petition comes to the desk, or never does and is read as an ordinary one."""
        clerk = self._holder(Permission.INTAKE)
        if clerk is None or not self._may(petition, clerk, Action.RECEIVE_SIGNED):
            return self._again(petition, self._sign, now)
        if self.chance.random() < 0.2 and self._may(petition, clerk, Action.RECLASSIFY):
            self._act("reclassify", petition, clerk, kind=Kind.PHAN_ANH)
            return self._later(petition.id, self._work, now, self._pace())
        self._act("receive_signed", petition, clerk, signed_on=clock.today())
        return self._later(petition.id, self._admit, now, self.chance.lognormvariate(3.8, 0.8))

    def _admit(self, petition: Petition, now: datetime) -> None:
        chair, today = self._chair(), clock.today()
        if not self._may(petition, chair, Action.ADMIT):
            return self._again(petition, self._admit, now)
        if self.chance.random() < 0.1:
            code = "decided_twice" if petition.kind is Kind.KHIEU_NAI else "no_basis"
            values = {"ground_code": code, "reason": "Đã giải quyết", "decision": "1/TB-UBND"}
            return self._act("refuse_admission", petition, chair, **values)
        self._act("admit", petition, chair, on=today, decision="2/TB-UBND")
        return self._later(petition.id, self._resolve, now, self._pace() * 5)

    def _resolve(self, petition: Petition, now: datetime) -> None:
        chair, today = self._chair(), clock.today()
        if self._may(petition, chair, Action.RESUME):
            self._act("resume", petition, chair, decision="3/QĐ-UBND", on=today)
            return self._later(petition.id, self._resolve, now, self._pace())
        if not self._may(petition, chair, Action.RESOLVE):
            return self._again(petition, self._resolve, now)
        roll = self.chance.random()
        if roll < 0.2:
            values = {"decision": "4/QĐ-UBND", "on": today, "reason": "Chờ giám định"}
            self._act("suspend", petition, chair, **values)
            return self._later(petition.id, self._resolve, now, self._pace())
        if roll < 0.4 and (room := deadlines.room(petition)):
            values = {"days": room.most, "decision": "5/TB-UBND", "reason": "Nhiều nơi"}
            self._act("prolong", petition, chair, criterion="places", **values)
            return self._later(petition.id, self._resolve, now, self._pace())
        values = {"decision": "6/QĐ-UBND", "on": today, "summary": "Đúng một phần"}
        return self._act("resolve", petition, chair, **values)

    def _again(self, petition: Petition, step, now: datetime) -> None:
        if petition.is_open:
            self._later(petition.id, step, now, 24)

    def _add(self, petition: Petition, now: datetime) -> None:
        if petition.status is Status.WAITING_CITIZEN:
            self._act("add", petition, CITIZEN, text="Thêm thông tin")
        self._later(petition.id, self._work, now, self._pace())

    def _approve(self, petition: Petition, now: datetime) -> None:
        chair = self._chair()
        if petition.status is not Status.AWAITING_APPROVAL:
            return None
        if not self._may(petition, chair, Action.APPROVE):
            return self._later(petition.id, self._approve, now, 24)
        if self.chance.random() < 0.1:
            self._act("return_answer", petition, chair, reason="Chưa rõ")
            return self._later(petition.id, self._work, now, self._pace() / 4)
        self._act("approve", petition, chair)
        if self.chance.random() < 0.08:
            self._later(petition.id, self._reopen, now, self.chance.uniform(2, 120))
        return None

    def _reopen(self, petition: Petition, now: datetime) -> None:
        if self._may(petition, CITIZEN, Action.REOPEN):
            self._act("reopen", petition, CITIZEN, reason="Chưa đạt")
            self._later(petition.id, self._work, now, self._pace())

    # -- who and when ----------------------------------------------------------------------------

    def _pace(self) -> float:
        """Hours until somebody comes round to it; most are in time, some are very late."""
        return self.chance.lognormvariate(4.0, 1.0)

    def _sometime(self) -> datetime:
        whole = (self.ends - self.begins).total_seconds()
        return self.begins + timedelta(seconds=self.chance.uniform(0, whole))

    def _may(self, petition: Petition, actor: Actor, action: Action) -> bool:
        return action in allowed_actions(petition, actor)

    def _act(self, verb: str, petition: Petition, by: Actor, **values) -> None:
        getattr(actions, verb)(petition, by=by, **values)
        self.did[verb] = self.did.get(verb, 0) + 1

    def _acting(self, officer_id: int) -> Actor | None:
        """The officer, or who stands in for them today."""
        table = table_of(self.ward_id)
        absence = table.away.get(officer_id)
        who = absence.substitute_id if absence else officer_id
        if who in table.away or who not in table.posts_of:
            return None
        return actor_in(table, who)

    def _chair(self) -> Actor:
        acting = self._acting(routing.head_of(table_of(self.ward_id)))
        assert acting is not None
        return acting

    def _holder(self, right: Permission) -> Actor | None:
        """Somebody at reception, or who stands in."""
        table = table_of(self.ward_id)
        for officer_id in table.holders.get(self.posts["clerk"], ()):
            actor = self._acting(officer_id)
            if actor and actor.has(right):
                return actor
        return None


def swap(off: date, made_up: date) -> tuple[Day, Day]:
    """A decree: one day off, another worked for it."""
    return (
        Day(off, f"sang {made_up:%d/%m/%Y}", DayKind.SWAPPED, "Quyết định 77"),
        Day(made_up, f"cho {off:%d/%m/%Y}", DayKind.MAKEUP, "Quyết định 77"),
    )


def _midnight(on: date) -> datetime:
    return datetime(on.year, on.month, on.day, tzinfo=ZONE)


def _chat(ward_id: int, address: str, officer_id: int | None = None) -> Contact:
    return Contact(
        ward_id=ward_id,
        channel=Channel.TELEGRAM,
        account="main",
        address=address,
        officer_id=officer_id,
        created_at=clock.now(),
    )
