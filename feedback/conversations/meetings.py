"""What a chat shows of meetings: the chair's days with their free times, sessions with their questions."""

import sqlalchemy as sa

from feedback import clock
from feedback.conversations.people import Chat
from feedback.conversations.turn import Asking, Meetings, OpenDay, Session
from feedback.db import db
from feedback.dialogue import queries, questions
from feedback.dialogue.lifecycle import COMING
from feedback.dialogue.models import Dialogue, Status
from feedback.dialogue.registration_models import Registration, Seat
from feedback.errors import NotFound
from feedback.people.models import Contact
from feedback.reception import slots
from feedback.reception.access import public_day
from feedback.reception.models import Visit, VisitState
from feedback.text import clip
from feedback.worktime.words import day_month, minute_name

MOST = 5  # of a list
MOST_TIMES = 12


class WardMeetings(Meetings):
    """Read from the database when a step asks."""

    def __init__(self, chat: Chat):
        self.chat = chat

    def name(self) -> str:
        query = sa.select(Contact.display_name).where(Contact.id == self.chat.contact.id)
        return db.session.scalar(query) or ""

    def days(self) -> tuple[OpenDay, ...]:
        rows = slots.coming(self.chat.ward_id, MOST)
        return tuple(
            OpenDay(
                day.id,
                day_month(clock.local(day.opens_at).date()),
                minute_name(clock.local(day.opens_at)),
                day.place,
                len(slots.free_slots(day)),
            )
            for day in rows
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
            if visit.day.closes_at > clock.now()
        )

    def sessions(self) -> tuple[Session, ...]:
        programme = queries.programme(self.chat.ward_id, MOST)
        coming = [row for row in programme.coming if row.status is not Status.CANCELLED]
        return tuple(self._session(row) for row in [*coming, *programme.past][:MOST])

    def session(self, dialogue_id: int) -> Session | None:
        try:
            return self._session(queries.public(self.chat.ward_id, dialogue_id))
        except NotFound:
            return None

    def questions(self, dialogue_id: int) -> tuple[Asking, ...]:
        row = queries.public(self.chat.ward_id, dialogue_id)
        return tuple(Asking(q.id, clip(q.text, 200), q.votes) for q in questions.queue(row)[:MOST])

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
