"""Looking: the officer's menu, what waits for them, one case, the morning briefing at any hour."""

from feedback.conversations.flows.officer.table import FLOW, buttons, first, seat_of
from feedback.conversations.inbound import Inbound
from feedback.conversations.seat import Dossier, Seat
from feedback.conversations.turn import Button, Choices, Say, Scene, Standing, Turn

BACK: Choices = (("Việc của tôi", "o:work"), ("Mục lục", "o:menu"))
LINKS = 5  # photos named
PILES = {
    "sign": "chờ Ông/Bà duyệt",
    "accept": "chờ tiếp nhận",
    "late": "quá hạn",
    "soon": "sắp đến hạn",
    "new": "mới",
    "help": "đề nghị phối hợp",
    "area": "trong tổ",
    "waiting": "chờ người dân",
    "approval": "chờ duyệt",
}


def menu(_: str, standing: Standing, inbound: Inbound, scene: Scene) -> Turn:
    seat = seat_of(scene)
    values = {"name": seat.name, "title": seat.title, "piles": seat.find_piles()}
    return Turn(says=(Say("officer.menu", values, _choices(seat)),))


def _choices(seat: Seat) -> Choices:
    found: list[tuple[str, str]] = []
    if seat.is_neighbourhood_head:
        found += [
            ("Nhập hộ bà con", "o:entry"),
            ("Phản ánh của tổ", "o:work:area"),
            ("Loan báo", "o:tell"),
        ]
    else:
        piles = {pile.name for pile in seat.find_piles()}
        if "sign" in piles:
            found.append(("Chờ tôi duyệt", "o:work:sign"))
        if "accept" in piles:
            found.append(("Chờ tiếp nhận", "o:work:accept"))
        found += [("Việc của tôi", "o:work"), ("Họp giao ban", "o:brief")]
        if seat.may_enter:
            found.append(("Nhập hộ", "o:entry"))
    return (*found, ("Gửi phản ánh của tôi", "report"))[:5]


def guide(_: str, standing: Standing, inbound: Inbound, scene: Scene) -> Turn:
    seat = seat_of(scene)
    values = {"is_neighbourhood_head": seat.is_neighbourhood_head}
    return standing.stay(Say("officer.help", values, _choices(seat)))


def work(rest: str, standing: Standing, inbound: Inbound, scene: Scene) -> Turn:
    """'work' is all of it, 'work:late' one pile, 'work:late:f12.3' its next page."""
    seat = seat_of(scene)
    pile, _, after = rest.partition(":")
    if seat.is_neighbourhood_head and not pile:
        pile = "area"
    page = seat.find_lines(pile, after)
    if not page.rows:
        return Turn(says=(Say("officer.no_work", {"pile": pile}, _choices(seat)),))
    choices: Choices = tuple((f"{no}", f"o:case:{line.id}") for no, line in enumerate(page.rows, 1))
    if page.after:
        choices += (("Xem tiếp", f"o:work:{pile}:{page.after}"),)
    values = {
        "which": PILES.get(pile, ""),
        "rows": page.rows,
        "count": page.total,
        "is_first": not after,
    }
    return Turn(says=(Say("officer.work", values, choices),))


def case(key: str, standing: Standing, inbound: Inbound, scene: Scene) -> Turn:
    found = seat_of(scene).find_case(key)
    if found is None:
        return Turn(says=(Say("officer.no_case", {"key": "" if key.isdecimal() else key}, BACK),))
    return Turn(says=(card(found),))


def card(found: Dossier) -> Say:
    """One case with everything an officer needs to act on it; a sealed one only as a link."""
    url = ("Mở hồ sơ trên trang", found.link)
    if found.is_sealed:
        return Say("officer.sealed", {"link": found.link}, BACK, url=url)
    values = {
        "case": found,
        "photos": found.photos[:LINKS],
        "results": found.results[:LINKS],
        "shows_answer": found.answer is not None and found.answer.is_written,
    }
    return Say("officer.case", values, first(found) or BACK, url=url)


def rest(key: str, standing: Standing, inbound: Inbound, scene: Scene) -> Turn:
    """What did not fit under the case."""
    found = seat_of(scene).find_case(key)
    if found is None or found.is_sealed:
        return case(key, standing, inbound, scene)
    hidden = tuple(each for each in buttons(found) if each not in first(found))
    choices = (*hidden, ("Xem hồ sơ", f"o:case:{found.id}"))
    return Turn(says=(Say("officer.more", {"number": found.number}, choices),))


def brief(_: str, standing: Standing, inbound: Inbound, scene: Scene) -> Turn:
    """What a morning meeting needs: how much waits, and what is late, with names."""
    seat = seat_of(scene)
    late = seat.find_lines("overdue", "")
    values = {"piles": seat.find_piles(), "late": late.rows, "late_count": late.total}
    choices: Choices = tuple((f"{no}", f"o:case:{line.id}") for no, line in enumerate(late.rows, 1))
    return Turn(says=(Say("officer.brief", values, choices or BACK),))


BUTTONS: dict[str, Button] = {
    "menu": menu,
    "help": guide,
    "work": work,
    "case": case,
    "rest": rest,
    "brief": brief,
}
__all__ = ["BACK", "BUTTONS", "FLOW", "card", "case", "menu"]
