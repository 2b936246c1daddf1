"""Telling the neighbourhood: a message to who asked for its news, the words of a session, "đã loan báo".

The slots of a message: those of `content`, with `topic` and, about a session, `session`. Those of a
confirmation: `session`, `where`, `told` (ISO; UTC) and `files`.
"""

from datetime import datetime, timedelta

from feedback import clock
from feedback.conversations import words
from feedback.conversations.content import asked, gather, new, text_of
from feedback.conversations.flows.officer.table import FLOW, seat_of
from feedback.conversations.inbound import Inbound
from feedback.conversations.seat import Told
from feedback.conversations.turn import (
    Button,
    Choices,
    Effect,
    Say,
    Scene,
    Slots,
    Standing,
    Step,
    Turn,
)
from feedback.text import clip
from feedback.worktime.words import minute_name

_STOP: Choices = (("Thôi", "o:stop"),)
_MENU: Choices = (("Mục lục", "o:menu"),)
_JUST_NOW: Choices = (("Vừa xong", "o:now"),)
NAME = 40  # letters of a session on a button
PLACE = 300


def begin(_: str, standing: Standing, inbound: Inbound, scene: Scene) -> Turn:
    """What there is to tell: an own message, the sessions to come, the poster."""
    seat = seat_of(scene)
    if not seat.scopes:
        return standing.stay(Say("old_button"))
    sessions = seat.find_sessions()
    choices: Choices = (("Viết tin cho bà con", "o:write"),)
    choices += tuple((clip(each.title, NAME), f"o:session:{each.id}") for each in sessions)
    if seat.is_neighbourhood_head:
        choices += (("Tờ dán có mã vuông", "o:poster"),)
    return Turn(says=(Say("officer.tell", {"sessions": sessions}, choices),))


def poster(_: str, standing: Standing, inbound: Inbound, scene: Scene) -> Turn:
    sheets = seat_of(scene).find_posters()
    if not sheets:
        return standing.stay(Say("old_button"))
    url = ("Mở tờ dán (PDF)", sheets[0][1]) if len(sheets) == 1 else None
    return Turn(says=(Say("officer.poster", {"sheets": sheets}, _MENU, url=url),))


# --- a message to who asked for the neighbourhood's news ---------------------------------------------


def write(_: str, standing: Standing, inbound: Inbound, scene: Scene) -> Turn:
    return _next(new(scene), scene) if seat_of(scene).scopes else standing.stay(Say("old_button"))


def resay(key: str, standing: Standing, inbound: Inbound, scene: Scene) -> Turn:
    """The session's own words, with its buttons, once more to who asked for the neighbourhood's news."""
    session = _session(key, scene)
    spoken = seat_of(scene).find_words(session.id) if session else None
    if session is None or spoken is None:
        return _gone()
    return _next(new(scene, session=session.id, pieces=[["", spoken.group]]), scene)


def _next(slots: Slots, scene: Scene, *says: Say) -> Turn:
    seat = seat_of(scene)
    if len(seat.scopes) == 1:
        slots = slots | {"topic": seat.scopes[0][0]}
    if slots.get("topic") not in dict(seat.scopes):
        choices = tuple((name, f"o:scope:{topic}") for topic, name in seat.scopes)
        return Turn(
            FLOW,
            "tell_whom",
            asked(slots, scene),
            (*says, Say("officer.tell_whom", choices=choices)),
        )
    if not slots.get("pieces"):
        values = {"scope": dict(seat.scopes)[slots["topic"]], "has_files": bool(slots.get("files"))}
        question = Say("officer.tell_what", values, _STOP)
        return Turn(FLOW, "tell_what", asked(slots, scene), (*says, question))
    look = seat.preview(slots["topic"], text_of(slots))
    values = {"text": look.text, "chats": look.chats, "starts": look.starts}
    values |= {"has_picture": bool(slots.get("files"))}
    choices = (("Gửi", f"o:tellthem:{slots['key']}"), ("Viết lại", "o:write"), *_STOP)
    summary = Say("officer.tell_sure", values, choices)
    return Turn(FLOW, "tell_sure", asked(slots, scene), (*says, summary))


def scope(topic: str, standing: Standing, inbound: Inbound, scene: Scene) -> Turn:
    if standing.step != "tell_whom" or topic not in dict(seat_of(scene).scopes):
        return standing.stay(Say("old_button"))
    return _next(standing.slots | {"topic": topic}, scene)


def whom(standing: Standing, inbound: Inbound, scene: Scene) -> Turn | None:
    """The name is a button's; anything else is part of the message already."""
    slots, notes = gather(standing.slots, inbound, scene)
    return _next(slots, scene, *notes)


def what(standing: Standing, inbound: Inbound, scene: Scene) -> Turn | None:
    slots, notes = gather(standing.slots, inbound, scene)
    slots["files"] = slots.get("files", [])[-1:]  # one picture, the last
    return _next(slots, scene, *notes)


def sure(standing: Standing, inbound: Inbound, scene: Scene) -> Turn | None:
    if inbound.text and words.means(inbound.text, "yes"):
        return _send(standing.slots)
    return what(standing, inbound, scene)


def tell_them(key: str, standing: Standing, inbound: Inbound, scene: Scene) -> Turn:
    """Only the words this button stood under, and only once."""
    if standing.step != "tell_sure" or standing.slots.get("key") != key:
        return standing.stay(Say("old_button"))
    return _send(standing.slots)


def _send(slots: Slots) -> Turn:
    return Turn(
        says=(Say("officer.telling", choices=_MENU),),
        effect=Effect("officer_tell", {"slots": slots}),
        otherwise=Turn(says=(Say("officer.refused", choices=_MENU),)),
    )


# --- the words of a session, and that it was told ----------------------------------------------------


def session(key: str, standing: Standing, inbound: Inbound, scene: Scene) -> Turn:
    """Three messages: what to do, the text for the group by itself, the text for the loudspeaker by itself."""
    found = _session(key, scene)
    spoken = seat_of(scene).find_words(found.id) if found else None
    if found is None or spoken is None:
        return _gone()
    choices: Choices = (("Đã loan báo", f"o:told:{found.id}"),) if found.owed else ()
    choices += (("Nhắn người đã đăng ký", f"o:resay:{found.id}"), *_MENU)
    values = {"title": found.title, "when": found.when, "poster": found.poster}
    values |= {"areas": ", ".join(found.areas)}
    return Turn(
        says=(
            Say("officer.session", values),
            Say("officer.group_text", {"text": spoken.group}),
            Say("officer.speaker_text", {"text": spoken.speaker, "on_air": spoken.on_air}),
            Say("officer.session_next", {"owed": found.owed}, choices),
        )
    )


def told(key: str, standing: Standing, inbound: Inbound, scene: Scene) -> Turn:
    found = _session(key, scene)
    if found is None or not found.owed:
        return _gone()
    return _proof(new(scene, session=found.id), scene)


def _proof(slots: Slots, scene: Scene, *says: Say) -> Turn:
    found = _session(str(slots["session"]), scene)
    if found is None:
        return _gone()
    if not slots.get("where"):
        question = Say("officer.told_where", {"areas": ", ".join(found.owed)}, _STOP)
        return Turn(FLOW, "told_where", asked(slots, scene), (*says, question))
    if not slots.get("told"):
        question = Say("officer.told_when", choices=_JUST_NOW)
        return Turn(FLOW, "told_when", asked(slots, scene), (*says, question))
    values = {
        "areas": ", ".join(found.owed),
        "title": found.title,
        "where": slots["where"],
        "when": minute_name(clock.local(datetime.fromisoformat(slots["told"]))),
        "has_picture": bool(slots.get("files")),
    }
    choices = (("Xác nhận", f"o:confirm:{slots['key']}"), ("Ghi lại", f"o:told:{found.id}"), *_STOP)
    return Turn(
        FLOW, "told_sure", asked(slots, scene), (*says, Say("officer.told_sure", values, choices))
    )


def where(standing: Standing, inbound: Inbound, scene: Scene) -> Turn | None:
    slots, notes = gather(standing.slots, inbound, scene, words=False)
    if inbound.text:
        slots["where"] = clip(inbound.text, PLACE)
    return _proof(slots, scene, *notes)


def when(standing: Standing, inbound: Inbound, scene: Scene) -> Turn | None:
    slots, notes = gather(standing.slots, inbound, scene, words=False)
    at = _instant(inbound.text, scene.now) if inbound.text else None
    if inbound.text and at is None:
        return standing.stay(Say("officer.told_when_again", choices=_JUST_NOW), is_confused=True)
    return _proof(slots | ({"told": at.isoformat()} if at else {}), scene, *notes)


def just_now(_: str, standing: Standing, inbound: Inbound, scene: Scene) -> Turn:
    if standing.step != "told_when":
        return standing.stay(Say("old_button"))
    return _proof(standing.slots | {"told": scene.now.isoformat()}, scene)


def proven(standing: Standing, inbound: Inbound, scene: Scene) -> Turn | None:
    """More pictures until it is confirmed."""
    if inbound.text and words.means(inbound.text, "yes"):
        return _confirm(standing.slots)
    slots, notes = gather(standing.slots, inbound, scene, words=False)
    return _proof(slots, scene, *notes)


def confirm(key: str, standing: Standing, inbound: Inbound, scene: Scene) -> Turn:
    if standing.step != "told_sure" or standing.slots.get("key") != key:
        return standing.stay(Say("old_button"))
    return _confirm(standing.slots)


def _confirm(slots: Slots) -> Turn:
    return Turn(
        says=(Say("officer.told", choices=_MENU),),
        effect=Effect("officer_confirm", {"slots": slots}),
        otherwise=Turn(says=(Say("officer.refused", choices=_MENU),)),
    )


def _instant(said: str, now: datetime) -> datetime | None:
    """'6h15', '17 giờ hôm qua': the last such hour that is past; None when it is none."""
    folded = words.plain(said)
    is_yesterday = "hom qua" in folded
    for word in ("hom qua", "hom nay", "sang nay", "chieu nay", "toi nay", "luc", "sang", "trua"):
        folded = folded.replace(word, " ")
    is_late = any(word in folded for word in ("chieu", "toi"))
    at = words.clock_time(folded.replace("chieu", " ").replace("toi", " "))
    if not at or not at < "24:00" or at[3:] > "59":
        return None
    hour, minute = int(at[:2]), int(at[3:])
    hour += 12 if is_late and hour < 12 else 0
    day = clock.local(now) - timedelta(days=is_yesterday)
    found = day.replace(hour=hour, minute=minute, second=0, microsecond=0)
    return found if found <= clock.local(now) else None


def _session(key: str, scene: Scene) -> Told | None:
    return next((each for each in seat_of(scene).find_sessions() if str(each.id) == key), None)


def _gone() -> Turn:
    return Turn(says=(Say("officer.no_session", choices=_MENU),))


STEPS: dict[str, Step] = {
    "tell_whom": whom,
    "tell_what": what,
    "tell_sure": sure,
    "told_where": where,
    "told_when": when,
    "told_sure": proven,
}
BUTTONS: dict[str, Button] = {
    "tell": begin,
    "write": write,
    "scope": scope,
    "tellthem": tell_them,
    "session": session,
    "resay": resay,
    "told": told,
    "now": just_now,
    "confirm": confirm,
    "poster": poster,
}
