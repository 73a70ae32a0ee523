"""When procedures and actions run by themselves: a schedule that the Core cannot read is kept, and never runs.

Core's reading of a cron line has seconds first, days and weekdays that must both fit, `L`, `W` and `#`; what newer and
older releases read differently is let pass. Of English only what surely says nothing is told.
"""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

from komodo_sync.kinds import KINDS
from komodo_sync.manifest.findings import nearest, quoted
from komodo_sync.manifest.rules.place import finding
from komodo_sync.source.codes import Code

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from komodo_sync.manifest.resources import Declared
    from komodo_sync.model.address import Address
    from komodo_sync.model.diagnostic import Diagnostic

_NICKNAMES = frozenset(("@YEARLY", "@ANNUALLY", "@MONTHLY", "@WEEKLY", "@DAILY", "@HOURLY"))
_MONTHS = ("JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC")
_DAYS = ("SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT")
_WORDS = {name: str(number) for number, name in (*enumerate(_MONTHS, 1), *enumerate(_DAYS))}
_PARTS = (
    ("second", 0, 59),
    ("minute", 0, 59),
    ("hour", 0, 23),
    ("day of the month", 1, 31),
    ("month", 1, 12),
    ("day of the week", 0, 7),
)
_EXTRAS = {"day of the month": r"L|LW|\d+W", "day of the week": r"L|\d+L|\d+#L|\d+(?:-\d+)?#[1-5]"}
_RANGE = re.compile(r"(?:\*|(?P<first>\d+)(?:-(?P<last>\d+))?)(?:/(?P<step>\d+))?")
_CRON_LINE = re.compile(r"\s*(?:@[a-z]+|[\d*/,?#LW-]+(?:\s+(?:[\d*/,?#LW-]|[A-Z]{3})+){4,6})\s*")
_TIME = re.compile(
    r"\d|every|noon|midnight|seconds?\b|secs?\b|minutes?\b|mins?\b|hours?\b|hourly|da(?:y|ily)|week|month|year"
    r"|sun|mon|tue|wed|thu|fri|sat|jan|feb|mar|apr|jun|jul|aug|sep|oct|nov|dec",
    re.IGNORECASE,
)
_CLOCK = re.compile(r"\b(?P<hour>\d{1,3}):(?P<minute>\d{1,3})\b")


@cache
def _has_schedule(kind: str) -> bool:
    return "schedule_format" in KINDS[kind].fields()


def check_schedules(declared: Mapping[Address, Declared]) -> Iterator[Diagnostic]:
    """Schedules and their time zones."""
    for address, item in declared.items():
        if not _has_schedule(address.kind):
            continue
        config = item.resource.config
        schedule, zone = config.get("schedule"), config.get("schedule_timezone")
        if not isinstance(schedule, str) or not schedule or config.get("schedule_enabled") is False:
            continue
        cron = config.get("schedule_format") == "Cron"
        reason, way_out = _cron_problem(schedule) if cron else _english_problem(schedule)
        if reason:
            message = f"the Core cannot read this schedule, and never runs it: {reason}"
            yield finding(item, "config/schedule", Code.BAD_SCHEDULE, message, way_out)
        if isinstance(zone, str) and zone and (known := _zones()) and zone not in known:
            close = nearest(zone, sorted(known))
            message = f"the Core knows no time zone {quoted(zone)}, and never runs this schedule"
            way_out = close if close.startswith("did") else "write one of the IANA's, as Europe/Berlin"
            yield finding(item, "config/schedule_timezone", Code.BAD_SCHEDULE, message, way_out)


def _english_problem(text: str) -> tuple[str, str]:
    """What is wrong with a schedule in English, and the way out; empty when nothing surely is."""
    if _CRON_LINE.fullmatch(text):
        return "it is a cron line, and schedule_format says English unless it is given", "add schedule_format: Cron"
    late = _CLOCK.search(text)
    if late and (int(late["hour"]) > 24 or int(late["minute"]) > 59):
        return f"{quoted(late[0])} is no time of the day", "write hours from 00 to 23 and minutes from 00 to 59"
    if not _TIME.search(text):
        return "it says no time", "write it as in `every day at 01:00`"
    return "", ""


def _cron_problem(text: str) -> tuple[str, str]:
    """The same for a cron line."""
    line = text.upper().strip()
    if line.startswith("@"):
        known = line in _NICKNAMES
        return ("", "") if known else (f"{quoted(text)} is no nickname", "write @daily, or all six parts")
    for name, number in _WORDS.items():
        line = line.replace(f"-{name}", "-7" if name == "SUN" else f"-{number}").replace(name, number)
    parts = line.split()
    if len(parts) == len(_PARTS) - 1:
        return "it has five parts, and the Core's first part is the second", f"write 0 {text.strip()}"
    if not len(_PARTS) <= len(parts) <= len(_PARTS) + 1:
        way_out = "write second, minute, hour, day, month, weekday: 0 0 3 * * *"
        return f"it has {len(parts)} part{'s' * (len(parts) != 1)}, not six", way_out
    for (name, lowest, highest), part in zip(_PARTS, parts, strict=False):
        for piece in filter(None, part.replace("?", "*").removeprefix("+").split(",")):
            if not _fits(piece, name, lowest, highest):
                return f"{quoted(piece)} is no {name}", f"write numbers from {lowest} to {highest}, a-b, */n, or *"
    return "", ""


def _fits(piece: str, name: str, lowest: int, highest: int) -> bool:
    numbers = [int(number) for number in re.findall(r"\d+", piece.partition("#")[0].partition("/")[0])]
    if not all(lowest <= number <= highest for number in numbers):
        return False
    if name in _EXTRAS and re.fullmatch(_EXTRAS[name], piece):
        return True
    found = _RANGE.fullmatch(piece)
    if found is None or found["step"] == "0":
        return False
    return not found["last"] or int(found["first"]) <= int(found["last"])


def _zones() -> set[str]:
    """Every time zone by name; empty where this machine has no list of them."""
    from zoneinfo import available_timezones

    return available_timezones()
