"""`flask chat`: the ward answers in a terminal, with no token and no network."""

import pytest
import sqlalchemy as sa
from PIL import Image

from bots import console
from feedback.db import db
from feedback.outbox.models import OutboxRow, OutboxState
from feedback.people.models import Channel
from feedback.petitions.models import Petition


def chat(app, *lines: str, name: str = "dan") -> str:
    typed = "".join(f"{line}\n" for line in lines)
    result = app.test_cli_runner().invoke(args=["chat", "--as", name], input=typed + "@bye\n")
    assert result.exit_code == 0, result.output
    db.session.rollback()
    return result.output


def test_a_whole_report(app, world, tmp_path):
    photo = tmp_path / "coc-den.jpg"
    Image.new("RGB", (64, 48), "gray").save(photo)
    told = chat(
        app,
        "alo",
        f"@photo {photo} Đèn đường trước nhà văn hóa bị hỏng",
        "@location 21.034,105.814",
        "1",
    )
    (petition,) = db.session.scalars(sa.select(Petition))
    assert petition.number in told
    assert "[1] Gửi" in told
    assert [file.name for file in petition.files] == ["coc-den.jpg"]
    rows = db.session.scalars(sa.select(OutboxRow)).all()
    assert {row.state for row in rows} == {OutboxState.SENT}
    assert {row.channel for row in rows} == {Channel.CONSOLE}


def test_sending_again_changes_nothing(app, world):
    told = chat(app, "Đèn đường trước nhà văn hóa bị hỏng", "tổ 1", "1", "@again", "@again")
    assert len(db.session.scalars(sa.select(Petition)).all()) == 1
    assert told.count("Mã tra cứu") == 1


def test_two_people_at_two_terminals(app, world):
    chat(app, "Đèn đường trước nhà văn hóa bị hỏng", name="bay")
    assert "xin lắng nghe" in chat(app, "alo", name="dan")


@pytest.mark.parametrize(
    ("typed", "advice"),
    [
        ("@photo nowhere.jpg", "Không có tệp"),
        ("@location xa lắm", "Ví dụ: @location"),
        ("@dance", "@photo"),
    ],
)
def test_advice_for_what_cannot_be_sent(app, world, typed, advice):
    assert advice in chat(app, typed)


def test_a_number_beyond_the_buttons_is_words(app, world):
    line = console.Line()
    console.open_account()
    line.send("Đèn đường trước nhà văn hóa bị hỏng")
    (summary,) = line.send("3")  # two buttons only: neighbourhood 3
    assert "Tổ dân phố số 3" in summary.text


def test_without_a_ward_it_says_what_to_do(app):
    result = app.test_cli_runner().invoke(args=["chat"])
    assert result.exit_code == 1
    assert "make run" in result.output
