"""Addresses of pages, for messages, letters and QR codes."""

_public_url = "http://127.0.0.1:8000"


def use_public_url(url: str) -> None:
    """Set the address residents open (no slash at the end)."""
    global _public_url
    _public_url = url.rstrip("/")


def tracking(token: str) -> str:
    """The tracking page of a petition; its token is the secret."""
    return f"{_public_url}/t/{token}"


def telegram(bot: str, payload: str) -> str:
    """A deep link: opens the chat with a bot and says "/start <payload>" (A-Z a-z 0-9 _ -, at most 64)."""
    return f"https://t.me/{bot}?start={payload}"


def zalo(account: str) -> str:
    """Opens the chat with an Official Account, by its id; Zalo takes no payload."""
    return f"https://zalo.me/{account}"


def report(slug: str) -> str:
    """The form of a ward where a petition is written."""
    return f"{_public_url}/{slug}/gui"


def area_poster(slug: str, number: int) -> str:
    """The poster of a neighbourhood, to print."""
    return f"{_public_url}/{slug}/to-dan/{number}.pdf"


def dialogue_poster(slug: str, dialogue_id: int) -> str:
    """The poster of a session, to print."""
    return f"{_public_url}/{slug}/doi-thoai/{dialogue_id}/to-dan.pdf"


def desk_file(key: str) -> str:
    """A stored file for officers, who log in to open it."""
    return f"{_public_url}/desk/files/{key}"


def accusation_form(slug: str) -> str:
    """Đơn tố cáo to print, with guidance, of a ward."""
    return f"{_public_url}/{slug}/don-to-cao.pdf"


def desk() -> str:
    """Where an officer finds their work."""
    return f"{_public_url}/desk/"


def case(number: str) -> str:
    """A petition's page for officers, who log in to read it."""
    return f"{_public_url}/desk/cases/{number}"


def channels() -> str:
    """Where an administrator connects chat accounts."""
    return f"{_public_url}/desk/settings/channels"


def consented(channel: str) -> str:
    """Where a provider sends an administrator back after the consent."""
    return f"{channels()}/{channel}/consent"


def dialogues(slug: str) -> str:
    """A ward's sessions."""
    return f"{_public_url}/{slug}/doi-thoai"


def dialogue(slug: str, dialogue_id: int) -> str:
    """A session's public page."""
    return f"{_public_url}/{slug}/doi-thoai/{dialogue_id}"


def desk_dialogues() -> str:
    """What an official owes about dialogue."""
    return f"{_public_url}/desk/dialogues"


def desk_dialogue(dialogue_id: int) -> str:
    """A session's page for officials."""
    return f"{_public_url}/desk/dialogues/{dialogue_id}"


def registration(token: str) -> str:
    """The page of somebody registered; its token is the secret."""
    return f"{_public_url}/dk/{token}"


def reception(slug: str) -> str:
    """When a ward's chair receives residents."""
    return f"{_public_url}/{slug}/tiep-cong-dan"


def reception_day(slug: str, day_id: int) -> str:
    """One day on which the chair receives."""
    return f"{reception(slug)}/{day_id}"


def appointment(token: str) -> str:
    """The page of somebody who booked a time with the chair; its token is the secret."""
    return f"{_public_url}/hen/{token}"


def consultation(slug: str, consultation_id: int) -> str:
    """A draft residents are asked about."""
    return f"{_public_url}/{slug}/lay-y-kien/{consultation_id}"


def desk_publicity() -> str:
    """What must be made public, for officials."""
    return f"{_public_url}/desk/publicity"


def desk_receptions() -> str:
    """Reception for officials."""
    return f"{_public_url}/desk/receptions"


def question(token: str) -> str:
    """The page of a question's author; its token is the secret."""
    return f"{_public_url}/hoi/{token}"
