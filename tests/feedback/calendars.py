"""Calendars as strict readers read them: the letter of RFC 5545, and Debian's khal."""

import re
import subprocess
from datetime import timedelta
from pathlib import Path

from icalendar import Calendar

LINE = re.compile(rb"[^\r\n]{0,75}")


def strictly(body: bytes) -> Calendar:
    """RFC 5545 to the letter: CRLF, folded lines, no parser error, one VEVENT each with what it must."""
    assert body.endswith(b"\r\n")
    for line in body.split(b"\r\n")[:-1]:
        assert LINE.fullmatch(line), line
    read = Calendar.from_ical(body)
    assert read.errors == []
    assert read["VERSION"] == "2.0"
    assert read["PRODID"]
    for event in read.walk("VEVENT"):
        assert event.errors == []
        for name in ("UID", "DTSTAMP", "DTSTART", "DTEND", "SEQUENCE", "SUMMARY"):
            assert (
                len([key for key, _ in event.property_items(recursive=False) if key == name]) == 1
            )
        for name in ("DTSTAMP", "DTSTART", "DTEND"):
            assert event.decoded(name).utcoffset() == timedelta(0)
    return read


class Khal:
    """A calendar program that is given a file again and again, as a telephone that subscribes."""

    def __init__(self, folder: Path):
        self.folder = folder
        (folder / "calendar").mkdir()
        (folder / "config").write_text(
            f"[calendars]\n[[ward]]\npath = {folder}/calendar\n"
            "[locale]\nlocal_timezone = Asia/Ho_Chi_Minh\ndefault_timezone = Asia/Ho_Chi_Minh\n"
            "dateformat = %d/%m/%Y\nlongdateformat = %d/%m/%Y\ntimeformat = %H:%M\n"
            "datetimeformat = %d/%m/%Y %H:%M\nlongdatetimeformat = %d/%m/%Y %H:%M\n"
            f"[sqlite]\npath = {folder}/khal.db\n",
            encoding="utf-8",
        )

    def reads(self, body: bytes, since: str = "01/12/2026") -> str:
        """Everything in its sixty days from `since`, one line each: when, what, STATUS."""
        file = self.folder / "read.ics"
        file.write_bytes(body)
        self._khal("import", "--batch", "-a", "ward", str(file))
        form = "{start} {title} {status}"
        lines = self._khal("list", "--format", form, "--day-format", "", since, "60d").splitlines()
        return "\n".join(line.strip() for line in lines if line.strip())

    def _khal(self, *words: str) -> str:
        done = subprocess.run(
            ["khal", "-c", str(self.folder / "config"), *words],
            capture_output=True,
            text=True,
            check=True,
            env={"HOME": str(self.folder), "LC_ALL": "C.UTF-8", "PATH": "/usr/bin:/bin"},
        )
        return done.stdout
