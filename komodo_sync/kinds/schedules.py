"""When procedures and actions run by themselves, as far as it is read here.

Core's reading of a cron line has seconds first, days and weekdays that must both fit, `L`, `W` and `#`; what newer and
older releases read differently is let pass. Of English only what surely says nothing is told.
"""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING, Any

from komodo_sync.model.data import Data

if TYPE_CHECKING:
    from collections.abc import Mapping

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


class Unread(Data, frozen=True):
    """Why the Core cannot read a schedule, which it keeps and never runs: what is wrong with it, or with one `word` of
    it, and the way out."""

    why: str
    way_out: str
    word: str = ""


def is_cron(config: Mapping[str, Any]) -> bool:
    """Whether a schedule is a cron line, and not English."""
    return config.get("schedule_format") == "Cron"


def unread(config: Mapping[str, Any]) -> Unread | None:
    """What is wrong with the schedule of a config; None: nothing surely is."""
    schedule = config.get("schedule")
    if not isinstance(schedule, str) or not schedule:
        return None
    return _cron_problem(schedule) if is_cron(config) else _english_problem(schedule)


def unknown_zone(config: Mapping[str, Any]) -> str:
    """The time zone of a schedule where the Core knows none of that name, and so never runs it; else empty."""
    zone = config.get("schedule_timezone")
    return zone if isinstance(zone, str) and zone and (known := time_zones()) and zone not in known else ""


def _english_problem(text: str) -> Unread | None:
    if _CRON_LINE.fullmatch(text):
        why = "it is a cron line, and schedule_format says English unless it is given"
        return Unread(why, "add schedule_format: Cron")
    late = _CLOCK.search(text)
    if late and (int(late["hour"]) > 24 or int(late["minute"]) > 59):
        return Unread("is no time of the day", "write hours from 00 to 23 and minutes from 00 to 59", late[0])
    if not _TIME.search(text):
        return Unread("it says no time", "write it as in `every day at 01:00`")
    return None


def _cron_problem(text: str) -> Unread | None:
    line = text.upper().strip()
    if line.startswith("@"):
        return None if line in _NICKNAMES else Unread("is no nickname", "write @daily, or all six parts", text)
    for name, number in _WORDS.items():
        line = line.replace(f"-{name}", "-7" if name == "SUN" else f"-{number}").replace(name, number)
    parts = line.split()
    if len(parts) == len(_PARTS) - 1:
        return Unread("it has five parts, and the Core's first part is the second", f"write 0 {text.strip()}")
    if not len(_PARTS) <= len(parts) <= len(_PARTS) + 1:
        way_out = "write second, minute, hour, day, month, weekday: 0 0 3 * * *"
        return Unread(f"it has {len(parts)} part{'s' * (len(parts) != 1)}, not six", way_out)
    for (name, lowest, highest), part in zip(_PARTS, parts, strict=False):
        for piece in filter(None, part.replace("?", "*").removeprefix("+").split(",")):
            if not _fits(piece, name, lowest, highest):
                return Unread(f"is no {name}", f"write numbers from {lowest} to {highest}, a-b, */n, or *", piece)
    return None


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


@cache
def time_zones() -> set[str]:
    """Every time zone by name; empty where this machine has no list of them."""
    from zoneinfo import available_timezones

    return available_timezones()
