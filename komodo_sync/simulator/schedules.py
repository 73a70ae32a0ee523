"""When procedures and actions run next by their schedules. Nothing runs by itself here: only the time is told."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from komodo_sync.simulator.markup import error_text
from komodo_sync.simulator.queries import page, selected
from komodo_sync.simulator.resources import id_of

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import tzinfo

    from komodo_sync.simulator.requests import Call, Handler, State

Document = dict[str, Any]
_MONTHS = ("JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC")
_DAYS = ("SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT")
_NAMES = {name: str(number) for number, name in (*enumerate(_MONTHS, 1), *enumerate(_DAYS))}
# second, minute, hour, day of the month, month, day of the week (0 and 7 are Sunday)
_BOUNDS = ((0, 59), (0, 59), (0, 23), (1, 31), (1, 12), (0, 7))
_NICKNAMES = {
    "@yearly": "0 0 0 1 1 *",
    "@annually": "0 0 0 1 1 *",
    "@monthly": "0 0 0 1 * *",
    "@weekly": "0 0 0 * * 0",
    "@daily": "0 0 0 * * *",
    "@hourly": "0 0 * * * *",
}
_PART = re.compile(r"(\*|\?|\d+(?:-\d+)?)(?:/(\d+))?")
_LONGEST_DAYS = 366 * 8


class UnreadableScheduleError(Exception):
    """The schedule says no time."""


def next_run(config: Mapping[str, Any], now: int) -> tuple[int | None, str | None]:
    """When a schedule is due next, in milliseconds, or why that cannot be said; neither when it is off."""
    if not config["schedule_enabled"] or not config["schedule"]:
        return None, None
    try:
        zone = _zone(config["schedule_timezone"])
        fields = _cron(config["schedule"]) if config["schedule_format"] == "Cron" else _english(config["schedule"])
        return _after(fields, datetime.fromtimestamp(now / 1000, zone)), None
    except UnreadableScheduleError as error:
        return None, error_text(*error.args)


def _zone(name: str) -> tzinfo:
    if not name:
        return UTC
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError):
        raise UnreadableScheduleError("Failed to parse timezone", "failed to parse timezone") from None


def _cron(text: str) -> list[set[int]]:
    """What each of the six parts allows."""
    parts = _NICKNAMES.get(text.strip().lower(), text).split()
    if len(parts) != len(_BOUNDS):
        raise UnreadableScheduleError("Invalid CRON schedule")
    return [_allowed(part, *bounds) for part, bounds in zip(parts, _BOUNDS, strict=True)]


def _allowed(part: str, lowest: int, highest: int) -> set[int]:
    found: set[int] = set()
    for piece in part.split(","):
        text = re.sub("[A-Za-z]{3}", lambda word: _NAMES.get(word[0].upper(), "?"), piece)
        read = _PART.fullmatch(text)
        if read is None:
            raise UnreadableScheduleError("Invalid CRON schedule")
        first, _, last = read[1].partition("-")
        step = int(read[2] or 1)
        start, end = (lowest, highest) if first in "*?" else (int(first), int(last or (highest if read[2] else first)))
        if not lowest <= start <= end <= highest or not step:
            raise UnreadableScheduleError("Invalid CRON schedule")
        found |= set(range(start, end + 1, step))
    return found


def _english(text: str) -> list[set[int]]:
    """The time of day that the text names, or midnight; which days it means is not read."""
    words = text.lower()
    if not re.search("every|at|daily|week|day|hour|minute|second|noon|midnight|month|year", words):
        raise UnreadableScheduleError("Failed to parse english to cron | InvalidInput")
    hour, minute = 0, 0
    found = next(iter(re.findall(r"at +(\d{1,2})(?::(\d{2}))? *(am|pm)?", words)), None)
    if found:
        hour, minute = int(found[0]) % 24, int(found[1] or 0) % 60
        if found[2]:
            hour = hour % 12 + (12 if found[2] == "pm" else 0)
    elif "noon" in words:
        hour = 12
    return [{0}, {minute}, {hour}, *(set(range(low, high + 1)) for low, high in _BOUNDS[3:])]


def _after(fields: list[set[int]], now: datetime) -> int:
    seconds, minutes, hours, days, months, weekdays = fields
    week = {day % 7 for day in weekdays}
    day = now.replace(hour=0, minute=0, second=0, microsecond=0)
    for _ in range(_LONGEST_DAYS):
        if day.day in days and day.month in months and day.isoweekday() % 7 in week:
            for hour in sorted(hours):
                for minute in sorted(minutes):
                    for second in sorted(seconds):
                        found = day.replace(hour=hour, minute=minute, second=second)
                        if found > now:
                            return int(found.timestamp() * 1000)
        day += timedelta(days=1)
    raise UnreadableScheduleError("Failed to find next run time")


def last_run(state: State, core: str, key: str) -> int | None:
    """When a procedure or action that has ended began last."""
    rows = state.storage.query(
        "SELECT json_extract(body,'$.start_ts') FROM updates WHERE target_id=? AND operation=? AND complete=1 "
        "ORDER BY number DESC LIMIT 1",
        key,
        f"Run{core}",
    )
    return rows[0][0] if rows else None


def _list(call: Call) -> list[Document]:
    query = {"query": {name: call.params[name] for name in ("tags", "tag_behavior", "terms")}}
    wide = type(call)(call.state, call.user, call.group, call.operation, query)
    found = [
        _schedule(call, core, resource)
        for core in ("Action", "Procedure")
        for resource in selected(wide, core)
        if resource["config"]["schedule"]
    ]
    return page(call, sorted(found, key=_KEYS[call.params["sort_by"]], reverse=call.params["sort_desc"]))


def _schedule(call: Call, core: str, resource: Document) -> Document:
    config = resource["config"]
    upcoming, error = next_run(config, call.now())
    return {
        "target": {"type": core, "id": id_of(resource)},
        "name": resource["name"],
        "enabled": config["schedule_enabled"],
        "schedule_format": config["schedule_format"],
        "schedule": config["schedule"],
        "schedule_timezone": config["schedule_timezone"],
        "tags": resource["tags"],
        "last_run_at": last_run(call.state, core, id_of(resource)),
        "next_scheduled_run": upcoming,
        "schedule_error": error,
    }


_KEYS: Mapping[str, Any] = {
    "Name": lambda one: one["name"],
    "Schedule": lambda one: (one["schedule"], one["name"]),
    "NextRun": lambda one: (one["next_scheduled_run"] is None, one["next_scheduled_run"] or 0, one["name"]),
    "Enabled": lambda one: (one["enabled"], one["name"]),
}
HANDLERS: Mapping[str, Handler] = {"ListSchedules": _list}
