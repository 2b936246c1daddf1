"""One process of several that renew the same token: run by test_tokens.py, `renewing.py ACCOUNT TIMES`.

Each look finds the present token, says it is out, and takes what comes; until TIMES pairs were made.
"""

import sys
import time

from bots.zalo.clients import stored_tokens
from bots.zalo.tokens import TokenBusy
from feedback.db import db
from feedback.outbox import tokens
from wsgi import create_app


def main(account_id: int, times: int) -> None:
    app = create_app()
    store = stored_tokens(app, account_id)
    print("ready", flush=True)
    sys.stdin.readline()
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


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]))
