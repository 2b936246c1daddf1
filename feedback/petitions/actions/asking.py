"""What is asked and said while a petition is handled: of the resident, of another unit, among us."""

from collections.abc import Sequence

from feedback.documents.models import FileUse, StoredFile
from feedback.errors import BadInput
from feedback.people.actor import Actor
from feedback.people.directory import table_of
from feedback.petitions import conflicts, notices, tidings
from feedback.petitions.actions.funnel import apply, needed
from feedback.petitions.lifecycle import Action
from feedback.petitions.models import Petition
from feedback.wards.setup import setup_of


def ask(
    petition: Petition, *, by: Actor, question: str, expected_version: int | None = None
) -> Petition:
    """Ask the resident; the ward's own clock stands still until they answer."""
    question = needed(question, "câu hỏi", field="question")
    apply(petition, Action.ASK, by, text=question, expected_version=expected_version)
    notices.asked(petition, question)
    return petition


def add(
    petition: Petition,
    *,
    by: Actor,
    text: str,
    files: Sequence[StoredFile] = (),
    expected_version: int | None = None,
) -> Petition:
    """What the resident adds, by words or files; an answer to our question starts the clock again."""
    if not files:
        text = needed(text, "thông tin bổ sung")
    entry = apply(
        petition,
        Action.ADD,
        by,
        text=text,
        detail={"files": [file.id for file in files]},
        expected_version=expected_version,
    )
    for file in files:
        file.petition_id, file.use = petition.id, FileUse.ADDED
    tidings.after(petition, entry)
    return petition


def consult(
    petition: Petition,
    *,
    by: Actor,
    department_id: int,
    question: str,
    expected_version: int | None = None,
) -> Petition:
    """Ask another unit to help; the handler stays the same."""
    question = needed(question, "nội dung cần phối hợp", field="question")
    name = setup_of(petition.ward_id).departments.get(department_id)
    if name is None:
        raise BadInput(fields={"department_id": "Chọn đơn vị phối hợp."})
    if sentence := conflicts.unit_refusal(petition, department_id, table_of(petition.ward_id)):
        raise BadInput(fields={"department_id": sentence})
    entry = apply(
        petition,
        Action.CONSULT,
        by,
        text=f"{name}: {question}",
        detail={"department_id": department_id},
        changes={"helping_department_id": department_id},
        expected_version=expected_version,
    )
    tidings.after(petition, entry)
    return petition


def consulted(
    petition: Petition, *, by: Actor, text: str, expected_version: int | None = None
) -> Petition:
    """The other unit's word."""
    text = needed(text, "ý kiến phối hợp")
    entry = apply(petition, Action.CONSULTED, by, text=text, expected_version=expected_version)
    tidings.after(petition, entry)
    return petition


def note(
    petition: Petition, *, by: Actor, text: str, expected_version: int | None = None
) -> Petition:
    """Something only officials read."""
    apply(
        petition,
        Action.NOTE,
        by,
        text=needed(text, "nội dung ghi chú"),
        expected_version=expected_version,
    )
    return petition
