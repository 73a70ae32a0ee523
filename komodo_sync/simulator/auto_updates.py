"""What Core does by itself after a stack with `auto_update` is written."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from komodo_sync.simulator.containers import project, reachable
from komodo_sync.simulator.executions import start
from komodo_sync.simulator.registry import releases
from komodo_sync.simulator.resources import find, id_of
from komodo_sync.simulator.stack_runs import PERFORMERS

if TYPE_CHECKING:
    from komodo_sync.simulator.requests import Call

OPERATOR = "000000000000000000000004"
_LOOKS = frozenset({"file_contents", "linked_repo", "repo", "files_on_host"})
"""The fields of a stack that, when a write names them (changed or not), have Core look for newer images."""


def after_write(call: Call, core: str, key: str, named: Any) -> None:
    """Deploys the services whose image was released anew since they were deployed: those of the containers that run,
    whatever the new files say."""
    if core != "Stack" or not _LOOKS & set(named):
        return
    stack = find(call.state, core, key)
    config = stack["config"]
    if not config["auto_update"] or not reachable(call.state, stack):
        return
    old = [
        item["service"]
        for item in project(call.state, stack)
        if item.get("release", 0) < releases(call.state, item["image"])
        and item["service"] not in config["auto_update_skip_services"]
    ]
    if not old:
        return
    wanted = [] if config["auto_update_all_services"] else sorted(old)
    params = {"stack": id_of(stack), "services": wanted, "stop_time": None}
    user = type(call.user)(OPERATOR, OPERATOR, True)
    start(type(call)(call.state, user, "execute", "DeployStack", params), core, key, PERFORMERS["DeployStack"])
