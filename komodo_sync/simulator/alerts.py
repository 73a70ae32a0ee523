"""Alerts, of which there are none here, and tests of what would send them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from komodo_sync.simulator import updates
from komodo_sync.simulator.executions import Execution, start_on_core
from komodo_sync.simulator.failures import RefusalError
from komodo_sync.simulator.identity import looks_like_id
from komodo_sync.simulator.jsontext import write
from komodo_sync.simulator.matching import read_query
from komodo_sync.simulator.permissions import permitted, require_admin
from komodo_sync.simulator.resources import id_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from komodo_sync.simulator.executions import Logs, Run
    from komodo_sync.simulator.requests import Call, Handler

UNREACHED = "the embedded Core has no network to send alerts over"


def _list(call: Call) -> dict[str, Any]:
    read_query(call.params["query"])
    return {"alerts": [], "next_page": None}


def _get(call: Call) -> dict[str, Any]:
    if not looks_like_id(call.params["id"]):
        raise RefusalError("failed to query db for alert", "id is not valid ObjectId")
    raise RefusalError("no alert found with given id")


def _close(call: Call) -> dict[str, Any]:
    require_admin(call, "This call is admin only")
    if not looks_like_id(call.params["id"]):
        raise RefusalError("malformed ObjectId")
    return {}


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
