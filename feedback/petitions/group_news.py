"""What a group of officials hears: that there is work, whose it is and by when. Never what a resident wrote,
nor anything of a sealed matter or of one about an officer, who may be sitting in the group.
"""

from feedback import links
from feedback.messages import say
from feedback.outbox import enqueue
from feedback.outbox.prompt import Choice, Prompt
from feedback.people import groups
from feedback.petitions.lifecycle import Action
from feedback.petitions.models import Kind, Petition, TimelineEntry
from feedback.petitions.notices import when, who
from feedback.petitions.visibility import may_be_told_in_chat
from feedback.wards.setup import setup_of

# action -> (block of officer.txt, buttons); a button acts as who presses it
_AFTER: dict[str, tuple[str, tuple[tuple[str, str], ...]]] = {
    Action.ACCEPT: ("group_given", (("Nhận việc", "take"), ("Trả lại", "back"))),
    Action.ASSIGN: ("group_given", (("Nhận việc", "take"), ("Trả lại", "back"))),
    Action.TAKE: ("group_taken", ()),
    Action.HAND_BACK: ("group_handed_back", ()),
}


def after(petition: Petition, entry: TimelineEntry) -> None:
    """Tell the groups of the petition's department. Called when its dates are right."""
    block, buttons = _AFTER.get(entry.action, ("", ()))
    if not block or not may_be_told(petition):
        return
    contacts = groups.hearing(petition.ward_id, petition.department_id)
    if not contacts:
        return
    setup = setup_of(petition.ward_id)
    text = say(
        f"officer.{block}",
        setup.texts,
        number=petition.number,
        field=setup.field_names.get(petition.field_id, ""),
        place=setup.neighbourhoods.get(petition.neighbourhood_id or 0, ""),
        urgency=petition.urgency.label,
        handler=who(setup, petition.handler_id, petition.handler_position_id),
        due=when(petition.due_at),
    )
    choices = tuple(Choice(label, f"o:{what}:{petition.id}") for label, what in buttons)
    prompt = Prompt(text, choices, url=("Mở hồ sơ", links.case(petition.number)))
    for contact in contacts:
        key = f"group:{petition.id}:{entry.id}:{contact.id}"
        enqueue.say_to(contact, prompt, notice=f"officer.{block}", key=key)


def may_be_told(petition: Petition) -> bool:
    """Whether a group may know that this petition is there: nothing that is, or may be, under seal."""
    may_be_sealed = petition.proposed_kind in (Kind.KHIEU_NAI, Kind.TO_CAO)
    is_about_one = petition.complained_officer_id is not None
    return may_be_told_in_chat(petition) and not (may_be_sealed or is_about_one)
