"""The few Bot API calls made outside the sender: updates, webhook, commands, files."""

from typing import Any

import requests

TIMEOUT = (5.0, 30.0)  # seconds to connect, and between two bytes


class Failed(Exception):
    """Telegram refused. `code` as in its answer; 0 when no answer came. Never names the token."""

    def __init__(self, code: int, words: str):
        super().__init__(f"{code} {words}" if code else words)
        self.code = code
        self.words = words

    @property
    def may_pass(self) -> bool:
        """Whether asking again later can help."""
        return self.code in (0, 429) or self.code >= 500


class BotApi:
    """One bot's calls over one session."""

    def __init__(self, token: str, *, api_url: str, file_url: str):
        self._api, self._files = f"{api_url}{token}/", f"{file_url}{token}/"
        self._session = requests.Session()

    def call(self, method: str, *, patience: float = 0.0, **params: Any) -> Any:
        """The `result` of a call; `patience`: seconds Telegram may hold it. Raises Failed."""
        timeout = (TIMEOUT[0], TIMEOUT[1] + patience)
        try:
            answer = self._session.post(self._api + method, json=params, timeout=timeout)
            data = answer.json()
        except requests.RequestException as error:  # its words hold the address, with the token
            raise Failed(0, f"{method}: {type(error).__name__}") from None
        if not isinstance(data, dict) or not data.get("ok"):
            known = data if isinstance(data, dict) else {}
            code = int(known.get("error_code") or answer.status_code)
            raise Failed(code, str(known.get("description") or method))
        return data.get("result")

    def download(self, path: str, most: int) -> bytes:
        """At most `most` + 1 bytes of a file whose path `getFile` told. Raises Failed."""
        try:
            with self._session.get(self._files + path, timeout=TIMEOUT, stream=True) as answer:
                if answer.status_code != requests.codes.ok:
                    raise Failed(answer.status_code, "the file was not given")
                data = bytearray()
                for chunk in answer.iter_content(64 * 1024):
                    data += chunk
                    if len(data) > most:
                        break
                return bytes(data[: most + 1])
        except requests.RequestException as error:
            raise Failed(0, f"download: {type(error).__name__}") from None
