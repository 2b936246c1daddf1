"""Before an answer leaves, its words are seen exactly; the secret of the link is not."""

from feedback.db import transaction
from feedback.petitions import actions, notices


def test_the_preview_keeps_the_secret_of_the_link(world):
    petition = world.submit()
    clerk = world.actor("clerk")
    with transaction():
        actions.accept(petition, by=clerk)
        actions.take(petition, by=clerk)
        actions.submit_answer(petition, by=clerk, text="Đã thay bóng đèn mới.")
    preview = notices.answer_preview(petition, petition.answers[-1])
    assert "Đã thay bóng đèn mới." in preview
    assert petition.number in preview
    assert petition.token not in preview
