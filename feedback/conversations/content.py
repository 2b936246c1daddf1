"""What a person has sent towards a petition: words, files, a place, gathered from many messages.

The slots: `key` (names this collection), `pieces` [[ref, text]…], `files` [id…], `spot` [lat, lng],
`address`, `area` (id of the neighbourhood), `nowhere` (the person says there is no place), `photo_spot`
(where a photo was taken, to be confirmed), `asked` (when we last asked something; ISO, UTC).
"""

from datetime import datetime, timedelta

from feedback.conversations.inbound import Inbound
from feedback.conversations.turn import Kept, Say, Scene, Slots
from feedback.text import clip

MOST_FILES = 5
LONGEST = 5000  # characters of all pieces together
# Sent between these two before and after our question, a message was written before it was read. One
# much older had waited somewhere; then nothing can be told from its time.
BURST = (timedelta(seconds=-30), timedelta(seconds=2))
BREATH = timedelta(seconds=12)  # nobody reads a question and writes a sentence sooner
SENTENCE = 4  # words


def new(scene: Scene, **slots: object) -> Slots:
    """An empty collection. Its key is the turn's number, so a retried turn makes the same one."""
    return {"key": str(scene.turn), **slots}


def gather(
    slots: Slots, inbound: Inbound, scene: Scene, *, words: bool = True
) -> tuple[Slots, tuple[Say, ...]]:
    """The slots with everything this message brings (its words unless told not to), and what to say."""
    slots = dict(slots)
    says = [Say("file_refused", {"sentence": file.sentence}) for file in scene.refused]
    if words and inbound.text:
        room = LONGEST - len(text_of(slots))
        if len(inbound.text) > room:
            says.append(Say("text_clipped", {"most": LONGEST}))
        if room > 0:
            piece = [inbound.ref, clip(inbound.text, room)]
            slots["pieces"] = [*slots.get("pieces", []), piece]
    if scene.kept:
        files = slots.get("files", []) + [file.id for file in scene.kept]
        if len(files) > MOST_FILES:
            says.append(Say("too_many_files", {"most": MOST_FILES}))
        slots["files"] = files[:MOST_FILES]
        for file in scene.kept:
            if file.lat is not None:
                slots["photo_spot"] = [file.lat, file.lng]
    if inbound.place:
        slots["spot"] = [inbound.place.lat, inbound.place.lng]
        slots["address"] = inbound.place.address or slots.get("address", "")
        slots.pop("nowhere", None)
    return slots, tuple(says)


def text_of(slots: Slots) -> str:
    return "\n".join(text for _, text in slots.get("pieces", []))


def corrected(slots: Slots, ref: str, text: str) -> Slots | None:
    """The slots after the person edited an earlier message; None when it is not among them."""
    pieces = slots.get("pieces", [])
    if not any(piece[0] == ref for piece in pieces):
        return None
    return slots | {"pieces": [[ref, text] if piece[0] == ref else piece for piece in pieces]}


def is_empty(slots: Slots) -> bool:
    return not (slots.get("pieces") or slots.get("files") or slots.get("spot"))


def asked(slots: Slots, scene: Scene) -> Slots:
    """The slots, with the note that a question was asked just now."""
    return slots | {"asked": scene.now.isoformat(timespec="milliseconds")}


def is_before_question(slots: Slots, inbound: Inbound) -> bool:
    """Whether this was sent before our last question can have been read: part of the same burst."""
    if not slots.get("asked") or inbound.sent_at is None:
        return False
    earliest, latest = BURST
    return earliest <= inbound.sent_at - datetime.fromisoformat(slots["asked"]) <= latest


def is_same_breath(slots: Slots, inbound: Inbound) -> bool:
    """Whether a whole sentence came so soon that it goes on with the story, and answers nothing."""
    if is_before_question(slots, inbound):
        return True
    if not slots.get("asked") or inbound.sent_at is None or len(inbound.text.split()) < SENTENCE:
        return False
    return timedelta() <= inbound.sent_at - datetime.fromisoformat(slots["asked"]) <= BREATH


def kind_of(kept: tuple[Kept, ...]) -> str:
    """What files are called in a sentence: 'ảnh', 'tin thoại', 'video' or 'tệp'."""
    kinds = {file.media_type.partition("/")[0] for file in kept}
    names = {"": "ảnh", "image": "ảnh", "audio": "tin thoại", "video": "video"}
    return names.get(kinds.pop(), "tệp") if len(kinds) == 1 else "ảnh, tệp"


def asked_ago(slots: Slots, scene: Scene) -> timedelta:
    return scene.now - datetime.fromisoformat(slots.get("asked") or scene.now.isoformat())
