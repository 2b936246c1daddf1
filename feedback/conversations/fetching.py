"""Getting the files of a message from its channel, with no transaction open."""

import logging
from collections.abc import Callable, Sequence

from feedback.conversations.inbound import FileRef
from feedback.conversations.turn import Refused
from feedback.documents.intake import CleanFile
from feedback.errors import Refusal
from feedback.people.models import Channel

log = logging.getLogger(__name__)

Fetch = Callable[[str, FileRef], CleanFile]  # (account, file); raises Refusal or Unavailable

_fetchers: dict[Channel, Fetch] = {}

LOST = "Chưa tải được “{name}”. Ông/Bà vui lòng gửi lại tệp này."


class Unavailable(Exception):
    """The channel cannot give the file now; later it may."""


def register(channel: Channel, fetch: Fetch) -> None:
    """Say how this channel's files are got, checked and put on disk; called once at start-up."""
    _fetchers[channel] = fetch


def fetch_all(
    channel: Channel, account: str, files: Sequence[FileRef], *, is_last_try: bool
) -> tuple[list[CleanFile], list[Refused]]:
    """The files, and those not taken with their sentences.

    Raises Unavailable when one may come later; on the last try such a file counts as not taken.
    """
    fetch = _fetchers.get(channel)
    taken: list[CleanFile] = []
    refused: list[Refused] = []
    for file in files:
        try:
            if fetch is None:
                raise Unavailable(f"no way to fetch files of {channel.value}")
            taken.append(fetch(account, file))
        except Refusal as refusal:
            refused.append(Refused(file.name, refusal.sentence))
        except Unavailable as error:
            if not is_last_try:
                raise
            log.warning("file not fetched: %s", error)
            refused.append(Refused(file.name, LOST.format(name=file.name)))
    return taken, refused
