"""The administrator at the desk, for tests of the settings pages."""

import pytest

from tests.web.staff import at_desk


@pytest.fixture
def admin(app, world):
    return at_desk(app, world.admin)


@pytest.fixture
def chair(app, world):
    return at_desk(app, world.chair)
