"""The words of the demonstration: stories, places and invented people."""

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
PEOPLE, OLDEST = 60, 18  # petitions of `petitions.toml`; how many days ago the oldest came
DETAILS = (
    "kéo dài đã {n} ngày nay, bà con rất bức xúc.",
    "tôi đã gọi điện {n} lần nhưng chưa thấy ai đến xem.",
    "nhất là vào giờ cao điểm, khoảng {n} giờ chiều.",
    "mong phường sớm cử người xuống kiểm tra, nhà tôi có {n} cháu nhỏ.",
    "tổ trưởng đã ghi nhận hôm mùng {n}, xin phường cho biết kết quả.",
    "xung quanh có khoảng {n} hộ dân cùng chịu ảnh hưởng.",
)
FAMILY = ("Nguyễn", "Trần", "Lê", "Phạm", "Hoàng", "Vũ", "Đặng", "Bùi", "Đỗ", "Ngô", "Dương", "Lý")
MIDDLE = ("Văn", "Thị", "Đức", "Minh", "Thu", "Ngọc", "Quang", "Thanh")
GIVEN = (
    "An",
    "Bình",
    "Chi",
    "Dung",
    "Giang",
    "Hà",
    "Hùng",
    "Lan",
    "Mai",
    "Nam",
    "Phương",
    "Quân",
    "Sơn",
    "Tuấn",
)


@dataclass(frozen=True)
class Story:
    """What somebody might write, its field by number, and endings to vary it."""

    field: int
    text: str
    details: tuple[str, ...]


@cache
def petitions() -> list[dict[str, Any]]:
    """The sixty petitions of the demonstration, each with the state it is to reach."""
    rows: list[dict[str, Any]] = tomllib.loads(
        (HERE / "petitions.toml").read_text(encoding="utf-8")
    )["petition"]
    return rows


@cache
def ward() -> dict[str, Any]:
    """The demonstration ward, in the form `wards.founding.found` reads."""
    return tomllib.loads((HERE / "ward.toml").read_text(encoding="utf-8"))


def stories() -> list[Story]:
    """Every text of the demonstration as a story for the volume."""
    details = tuple(detail.format(n=n) for detail in DETAILS for n in range(2, 20))
    return [Story(row["field"], row["text"], details) for row in petitions()]


def addresses() -> list[str]:
    """Streets and lanes of the ward's neighbourhoods."""
    streets = [
        street.strip() for row in ward()["neighbourhood"] for street in row["streets"].split(",")
    ]
    return [*streets, *(f"ngõ {n} {street}" for street in streets for n in range(3, 60, 7))]


def names(count: int) -> list[tuple[str, str]]:
    """Invented residents: (name ending in "(mẫu)", telephone number in international form)."""
    every = (f"{a} {b} {c} (mẫu)" for a in FAMILY for b in MIDDLE for c in GIVEN)
    return [(name, f"+8490{index:07d}") for index, name in zip(range(count), every, strict=False)]
