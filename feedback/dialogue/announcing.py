"""The same announcement for each ear: the loudspeaker, the neighbourhood's chat group, the notice board."""

from dataclasses import dataclass
from datetime import date, timedelta

from feedback import clock, links
from feedback.dialogue import spoken
from feedback.dialogue.commitments import agenda
from feedback.dialogue.kinds import Convener
from feedback.dialogue.models import Dialogue, Mode, Reach
from feedback.messages import say
from feedback.wards.models import Ward
from feedback.wards.setup import Setup, setup_of
from feedback.worktime.words import day_name, minute_name

BROADCASTS = ("6 giờ 15 sáng", "17 giờ 15 chiều")
DAYS_ON_AIR = 3


@dataclass(frozen=True)
class Broadcast:
    """What is read out, and on which days: three in a row, the last before the session."""

    text: str
    days: tuple[date, ...]
    times: tuple[str, ...] = BROADCASTS


def loudspeaker(dialogue: Dialogue, ward: Ward, today: date | None = None) -> Broadcast:
    """Short sentences, numbers in words."""
    starts_on = clock.local(dialogue.starts_at).date()
    text = say(
        "announcing.loudspeaker",
        setup_of(ward.id).texts,
        ward=ward.name,
        host=host(dialogue, ward, "Ủy ban nhân dân"),
        title=dialogue.title,
        theme=dialogue.theme.strip(" ."),
        hour=spoken.hour(dialogue.starts_at),
        day=spoken.day(starts_on),
        place=dialogue.place.strip(" ."),
        is_online=dialogue.mode is not Mode.IN_PERSON,
        areas=whom(dialogue),
        hotline=spoken.digits(ward.hotline) if ward.hotline else "",
    )
    return Broadcast(spoken.in_words(text), broadcast_days(starts_on, today or clock.today()))


def broadcast_days(starts_on: date, today: date) -> tuple[date, ...]:
    """The three days that end on the eve, as far as they are still to come."""
    days = (starts_on - timedelta(days=n) for n in range(DAYS_ON_AIR, 0, -1))
    return tuple(day for day in days if day >= today)


def group_text(dialogue: Dialogue, ward: Ward) -> str:
    """To be forwarded into a neighbourhood's group as it is: no markup, one link."""
    return say(
        "announcing.group",
        setup_of(ward.id).texts,
        ward=ward.name,
        host=host(dialogue, ward),
        heading=dialogue.title.upper(),
        theme=dialogue.theme,
        when=minute_name(clock.local(dialogue.starts_at)),
        place=dialogue.place,
        is_online=dialogue.mode is not Mode.IN_PERSON,
        agenda=agenda(dialogue),
        areas=whom(dialogue),
        seats=dialogue.seats,
        hotline=ward.hotline,
        link=links.dialogue(ward.slug, dialogue.id),
    )


def host(dialogue: Dialogue, ward: Ward, committee: str = "UBND") -> str:
    """Who invites: 'UBND Phường Ba Đình', or the head of the neighbourhood that meets."""
    if dialogue.of_kind.convened_by is Convener.NEIGHBOURHOOD:
        return f"Tổ trưởng {areas(dialogue.concerned)}, {ward.name}"
    return f"{committee} {ward.name}"


def whom(dialogue: Dialogue) -> str:
    """The neighbourhoods invited; of a session for everybody 'toàn phường', which can be read out."""
    setup = setup_of(dialogue.ward_id)
    if is_for_everybody(dialogue, setup):
        return f"toàn {setup.name.partition(' ')[0].lower()}"
    return areas(dialogue.concerned)


def is_for_everybody(dialogue: Dialogue, setup: Setup) -> bool:
    """Whether the ward invites all its neighbourhoods; the head of the only one invites just that one."""
    every = setup.neighbourhoods.keys() - setup.unused_areas
    concerned = {row.neighbourhood_id for row in dialogue.concerned}
    is_wards = dialogue.of_kind.convened_by is Convener.WARD
    return is_wards and bool(concerned) and concerned >= every


def areas(concerned: list[Reach]) -> str:
    """'Tổ dân phố số 1, Tổ dân phố số 2'"""
    return ", ".join(row.neighbourhood.name for row in concerned)


def on_air(broadcast: Broadcast) -> str:
    """When it is read out, in one sentence."""
    if not broadcast.days:
        return "Đọc ngay, càng sớm càng tốt."
    days = "; ".join(day_name(day) for day in broadcast.days)
    return f"Đọc lúc {' và '.join(broadcast.times)}, các ngày: {days}."
