"""Two chats of one person, say on Zalo and Telegram: joined by a code shown in one, typed in the other."""

from datetime import timedelta

from feedback.conversations.inbound import Inbound
from feedback.conversations.turn import Effect, Say, Scene, Standing, Turn

MOST_MISSES = 5  # wrong codes of one chat in an hour


def button(_: str, standing: Standing, inbound: Inbound, scene: Scene) -> Turn:
    return standing.stay(Say("news.join_code"), effect=Effect("join_code"))


def join(code: str, standing: Standing, inbound: Inbound, scene: Scene) -> Turn:
    hour_ago = (scene.now - timedelta(hours=1)).isoformat()
    misses = [at for at in scene.memo.get("join_misses", []) if at > hour_ago]
    if len(misses) >= MOST_MISSES:
        return standing.stay(Say("news.join_too_many"))
    memo = {"join_misses": [*misses, scene.now.isoformat()]}
    return standing.stay(
        Say("news.joined", choices=(("Tách ra", "part"),)),
        effect=Effect("join_chats", {"code": code}),
        otherwise=standing.stay(Say("refused"), memo=memo),
    )


def part(_: str, standing: Standing, inbound: Inbound, scene: Scene) -> Turn:
    return standing.stay(Say("news.parted"), effect=Effect("part_chats"))
