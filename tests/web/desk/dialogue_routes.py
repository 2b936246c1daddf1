"""The routes of dialogue at the desk, and who gets past their doors.

{d}: an announced session that concerns neighbourhood 1; {w} somebody from there on its list; {q} a question
given to An's department; {c} a promise An owes; {k} a file of the session; {l} a session that goes on, {m} a line of its minutes.
"""

from datetime import timedelta

from feedback import clock
from feedback.db import db, transaction
from feedback.dialogue import commitments, minutes, questions
from feedback.dialogue.models import Dialogue
from feedback.documents.models import StoredFile
from feedback.people.models import Channel
from tests.feedback.dialogue.stories import do, planned, register

WARD = {"chair", "vice", "clerk"}
HEADS = WARD | {"head_tdp"}
WORKERS = HEADS | {"dept_head", "an", "binh", "chi"}

ROUTES = {
    "desk.dialogues": ("GET", "/desk/dialogues", WORKERS),
    "desk.dialogue_plan": ("GET", "/desk/dialogues/new", HEADS),
    "desk.dialogue_planned": ("POST", "/desk/dialogues/new", HEADS),
    "desk.dialogue": ("GET", "/desk/dialogues/{d}", HEADS),
    "desk.dialogue_revision": ("GET", "/desk/dialogues/{d}/plan", WARD),
    "desk.dialogue_revised": ("POST", "/desk/dialogues/{d}/plan", WARD),
    "desk.dialogue_moved": ("POST", "/desk/dialogues/{d}/move", WARD),
    "desk.dialogue_repeated": ("POST", "/desk/dialogues/{d}/repetition", WARD),
    "desk.dialogue_files": ("POST", "/desk/dialogues/{d}/files", WARD),
    "desk.dialogue_file": ("GET", "/desk/dialogues/{d}/files/{k}", HEADS),
    "desk.dialogue_act": ("POST", "/desk/dialogues/{d}/acts/cancellation", WARD),
    "desk.dialogue_texts": ("GET", "/desk/dialogues/{d}/announcement", HEADS),
    "desk.dialogue_poster": ("GET", "/desk/dialogues/{d}/poster.pdf", HEADS),
    "desk.dialogue_invitations": ("GET", "/desk/dialogues/{d}/invitations", HEADS),
    "desk.dialogue_paper": ("GET", "/desk/dialogues/{d}/papers/dialogue_notice.pdf", HEADS),
    "desk.dialogue_paper_issued": ("POST", "/desk/dialogues/{d}/papers/dialogue_notice", WARD),
    "desk.dialogue_confirmed": ("POST", "/desk/dialogues/{d}/reach/{t}", HEADS),
    "desk.dialogue_people": ("GET", "/desk/dialogues/{d}/people", HEADS),
    "desk.dialogue_registered": ("POST", "/desk/dialogues/{d}/people", HEADS),
    "desk.dialogue_departure": ("POST", "/desk/dialogues/{d}/people/{w}/departure", HEADS),
    "desk.dialogue_calls": ("GET", "/desk/dialogues/{d}/calls", HEADS),
    "desk.dialogue_phoned": ("POST", "/desk/dialogues/{d}/calls/{w}", HEADS),
    "desk.dialogue_phoned_undone": ("POST", "/desk/dialogues/{d}/calls/{w}/undo", HEADS),
    "desk.dialogue_door": ("GET", "/desk/dialogues/{d}/door", WARD),
    "desk.dialogue_check": ("POST", "/desk/dialogues/{d}/door", WARD),
    "desk.dialogue_released": ("POST", "/desk/dialogues/{d}/door/release", WARD),
    "desk.dialogue_questions": ("GET", "/desk/dialogues/{d}/questions", WARD),
    "desk.dialogue_asked": ("POST", "/desk/dialogues/{d}/questions", HEADS),
    "desk.dialogue_question": ("POST", "/desk/dialogues/{d}/questions/{q}/accept", WARD),
    "desk.dialogue_sheet": ("GET", "/desk/dialogues/{d}/sheet", WARD),
    "desk.dialogue_chair": ("GET", "/desk/dialogues/{d}/chair", WARD),
    "desk.dialogue_chair_queue": ("GET", "/desk/dialogues/{d}/chair/queue", WARD),
    "desk.dialogue_minutes": ("GET", "/desk/dialogues/{d}/minutes", WARD),
    "desk.dialogue_remarked": ("POST", "/desk/dialogues/{d}/minutes", WARD),
    "desk.dialogue_remark_struck": ("POST", "/desk/dialogues/{l}/minutes/{m}/strike", WARD),
    "desk.dialogue_requested": ("POST", "/desk/dialogues/requests", WARD),
    "desk.question_petition": ("POST", "/desk/dialogues/{d}/questions/{q}/petition", WARD),
    "desk.question_prepared": (
        "POST",
        "/desk/questions/{q}/preparation",
        WARD | {"dept_head", "an", "binh"},
    ),
    "desk.commitments_page": ("GET", "/desk/commitments", WORKERS),
    "desk.commitment_kept": ("POST", "/desk/commitments/{c}/fulfilment", WARD | {"an"}),
    "desk.commitment_postponed": ("POST", "/desk/commitments/{c}/postponement", WARD),
}


def places(world, file: StoredFile) -> dict[str, int | str]:
    """What the addresses name."""
    soon = clock.now().replace(minute=0, second=0, microsecond=0)
    values = {
        "starts_at": soon + timedelta(days=20),
        "neighbourhood_ids": [world.neighbourhoods[1].id],
    }
    old = do(world, planned(world, **values), "announce")
    live = do(world, old, "start")
    by = world.actor("clerk")
    db.session.rollback()
    with transaction():
        row = db.session.get_one(Dialogue, old.id)
        promise = commitments.promise(
            row,
            by=by,
            text="Thông cống",
            position_id=world.positions["an"].id,
            due_on=clock.today() + timedelta(days=30),
        )
        line = minutes.remark(row, by=by, text="Khai mạc")
    dialogue = do(world, planned(world, **values), "announce")
    do(world, dialogue, "open_questions")
    who = register(dialogue, "Cụ Năm", neighbourhood_id=world.neighbourhoods[1].id)
    with transaction():
        question = questions.ask(questions.Asked(dialogue.id, "Cống?", Channel.WEB))
        questions.assign(question, by=by, department_id=world.departments["kinh_te_ha_tang"].id)
        db.session.get_one(StoredFile, file.id).dialogue_id = dialogue.id
    return {
        "d": dialogue.id,
        "t": world.neighbourhoods[1].id,
        "w": who.id,
        "q": question.id,
        "c": promise.id,
        "k": file.key,
        "l": live.id,
        "m": line.id,
    }
