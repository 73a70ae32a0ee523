"""What Core deploys by itself once a build has succeeded."""

from __future__ import annotations

from typing import TYPE_CHECKING

from komodo_sync.simulator.auto_updates import OPERATOR
from komodo_sync.simulator.executions import start
from komodo_sync.simulator.requests import Call, User
from komodo_sync.simulator.resources import id_of
from komodo_sync.simulator.states import state_of

if TYPE_CHECKING:
    from komodo_sync.simulator.executions import Execution
    from komodo_sync.simulator.requests import State

_LEFT_ALONE = frozenset({"not_deployed", "exited", "unknown"})


def redeploy(state: State, build_id: str, deploy: Execution) -> None:
    """Begins the deploy of every deployment of the build's image with `redeploy_on_build`, whichever version it asks
    for, unless nothing of it runs."""
    user = User(OPERATOR, OPERATOR, True)
    for deployment in state.storage.all("Deployment"):
        config, key = deployment["config"], id_of(deployment)
        follows = config["image"]["type"] == "Build" and config["image"]["params"]["build_id"] == build_id
        if follows and config["redeploy_on_build"] and state_of(state, "Deployment", deployment) not in _LEFT_ALONE:
            params = {"deployment": key, "stop_signal": None, "stop_time": None}
            start(Call(state, user, "execute", "Deploy", params), "Deployment", key, deploy)
