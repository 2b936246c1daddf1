"""A stand-in for the Bot API on loopback: it answers as Telegram does, misbehaves on demand, and
remembers every call.

    with TelegramServer() as telegram:
        settings = make_settings(telegram_api_base_url=telegram.api_url,
                                 telegram_file_base_url=telegram.file_url)
        telegram.fail(too_many(7), chat="1001")     # the next call for this chat is answered 429
        telegram.write("1001", text="xin chào")     # an update: polled for, or posted to the webhook
        telegram.said("1001")                       # the texts this chat has received
"""

import io
import json
import socket
import struct
import threading
import time
import urllib.request
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import unquote

from werkzeug.formparser import FormDataParser
from werkzeug.http import parse_options_header

TOKEN = "123456:TEST"
SENDS = ("sendMessage", "sendPhoto", "sendDocument", "sendMediaGroup", "sendLocation")
TOUCHES = (*SENDS, "answerCallbackQuery", "editMessageText", "editMessageReplyMarkup")


@dataclass(frozen=True)
class Call:
    """One request as it arrived: `params` with JSON values decoded, `files` by form name."""

    method: str
    params: dict[str, Any]
    files: dict[str, bytes]
    at: float

    @property
    def chat(self) -> str:
        return str(self.params.get("chat_id", ""))

    @property
    def text(self) -> str:
        return str(self.params.get("text") or self.params.get("caption") or "")

    @property
    def buttons(self) -> list[dict[str, Any]]:
        """Every button under the message, inline or on the keyboard, row after row."""
        markup = self.params.get("reply_markup") or {}
        rows = markup.get("inline_keyboard") or markup.get("keyboard") or []
        return [button for row in rows for button in row]


@dataclass(frozen=True)
class Fault:
    """One way to go wrong. `accepts`: the message is taken all the same.

    `way`: answer (status and body as given), silent (no answer until the client goes away), reset (the
    connection is torn down), drip (a byte every `seconds`).
    """

    way: str = "answer"
    status: int = 200
    body: bytes = b""
    accepts: bool = False
    seconds: float = 0.0


def refused(code: int, description: str, **parameters: Any) -> Fault:
    """An error in Telegram's own form."""
    body: dict[str, Any] = {"ok": False, "error_code": code, "description": description}
    if parameters:
        body["parameters"] = parameters
    return Fault(status=code, body=json.dumps(body).encode())


def too_many(seconds: int) -> Fault:
    return refused(429, f"Too Many Requests: retry after {seconds}", retry_after=seconds)


def blocked() -> Fault:
    return refused(403, "Forbidden: bot was blocked by the user")


def bad_request(description: str = "Bad Request: chat not found") -> Fault:
    return refused(400, description)


def unauthorized() -> Fault:
    return refused(401, "Unauthorized")


def migrated(to: int) -> Fault:
    return refused(
        400,
        "Bad Request: group chat was upgraded to a supergroup chat",
        migrate_to_chat_id=to,
    )


def server_error(code: int = 500) -> Fault:
    return Fault(status=code, body=b"<html>Internal Server Error</html>")


def not_json(*, accepts: bool = True) -> Fault:
    return Fault(body=b'{"ok": true, "resu', accepts=accepts)


def silent(*, accepts: bool) -> Fault:
    return Fault("silent", accepts=accepts)


def reset(*, accepts: bool) -> Fault:
    return Fault("reset", accepts=accepts)


def drip(seconds: float, *, accepts: bool = True) -> Fault:
    return Fault("drip", accepts=accepts, seconds=seconds)


@dataclass
class _Planned:
    fault: Fault
    chat: str | None
    method: str | None

    def is_for(self, call: Call) -> bool:
        return self.chat in (None, call.chat) and self.method in (None, call.method)


@dataclass
class TelegramServer:
    """The stand-in. `accepted`: calls that were taken, as (message id, call). `calls`: all of them."""

    token: str = TOKEN
    port: int = 0
    keeps_limits: bool = False  # answer 429 beyond 30 a second, or one a second to one chat
    calls: list[Call] = field(default_factory=list)
    accepted: list[tuple[int, Call]] = field(default_factory=list)
    webhook: dict[str, Any] = field(default_factory=dict)
    files: dict[str, bytes] = field(default_factory=dict)
    connections: int = 0

    def __post_init__(self) -> None:
        self._lock = threading.Condition()
        self._planned: list[_Planned] = []
        self._updates: deque[dict[str, Any]] = deque()
        self._update_id, self._message_id = 100, 1000
        self._closing = threading.Event()
        server = self

        class Handler(_Handler):
            telegram = server

        self._http = _Server(("127.0.0.1", self.port), Handler)
        self.port = self._http.server_address[1]

    # --- for tests -------------------------------------------------------------------------------

    def __enter__(self) -> "TelegramServer":
        threading.Thread(target=self._http.serve_forever, args=(0.02,), daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._closing.set()
        self._http.shutdown()
        self._http.server_close()

    @property
    def api_url(self) -> str:
        return f"http://127.0.0.1:{self.port}/bot"

    @property
    def file_url(self) -> str:
        return f"http://127.0.0.1:{self.port}/file/bot"

    def fail(self, *faults: Fault, chat: str | None = None, method: str | None = None) -> None:
        """Answer the next calls (for this chat, of this method) with these faults, one each.

        Without a method only calls that say something are hit, never getMe or getUpdates.
        """
        with self._lock:
            self._planned += [_Planned(fault, chat, method) for fault in faults]

    def taken(self, chat: str | None = None) -> list[Call]:
        """The calls accepted so far that send something, in order."""
        with self._lock:
            calls = [call for _, call in self.accepted if call.method in SENDS]
        return [call for call in calls if chat in (None, call.chat)]

    def said(self, chat: str | None = None) -> list[str]:
        return [call.text for call in self.taken(chat)]

    def wait_for(self, condition: Any, timeout: float = 60.0) -> None:
        """Block until `condition()` holds; it is looked at after every call that arrives."""
        with self._lock:
            if not self._lock.wait_for(condition, timeout):
                raise AssertionError("the stand-in waited in vain")

    def push(self, **update: Any) -> dict[str, Any]:
        """Queue an update of any shape; with a webhook set it is posted there at once instead."""
        with self._lock:
            self._update_id += 1
            full = {"update_id": self._update_id, **update}
            if not self.webhook.get("url"):
                self._updates.append(full)
                self._lock.notify_all()
                return full
        self.post(full)
        return full

    def write(self, chat: str, **content: Any) -> dict[str, Any]:
        """A private message from this person: text=…, location={…}, contact={…}, photo=[…]…"""
        return self.push(message=self.message(chat, **content))

    def press(self, chat: str, data: str) -> dict[str, Any]:
        """This person presses an inline button."""
        with self._lock:
            self._update_id += 1
            callback_id = f"cb{self._update_id}"
        return self.push(
            callback_query={
                "id": callback_id,
                "from": _person(chat),
                "chat_instance": "1",
                "message": self.message(chat, text="…"),
                "data": data,
            }
        )

    def message(self, chat: str, **content: Any) -> dict[str, Any]:
        with self._lock:
            self._message_id += 1
            return {
                "message_id": self._message_id,
                "date": 1_780_000_000 + self._message_id,
                "chat": {"id": int(chat), "type": "private", "first_name": "Dân"},
                "from": _person(chat),
                **content,
            }

    def photo(self, data: bytes, *, size: tuple[int, int] = (800, 600)) -> list[dict[str, Any]]:
        """Keep the bytes for download; the `photo` value of a message that carries them."""
        with self._lock:
            no = len(self.files) + 1
            self.files[f"photos/file_{no}.jpg"] = data
        return [
            {
                "file_id": f"file_{no}",
                "file_unique_id": f"unique_{no}",
                "width": size[0],
                "height": size[1],
                "file_size": len(data),
            }
        ]

    def post(self, update: dict[str, Any]) -> int:
        """Deliver an update to the webhook, with its secret; the status of the answer."""
        request = urllib.request.Request(  # noqa: S310
            self.webhook["url"],
            data=json.dumps(update).encode(),
            headers={
                "Content-Type": "application/json",
                "X-Telegram-Bot-Api-Secret-Token": self.webhook.get("secret_token", ""),
            },
        )
        with urllib.request.urlopen(request, timeout=30) as answer:  # noqa: S310
            return answer.status

    # --- the API ---------------------------------------------------------------------------------

    def take(self, call: Call) -> tuple[Fault | None, bytes]:
        """Record the call, decide its fate; the fault to show, if any, and the honest answer."""
        with self._lock:
            self.calls.append(call)
            fault = self._fault(call)
            answer = b""
            if fault is None or fault.accepts:
                answer = json.dumps({"ok": True, "result": self._result(call)}).encode()
            self._lock.notify_all()
        return fault, answer

    def _fault(self, call: Call) -> Fault | None:
        for planned in self._planned:
            if planned.is_for(call) and (planned.method or call.method in TOUCHES):
                self._planned.remove(planned)
                return planned.fault
        return too_many(1) if self.keeps_limits and self._is_too_fast(call) else None

    def _is_too_fast(self, call: Call) -> bool:
        if call.method not in SENDS:
            return False
        recent = [c for _, c in self.accepted if c.method in SENDS and call.at - c.at < 1.0]
        return len(recent) >= 30 or any(c.chat == call.chat for c in recent)

    def _result(self, call: Call) -> Any:
        return getattr(self, "_" + call.method, self._true)(call)

    def _true(self, call: Call) -> bool:
        self.accepted.append((0, call))
        return True

    def _getMe(self, _call: Call) -> dict[str, Any]:
        return {"id": 123456, "is_bot": True, "first_name": "Phường", "username": "phuong_bot"}

    def _sent(self, call: Call) -> dict[str, Any]:
        self._message_id += 1
        self.accepted.append((self._message_id, call))
        return {
            "message_id": self._message_id,
            "date": int(call.at),
            "chat": {"id": int(call.chat), "type": "private"},
            "text": call.text,
        }

    _sendMessage = _sendPhoto = _sendDocument = _sendLocation = _sent

    def _sendMediaGroup(self, call: Call) -> list[dict[str, Any]]:
        return [self._sent(call) for _ in call.params["media"]]

    def _setWebhook(self, call: Call) -> bool:
        self.webhook = dict(call.params)
        return True

    def _deleteWebhook(self, _call: Call) -> bool:
        self.webhook = {}
        return True

    def _getWebhookInfo(self, _call: Call) -> dict[str, Any]:
        return {
            "url": self.webhook.get("url", ""),
            "has_custom_certificate": False,
            "pending_update_count": len(self._updates),
        }

    def _getFile(self, call: Call) -> dict[str, Any]:
        file_id = str(call.params["file_id"])
        path = next(path for path in self.files if file_id in path)
        return {
            "file_id": file_id,
            "file_unique_id": "u" + file_id,
            "file_size": len(self.files[path]),
            "file_path": path,
        }

    def _getUpdates(self, call: Call) -> list[dict[str, Any]]:
        offset = int(call.params.get("offset", 0))
        while self._updates and self._updates[0]["update_id"] < offset:
            self._updates.popleft()
        if not self._updates:
            wait = min(float(call.params.get("timeout", 0)), 30.0)
            self._lock.wait_for(lambda: self._updates or self._closing.is_set(), wait)
        return list(self._updates)[: int(call.params.get("limit", 100))]


def _person(chat: str) -> dict[str, Any]:
    return {"id": int(chat), "is_bot": False, "first_name": "Dân", "language_code": "vi"}


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128

    def handle_error(self, *_: object) -> None:
        """A client that hangs up is part of the game."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    telegram: TelegramServer

    def setup(self) -> None:
        super().setup()
        self.telegram.connections += 1

    def log_message(self, *_: object) -> None:
        """Silence."""

    def do_GET(self) -> None:
        path = unquote(self.path).removeprefix(f"/file/bot{self.telegram.token}/")
        data = self.telegram.files.get(path)
        if data is not None:
            self._answer(200, data)
        else:
            self.do_POST()

    def do_POST(self) -> None:
        params, files = self._form()
        path = unquote(self.path.partition("?")[0])
        token, _, method = path.removeprefix("/bot").partition("/")
        if token != self.telegram.token:
            wrong = unauthorized()
            self._answer(wrong.status, wrong.body)
            return
        call = Call(method, params, files, time.monotonic())
        fault, answer = self.telegram.take(call)
        if fault is None:
            self._answer(200, answer)
        else:
            getattr(self, "_" + fault.way)(fault, answer)

    def _silent(self, _fault: Fault, _answer: bytes) -> None:
        """Say nothing until the client hangs up."""
        self.close_connection = True
        for _ in self._until_closing():
            if self._client_is_gone():
                return

    def _reset(self, _fault: Fault, _answer: bytes) -> None:
        self.close_connection = True
        linger = struct.pack("ii", 1, 0)  # close with RST
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
        self.connection.close()

    def _drip(self, fault: Fault, answer: bytes) -> None:
        self.close_connection = True
        self._head(200, len(answer))
        for byte in answer:
            if self.telegram._closing.wait(fault.seconds):
                return
            try:
                self.wfile.write(bytes([byte]))
            except OSError:
                return

    def _answer(self, status: int | Fault, body: bytes) -> None:
        if isinstance(status, Fault):
            status, body = status.status, status.body
        self._head(status, len(body))
        self.wfile.write(body)

    def _head(self, status: int, length: int) -> None:
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(length))
        self.end_headers()

    def _until_closing(self) -> Iterator[None]:
        while not self.telegram._closing.wait(0.01):
            yield

    def _client_is_gone(self) -> bool:
        self.connection.setblocking(False)
        try:
            return self.connection.recv(1, socket.MSG_PEEK) == b""
        except BlockingIOError:
            return False
        except OSError:
            return True

    def _form(self) -> tuple[dict[str, Any], dict[str, bytes]]:
        length = int(self.headers.get("Content-Length") or 0)
        body = self.rfile.read(length)
        kind, options = parse_options_header(self.headers.get("Content-Type"))
        if kind == "application/json":
            return json.loads(body or b"{}"), {}
        _, form, uploads = FormDataParser(max_form_memory_size=None).parse(
            io.BytesIO(body), kind, length, options
        )
        files = {name: upload.read() for name, upload in uploads.items()}
        return {name: _decoded(value) for name, value in form.items()}, files


def _decoded(value: str) -> Any:
    """Form values are text; objects and lists come as JSON."""
    return json.loads(value) if value[:1] in ("{", "[") else value


if __name__ == "__main__":  # a stand-in to talk to by hand, or from another process
    with TelegramServer(port=8081) as running:
        print(running.api_url, running.file_url, flush=True)
        threading.Event().wait()
