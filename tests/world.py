"""A small ward for tests, made row by row. Stories about petitions walk the real verbs."""
