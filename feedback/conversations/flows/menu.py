"""Everything that is not about one petition: greeting, menu, help, cancelling, a person, small talk."""

from feedback.conversations.content import is_empty, new
from feedback.conversations.flows import report
from feedback.conversations.flows.officer import linking
from feedback.conversations.inbound import Inbound
from feedback.conversations.turn import Choices, Say, Scene, Standing, Turn

CHOICES: Choices = (
    ("Gửi phản ánh", "report"),
    ("Tra cứu", "track"),
    ("Gặp cán bộ", "person"),
    ("Gặp Chủ tịch, đối thoại", "meet"),
    ("Đăng ký nhận tin", "news"),
    ("Hướng dẫn", "help"),
)
MORE = ("Việc khác", "menu")
UNDER_WAY: Choices = (("Viết tiếp", "report"), ("Hủy phản ánh này", "cancel"))


def hello(standing: Standing, inbound: Inbound, scene: Scene) -> Turn:
    """A warm short opening; with a report under way, where it stands."""
    if has_draft(standing):
        return standing.stay(Say("unfinished", choices=UNDER_WAY))
    return Turn(says=(Say("hello", choices=(*CHOICES[:2], MORE)),))


def start(rest: str, standing: Standing, inbound: Inbound, scene: Scene) -> Turn:
    """The first contact; 'start:tdp-5' comes from the poster of neighbourhood 5."""
    if rest.startswith(linking.FROM_LINK):
        return linking.link(rest.removeprefix(linking.FROM_LINK), standing, inbound, scene)
    kind, _, number = rest.partition("-")
    area = scene.area(int(number)) if kind == "tdp" and number.isdecimal() else None
    if area and not has_draft(standing):
        slots = new(scene, area=area.id)
        return Turn("report", "text", slots, (Say("hello_area", {"area": area.name}),))
    return hello(standing, inbound, scene)


def menu(_: str, standing: Standing, inbound: Inbound, scene: Scene) -> Turn:
    first = UNDER_WAY[:1] if has_draft(standing) else CHOICES[:1]
    return standing.stay(Say("menu", choices=first + CHOICES[1:]))


def guide(_: str, standing: Standing, inbound: Inbound, scene: Scene) -> Turn:
    return standing.stay(Say("help", choices=CHOICES[:3]))


def cancel(_: str, standing: Standing, inbound: Inbound, scene: Scene) -> Turn:
    """Forget what is under way. Nothing sent is taken back."""
    block = "cancelled" if standing.flow else "nothing_to_cancel"
    return Turn(says=(Say(block, choices=CHOICES[:2]),))


def person(_: str, standing: Standing, inbound: Inbound, scene: Scene) -> Turn:
    return standing.stay(Say("person"), wants_person=True)


def has_draft(standing: Standing) -> bool:
    """Whether a report is under way that would be missed."""
    return standing.flow == report.FLOW and not is_empty(standing.slots)
