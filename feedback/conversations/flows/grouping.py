"""A group chat of officials: linked, let go, and who may press what is offered in it."""

from feedback.conversations.inbound import Inbound
from feedback.conversations.turn import Effect, Say, Scene, Standing, Turn

LINK, LEAVE = "group:link", "group:leave"


def respond(standing: Standing, inbound: Inbound, scene: Scene) -> Turn | None:
    """What a group says to us; None when it is the button of an official, who acts as in their own chat."""
    payload = inbound.button or ""
    if payload.startswith(LINK):
        return Turn(
            says=(Say("officer.group_linked"),),
            effect=Effect("group_link", {"code": payload.removeprefix(LINK).lstrip(":")}),
            otherwise=Turn(says=(Say("officer.refused"),)),
        )
    if payload == LEAVE:
        return Turn(says=(Say("officer.group_left"),), effect=Effect("group_leave"))
    if scene.seat is None or not payload.startswith("o:"):
        return standing.stay(ignored="group: not an official's chat")
    return None
