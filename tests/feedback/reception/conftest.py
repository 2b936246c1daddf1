import pytest

from feedback import clock
from tests.feedback.reception.stories import MONDAY


@pytest.fixture
def monday():
    """It is Monday 30/11/2026, 9:00 in Viet Nam."""
    with clock.at(MONDAY):
        yield
