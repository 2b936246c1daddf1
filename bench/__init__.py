"""Load drivers, the floor they are compared with, and the recorded results. Never run by the tests."""
