"""All tables in one import, for migrations and the composition root."""

from feedback import audit
from feedback.broadcast import models as broadcast
from feedback.conversations import models as conversations
from feedback.dialogue import duty_models as dialogue_duties
from feedback.dialogue import models as dialogue
from feedback.dialogue import question_models as dialogue_questions
from feedback.dialogue import registration_models as dialogue_registrations
from feedback.dialogue import request_models as dialogue_requests
from feedback.documents import models as documents
from feedback.outbox import models as outbox
from feedback.outbox import outreach, spending, templates, tokens
from feedback.papers import models as papers
from feedback.people import models as people
from feedback.people import relatives
from feedback.petitions import models as petitions
from feedback.publicity import models as publicity
from feedback.reception import models as reception
from feedback.reminders import models as reminders
from feedback.wards import models as wards

__all__ = [
    "audit",
    "broadcast",
    "conversations",
    "dialogue",
    "dialogue_duties",
    "dialogue_questions",
    "dialogue_registrations",
    "dialogue_requests",
    "documents",
    "outbox",
    "outreach",
    "papers",
    "people",
    "petitions",
    "publicity",
    "reception",
    "relatives",
    "reminders",
    "spending",
    "templates",
    "tokens",
    "wards",
]
