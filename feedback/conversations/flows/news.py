"""Asking for the ward's announcements, seeing which, and asking for no more: 'news:…'.

Pressing is the consent, and each question says so. A report under way stays where it is.
"""

from feedback.conversations import words
from feedback.conversations.content import asked, new
from feedback.conversations.flows import menu
from feedback.conversations.inbound import Inbound
from feedback.conversations.places import area_number
from feedback.conversations.turn import Button, Choices, Effect, Say, Scene, Standing, Step, Turn
from feedback.text import fold

FLOW = "news"
MOST_SHOWN = 4  # ways out offered as buttons


def button(rest: str, standing: Standing, inbound: Inbound, scene: Scene) -> Turn:
    """'news' alone shows what is subscribed to and what could be."""
    name, _, value = rest.partition(":")
    act = BUTTONS.get(name)
    return act(value, standing, inbound, scene) if act else standing.stay(Say("old_button"))


def mine(_: str, standing: Standing, inbound: Inbound, scene: Scene) -> Turn:
    held = scene.find_news()
    if not held:
        return more("", standing, inbound, scene)
    outs = tuple((f"Thôi: {name}", f"news:off:{topic}") for topic, name in held[:MOST_SHOWN])
    said = Say(
        "news.mine", {"names": [n for _, n in held]}, (("Thêm tin khác", "news:more"), *outs)
    )
    return standing.stay(said)


def more(_: str, standing: Standing, inbound: Inbound, scene: Scene) -> Turn:
    choices: Choices = (("Tin chung cả phường", "news:on:ward"), ("Theo lĩnh vực", "news:fields"))
    if scene.areas:
        choices = ((f"Tin {scene.area_kind} của tôi", "news:areas"), *choices)
    return _ask("what", Say("news.what", choices=choices), standing, scene)


def areas(_: str, standing: Standing, inbound: Inbound, scene: Scene) -> Turn:
    choices = tuple(
        (area.name.replace("Tổ dân phố số", "Tổ"), f"news:on:area:{area.id}")
        for area in scene.areas[:60]
    )
    return _ask("area", Say("news.which_area", {"kind": scene.area_kind}, choices), standing, scene)


def fields(_: str, standing: Standing, inbound: Inbound, scene: Scene) -> Turn:
    choices = tuple((name, f"news:on:field:{id}") for id, name in scene.find_fields())
    return _ask("field", Say("news.which_field", choices=choices), standing, scene)


def on(topic: str, standing: Standing, inbound: Inbound, scene: Scene) -> Turn:
    return _done(Effect("subscribe", {"topic": topic}), "news.on", standing)


def off(topic: str, standing: Standing, inbound: Inbound, scene: Scene) -> Turn:
    """'news:off' ends everything, 'news:off:<topic>' one."""
    if not scene.find_news():
        return standing.stay(Say("news.nothing", choices=(("Đăng ký nhận tin", "news:more"),)))
    values = {"topic": topic} if topic else {}
    return _done(Effect("unsubscribe", values), "news.off", standing)


def stop(broadcast: str, standing: Standing, inbound: Inbound, scene: Scene) -> Turn:
    """The button under an announcement."""
    if not broadcast.isdecimal():
        return standing.stay(Say("old_button"))
    effect = Effect("stop_news", {"broadcast_id": int(broadcast)})
    return _done(effect, "news.off", standing, back=True)


def what(standing: Standing, inbound: Inbound, scene: Scene) -> Turn | None:
    """'tổ 5', 'cả phường', 'thoát nước', typed instead of pressed; None when it is about something else."""
    if words.means(inbound.text, "everywhere"):
        return on("ward", standing, inbound, scene)
    return area(standing, inbound, scene) or field(standing, inbound, scene)


def area(standing: Standing, inbound: Inbound, scene: Scene) -> Turn | None:
    """'5', 'tổ 5'; None when it is about something else."""
    found = scene.area(area_number(inbound.text, bare=True)) if inbound.text else None
    return on(f"area:{found.id}", standing, inbound, scene) if found else None


def field(standing: Standing, inbound: Inbound, scene: Scene) -> Turn | None:
    """A number of the list, or words of one name alone."""
    said, known = fold(inbound.text or ""), scene.find_fields()
    if said.isdecimal() and 1 <= int(said) <= len(known):
        return on(f"field:{known[int(said) - 1][0]}", standing, inbound, scene)
    fits = [id for id, name in known if len(said) >= 3 and said in fold(name)]
    return on(f"field:{fits[0]}", standing, inbound, scene) if len(fits) == 1 else None


def _ask(step: str, question: Say, standing: Standing, scene: Scene) -> Turn:
    if menu.has_draft(standing):
        return standing.stay(question)
    return Turn(FLOW, step, asked(new(scene), scene), (question,))


def _done(effect: Effect, block: str, standing: Standing, *, back: bool = False) -> Turn:
    choices: Choices = (("Tin đang nhận", "news"),)
    if back:
        choices = (("Nhận lại", "news:on:{again}"),)
    says = (Say(block, choices=choices),)
    if menu.has_draft(standing):
        return standing.stay(*says, effect=effect)
    return Turn(says=says, effect=effect, otherwise=Turn(says=(Say("refused"),)))


STEPS: dict[str, Step] = {"what": what, "area": area, "field": field}
BUTTONS: dict[str, Button] = {
    "": mine,
    "more": more,
    "areas": areas,
    "fields": fields,
    "on": on,
    "off": off,
    "stop": stop,
}
