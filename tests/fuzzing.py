"""How hard property tests look: the same examples every time, or (`make fuzz`) many and others each time."""

import os

from hypothesis import settings

PROFILE = os.environ.get("HYPOTHESIS_PROFILE", "house")
TIMES = {"house": 1, "fuzz": 10}[PROFILE]
EXAMPLES = 100  # of a test that does not say


def examples(usual: int) -> int:
    """So many, or ten times as many."""
    return usual * TIMES


# No deadlines: a slow machine is no wrong answer. One commit says the same twice.
settings.register_profile("house", deadline=None, derandomize=True, max_examples=EXAMPLES)
settings.register_profile("fuzz", deadline=None, max_examples=examples(EXAMPLES), print_blob=True)
settings.load_profile(PROFILE)
