"""What a Core says about itself, of schedules and of versions; statistics and terminals, which are empty here."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from komodo_sync.simulator import updates
from komodo_sync.simulator.items import PUBLIC_KEY, VERSION
from komodo_sync.simulator.markup import bold
from komodo_sync.simulator.resources import get, id_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from komodo_sync.simulator.requests import Call, Handler

Document = dict[str, Any]
HOUR = 3_600_000
DAY = 86_400_000


def _version(call: Call) -> Document:
    return {"version": call.state.faults.version or VERSION}


def _info(call: Call) -> Document:
    return {
        "title": call.state.title,
        "monitoring_interval": "15-sec",
        "webhook_base_url": "http://localhost:9120",
        "transparent_mode": False,
        "ui_write_disabled": False,
        "disable_confirm_dialog": False,
        "disable_non_admin_create": False,
        "disable_websocket_reconnect": False,
        "enable_fancy_toml": False,
        "timezone": "",
        "public_key": PUBLIC_KEY,
        "default_pagination_limit": call.state.default_limit,
    }


def _build_versions(call: Call) -> list[Document]:
    build = get(call, "Build", call.params["build"], "Read")
    rows = call.storage.query(
        "SELECT json_extract(body,'$.version.major'), json_extract(body,'$.version.minor'), "
        "json_extract(body,'$.version.patch'), json_extract(body,'$.start_ts') FROM updates "
        "WHERE target_id=? AND operation='RunBuild' AND complete=1 AND success=1 ORDER BY number DESC",
        id_of(build),
    )
    parts = ("major", "minor", "patch")
    found = [{"version": dict(zip(parts, row[:3], strict=True)), "ts": row[3]} for row in rows]
    wanted = {part: call.params[part] for part in parts if call.params[part] is not None}
    chosen = [one for one in found if all(one["version"][part] == value for part, value in wanted.items())]
    limit = call.params["limit"]
    return chosen[:limit] if limit else chosen


def _build_stats(call: Call) -> Document:
    today = call.now() // DAY * DAY
    first = today - (29 + 30 * call.params["page"]) * DAY
    days = [{"time": 0.0, "count": 0.0, "ts": float(first + day * DAY)} for day in range(30)]
    for start, end in call.storage.query(
        "SELECT json_extract(body,'$.start_ts') AS start, json_extract(body,'$.end_ts') FROM updates "
        "WHERE operation='RunBuild' AND complete=1 AND start>=? AND start<? ORDER BY number",
        first,
        first + 30 * DAY,
    ):
        # one that was cut off has no end
        if end is not None:
            day = days[(start - first) // DAY]
            day |= {"count": day["count"] + 1, "time": day["time"] + (end - start) / HOUR}
    totals = {f"total_{word}": sum(day[word] for day in days) for word in ("time", "count")}
    return {**totals, "days": days}


def _server_key(call: Call) -> Document:
    server = get(call, "Server", call.params["server"], "Write")
    server["info"]["public_key"] = call.params["public_key"]
    call.storage.put("Server", id_of(server), server["name"], server)
    text = f"Public key updated to {bold(call.params['public_key'])}"
    stage = updates.log(call.state, "Update Server Public Key", text)
    return updates.record(call, "UpdateServerKey", {"type": "Server", "id": id_of(server)}, [stage])


HANDLERS: Mapping[str, Handler] = {
    "GetVersion": _version,
    "GetCoreInfo": _info,
    "ListBuildVersions": _build_versions,
    "GetBuildMonthlyStats": _build_stats,
    "UpdateServerPublicKey": _server_key,
}
