"""A stand-in for Zalo on loopback: OAuth, Open API, template messages and media on one port.

It answers HTTP 200 with `error` as Zalo does, lets access tokens die, takes each refresh token once,
knows windows, quotas and rates, misbehaves on demand, and remembers every call.

    with ZaloServer() as zalo:
        zalo.fail(zalo_error(-32), to="1001")     # the next message to this person is answered so
        zalo.away("1001", hours=50)               # they last wrote so long ago
        zalo.said("1001")                         # the texts this person has received
        zalo.write("1001", text="xin chào")       # a signed event, posted to the webhook
"""

import hashlib
import io
import json
import secrets
import threading
import time
import urllib.request
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, parse_qsl, urlsplit

from werkzeug.formparser import FormDataParser
from werkzeug.http import parse_options_header

from tests.bots.telegram_server import Fault, _Handler, _Server

APP_ID, APP_SECRET, OA_KEY = "102719276611582260", "app-secret", "oa-secret-key"
OA_ID = "1423847451268726170"
CS, TEMPLATE, BY_PHONE, V2 = (
    "/v3.0/oa/message/cs",
    "/v3.0/oa/message/template",
    "/message/template",
    "/v2.0/oa/message",
)
MESSAGES = (CS, TEMPLATE, BY_PHONE, V2)
LIFE = 90_000  # seconds of an access token


@dataclass(frozen=True)
class Call:
    """One request as it arrived. `body`: JSON or form; `files`: by form name (name, type, bytes)."""

    method: str
    path: str
    body: dict[str, Any]
    files: dict[str, tuple[str, str, bytes]]
    token: str
    headers: dict[str, str]
    at: float

    @property
    def to(self) -> str:
        recipient = self.body.get("recipient") or {}
        return str(
            recipient.get("user_id")
            or recipient.get("anonymous_id")
            or self.body.get("user_id")
            or self.body.get("phone")
            or ""
        )

    @property
    def text(self) -> str:
        return str((self.body.get("message") or {}).get("text") or "")

    @property
    def payload(self) -> dict[str, Any]:
        attachment = (self.body.get("message") or {}).get("attachment") or {}
        return attachment.get("payload") or {}

    @property
    def buttons(self) -> list[dict[str, Any]]:
        return list(self.payload.get("buttons", ()))


class Refused(Exception):
    """Answered with this error."""

    def __init__(self, code: int, message: str = "refused"):
        super().__init__(code)
        self.code, self.message = code, message


def zalo_error(code: int, message: str = "refused") -> Fault:
    """HTTP 200 and an error, as Zalo refuses."""
    return Fault(body=json.dumps({"error": code, "message": message}).encode())


@dataclass
class ZaloServer:
    """The stand-in. `accepted`: messages that were taken, as (message id, call)."""

    calls: list[Call] = field(default_factory=list)
    accepted: list[tuple[str, Call]] = field(default_factory=list)
    refreshes: list[str] = field(default_factory=list)  # refresh tokens used, in order
    posted: list[dict[str, Any]] = field(default_factory=list)
    burnt: list[str] = field(default_factory=list)  # used ones that were tried again
    profiles: dict[str, str] = field(default_factory=dict)  # user id -> name
    media: dict[str, bytes] = field(default_factory=dict)
    templates: set[str] = field(default_factory=set)  # ids that are approved
    webhook: str = ""
    per_minute: int = 4000
    is_free: bool = True  # whether replies in the window count as free
    oa_id: str = OA_ID
    connections: int = 0

    def __post_init__(self) -> None:
        self._lock = threading.Condition()
        self._planned: list[tuple[Fault, str | None, str | None]] = []
        self._away: dict[str, float] = {}
        self._codes: dict[str, str] = {}
        self._closing = threading.Event()
        self._ids = 0
        self._minute: list[float] = []
        self.access, self.refresh = self._pair()
        server = self

        class Handler(_ZaloHandler):
            telegram = server
            zalo = server

        self._http = _Server(("127.0.0.1", 0), Handler)
        self.port = self._http.server_address[1]

    def __enter__(self) -> "ZaloServer":
        threading.Thread(target=self._http.serve_forever, args=(0.02,), daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._closing.set()
        self._http.shutdown()
        self._http.server_close()

    # --- for tests -------------------------------------------------------------------------------

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def settings(self) -> dict[str, str]:
        """What the program's settings must say to talk to this stand-in."""
        return {
            "zalo_app_id": APP_ID,
            "zalo_app_secret": APP_SECRET,
            "zalo_oa_secret_key": OA_KEY,
            "zalo_openapi_base_url": self.url,
            "zalo_oauth_base_url": self.url,
            "zalo_business_base_url": self.url,
        }

    def fail(self, *faults: Fault, to: str | None = None, path: str | None = None) -> None:
        """Answer the next calls (to this person, on this path) so; without a path only messages."""
        with self._lock:
            self._planned += [(fault, to, path) for fault in faults]

    def expire(self) -> None:
        """The access token is out from now on."""
        with self._lock:
            self.access = "expired-" + secrets.token_hex(8)

    def forget_consent(self) -> None:
        """Neither token is taken any more: a person must consent anew."""
        with self._lock:
            self.access, self.refresh = self._pair()

    def away(self, user: str, *, hours: float) -> None:
        self._away[user] = hours

    def consent(self, challenge: str) -> str:
        """An administrator of the OA says yes; the code that comes back."""
        code = secrets.token_hex(8)
        self._codes[code] = challenge
        return code

    def taken(self, to: str | None = None) -> list[Call]:
        with self._lock:
            return [call for _, call in self.accepted if to in (None, call.to)]

    def said(self, to: str | None = None) -> list[str]:
        return [call.text for call in self.taken(to)]

    def wait_for(self, condition: Any, timeout: float = 60.0) -> None:
        with self._lock:
            if not self._lock.wait_for(condition, timeout):
                raise AssertionError("the stand-in waited in vain")

    def picture(self, data: bytes) -> str:
        """Keep the bytes for download; their address."""
        name = f"{len(self.media) + 1}.jpg"
        self.media[name] = data
        return f"{self.url}/media/{name}"

    def event(self, user: str, name: str = "user_send_text", **message: Any) -> dict[str, Any]:
        """The body of an event of this person's, with an id of its own."""
        with self._lock:
            self._ids += 1
            number = self._ids
        return {
            "app_id": APP_ID,
            "user_id_by_app": "9" + user,
            "event_name": name,
            "timestamp": str(int(time.time() * 1000)),
            "sender": {"id": user},
            "recipient": {"id": self.oa_id},
            "message": {"msg_id": f"in{number:08d}", **message},
        }

    def write(self, user: str, text: str, **more: Any) -> int:
        return self.post(self.event(user, text=text, **more))

    def place(self, user: str, lat: float, lng: float) -> int:
        point = {"coordinates": {"latitude": str(lat), "longitude": str(lng)}}
        attachments = [{"type": "location", "payload": point}]
        return self.post(self.event(user, "user_send_location", attachments=attachments))

    def press(self, user: str, title: str) -> int:
        """Press the newest button with these words on it: its payload comes as a text."""
        found = [b for call in self.taken(user) for b in call.buttons if title in b["title"]]
        return self.write(user, found[-1]["payload"])

    def post(self, event: dict[str, Any], key: str = OA_KEY) -> int:
        """Deliver an event to the webhook, signed; the status of the answer."""
        self.posted.append(event)
        body = json.dumps(event, ensure_ascii=False).encode()
        request = urllib.request.Request(  # noqa: S310
            self.webhook, data=body, headers=signed(body, event["timestamp"], key)
        )
        with urllib.request.urlopen(request, timeout=30) as answer:  # noqa: S310
            return answer.status

    # --- the API ---------------------------------------------------------------------------------

    def take(self, call: Call) -> tuple[Fault | None, bytes, dict[str, str]]:
        """Record the call, decide its fate; the fault to show, the honest answer, its headers."""
        with self._lock:
            self.calls.append(call)
            fault = self._fault(call)
            answer = b""
            if fault is None or fault.accepts:
                answer = json.dumps(self._answer(call), ensure_ascii=False).encode()
            self._lock.notify_all()
            left = max(self.per_minute - len(self._minute), 0)
        headers = {"X-RateLimit-Limit": str(self.per_minute), "X-RateLimit-Remain": str(left)}
        return fault, answer, headers

    def _fault(self, call: Call) -> Fault | None:
        for planned in self._planned:
            fault, to, path = planned
            if (path == call.path if path else call.path in MESSAGES) and to in (None, call.to):
                self._planned.remove(planned)
                return fault
        return None

    def _answer(self, call: Call) -> dict[str, Any]:
        try:
            if call.path == "/v4/oa/access_token":
                return self._token(call)
            self._admit(call)
            return {"error": 0, "message": "Success", "data": self._data(call)}
        except Refused as refused:
            return {"error": refused.code, "message": refused.message}

    def _admit(self, call: Call) -> None:
        business = call.path.startswith(("/message/", "/template/"))
        if call.token != self.access:
            raise Refused(-124 if business else -220, "Access token is expired")
        self._minute = [at for at in self._minute if call.at - at < 60]
        if len(self._minute) >= self.per_minute:
            raise Refused(-32, "Rate limit exceeded")
        self._minute.append(call.at)

    def _token(self, call: Call) -> dict[str, Any]:
        form = call.body
        if call.headers.get("secret_key") != APP_SECRET or form.get("app_id") != APP_ID:
            return {"error": -14014, "error_name": "Invalid app", "error_description": "wrong app"}
        if form["grant_type"] == "authorization_code":
            challenge = self._codes.pop(form["code"], "")
            if not challenge or challenge != _challenge(form["code_verifier"]):
                return {"error": -14019, "error_name": "Invalid code"}
        else:
            used = form["refresh_token"]
            if used != self.refresh:
                self.burnt.append(used)
                return {"error": -14014, "error_name": "Invalid refresh token."}
            self.refreshes.append(used)
        self.access, self.refresh = self._pair()
        return {
            "access_token": self.access,
            "refresh_token": self.refresh,
            "expires_in": str(LIFE),
        }

    def _data(self, call: Call) -> Any:
        known = {
            CS: self._message,
            V2: self._message,
            TEMPLATE: self._template,
            BY_PHONE: self._template,
            "/v2.0/oa/upload/image": self._image,
            "/v2.0/oa/upload/file": self._file,
            "/v3.0/oa/user/detail": self._person,
            "/v2.0/oa/getoa": lambda _call: {
                "oaid": self.oa_id,
                "name": "UBND Phường Ba Đình",
                "is_verified": True,
                "oa_type": 4,
                "package_name": "Nâng cao",
            },
            "/v3.0/oa/quota/message": self._quota,
            "/message/quota": lambda _call: {"dailyQuota": "500", "remainingQuota": "450"},
            "/template/all": lambda _call: [
                {"templateId": each, "templateName": each, "status": "ENABLE"}
                for each in sorted(self.templates)
            ],
        }
        act = known.get(call.path)
        return act(call) if act else {"path": call.path, **call.body}

    def _message(self, call: Call) -> dict[str, Any]:
        hours = self._away.get(call.to, 0.0)
        if hours > 7 * 24:
            raise Refused(-230, "User has not interacted with the OA in the past 7 days")
        if len(call.text) > 2000 or len(call.buttons) > 5:
            raise Refused(-210, "text is too long, or too many buttons")
        free = hours <= 48 and self.is_free
        quota = {"quota": {"quota_type": "reply", "remain": "0", "total": "0"}} if free else {}
        return {**self._sent(call), "user_id": call.to, **quota}

    def _template(self, call: Call) -> dict[str, Any]:
        if str(call.body.get("template_id")) not in self.templates:
            raise Refused(-109, "Template not found")
        return {**self._sent(call), "quota": {"dailyQuota": "500", "remainingQuota": "449"}}

    def _sent(self, call: Call) -> dict[str, Any]:
        self._ids += 1
        number = f"out{self._ids:08d}"
        self.accepted.append((number, call))
        name = "msg_id" if call.path == BY_PHONE else "message_id"
        return {name: number, "sent_time": str(int(time.time() * 1000))}

    def _image(self, call: Call) -> dict[str, Any]:
        _name, kind, data = call.files["file"]
        if kind not in ("image/jpeg", "image/png") or len(data) > 1024 * 1024:
            raise Refused(-210, "image is larger than 1 MB, or no jpg or png")
        return {"attachment_id": f"image{len(self.calls)}"}

    def _file(self, call: Call) -> dict[str, Any]:
        name, _kind, data = call.files["file"]
        if not name.endswith((".pdf", ".doc", ".docx", ".csv")) or len(data) > 5 * 1024 * 1024:
            raise Refused(-210, "file is larger than 5 MB, or of a kind that is not taken")
        return {"token": f"file{len(self.calls)}"}

    def _person(self, call: Call) -> dict[str, Any]:
        user = call.body["user_id"]
        if user not in self.profiles:
            raise Refused(-201, "user_id is invalid!")
        return {"user_id": user, "display_name": self.profiles[user], "user_is_follower": True}

    def _quota(self, call: Call) -> Any:
        if "user_id" in call.body:
            return {"cs_reply": {"remain": 8, "total": 8}}
        return [{"product_type": "cs", "quota_type": "sub_quota", "total": 2000, "remain": 1990}]

    @staticmethod
    def _pair() -> tuple[str, str]:
        return "access-" + secrets.token_urlsafe(40), "refresh-" + secrets.token_urlsafe(40)


def signed(body: bytes, timestamp: str, key: str = OA_KEY) -> dict[str, str]:
    """The headers Zalo sends with an event."""
    mac = hashlib.sha256(APP_ID.encode() + body + timestamp.encode() + key.encode()).hexdigest()
    return {"Content-Type": "application/json", "X-ZEvent-Signature": f"mac={mac}"}


def _challenge(verifier: str) -> str:
    import base64

    digest = hashlib.sha256(verifier.encode()).digest()
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()


class _ZaloHandler(_Handler):
    zalo: ZaloServer

    def do_GET(self) -> None:
        parts = urlsplit(self.path)
        name = parts.path.removeprefix("/media/")
        if name in self.zalo.media:
            self._answer(200, self.zalo.media[name])
            return
        query = dict(parse_qsl(parts.query))
        body = json.loads(query.pop("data", "{}"))
        self._take(parts.path, {**query, **body}, {})

    def do_POST(self) -> None:
        length = int(self.headers.get("Content-Length") or 0)
        data = self.rfile.read(length)
        kind, options = parse_options_header(self.headers.get("Content-Type"))
        path = urlsplit(self.path).path
        if kind == "application/json":
            self._take(path, json.loads(data or b"{}"), {})
        elif kind == "application/x-www-form-urlencoded":
            form = {name: values[0] for name, values in parse_qs(data.decode()).items()}
            self._take(path, form, {})
        else:
            _, form, uploads = FormDataParser(max_form_memory_size=None).parse(
                io.BytesIO(data), kind, length, options
            )
            files = {
                name: (up.filename or "", up.content_type or "", up.read())
                for name, up in uploads.items()
            }
            self._take(path, dict(form.items()), files)

    def _take(self, path: str, body: dict[str, Any], files: dict[str, Any]) -> None:
        headers = {name.lower(): value for name, value in self.headers.items()}
        token = headers.get("access_token", "")
        call = Call(self.command, path, body, files, token, headers, time.monotonic())
        fault, answer, self._more = self.zalo.take(call)
        if fault is None:
            self._answer(200, answer)
        else:
            getattr(self, "_" + fault.way)(fault, answer)

    def _head(self, status: int, length: int) -> None:
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(length))
        for name, value in getattr(self, "_more", {}).items():
            self.send_header(name, value)
        self.end_headers()
