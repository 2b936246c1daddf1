"""What a chat shows of meetings: the chair's days with their free times, sessions with their questions."""

from itertools import islice

import sqlalchemy as sa

from feedback import clock, links
from feedback.conversations.people import Chat
from feedback.conversations.turn import Asking, Demand, Draft, Meetings, OpenDay, Session
from feedback.db import db
from feedback.dialogue import queries, questions, requests
from feedback.dialogue.lifecycle import COMING
from feedback.dialogue.models import Dialogue, Status
from feedback.dialogue.registration_models import Registration, Seat
from feedback.errors import NotFound
from feedback.people.models import Contact
from feedback.publicity import consulting
from feedback.publicity.models import Consultation, Stage
from feedback.reception import slots
from feedback.reception.access import public_day
from feedback.reception.models import DayStatus, Visit, VisitState
from feedback.text import clip
from feedback.wards.setup import setup_of
from feedback.worktime.words import day_month, day_name, minute_name

MOST = 5  # of a list
MOST_OFFERED = 3  # days, or sessions: with two buttons more, as many as any channel draws
MOST_TIMES = 12
DRAFT = 1500  # characters of a draft told in a chat; the rest is on its page


class WardMeetings(Meetings):
    """Read from the database when a step asks."""

    def __init__(self, chat: Chat):
        self.chat = chat

    def name(self) -> str:
        query = sa.select(Contact.display_name).where(Contact.id == self.chat.contact.id)
        return db.session.scalar(query) or ""

    def days(self) -> tuple[OpenDay, ...]:
        rows = ((day, len(slots.free_slots(day))) for day in slots.coming(self.chat.ward_id))
        free = islice(((day, count) for day, count in rows if count), MOST_OFFERED)
        return tuple(
            OpenDay(
                day.id,
                day_month(clock.local(day.opens_at).date()),
                minute_name(clock.local(day.opens_at)),
                day.place,
                count,
            )
            for day, count in free
        )

    def times(self, day_id: int) -> tuple[tuple[int, str], ...]:
        try:
            day = public_day(self.chat.ward_id, day_id)
        except NotFound:
            return ()
        free = slots.free_slots(day)[:MOST_TIMES]
        return tuple((slot, f"{clock.local(at):%H:%M}") for slot, at in free)

    def appointments(self) -> tuple[tuple[int, str], ...]:
        query = (
            sa.select(Visit)
            .where(Visit.contact_id == self.chat.contact.id, Visit.state == VisitState.BOOKED)
            .order_by(Visit.id.desc())
            .limit(MOST)
        )
        return tuple(
            (visit.id, minute_name(clock.local(slots.begins_at(visit.day, visit.slot or 0))))
            for visit in db.session.scalars(query)
            if visit.day.closes_at > clock.now() and visit.day.status is not DayStatus.CANCELLED
        )

    def sessions(self) -> tuple[Session, ...]:
        programme = queries.programme(self.chat.ward_id, MOST)
        coming = [row for row in programme.coming if row.status is not Status.CANCELLED]
        return tuple(self._session(row) for row in [*coming, *programme.past][:MOST_OFFERED])

    def session(self, dialogue_id: int) -> Session | None:
        try:
            return self._session(queries.public(self.chat.ward_id, dialogue_id))
        except NotFound:
            return None

    def questions(self, dialogue_id: int) -> tuple[Asking, ...]:
        row = queries.public(self.chat.ward_id, dialogue_id)
        return tuple(Asking(q.id, clip(q.text, 200), q.votes) for q in questions.queue(row)[:MOST])

    def drafts(self) -> tuple[Draft, ...]:
        rows = consulting.of_ward(self.chat.ward_id, 4 * MOST)
        known = [(row, consulting.stage_of(row)) for row in rows]
        order = (Stage.OPEN, Stage.PUBLISHED, Stage.CLOSED)
        known.sort(key=lambda pair: order.index(pair[1]))
        return tuple(self._draft(row, with_own=False) for row, _ in known[:MOST])

    def draft(self, consultation_id: int) -> Draft | None:
        try:
            return self._draft(consulting.in_ward(self.chat.ward_id, consultation_id))
        except NotFound:
            return None

    def demand(self) -> Demand:
        count = requests.count(self.chat.ward_id)
        return Demand(count.asking, count.needed, requests.ARTICLE)

    def _draft(self, row: Consultation, *, with_own: bool = True) -> Draft:
        stage = consulting.stage_of(row)
        said = consulting.comments_by(row, self.chat.contact.id) if with_own else []
        is_explained = stage is Stage.PUBLISHED
        return Draft(
            row.id,
            row.title,
            clip(row.text, DRAFT),
            day_name(row.closes_on),
            links.consultation(setup_of(self.chat.ward_id).slug, row.id),
            is_open=stage is Stage.OPEN,
            is_explained=is_explained,
            outcome=clip(row.summary, DRAFT) if is_explained else "",
            own=tuple(
                (
                    clip(each.text, 200),
                    each.taken.label if is_explained and each.taken else "",
                    each.answer,
                )
                for each in said
            ),
        )

    def _session(self, row: Dialogue) -> Session:
        held = sa.select(Registration.id).where(
            Registration.dialogue_id == row.id,
            Registration.contact_id == self.chat.contact.id,
            Registration.state != Seat.LEFT,
        )
        return Session(
            row.id,
            row.title,
            minute_name(clock.local(row.starts_at)),
            row.place or "Trực tuyến",
            takes_people=row.status in COMING,
            takes_questions=row.status in questions.TAKES,
            is_live=row.status is Status.LIVE,
            is_over=row.status in queries.PAST,
            registration_id=db.session.scalar(held.limit(1)),
        )
