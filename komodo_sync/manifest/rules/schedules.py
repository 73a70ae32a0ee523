"""When procedures and actions run by themselves: a schedule that the Core cannot read is kept, and never runs."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from komodo_sync.kinds import KINDS
from komodo_sync.kinds.schedules import time_zones, unknown_zone, unread
from komodo_sync.manifest.findings import nearest, quoted
from komodo_sync.manifest.rules.place import finding
from komodo_sync.source.codes import Code

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from komodo_sync.manifest.resources import Declared
    from komodo_sync.model.address import Address
    from komodo_sync.model.diagnostic import Diagnostic


@cache
def _has_schedule(kind: str) -> bool:
    return "schedule_format" in KINDS[kind].fields()


def check_schedules(declared: Mapping[Address, Declared]) -> Iterator[Diagnostic]:
    """Schedules and their time zones."""
    for address, item in declared.items():
        if not _has_schedule(address.kind):
            continue
        config = item.resource.config
        if not isinstance(config.get("schedule"), str) or not config["schedule"]:
            continue
        if config.get("schedule_enabled") is False:
            continue
        if problem := unread(config):
            reason = f"{quoted(problem.word)} {problem.why}" if problem.word else problem.why
            message = f"the Core cannot read this schedule, and never runs it: {reason}"
            yield finding(item, "config/schedule", Code.BAD_SCHEDULE, message, problem.way_out)
        if zone := unknown_zone(config):
            close = nearest(zone, sorted(time_zones()))
            message = f"the Core knows no time zone {quoted(zone)}, and never runs this schedule"
            way_out = close if close.startswith("did") else "write one of the IANA's, as Europe/Berlin"
            yield finding(item, "config/schedule_timezone", Code.BAD_SCHEDULE, message, way_out)
