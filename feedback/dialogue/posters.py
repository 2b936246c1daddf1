"""The poster of a session: when, where, and codes that lead to coming and asking."""

from feedback import clock, links
from feedback.db import db
from feedback.dialogue.announcing import whom
from feedback.dialogue.models import Dialogue
from feedback.messages import say
from feedback.papers.poster import Poster, foot
from feedback.people.models import Channel
from feedback.wards.doors import doors
from feedback.wards.models import Ward
from feedback.wards.setup import setup_of
from feedback.worktime.words import minute_name


def of_dialogue(dialogue: Dialogue) -> Poster:
    ward = db.session.get_one(Ward, dialogue.ward_id)
    own = setup_of(ward.id).texts
    ways = doors(
        ward.id, payload=f"talk-{dialogue.id}", page=links.dialogue(ward.slug, dialogue.id)
    )
    has_zalo = any(door.channel is Channel.ZALO for door in ways)
    when = minute_name(clock.local(dialogue.starts_at))
    return Poster(
        over=say("announcing.poster_dialogue", own, ward=ward.name, areas=whom(dialogue)),
        title=dialogue.title,
        lines=tuple(filter(None, (when, dialogue.place, dialogue.theme))),
        doors=ways,
        how=say("announcing.poster_dialogue_how", own, has_zalo=has_zalo),
        foot=foot(ward),
    )
