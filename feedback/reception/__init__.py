"""Tiếp công dân: the chair's timetable, booking, the queue of the day, the register, what became of it."""
