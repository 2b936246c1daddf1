from hypothesis import settings

pytest_plugins = ["tests.database", "tests.world", "tests.browser"]

settings.register_profile("house", deadline=None)  # a slow machine is no wrong answer
settings.load_profile("house")


def pytest_unconfigure() -> None:
    from tests import postgres

    postgres.leave()
