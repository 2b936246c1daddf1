"""A conversation without a database: what is said, and where it stands, after each message."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from feedback.conversations.flows import respond
from feedback.conversations.inbound import FileRef, Inbound, Spot
from feedback.conversations.turn import (
    Area,
    Asking,
    Case,
    Draft,
    Effect,
    Hint,
    Kept,
    Meetings,
    OpenDay,
    Refused,
    Scene,
    Session,
    Standing,
)
from feedback.people.models import Channel
from feedback.petitions.models import Status

START = datetime(2026, 3, 4, 2, 0, tzinfo=UTC)
AREAS = tuple(Area(100 + no, no, f"Tổ dân phố số {no}") for no in (1, 2, 3))
HERE = Spot(21.0341, 105.8142)
OPEN = Case(7, "BD-2026-000007", "Cống tắc đầu ngõ", Status.IN_PROGRESS, True, token="tok-7")
ASKED = Case(8, "BD-2026-000008", "Cây nghiêng", Status.WAITING_CITIZEN, True, token="tok-8")
ANSWERED = Case(9, "BD-2026-000009", "Rác ven hồ", Status.ANSWERED, False, True, "tok-9")


def hint(text: str) -> Hint:
    """A stand-in for triage: three words that mean something."""
    return Hint(
        is_accusation="tố cáo" in text,
        needs_place="thủ tục" not in text,
        danger="Gọi 114 ngay." if "cháy" in text else "",
    )


class SomeMeetings(Meetings):
    """One day of the chair with two times, one session that takes people and questions."""

    held = Session(5, "Đối thoại năm", "08:00", "Nhà văn hóa", True, True)
    asked = Draft(6, "Quy chế chợ", "Giờ họp chợ", "Thứ Hai 14/12/2026", "x", is_open=True)

    def name(self):
        return "Trần Thị Dân"

    def days(self):
        return (OpenDay(3, "Thứ Năm 10/12", "08:00 Thứ Năm 10/12/2026", "Phòng tiếp dân", 2),)

    def times(self, day_id):
        return ((0, "08:00"), (1, "08:30")) if day_id == 3 else ()

    def drafts(self):
        return (self.asked,)

    def draft(self, consultation_id):
        return self.asked if consultation_id == 6 else None

    def sessions(self):
        return (self.held,)

    def session(self, dialogue_id):
        return self.held if dialogue_id == 5 else None

    def questions(self, dialogue_id):
        return (Asking(9, "Bao giờ thông cống?", 3),)


@dataclass
class Talk:
    """Send something; read `.blocks`, `.says`, `.step`, `.effects`. A minute passes between messages."""

    cases: tuple[Case, ...] = ()
    phone: str = ""
    standing: Standing = field(default_factory=Standing)
    memo: dict = field(default_factory=dict)
    now: datetime = START
    turn: int = 0
    effects: list[Effect] = field(default_factory=list)
    last: object = None
    was_edit: bool = False

    def send(self, text="", *, button=None, photos=0, place=None, refused=(), **more):
        """One message; returns the names of what is answered."""
        self.turn += 1
        self.now += timedelta(minutes=1)
        kept = more.pop("kept", None) or tuple(
            Kept(1000 + self.turn * 10 + no, "anh.jpg") for no in range(photos)
        )
        inbound = Inbound(
            Channel.CONSOLE,
            "main",
            "dan",
            f"m{self.turn}",
            text=text,
            button=button,
            files=tuple(FileRef(f"f{no}", "anh.jpg") for no in range(photos)),
            place=place,
            ref=more.pop("ref", f"r{self.turn}"),
            sent_at=more.pop("sent_at", self.now),
            **more,
        )
        if inbound.phone:
            self.phone = inbound.phone
        scene = Scene(
            turn=self.turn,
            now=self.now,
            ward_code="BD",
            areas=AREAS,
            find_cases=lambda: self.cases,
            kept=kept,
            refused=tuple(Refused(name, f"Không nhận {name}.") for name in refused),
            phone=self.phone,
            memo=self.memo,
            meetings=SomeMeetings(),
            hint=hint,
            find_fields=lambda: ((1, "Chiếu sáng"), (2, "Thoát nước, ngập úng")),
        )
        self.was_edit = inbound.is_edit
        turn = respond(self.standing, inbound, scene)
        if turn.effect:
            self.effects.append(turn.effect)
        self.memo = self.memo | turn.memo
        choices = turn.says[-1].choices if turn.says else ()
        self.standing = Standing(turn.flow, turn.step, turn.slots, choices)
        self.last = turn
        return self.blocks

    def press(self, label):
        """Press the offered button with this label."""
        payload = next(p for words, p in self.standing.choices if words.startswith(label))
        return self.send(button=payload)

    @property
    def blocks(self):
        return [say.block for say in self.last.says]

    @property
    def step(self):
        return (self.standing.flow, self.standing.step)

    @property
    def shown(self):
        """The values of the last thing said."""
        return self.last.says[-1].values

    @property
    def slots(self):
        return self.standing.slots

    @property
    def sent(self):
        """The slots of every report sent."""
        return [effect.values["slots"] for effect in self.effects if effect.do == "submit"]
