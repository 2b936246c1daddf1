"""`/t/<token>`: the petition's own page, for whoever holds its link. Opening it changes nothing."""

from collections.abc import Callable

import sqlalchemy as sa
from flask import Response, flash, g, redirect, render_template, url_for

from feedback.db import db, transaction
from feedback.documents.models import FileUse
from feedback.errors import NotFound, Refusal
from feedback.people.actor import CITIZEN
from feedback.people.models import Channel
from feedback.petitions import actions
from feedback.petitions.lifecycle import Action
from feedback.petitions.models import Petition, Rating
from feedback.petitions.queries import by_token
from feedback.petitions.ratings import STARS
from web import throttle
from web.forms import csrf, is_fresh
from web.public import public, uploads, wards
from web.public.case_forms import AdditionForm, RatingForm, ReopeningForm
from web.public.case_view import CaseView, case_view
from web.public.holders import remember
from web.public.patience import be_patient
from web.public.typed_form import TypedForm
from web.public.uploads import Arrived

EXPIRED = "Trang này mở đã lâu. Nội dung vẫn còn nguyên: xin bấm gửi thêm một lần nữa."

Page = Response | tuple[str, int] | str


@public.get("/t/<token:token>")
def case(token: str) -> Page:
    return _page(opened(token))


@public.get("/t/<token:token>/thoi-han")
def due(token: str) -> Page:
    return render_template("public/due.html", case=opened(token))


@public.post("/t/<token:token>/bo-sung")
@csrf.exempt
def add(token: str) -> Page:
    """More words or photos; the answer to an officer's question."""
    be_patient()
    view = opened(token)
    form = AdditionForm()
    came = uploads.arrived(g.ward.id, token)

    def verb(petition: Petition) -> None:
        files = came.keep(g.ward.id, FileUse.ADDED)
        actions.add(petition, by=CITIZEN, text=form.addition.data, files=files)

    if came.refused:
        return _again(view, form, came), 422
    return _done(
        view, form, Action.ADD, form.addition.data, verb, came, "Phường đã nhận thêm thông tin."
    )


@public.post("/t/<token:token>/danh-gia")
@csrf.exempt
def rate(token: str) -> Page:
    """The resident's mark for the answer."""
    view = opened(token)
    form = RatingForm()

    def verb(petition: Petition) -> None:
        actions.rate(
            petition,
            by=CITIZEN,
            score=int(form.score.data),
            reasons=form.reasons.data or (),
            comment=form.comment.data or "",
            channel=Channel.WEB,
        )

    said = f"{form.score.data}/5"
    return _done(view, form, Action.RATE, said, verb, None, "Cảm ơn Ông/Bà đã đánh giá.")


@public.post("/t/<token:token>/xu-ly-lai")
@csrf.exempt
def reopen(token: str) -> Page:
    """The answer did not solve it: handle it again."""
    view = opened(token)
    form = ReopeningForm()

    def verb(petition: Petition) -> None:
        actions.reopen(petition, by=CITIZEN, reason=form.reason.data)

    thanks = "Phường đã nhận đề nghị xử lý lại. Ngày trả lời mới ở bên dưới."
    return _done(view, form, Action.REOPEN, form.reason.data, verb, None, thanks)


@public.post("/t/<token:token>/vi-tri")
@csrf.exempt
def place(token: str) -> Page:
    """Yes: where the photo was taken is where it happened."""
    view = opened(token)
    file = view.photo_with_place
    if file is None:
        raise NotFound

    def verb(petition: Petition) -> None:
        actions.locate(petition, by=CITIZEN, lat=file.lat, lng=file.lng)

    return _done(view, TypedForm(), None, "", verb, None, "Đã dùng nơi chụp trong ảnh.")


def opened(token: str) -> CaseView:
    """The petition of a link, with its ward as the page's. Raises NotFound."""
    petition = by_token(token)
    g.ward = wards.by_id(petition.ward_id)
    remember(petition.id)
    return case_view(petition, wards.setup(g.ward))


def _done(
    view: CaseView,
    form: TypedForm,
    action: Action | None,
    said: str,
    verb: Callable[[Petition], None],
    came: Arrived | None,
    thanks: str,
) -> Page:
    """Let the verb act once and go back to the page, or show it again with what was typed."""
    token = view.petition.token
    try:
        throttle.check("addition", throttle.visitor())
        if not is_fresh():
            return _again(view, form, came, EXPIRED), 400
        if not form.validate():
            return _again(view, form, came), 422
        with transaction():
            petition = _locked(token)
            if action is None or not _was_said(petition, action, said):
                verb(petition)
    except Refusal as refusal:
        return _again(view, form, came, refusal.sentence), refusal.status
    flash(thanks, "success")
    return redirect(url_for("public.case", token=token), 303)


def _locked(token: str) -> Petition:
    """The petition, held until the transaction ends: two taps come one after the other."""
    db.session.execute(sa.select(Petition.id).where(Petition.token == token).with_for_update())
    return by_token(token)


def _was_said(petition: Petition, action: Action, said: str) -> bool:
    """Whether this is the resident's last act over again: a double tap, a page sent twice."""
    own = [e for e in petition.timeline if e.party == CITIZEN.party and e.action != Action.CLOSE]
    return (
        bool(said) and own[-1:] != [] and own[-1].action == action and own[-1].text.endswith(said)
    )


def _again(view: CaseView, form: TypedForm, came: Arrived | None = None, sentence: str = "") -> str:
    files = []
    if came is not None and (came.clean or came.earlier):
        with transaction():
            files = came.keep(g.ward.id, FileUse.ADDED)
        view = opened(view.petition.token)
    return _page(
        view,
        form,
        kept=uploads.kept(files, view.petition.token),
        refused=came.refused if came else [],
        sentence=sentence,
    )


def _page(view: CaseView, form: TypedForm | None = None, **values: object) -> str:
    forms = {kind: kind(formdata=None) for kind in (AdditionForm, RatingForm, ReopeningForm)}
    if type(form) in forms:
        forms[type(form)] = form
    return render_template(
        "public/case.html",
        case=view,
        form=form,
        addition=forms[AdditionForm],
        rating=forms[RatingForm],
        reopening=forms[ReopeningForm],
        rated=_rated(view.petition),
        stars=STARS,
        **values,
    )


def _rated(petition: Petition) -> Rating | None:
    """The mark the present answer already has."""
    now = (Rating.petition_id == petition.id) & (Rating.round == petition.reopened)
    return db.session.scalars(sa.select(Rating).where(now)).first()
