from tests.web.public.resident import clock, guarded, resident, throttled

__all__ = ["clock", "guarded", "resident", "throttled"]
