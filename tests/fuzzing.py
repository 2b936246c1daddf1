"""How hard property tests look: the same examples every time, or (`make fuzz`) many and others each time."""

import os

from hypothesis import HealthCheck, settings

PROFILE = os.environ.get("HYPOTHESIS_PROFILE", "house")
TIMES = {"house": 1, "fuzz": 10}[PROFILE]
EXAMPLES = 100  # of a test that does not say


def examples(usual: int) -> int:
    """So many, or ten times as many."""
    return usual * TIMES


SLOW = [HealthCheck.too_slow]
SHARED = [*SLOW, HealthCheck.function_scoped_fixture]  # of tests whose examples share a database

# No deadlines: a slow machine is no wrong answer. One commit says the same twice.
_common = {"deadline": None, "suppress_health_check": SLOW}
settings.register_profile("house", derandomize=True, max_examples=EXAMPLES, **_common)
settings.register_profile("fuzz", max_examples=examples(EXAMPLES), print_blob=True, **_common)
settings.load_profile(PROFILE)
