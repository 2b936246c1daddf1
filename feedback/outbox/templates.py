"""Template messages: which approved template stands for which notice, and the texts to hand in."""

import re
import tomllib
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from feedback.db import Base, db

BUTTON = "Xem trả lời và theo dõi"
_PARAMETER = re.compile(r"<(\w+)>")


class ChannelTemplate(Base):
    """For an account, the provider's number of the template that stands for a notice."""

    __tablename__ = "channel_template"
    __table_args__ = (sa.UniqueConstraint("account_id", "notice"),)

    account_id: Mapped[int] = mapped_column(sa.ForeignKey("channel_account.id"))
    notice: Mapped[str] = mapped_column(sa.String(40))
    template_id: Mapped[str] = mapped_column(sa.String(40))


class Suggested(NamedTuple):
    """A text to hand in for approval. `rows`: (label, parameter) of its table."""

    notice: str
    name: str
    title: str
    text: str
    rows: tuple[tuple[str, str], ...]

    def parameters(self) -> list[str]:
        """Every parameter, the link's token last."""
        found = _PARAMETER.findall(" ".join([self.title, self.text, *(v for _, v in self.rows)]))
        return [*dict.fromkeys(found), "ma_theo_doi"]

    def paste(self, tracking: str) -> str:
        """All that is to be typed into the provider's form. `tracking`: address before the token."""
        table = "\n".join(f"{label}: {value}" for label, value in self.rows)
        return (
            f"Tên mẫu: {self.name}\nTiêu đề: {self.title}\nNội dung: {self.text}\nBảng:\n{table}\n"
            f"Nút bấm: {BUTTON}\nLiên kết của nút: {tracking}<ma_theo_doi>"
        )


@lru_cache(maxsize=1)
def suggested() -> dict[str, Suggested]:
    """The texts to hand in, by notice."""
    data = tomllib.loads(Path(__file__).with_suffix(".toml").read_text(encoding="utf-8"))
    return {
        each["notice"]: Suggested(
            each["notice"],
            each["name"],
            each["title"],
            each["text"],
            tuple((label, value) for label, value in each["rows"]),
        )
        for each in data["template"]
    }


def mapped(account_id: int) -> dict[str, str]:
    """The template of each notice that has one."""
    query = sa.select(ChannelTemplate.notice, ChannelTemplate.template_id)
    rows = db.session.execute(query.where(ChannelTemplate.account_id == account_id))
    return {row.notice: row.template_id for row in rows}


def template_for(account_id: int, notice: str) -> str | None:
    query = sa.select(ChannelTemplate.template_id).where(
        ChannelTemplate.account_id == account_id, ChannelTemplate.notice == notice
    )
    return db.session.scalar(query)


def set_mapping(account_id: int, wanted: dict[str, str]) -> None:
    """Let these templates stand for these notices, and no others; an empty number takes one away."""
    db.session.execute(
        sa.delete(ChannelTemplate).where(ChannelTemplate.account_id == account_id),
        execution_options={"synchronize_session": False},
    )
    for notice, template_id in wanted.items():
        if template_id.strip():
            row = ChannelTemplate(
                account_id=account_id, notice=notice, template_id=template_id.strip()
            )
            db.session.add(row)
    db.session.flush()
