"""What is asked in a report: the questions, the summary, and which of them comes next."""

from feedback.conversations.content import asked, is_empty, text_of
from feedback.conversations.turn import Choices, Say, Scene, Slots, Turn
from feedback.text import clip

FLOW = "report"
SEND = "report:send:"
SKIP_PLACE = ("Bỏ qua", "report:nowhere")
NOT_NEEDED = "not needed"  # as `nowhere`: a question or thanks happen in no place
SHOWN = 600  # characters of the story in the summary


def go_on(slots: Slots, scene: Scene, *says: Say, got: str = "") -> Turn:
    """Ask for what is still missing, or show it all. `got`: what just came, to be acknowledged."""
    if is_empty(slots):
        step, question = "text", Say("ask_text")
    elif not slots.get("pieces"):
        step, question = "text", Say("ask_text_too", {"got": got})
    elif not has_place(slots):
        step, question = "place", ask_place(slots, scene)
    else:
        step, question = "summary", summary_of(slots, scene)
    return Turn(FLOW, step, asked(slots, scene), (*says, question))


def has_place(slots: Slots) -> bool:
    return any(slots.get(name) for name in ("spot", "address", "area", "nowhere"))


def pick_area_button(scene: Scene) -> Choices:
    return ((f"Chọn {scene.area_kind}", "report:areas"),) if scene.areas else ()


def ask_place(slots: Slots, scene: Scene, block: str = "ask_place") -> Say:
    choices: Choices = (*pick_area_button(scene), SKIP_PLACE)
    if slots.get("photo_spot"):
        choices = (("Đúng nơi chụp ảnh", "report:photo_spot"), *choices)
    if slots.get("said"):
        choices = ((f"Tại {clip(slots['said'], 40)}", "report:said"), *choices)
    return Say(block, {"area_kind": scene.area_kind}, choices, ask_location=True)


def summary_of(slots: Slots, scene: Scene) -> Say:
    area = next((area.name for area in scene.areas if area.id == slots.get("area")), "")
    place = ", ".join(filter(None, (slots.get("address"), area)))
    choices: Choices = (("Gửi", f"{SEND}{slots['key']}"), ("Sửa", "report:edit"))
    if not scene.phone:
        choices += (("Thêm số điện thoại", "report:phone"),)
    return Say(
        "summary",
        {
            "text": clip(text_of(slots), SHOWN),
            "place": place,
            "has_spot": bool(slots.get("spot")),
            "files": len(slots.get("files", [])),
            "phone": scene.phone,
            "is_hidden": bool(slots.get("hidden")),
            "needs_place": slots.get("nowhere") != NOT_NEEDED,
        },
        choices,
    )


def phone_question(block: str = "ask_phone") -> Say:
    return Say(block, choices=(("Bỏ qua", "report:show"),), ask_phone=True)


def changes(slots: Slots) -> Say:
    choices: Choices = (("Nội dung", "report:new_text"), ("Nơi xảy ra", "report:new_place"))
    if slots.get("files"):
        choices += (("Bỏ ảnh, tệp", "report:no_files"),)
    hidden = ("Không cần giấu tên", "report:named") if slots.get("hidden") else None
    choices += (hidden or ("Giấu tên tôi", "report:hidden"),)
    choices += (("Xem lại", "report:show"), ("Hủy phản ánh", "cancel"))
    return Say("what_to_change", choices=choices)


def area_question(slots: Slots, scene: Scene, *says: Say) -> Turn:
    choices = tuple(
        (area.name.replace("Tổ dân phố số", "Tổ"), f"report:area:{area.id}") for area in scene.areas
    )
    question = Say("ask_area", {"area_kind": scene.area_kind}, (*choices[:60], SKIP_PLACE))
    return Turn(FLOW, "area", asked(slots, scene), (*says, question))
