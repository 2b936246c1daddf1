"""The floor: the same operations in one file of Flask and raw SQL with nothing spare.

A form with a signed csrf token, a durable petition with its number, timeline, two deadlines and the
search index; a chat message stored, its conversation moved on and a reply queued; a list, a search, a
case. No validation, no routing, no law, no layout, no sessions: the practical limit for a Flask program
on this machine, on both databases.
"""

import json
import os
import secrets
import sqlite3
import threading
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

from flask import Flask, redirect, request
from itsdangerous import BadSignature, URLSafeTimedSerializer

URL = os.environ["FLOOR_DATABASE"]  # sqlite:///path or postgresql://…
IS_SQLITE = URL.startswith("sqlite")
app = Flask(__name__)
signer = URLSafeTimedSerializer("floor")
local = threading.local()
writers = threading.Lock()

COLUMNS = (
    "ward_id,year,seq,number,token,submission_key,version,status,is_open,kind,urgency,field_id,title,text,folded,"
    "neighbourhood_id,address,channel,name,phone,phone_hash,head_id,handler_id,position_id,route_reason,work,"
    "responsibility,expected_result,authority,received_at,due_at,updated_at"
).split(",")
KEY = "INTEGER PRIMARY KEY" if IS_SQLITE else "BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY"
NUMBERS = {
    "ward_id",
    "year",
    "seq",
    "version",
    "is_open",
    "field_id",
    "neighbourhood_id",
    "head_id",
    "handler_id",
    "position_id",
}
TYPED = ", ".join(name + (" BIGINT" if name in NUMBERS else " TEXT") for name in COLUMNS)
SCHEMA = [
    f"CREATE TABLE petition (id {KEY}, {TYPED})",
    "CREATE UNIQUE INDEX u1 ON petition (ward_id, year, seq)",
    "CREATE UNIQUE INDEX u2 ON petition (number)",
    "CREATE UNIQUE INDEX u3 ON petition (token)",
    "CREATE UNIQUE INDEX u4 ON petition (submission_key)",
    "CREATE INDEX i1 ON petition (ward_id, status, id)",
    "CREATE INDEX i2 ON petition (handler_id, is_open, due_at, id)",
    "CREATE INDEX i3 ON petition (ward_id, id)",
    "CREATE INDEX i4 ON petition (phone_hash)",
    f"CREATE TABLE timeline (id {KEY}, petition_id BIGINT, at TEXT, action TEXT, party TEXT, body TEXT)",
    "CREATE INDEX i5 ON timeline (petition_id, id)",
    f"CREATE TABLE deadline (id {KEY}, petition_id BIGINT, step TEXT, due_at TEXT, trace TEXT)",
    "CREATE INDEX i6 ON deadline (petition_id)",
    "CREATE TABLE series (ward_id BIGINT, year BIGINT, last BIGINT)",
    "INSERT INTO series VALUES (1, 2026, 0)",
    f"CREATE TABLE inbound (id {KEY}, message_id TEXT UNIQUE, payload TEXT, state TEXT)",
    "CREATE TABLE conversation (sender TEXT PRIMARY KEY, step TEXT, slots TEXT)",
    f"CREATE TABLE outbox (id {KEY}, key TEXT UNIQUE, recipient TEXT, body TEXT, state TEXT, not_before TEXT)",
    "CREATE INDEX i7 ON outbox (state, not_before, id)",
]
SEARCH = (
    [
        "CREATE VIRTUAL TABLE petition_fts USING fts5(words, content='')",
        "CREATE TRIGGER t1 AFTER INSERT ON petition BEGIN INSERT INTO petition_fts(rowid, words) VALUES (new.id, new.folded); END",
    ]
    if IS_SQLITE
    else [
        "ALTER TABLE petition ADD COLUMN search tsvector GENERATED ALWAYS AS (to_tsvector('simple', folded)) STORED",
        "CREATE INDEX i8 ON petition USING gin (search)",
    ]
)
MARK = "?" if IS_SQLITE else "%s"
INSERT = f"INSERT INTO petition ({','.join(COLUMNS)}) VALUES ({','.join([MARK] * len(COLUMNS))}) RETURNING id"


def connection():
    if not hasattr(local, "connection"):
        if IS_SQLITE:
            local.connection = sqlite3.connect(
                URL.removeprefix("sqlite:///"), isolation_level=None, timeout=30
            )
            for pragma in ("journal_mode=WAL", "synchronous=FULL"):
                local.connection.execute("PRAGMA " + pragma)
        else:
            import psycopg

            local.connection = psycopg.connect(URL.replace("+psycopg", ""), autocommit=True)
    return local.connection


@contextmanager
def writing():
    if IS_SQLITE:
        with writers:
            connection().execute("BEGIN IMMEDIATE")
            yield connection().execute
            connection().execute("COMMIT")
    else:
        with connection().transaction():
            yield connection().execute


def run(sql, *values):
    return connection().execute(sql.replace("?", MARK), values)


@app.cli.command("make")
def make():
    """Create the tables."""
    for statement in SCHEMA + SEARCH:
        run(statement)


FORM = """<!doctype html><html lang="vi"><title>Gửi phản ánh</title><h1>Ông/Bà muốn phản ánh điều gì?</h1>
<form method="post"><input type="hidden" name="csrf_token" value="%s"><input type="hidden" name="submission_key" value="%s">
<label for="t">Nội dung</label><textarea id="t" name="text"></textarea><label for="p">Điện thoại</label>
<input id="p" name="phone"><button>Gửi phản ánh</button></form></html>"""


@app.get("/gui")
def form():
    return FORM % (signer.dumps("form"), secrets.token_urlsafe(16))


@app.post("/gui")
def submit():
    try:
        signer.loads(request.form["csrf_token"], max_age=3600)
    except BadSignature:
        return "", 400
    token = add_petition(
        request.form["text"], request.form["phone"], request.form["submission_key"]
    )
    return redirect("/t/" + token)


def add_petition(text, phone, key):
    now = datetime.now(UTC)
    stamp, due, token = (
        now.isoformat(),
        (now + timedelta(days=9)).isoformat(),
        secrets.token_urlsafe(16),
    )
    with writing() as execute:
        seq = execute(
            "UPDATE series SET last = last + 1 WHERE ward_id = 1 AND year = 2026 RETURNING last"
        ).fetchone()[0]
        values = (
            1, 2026, seq, f"FL-2026-{seq:06d}", token, key, 1, "received", 1, "phan_anh", "normal", 2, text[:120], text,
            text.lower(), 1, "số 1", "web", "name", phone, phone, 1, 2, 3, "vì thế", "việc", "trách nhiệm", "kết quả",
            "thẩm quyền", stamp, due, stamp,
        )  # fmt: skip
        (petition,) = execute(INSERT, values).fetchone()
        execute(
            f"INSERT INTO timeline (petition_id, at, action, party, body) VALUES ({','.join([MARK] * 5)})",
            (petition, stamp, "submit", "citizen", ""),
        )
        two = f"({','.join([MARK] * 4)})"
        execute(
            f"INSERT INTO deadline (petition_id, step, due_at, trace) VALUES {two}, {two}",
            (petition, "acceptance", due, "[]", petition, "answer", due, "[]"),
        )
    return token


@app.post("/webhook")
def webhook():
    update = json.loads(request.get_data())
    sender = str(update["message"]["chat"]["id"])
    with writing() as execute:
        row = execute(
            f"INSERT INTO inbound (message_id, payload, state) VALUES ({MARK},{MARK},'new') ON CONFLICT DO NOTHING RETURNING id",
            (str(update["update_id"]), json.dumps(update)),
        ).fetchone()
    if row is None:
        return "", 200
    with writing() as execute:
        execute(f"SELECT step, slots FROM conversation WHERE sender = {MARK}", (sender,)).fetchone()
        execute(
            f"INSERT INTO conversation VALUES ({MARK},{MARK},{MARK}) ON CONFLICT (sender) DO UPDATE SET step = excluded.step, slots = excluded.slots",
            (sender, "place", json.dumps({"text": update["message"]["text"]})),
        )
        execute(
            f"INSERT INTO outbox (key, recipient, body, state, not_before) VALUES ({','.join([MARK] * 5)})",
            (f"in:{row[0]}", sender, "Ở đâu?", "queued", datetime.now(UTC).isoformat()),
        )
        execute(f"UPDATE inbound SET state = 'done' WHERE id = {MARK}", (row[0],))
    return "", 200


def page(rows):
    lines = "".join(
        f'<tr><td><a href="/c/{r[1]}">{r[1]}</a></td><td>{r[2]}</td><td>{r[3]}</td></tr>'
        for r in rows
    )
    return f'<!doctype html><html lang="vi"><title>Danh sách</title><h1>Danh sách</h1><table>{lines}</table></html>'


@app.get("/list")
def listing():
    return page(
        run(
            "SELECT id, number, title, due_at FROM petition WHERE ward_id = 1 ORDER BY id DESC LIMIT 25"
        ).fetchall()
    )


@app.get("/search")
def search():
    words = request.args["q"]
    if IS_SQLITE:
        found = run(
            "SELECT p.id, number, title, due_at FROM petition_fts f JOIN petition p ON p.id = f.rowid "
            "WHERE petition_fts MATCH ? ORDER BY f.rowid DESC LIMIT 25",
            words,
        )
    else:
        found = run(
            "SELECT id, number, title, due_at FROM petition WHERE search @@ plainto_tsquery('simple', ?) ORDER BY id DESC LIMIT 25",
            words,
        )
    return page(found.fetchall())


@app.get("/c/<number>")
def case(number):
    row = run(
        "SELECT id, number, title, text, handler_id, due_at, status FROM petition WHERE number = ?",
        number,
    ).fetchone()
    steps = run(
        "SELECT at, action, party, body FROM timeline WHERE petition_id = ? ORDER BY id", row[0]
    ).fetchall()
    limits = run("SELECT step, due_at FROM deadline WHERE petition_id = ?", row[0]).fetchall()
    lines = "".join(
        f"<li>{'</li><li>'.join(map(str, each))}</li>" for each in (row, *steps, *limits)
    )
    return f'<!doctype html><html lang="vi"><title>Hồ sơ</title><h1>{row[1]}</h1><ul>{lines}</ul></html>'
