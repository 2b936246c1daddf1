"""What is asked in a session, and what was promised."""

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from feedback.db import Base, choice
from feedback.dialogue.models import Dialogue
from feedback.documents.models import StoredFile
from feedback.labels import Labelled
from feedback.people.models import Channel, Officer, Position
from feedback.petitions.models import Petition
from feedback.sealing import Sealed


class QuestionState(Labelled):
    """Where a question stands; each of the last four is an end."""

    NEW = "new", "Chờ duyệt"
    ACCEPTED = "accepted", "Sẽ được trả lời"
    REFUSED = "refused", "Không đưa vào buổi đối thoại"
    GROUPED = "grouped", "Gộp với câu hỏi cùng nội dung"
    ANSWERED = "answered", "Đã trả lời"
    PROMISED = "promised", "Đã hứa giải quyết"
    PASSED = "passed", "Chuyển nơi có thẩm quyền"


class Question(Base):
    """A question, asked before (any channel) or in the room (`is_live`).

    `token` is the secret of its author's page. `same_as`: the question it was grouped with, which is
    answered for both. `called_at`: it is being dealt with now. `outcome`: what was said, as published.
    """

    __tablename__ = "question"
    __table_args__ = (
        sa.Index("ix_question_dialogue", "dialogue_id", "state", "id"),
        sa.CheckConstraint("same_as_id <> id", name="not_self"),
    )

    dialogue_id: Mapped[int] = mapped_column(sa.ForeignKey("dialogue.id"))
    token: Mapped[str] = mapped_column(sa.String(32), unique=True)
    version: Mapped[int] = mapped_column(default=1)
    state: Mapped[QuestionState] = mapped_column(choice(QuestionState))
    text: Mapped[str]
    is_anonymous: Mapped[bool] = mapped_column(default=False)  # in public; the ward knows the name
    is_live: Mapped[bool] = mapped_column(default=False)
    name: Mapped[str | None] = mapped_column(Sealed)
    phone: Mapped[str | None] = mapped_column(Sealed)
    neighbourhood_id: Mapped[int | None] = mapped_column(sa.ForeignKey("neighbourhood.id"))
    registration_id: Mapped[int | None] = mapped_column(
        sa.ForeignKey("registration.id"), index=True
    )
    contact_id: Mapped[int | None] = mapped_column(sa.ForeignKey("contact.id"), index=True)
    channel: Mapped[Channel] = mapped_column(choice(Channel))
    submission_key: Mapped[str | None] = mapped_column(sa.String(80), unique=True)
    asked_at: Mapped[datetime]
    same_as_id: Mapped[int | None] = mapped_column(sa.ForeignKey("question.id"), index=True)
    votes: Mapped[int] = mapped_column(default=0)

    department_id: Mapped[int | None] = mapped_column(sa.ForeignKey("department.id"), index=True)
    prepared: Mapped[str] = mapped_column(default="")
    prepared_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("officer.id"))
    prepared_at: Mapped[datetime | None]

    called_at: Mapped[datetime | None]
    outcome: Mapped[str] = mapped_column(default="")
    passed_to: Mapped[str] = mapped_column(sa.String(200), default="")
    settled_at: Mapped[datetime | None]
    settled_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("officer.id"))
    petition_id: Mapped[int | None] = mapped_column(sa.ForeignKey("petition.id"))

    dialogue: Mapped[Dialogue] = relationship()
    petition: Mapped[Petition | None] = relationship()
    prepared_by: Mapped[Officer | None] = relationship(foreign_keys=[prepared_by_id])

    __mapper_args__ = {"version_id_col": version}


class QuestionVote(Base):
    """One voice for a question: of a registered code or of a device, never twice."""

    __tablename__ = "question_vote"
    __table_args__ = (sa.UniqueConstraint("question_id", "voter"),)

    question_id: Mapped[int] = mapped_column(sa.ForeignKey("question.id"))
    voter: Mapped[str] = mapped_column(sa.String(48))
    at: Mapped[datetime]


class CommitmentState(Labelled):
    OPEN = "open", "Đã hứa"
    DONE = "done", "Đã làm"
    DOUBTED = "doubted", "Người dân nói chưa xong"


class Commitment(Base):
    """A promise made in a session: who owes what until when. Late follows from the date."""

    __tablename__ = "commitment"
    __table_args__ = (sa.Index("ix_commitment_ward", "ward_id", "state", "due_on"),)

    ward_id: Mapped[int] = mapped_column(sa.ForeignKey("ward.id"))
    dialogue_id: Mapped[int] = mapped_column(sa.ForeignKey("dialogue.id"), index=True)
    question_id: Mapped[int | None] = mapped_column(sa.ForeignKey("question.id"), index=True)
    version: Mapped[int] = mapped_column(default=1)
    state: Mapped[CommitmentState] = mapped_column(choice(CommitmentState))
    text: Mapped[str]
    position_id: Mapped[int] = mapped_column(sa.ForeignKey("position.id"), index=True)
    due_on: Mapped[date]
    first_due_on: Mapped[date]
    evidence: Mapped[str] = mapped_column(default="")
    file_id: Mapped[int | None] = mapped_column(sa.ForeignKey("stored_file.id"))
    promised_at: Mapped[datetime]
    promised_by_id: Mapped[int] = mapped_column(sa.ForeignKey("officer.id"))
    done_at: Mapped[datetime | None]
    done_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("officer.id"))

    position: Mapped[Position] = relationship()
    dialogue: Mapped[Dialogue] = relationship()
    file: Mapped[StoredFile | None] = relationship()

    __mapper_args__ = {"version_id_col": version}


class CommitmentVoice(Base):
    """A resident's word on a promise that is said to be kept: 1 it is, 0 it is not."""

    __tablename__ = "commitment_voice"
    __table_args__ = (sa.UniqueConstraint("commitment_id", "voter"),)

    commitment_id: Mapped[int] = mapped_column(sa.ForeignKey("commitment.id"))
    voter: Mapped[str] = mapped_column(sa.String(48))
    is_kept: Mapped[bool]
    words: Mapped[str] = mapped_column(default="")
    at: Mapped[datetime]
