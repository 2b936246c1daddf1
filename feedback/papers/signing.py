"""Who signs, and with which words above the name (NĐ 30/2020, Phụ lục I, mục II.7)."""

from dataclasses import dataclass

from feedback.labels import Labelled


class Authority(Labelled):
    """On whose behalf a kind of paper is signed."""

    CHAIR = "chair", "Chủ tịch ký theo thẩm quyền của mình"
    COMMITTEE = "committee", "Ký thay mặt Ủy ban nhân dân (TM.)"
    OFFICER = "officer", "Cán bộ ký với chức danh của mình"


class Capacity(Labelled):
    """As what the person at hand signs."""

    CHAIR = "chair", "Chủ tịch"
    ACTING = "acting", "Quyền Chủ tịch"
    DEPUTY = "deputy", "Phó Chủ tịch ký thay"
    ORDER = "order", "Ký thừa lệnh Chủ tịch"
    WARRANT = "warrant", "Ký thừa ủy quyền Chủ tịch"
    SELF = "self", "Ký với chức danh của mình"


_LINES: dict[Capacity, tuple[str, ...]] = {
    Capacity.CHAIR: ("CHỦ TỊCH",),
    Capacity.ACTING: ("Q. CHỦ TỊCH",),
    Capacity.DEPUTY: ("KT. CHỦ TỊCH", "PHÓ CHỦ TỊCH"),
    Capacity.ORDER: ("TL. CHỦ TỊCH", "{title}"),
    Capacity.WARRANT: ("TUQ. CHỦ TỊCH", "{title}"),
    Capacity.SELF: ("{title}",),
}
_FOR_COMMITTEE = (Capacity.CHAIR, Capacity.ACTING, Capacity.DEPUTY)


@dataclass(frozen=True)
class Signer:
    """`title` is the position in words, needed only below chair and vice-chair."""

    name: str
    capacity: Capacity
    title: str = ""
    officer_id: int | None = None


def lines(authority: Authority, signer: Signer) -> tuple[str, ...]:
    """The words above the signature: ("TM. ỦY BAN NHÂN DÂN", "KT. CHỦ TỊCH", "PHÓ CHỦ TỊCH")."""
    own = tuple(line.format(title=signer.title.upper()) for line in _LINES[signer.capacity])
    is_for_committee = authority is Authority.COMMITTEE and signer.capacity in _FOR_COMMITTEE
    return ("TM. ỦY BAN NHÂN DÂN", *own) if is_for_committee else own
