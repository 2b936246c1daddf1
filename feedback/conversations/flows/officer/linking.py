"""A chat becomes an officer's own by the code their account page shows once; and stops being it."""

import re
from datetime import timedelta

from feedback.conversations.inbound import Inbound
from feedback.conversations.turn import Choices, Effect, Say, Scene, Standing, Turn
from feedback.text import fold

FROM_LINK = "lk-"  # how the payload of the deep link begins
MOST_MISSES = 5  # wrong codes of one chat in an hour
_TYPED = re.compile(r"^(?:lien ket|ma lien ket)?[\s:]*([a-z0-9]{4})[\s-]?([a-z0-9]{4})$")


def code_in(text: str) -> str | None:
    """'liên kết K7QM-4XWT' or the code alone, with its hyphen -> 'K7QM4XWT'."""
    said = fold(text)
    found = _TYPED.match(said)
    if found is None or not ("-" in said or said.startswith(("lien", "ma "))):
        return None
    return (found[1] + found[2]).upper()


def link(code: str, standing: Standing, inbound: Inbound, scene: Scene) -> Turn:
    hour_ago = (scene.now - timedelta(hours=1)).isoformat()
    misses = [at for at in scene.memo.get("code_misses", []) if at > hour_ago]
    if len(misses) >= MOST_MISSES:
        return standing.stay(Say("officer.too_many_codes"))
    choices: Choices = (("Việc của tôi", "o:work"), ("Mục lục", "o:menu"))
    return Turn(
        says=(Say("officer.linked", choices=choices),),
        effect=Effect("officer_link", {"code": code}),
        otherwise=standing.stay(
            Say("officer.not_linked"),
            memo={"code_misses": [*misses, scene.now.isoformat()]},
        ),
    )


def ask_unlink(_: str, standing: Standing, inbound: Inbound, scene: Scene) -> Turn:
    choices: Choices = (("Hủy liên kết", "o:unlinked"), ("Giữ nguyên", "o:menu"))
    return Turn(says=(Say("officer.ask_unlink", choices=choices),))


def unlink(_: str, standing: Standing, inbound: Inbound, scene: Scene) -> Turn:
    return Turn(says=(Say("officer.unlinked"),), effect=Effect("officer_unlink"))
