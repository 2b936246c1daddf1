"""What waits for a signature: one answer on the screen, with the message exactly as it will be sent."""

from typing import Any

from flask import render_template, request, url_for

from feedback.errors import NotFound
from feedback.people.models import Permission as P
from feedback.petitions import queries
from feedback.petitions.actions import more_time
from feedback.petitions.lifecycle import allowed_actions
from web.accounts.session import current_actor, needs
from web.desk.blueprint import desk
from web.desk.case_view import case_view, undo_until
from web.desk.frame import today
from web.desk.signing import sign_block


@desk.get("/approvals")
@needs(P.APPROVE, P.APPROVE_FOR_CHAIR)
def approvals() -> Any:
    actor = current_actor()
    page = queries.approval_queue(actor, request.args.get("after"), limit=1)
    context: dict[str, Any] = {
        "undo": _undo(request.args.get("done", "")),
        "nav": "approvals",
        "wishes": more_time.waiting(actor),
    }
    if page.rows:
        petition = queries.case(page.rows[0].number, actor)
        context |= case_view(petition, actor)
        context |= {
            "count_words": page.count_words,
            "sign_block": sign_block(actor, today()),
            "skip": url_for(".approvals", after=page.next) if page.next else None,
            "back": url_for(".approvals", done=petition.number),
        }
    return render_template("desk/approvals.html", **context)


def _undo(number: str) -> dict[str, Any] | None:
    """The answer approved a moment ago, while it can be taken back."""
    actor = current_actor()
    try:
        petition = queries.to_change(number, actor) if number else None
    except NotFound:
        return None
    until = undo_until(petition, allowed_actions(petition, actor)) if petition else None
    if petition is None or until is None:
        return None
    return {"number": petition.number, "until": until, "version": petition.version}
