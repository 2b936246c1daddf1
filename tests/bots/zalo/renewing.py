"""Several processes that renew the same token, for test_tokens.py.

Each look finds the present token, says it is out, and takes what comes; until so many pairs were made.
The program is loaded once and forked, before anything of it is connected to anything.
"""

import os
import sys
import time
import traceback

from bots.zalo.clients import stored_tokens
from bots.zalo.tokens import TokenBusy
from feedback.db import db
from feedback.outbox import tokens
from wsgi import create_app


def main(account_id: int, times: int, processes: int) -> None:
    """Exits with how many of the processes failed."""
    app = create_app(pages=False)
    running = [_forked(app, account_id, times) for _ in range(processes)]
    sys.exit(sum(os.waitpid(each, 0)[1] != 0 for each in running))


def _forked(app, account_id: int, times: int) -> int:
    child = os.fork()
    if child:
        return child
    code = 1
    try:
        renew(app, account_id, times)
        code = 0
    except BaseException:
        traceback.print_exc()
    finally:
        os._exit(code)


def renew(app, account_id: int, times: int) -> None:
    store = stored_tokens(app, account_id)
    while True:
        with app.app_context():
            held = tokens.of(account_id)
            db.session.rollback()
        if held.version >= times:
            return
        try:
            assert store.renewed(held.access_token) != held.access_token
        except TokenBusy:
            time.sleep(0.05)
