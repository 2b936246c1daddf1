"""A session as its papers print it. Reads only; call outside transactions, before `papers.issuing`.

What the head of a neighbourhood calls together goes out in the neighbourhood's name, signed by the head and
without a number of the ward.
"""

from dataclasses import replace

from feedback import clock, links
from feedback.db import db
from feedback.dialogue import commitments, door, minutes, questions
from feedback.dialogue.announcing import areas, whom
from feedback.dialogue.duties import post_of_head
from feedback.dialogue.kinds import Convener
from feedback.dialogue.models import Dialogue
from feedback.dialogue.question_models import Commitment, QuestionState
from feedback.papers.filling import office_of, receiver_of, signer_of
from feedback.papers.inputs import Answered, Office, Promised, PublicDialogue
from feedback.papers.signing import Authority, Capacity, Signer
from feedback.people.directory import holders
from feedback.text import hide_contacts
from feedback.wards.models import Ward
from feedback.wards.setup import setup_of

NOTICE, MINUTES, RESULTS = "dialogue_notice", "dialogue_minutes", "dialogue_results"
REPORT = "neighbourhood_report"
NAMES = {
    NOTICE: "Thông báo tổ chức",
    MINUTES: "Biên bản",
    RESULTS: "Thông báo kết quả",
    REPORT: "Báo cáo UBND, Ủy ban MTTQ",
}
_OWN = {
    "suffix": "",
    "authority": Authority.OFFICER,
    "signers": [Capacity.SELF],
    "recipients": [
        "Các hộ trong tổ dân phố;",
        "UBND, Ủy ban MTTQ Việt Nam phường;",
        "Lưu: hồ sơ tổ dân phố.",
    ],
}
_SILENT = frozenset({QuestionState.NEW, QuestionState.GROUPED, QuestionState.REFUSED})


def ready(dialogue: Dialogue) -> dict[str, str]:
    """The papers that can be printed as the session stands: name by form."""
    since = {MINUTES: dialogue.started_at, RESULTS: dialogue.held_at, REPORT: dialogue.held_at}
    keys = [key for key in NAMES if key in dialogue.of_kind.papers]
    return {key: NAMES[key] for key in keys if since.get(key, dialogue.created_at)}


def is_numbered(dialogue: Dialogue) -> bool:
    """Whether its papers are the ward's and take the ward's numbers."""
    return dialogue.of_kind.convened_by is Convener.WARD


def signer_for(dialogue: Dialogue, form_key: str, officer_id: int) -> Signer:
    """Who signs: the head who called it together; of the ward's sessions the officer at hand."""
    if is_numbered(dialogue):
        return receiver_of(officer_id) if form_key == MINUTES else signer_of(officer_id)
    concerned = dialogue.concerned[0].neighbourhood_id if dialogue.concerned else 0
    post = post_of_head(setup_of(dialogue.ward_id), concerned)
    heads = holders(post, clock.today()) if post else []
    return receiver_of(heads[0].id) if heads else Signer("", Capacity.SELF, "Tổ trưởng tổ dân phố")


def _office(dialogue: Dialogue, ward: Ward) -> Office:
    office = office_of(ward)
    if is_numbered(dialogue):
        return office
    place = areas(dialogue.concerned)
    own = {key: {**office.corrections.get(key, {}), **_OWN} for key in (NOTICE, MINUTES, RESULTS)}
    return replace(
        office,
        names=(ward.name.upper(), place.upper()),
        name=place,
        corrections={**office.corrections, **own},
    )


def public_dialogue(
    dialogue: Dialogue, signer: Signer, *, secretary: str = "", names: bool = False
) -> PublicDialogue:
    """What notice, minutes and results are filled with; `names` of who asked only on the minutes."""
    ward = db.session.get_one(Ward, dialogue.ward_id)
    asked = [q for q in questions.every(dialogue) if q.state not in _SILENT]
    households = [row.neighbourhood.households for row in dialogue.concerned]
    promised = [p for p in commitments.of_ward(ward.id) if p.dialogue_id == dialogue.id]
    return PublicDialogue(
        office=_office(dialogue, ward),
        signer=signer,
        on=clock.today(),
        to=(f"Ủy ban nhân dân {ward.name}", f"Ban Thường trực Ủy ban MTTQ Việt Nam {ward.name}"),
        kind=dialogue.of_kind.name,
        article=dialogue.of_kind.article,
        title=dialogue.title,
        theme=dialogue.theme,
        starts_at=dialogue.started_at or dialogue.starts_at,
        ends_at=dialogue.held_at or dialogue.ends_at,
        where=dialogue.place or "phòng họp trực tuyến",
        how=dialogue.mode.label,
        areas=whom(dialogue),
        agenda=tuple(commitments.agenda(dialogue)),
        presiding=tuple(dialogue.presiding),
        invited=dialogue.of_kind.invited,
        link=links.dialogue(ward.slug, dialogue.id),
        chair=dialogue.presiding[0] if dialogue.presiding else "",
        secretary=secretary,
        people=door.crowd(dialogue).inside,
        questions=tuple(
            Answered(
                (q.name if names and q.name else questions.who_asked(q)),
                hide_contacts(q.text),
                q.state.label,
                f"{q.passed_to}. {q.outcome}" if q.passed_to else q.outcome,
            )
            for q in asked
        ),
        promises=tuple(_promised(each) for each in reversed(promised)),
        earlier=tuple(_promised(each) for each in commitments.to_report(dialogue)),
        remarks=tuple(minutes.remarks(dialogue)),
        conclusion=dialogue.conclusion,
        told_on=clock.local(dialogue.announced_at).date() if dialogue.announced_at else None,
        told_how=tuple(row.where for row in dialogue.concerned if row.confirmed_at),
        households=sum(each or 0 for each in households) if all(households) else None,
    )


def _promised(each: Commitment) -> Promised:
    return Promised(each.text, each.position.title, each.due_on, commitments.standing(each))
