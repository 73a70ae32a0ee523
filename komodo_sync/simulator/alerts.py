"""Alerts: of a sync with something pending alone, and tests of what would send them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from komodo_sync.simulator import updates
from komodo_sync.simulator.executions import Execution, start_on_core
from komodo_sync.simulator.failures import RefusalError
from komodo_sync.simulator.identity import id_error, looks_like_id, new_id
from komodo_sync.simulator.jsontext import write
from komodo_sync.simulator.matching import read_query, select
from komodo_sync.simulator.permissions import permitted, require, require_admin
from komodo_sync.simulator.resources import id_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from komodo_sync.simulator.executions import Logs, Run
    from komodo_sync.simulator.requests import Call, Handler, State

Alert = dict[str, Any]
Resource = dict[str, Any]
ALERTS = "Alert"
UNREACHED = "the embedded Core has no network to send alerts over"


def _list(call: Call) -> dict[str, Any]:
    query, page = read_query(call.params["query"]), call.params["page"]
    visible = updates.visibility(call)
    chosen = select(query, call.storage.all(ALERTS), "failed to get alerts from db")
    found = [alert for alert in chosen if visible(alert)]
    found.sort(key=lambda alert: int(alert["ts"]), reverse=True)
    shown = found[page * updates.PAGE : (page + 1) * updates.PAGE]
    return {"alerts": shown, "next_page": page + 1 if len(shown) == updates.PAGE else None}


def _find(call: Call) -> Alert | None:
    found: Alert | None = call.storage.get(ALERTS, call.params["id"].lower())
    return found


def _get(call: Call) -> Alert:
    if not looks_like_id(call.params["id"]):
        raise RefusalError("failed to query db for alert", "id is not ObjectId", id_error(call.params["id"]))
    alert = _find(call)
    if alert is None:
        raise RefusalError("no alert found with given id")
    target = alert["target"]
    require(call, target["type"], target["id"], "Read")
    return alert


def _close(call: Call) -> dict[str, Any]:
    require_admin(call, "This call is admin only")
    if not looks_like_id(call.params["id"]):
        raise RefusalError(id_error(call.params["id"]))
    alert = _find(call)
    if alert is not None:
        call.storage.put(ALERTS, id_of(alert), None, alert | {"resolved": True})
    return {}


def note_pending(state: State, sync: Resource, *, pending: bool) -> None:
    """Opens an alert for a sync that has something pending, and closes it once it has nothing."""
    target = {"type": "ResourceSync", "id": id_of(sync)}
    opened = [alert for alert in state.storage.all(ALERTS) if alert["target"] == target and not alert["resolved"]]
    if opened and not pending:
        closed = opened[0] | {"resolved": True, "resolved_ts": state.clock()}
        state.storage.put(ALERTS, id_of(closed), None, closed)
    elif pending and not opened:
        key = new_id()
        data = {"type": "ResourceSyncPendingUpdates", "data": {"id": id_of(sync), "name": sync["name"]}}
        alert = {"_id": {"$oid": key}, "ts": state.clock(), "resolved": False, "level": "OK", "target": target}
        state.storage.put(ALERTS, key, None, alert | {"data": data, "resolved_ts": None})


def close_all_of(state: State, target: dict[str, str]) -> None:
    """Closes what is open of a resource that is no more."""
    for alert in state.storage.all(ALERTS):
        if alert["target"] == target and not alert["resolved"]:
            closed = alert | {"resolved": True, "resolved_ts": state.clock()}
            state.storage.put(ALERTS, id_of(closed), None, closed)


def _test(run: Run) -> Logs:
    if not run.resource["config"]["enabled"]:
        text = "Alerter is disabled. Enable the Alerter to send alerts."
        return [run.log("Test Alerter", stderr=text, success=False)]
    return [updates.error_log(run.state, "Test Alerter", UNREACHED)]


def _send(run: Run) -> Logs:
    """To every alerter that is enabled, is among those that are asked for, and takes such alerts."""
    wanted = run.params["alerters"]
    allowed = run.params["allowed"]
    chosen = [
        alerter
        for alerter in run.state.storage.all("Alerter")
        if alerter["config"]["enabled"]
        and (not wanted or alerter["name"] in wanted or id_of(alerter) in wanted)
        and (not alerter["config"]["alert_types"] or "Custom" in alerter["config"]["alert_types"])
        and (allowed is None or id_of(alerter) in allowed)
    ]
    if not chosen:
        raise RefusalError(
            "Could not find any valid alerters to send to, this required Execute permissions on the Alerter"
        )
    alert = {key: run.params[key] for key in ("level", "message", "details")}
    return [run.log("Send alert", write(alert)), updates.error_log(run.state, "Send Error", UNREACHED)]


def _start_send(call: Call) -> dict[str, Any]:
    allowed = permitted(call, "Alerter", "Execute")
    params = call.params | {"allowed": None if allowed is None else sorted(allowed)}
    return start_on_core(type(call)(call.state, call.user, call.group, call.operation, params))


PERFORMERS: Mapping[str, Execution] = {"TestAlerter": Execution(_test)}
CORE_PERFORMERS: Mapping[str, Execution] = {"SendAlert": Execution(_send)}
HANDLERS: Mapping[str, Handler] = {
    "ListAlerts": _list,
    "GetAlert": _get,
    "CloseAlert": _close,
    "SendAlert": _start_send,
}
