"""Every setting of the program, read once from the environment, typed, and loud when wrong.

What the environment does not say is looked up in `instance/settings.env` (lines `NAME=value`), where
`python -m config` keeps the secrets it made. A secret may also be given as a file:
`SECRET_KEY_FILE=/run/secrets/key`. A missing required value or a value of the wrong form stops the start
and names the variable.
"""

import os
import secrets
from collections.abc import Callable, Mapping
from dataclasses import MISSING, dataclass, field, fields
from email.utils import parseaddr
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from cryptography.fernet import Fernet

INSTANCE = Path("instance").absolute()
OWN_FILE = INSTANCE / "settings.env"


class ConfigError(Exception):
    """One or more settings are missing or wrong; the message names each variable."""


def _text(value: str) -> str:
    return value.strip()


def _secret(value: str) -> str:
    if len(value) < 32:
        raise ValueError("needs at least 32 characters")
    return value


def _keys(value: str) -> tuple[str, ...]:
    keys = tuple(part.strip() for part in value.split(",") if part.strip())
    if not keys:
        raise ValueError("needs at least one key")
    for key in keys:
        try:
            Fernet(key)
        except ValueError:
            raise ValueError(
                "each key is 32 bytes in url-safe base64 (make one: flask new-key)"
            ) from None
    return keys


def _http(value: str) -> str:
    parts = urlsplit(value.strip())
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise ValueError("needs an address that starts with http:// or https://")
    return value.strip().rstrip("/")


def _tiles(value: str) -> str:
    address = _http(value)
    if missing := [part for part in ("{z}", "{x}", "{y}") if part not in address]:
        raise ValueError(f"needs {', '.join(missing)} in it")
    return address


def _smtp(value: str) -> str:
    parts = urlsplit(value.strip())
    if parts.scheme not in ("smtp", "smtps") or not parts.hostname:
        raise ValueError("needs smtp://host:port or smtps://host:port")
    return value.strip()


def _sender(value: str) -> str:
    address = parseaddr(value.strip())[1]
    if "@" not in address or not address.isascii():
        raise ValueError("needs an e-mail address: Name <name@ward.example>")
    return value.strip()


def _database(value: str) -> str:
    url = value.strip()
    for old in ("postgres://", "postgresql://"):
        if url.startswith(old):
            url = "postgresql+psycopg://" + url.removeprefix(old)
    if not url.startswith(("sqlite:///", "postgresql+psycopg://")):
        raise ValueError("needs sqlite:///… or postgresql://…")
    return url


def _path(value: str) -> Path:
    return Path(value).expanduser().absolute()


def _count(low: int, high: int) -> Callable[[str], int]:
    def parse(value: str) -> int:
        number = int(value)
        if not low <= number <= high:
            raise ValueError(f"needs a whole number from {low} to {high}")
        return number

    return parse


def _flag(value: str) -> bool:
    known = {"1": True, "true": True, "yes": True, "0": False, "false": False, "no": False}
    if value.strip().lower() not in known:
        raise ValueError("needs 1 or 0")
    return known[value.strip().lower()]


def _one_of(*names: str) -> Callable[[str], str]:
    def parse(value: str) -> str:
        if value.strip() not in names:
            raise ValueError("needs one of " + ", ".join(names))
        return value.strip()

    return parse


def setting(
    parse: Callable[[str], Any], default: Any = MISSING, *, secret: bool = False, says: str
) -> Any:
    """One field of `Settings`: how its text is read, its default, and its line for the README."""
    return field(
        default=default, metadata={"parse": parse, "secret": secret, "says": says}, repr=not secret
    )


@dataclass(frozen=True, kw_only=True)
class Settings:
    """The settings; every field is the environment variable of the same name in capitals."""

    secret_key: str = setting(
        _secret, secret=True, says="Signs sessions and forms. At least 32 characters."
    )
    field_keys: tuple[str, ...] = setting(
        _keys, secret=True, says="Keys of the encrypted columns, newest first, with commas between."
    )
    database_url: str = setting(
        _database,
        f"sqlite:///{INSTANCE}/ward.db",
        secret=True,
        says="`sqlite:///path` or `postgresql://user:password@host/name`.",
    )
    public_url: str = setting(
        _http,
        "http://127.0.0.1:8000",
        says="The address residents open; links and QR codes start with it. Not set: this machine, at `PORT`.",
    )
    upload_dir: Path = setting(_path, INSTANCE / "uploads", says="Where photos and files are kept.")
    port: int = setting(_count(1, 65535), 8000, says="Port of the web server.")
    bind: str = setting(
        _text, "127.0.0.1", says="Address the web server listens on; 0.0.0.0 for all."
    )
    web_processes: int = setting(_count(1, 32), 1, says="Web processes. Keep 1 with SQLite.")
    web_threads: int = setting(_count(1, 64), 8, says="Threads in each web process.")
    trusted_proxies: int = setting(
        _count(0, 5), 0, says="Reverse proxies in front whose X-Forwarded-* headers count."
    )
    log_level: str = setting(
        _one_of("DEBUG", "INFO", "WARNING", "ERROR"),
        "INFO",
        says="How much is logged (JSON lines on stderr).",
    )
    rate_limits: bool = setting(
        _flag, True, says="Throttling of public forms, look-ups and log-ins; 0 only for load tests."
    )
    map_tile_url: str = setting(
        _tiles,
        "",
        says="Map tiles of a server the ward runs or has chosen, such as "
        "`https://maps.ward.example/{z}/{x}/{y}.png`; empty: points without a ground.",
    )
    map_tile_credit: str = setting(_text, "", says="What the tile server asks to be said.")
    telegram_bot_token: str = setting(
        _text, "", secret=True, says="Token from @BotFather; empty means no Telegram."
    )
    telegram_webhook_secret: str = setting(
        _text,
        "",
        secret=True,
        says="Secret Telegram repeats in its header; needed for the webhook, not for polling.",
    )
    telegram_api_base_url: str = setting(
        _http, "https://api.telegram.org/bot", says="Bot API address, without the token."
    )
    telegram_file_base_url: str = setting(
        _http, "https://api.telegram.org/file/bot", says="Bot API file address, without the token."
    )
    telegram_per_second: int = setting(
        _count(1, 1000),
        30,
        says="Messages a second a bot may send: 30, more only on a Bot API server of one's own.",
    )
    smtp_url: str = setting(
        _smtp,
        "",
        secret=True,
        says="Mail server: `smtp://user:password@host:587` (STARTTLS; `?starttls=0` without) or "
        "`smtps://user:password@host:465`; empty means no e-mail.",
    )
    mail_from: str = setting(
        _sender, "", says="Sender of letters: `UBND Phường Ba Đình <phuong@ward.example>`."
    )
    zalo_app_id: str = setting(_text, "", says="Zalo application id.")
    zalo_app_secret: str = setting(_text, "", secret=True, says="Zalo application secret.")
    zalo_oa_secret_key: str = setting(
        _text,
        "",
        secret=True,
        says="Key that signs Zalo webhooks (Webhook page of the application).",
    )
    zalo_refresh_token: str = setting(
        _text, "", secret=True, says="First refresh token of the Official Account."
    )
    zalo_openapi_base_url: str = setting(
        _http, "https://openapi.zalo.me", says="Zalo Open API address."
    )
    zalo_oauth_base_url: str = setting(
        _http, "https://oauth.zaloapp.com", says="Zalo OAuth address."
    )
    zalo_business_base_url: str = setting(
        _http, "https://business.openapi.zalo.me", says="Zalo template message address."
    )

    @classmethod
    def from_environment(cls, environ: Mapping[str, str] | None = None) -> "Settings":
        """Read the settings. Raises ConfigError naming every variable that is missing or wrong."""
        environ = {**_own_file(), **os.environ} if environ is None else environ
        values: dict[str, Any] = {}
        wrong: list[str] = []
        for each in fields(cls):
            name = each.name.upper()
            try:
                raw = _raw(environ, name)
                if raw is not None and raw.strip():
                    values[each.name] = each.metadata["parse"](raw)
                elif each.default is MISSING:
                    raise ValueError("is missing (`make run` makes one; otherwise set it)")
            except (ValueError, OSError) as error:
                wrong.append(f"{name}: {error}")
        if values.get("smtp_url") and not values.get("mail_from"):
            wrong.append("MAIL_FROM: is missing: SMTP_URL is set, and letters need a sender")
        if wrong:
            raise ConfigError("Wrong settings:\n  " + "\n  ".join(wrong))
        values.setdefault("public_url", f"http://127.0.0.1:{values.get('port', cls.port)}")
        return cls(**values)

    def secrets(self) -> list[str]:
        """Every value that must not be seen in a log."""
        values = [getattr(self, each.name) for each in fields(self) if each.metadata["secret"]]
        return [one for value in values for one in ((value,) if isinstance(value, str) else value)]

    @property
    def is_https(self) -> bool:
        return self.public_url.startswith("https://")

    @property
    def is_sqlite(self) -> bool:
        return self.database_url.startswith("sqlite")


def _raw(environ: Mapping[str, str], name: str) -> str | None:
    path = environ.get(name + "_FILE")
    return Path(path).read_text(encoding="utf-8").strip() if path else environ.get(name)


def _own_file() -> dict[str, str]:
    """What `instance/settings.env` says, if it is there."""
    if not OWN_FILE.exists():
        return {}
    lines = (line.strip() for line in OWN_FILE.read_text(encoding="utf-8").splitlines())
    pairs = (line.split("=", 1) for line in lines if "=" in line and not line.startswith("#"))
    return {name.strip(): value.strip() for name, value in pairs}


def make_secrets() -> None:
    """Write fresh secrets to `instance/settings.env`, readable by this user only, unless it is there."""
    INSTANCE.mkdir(mode=0o700, exist_ok=True)
    text = (
        "# Settings of this ward. Keep this file and a copy of it safe: without FIELD_KEYS the\n"
        "# names and telephone numbers in the database can't be read again.\n"
        f"SECRET_KEY={secrets.token_urlsafe(48)}\nFIELD_KEYS={Fernet.generate_key().decode()}\n"
    )
    try:
        with open(OWN_FILE, "x", encoding="utf-8", opener=_private) as file:
            file.write(text)
    except FileExistsError:
        return


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)


if __name__ == "__main__":
    make_secrets()
