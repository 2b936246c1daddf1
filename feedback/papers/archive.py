"""Issued papers as they were kept: who may see them, and their files, checked on every reading."""

import hashlib
from pathlib import Path

import sqlalchemy as sa

from feedback.db import db
from feedback.documents import store
from feedback.documents.intake import safe_name
from feedback.errors import NotFound, Refusal
from feedback.papers.models import Paper
from feedback.people.actor import Actor
from feedback.people.models import Permission
from feedback.petitions.models import Petition
from feedback.petitions.visibility import can_see


class Altered(Refusal):
    """A kept file is no longer the one that was issued."""

    status = 500
    default = "Bản lưu của văn bản này không còn nguyên vẹn. Vui lòng báo quản trị hệ thống."


def read(paper: Paper, suffix: str, root: Path) -> bytes:
    """The file as it was issued. Raises NotFound, or Altered when it is not that file any more."""
    with store.open_file(folder(root), paper.path(suffix)) as file:
        data = file.read()
    if hashlib.sha256(data).hexdigest() != paper.sha256(suffix):
        raise Altered
    return data


def file_name(paper: Paper, suffix: str) -> str:
    """'05-TB-UBND.pdf': what a download is called."""
    return safe_name(paper.sign.replace("/", "-") or paper.name, suffix)


def by_id(paper_id: int, actor: Actor) -> Paper:
    """A paper this officer may see. Raises NotFound."""
    paper = db.session.get(Paper, paper_id)
    if paper is None or paper.ward_id != actor.ward_id:
        raise NotFound
    if paper.petition_id is None:
        if not (actor.has(Permission.SEE_WARD) or paper.issued_by_id == actor.officer_id):
            raise NotFound
    else:
        seen(paper.petition_id, actor)
    return paper


def papers_of(petition: Petition, actor: Actor) -> list[Paper]:
    """The papers of a petition, oldest first. Raises NotFound."""
    if not can_see(petition, actor):
        raise NotFound
    query = sa.select(Paper).where(Paper.petition_id == petition.id).order_by(Paper.id)
    return list(db.session.scalars(query))


def folder(root: Path) -> Path:
    """Apart from what residents send: nobody who takes back a file takes a paper with it."""
    return root / "papers"


def seen(petition_id: int, actor: Actor) -> None:
    """Raises NotFound when this officer may not see the petition."""
    petition = db.session.get(Petition, petition_id)
    if petition is None or not can_see(petition, actor):
        raise NotFound
