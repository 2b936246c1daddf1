"""A person of the ward is in the chat: the program keeps quiet and passes on what is said.

The slots: `case` (the petition the talk is about, or None) and `asked` (when the ward wrote last).
"""

from feedback.conversations.content import gather, new
from feedback.conversations.inbound import Inbound
from feedback.conversations.turn import Effect, Say, Scene, Standing, Step, Turn

FLOW = "person"


def talk(standing: Standing, inbound: Inbound, scene: Scene) -> Turn | None:
    """Words for the petition they are about; else they wait to be read. Buttons and wishes end it."""
    kept = {name: standing.slots.get(name) for name in ("case", "asked")}
    stay = Turn(FLOW, "talk", kept)
    case = scene.case(str(kept["case"])) if kept["case"] else None
    slots, notes = gather(new(scene), inbound, scene)
    if case is None or not case.is_open or not (slots.get("pieces") or slots.get("files")):
        return Turn(FLOW, "talk", kept, notes, wants_person=True)
    values = {"case_id": case.id, "slots": slots}
    said = (*notes, Say("passed_on", {"number": case.number}))
    return Turn(FLOW, "talk", kept, said, effect=Effect("add", values), otherwise=stay)


STEPS: dict[str, Step] = {"talk": talk}
