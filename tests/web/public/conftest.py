from tests.web.public.resident import guarded, resident, throttled

__all__ = ["guarded", "resident", "throttled"]
