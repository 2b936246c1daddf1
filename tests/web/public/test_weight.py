"""What a telephone on a slow network must fetch, as it travels: gzip where the server gives it."""

import re

from tests.web.public.resident import Resident
from tests.web.public.states import every_state

KB = 1000
FIRST, LATER = 120 * KB, 25 * KB
LINKED = re.compile(r'(?:href|src)="(/static/[^"]+)"')
IMPORTED = re.compile(r"""(?:from|import) ?["'](\.[^"']+)["']""")
FONTS = re.compile(
    r"url\(\"?([^\")]+\.woff2)\"?\)"
)  # pictures of rules that match nothing are not fetched


class Telephone:
    """Fetches a page and all it needs, each address once; `weight` is what the last page cost."""

    def __init__(self, resident: Resident):
        self.client = resident.client
        self.cache: set[str] = set()

    def weight(self, path: str) -> int:
        size, page = self._fetch(path)
        return size + sum(self._with_all_it_names(link) for link in set(LINKED.findall(page)))

    def _with_all_it_names(self, address: str) -> int:
        bare = address.partition("?")[0]
        if bare in self.cache:
            return 0
        self.cache.add(bare)
        size, text = self._fetch(address)
        here = bare.rpartition("/")[0]
        named = FONTS.findall(text) if bare.endswith(".css") else IMPORTED.findall(text)
        return size + sum(self._with_all_it_names(_joined(here, name)) for name in named)

    def _fetch(self, address: str) -> tuple[int, str]:
        response = self.client.get(address, headers={"Accept-Encoding": "gzip"})
        assert response.status_code == 200, address
        plain = self.client.get(address)
        return len(response.data), plain.get_data(as_text=True) if _is_text(plain) else ""


def _is_text(response) -> bool:
    return response.mimetype.startswith("text/") or "javascript" in response.mimetype


def _joined(folder: str, name: str) -> str:
    parts = folder.split("/")
    for piece in name.split("/"):
        if piece == "..":
            parts.pop()
        elif piece != ".":
            parts.append(piece)
    return "/".join(parts)


def test_the_first_page_and_every_later_one_stay_light(resident, world, clock):
    tokens = every_state(world, resident, clock)
    places = ["/ba-dinh/gui", "/ba-dinh/tra-cuu", "/ba-dinh/giup-do", "/ba-dinh/thong-tin-ca-nhan"]
    places += [f"/t/{token}" for token in tokens.values()]
    places += [f"/cam-on/{token}" for token in tokens.values()]
    telephone = Telephone(resident)
    first = telephone.weight("/ba-dinh/")
    assert first <= FIRST, first
    later = {place: telephone.weight(place) for place in places}
    assert max(later.values()) <= LATER, later


def test_whatever_is_opened_first_is_light(resident, world, clock):
    token = every_state(world, resident, clock)["Đã trả lời"]
    for place in (f"/t/{token}", f"/cam-on/{token}", "/ba-dinh/gui", "/ba-dinh/tra-cuu"):
        weight = Telephone(resident).weight(place)
        assert weight <= FIRST, (place, weight)
