"""The program, loaded: `programs.py` forks its processes from one that has read this and nothing else.

Nothing of it has looked at a setting, is connected to anything or runs a thread.
"""

import gc
from importlib import import_module
from pkgutil import walk_packages

gc.disable()  # until a process of its own begins

for package in ("bots", "web"):
    for module in walk_packages(import_module(package).__path__, package + "."):
        import_module(module.name)
for library in ("flask.cli", "gunicorn.app.wsgiapp", "gunicorn.workers.gthread", "psycopg", "wsgi"):
    import_module(library)
# What it compares with is built at the first question.
import_module("feedback.triage.suggest").suggest("đèn đường hỏng")
gc.freeze()
