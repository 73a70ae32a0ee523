"""The eleven kinds of resource as the embedded Core keeps them, and how one is found."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from komodo_sync.kinds import BY_CORE
from komodo_sync.kinds.shapes import Tagged
from komodo_sync.model.data import Data
from komodo_sync.simulator import normal
from komodo_sync.simulator.failures import RefusalError
from komodo_sync.simulator.identity import looks_like_id
from komodo_sync.simulator.permissions import require

if TYPE_CHECKING:
    from collections.abc import Mapping

    from komodo_sync.kinds.spec import KindSpec
    from komodo_sync.simulator.requests import Call, State

Resource = dict[str, Any]
"""A resource in the form in which it is answered."""

_STACK_INFO: Mapping[str, Any] = {
    "missing_files": [],
    "deployed_project_name": None,
    "deployed_hash": None,
    "deployed_message": None,
    "deployed_contents": None,
    "deployed_services": None,
    "deployed_config": None,
    "latest_services": [],
    "remote_contents": None,
    "remote_errors": None,
    "latest_hash": None,
    "latest_message": None,
}
_BUILD_INFO: Mapping[str, Any] = {
    "last_built_at": 0,
    "built_hash": None,
    "built_message": None,
    "built_contents": None,
    "remote_path": None,
    "remote_contents": None,
    "remote_error": None,
    "latest_hash": None,
    "latest_message": None,
}
_REPO_INFO: Mapping[str, Any] = {
    "last_pulled_at": 0,
    "last_built_at": 0,
    "built_hash": None,
    "built_message": None,
    "latest_hash": None,
    "latest_message": None,
}
_SYNC_INFO: Mapping[str, Any] = {
    "last_sync_ts": 0,
    "last_sync_hash": None,
    "last_sync_message": None,
    "resource_updates": [],
    "variable_updates": [],
    "user_group_updates": [],
    "pending_deploys": [],
    "pending_error": None,
    "pending_deploy_error": None,
    "pending_hash": None,
    "pending_message": None,
    "remote_contents": [],
    "remote_errors": [],
}
_STACK_ACTIONS = ("pulling", "deploying", "starting", "restarting", "pausing", "unpausing", "stopping", "destroying")
_ON_CONTAINERS = ("Inspect", "Logs", "Terminal")
_PRUNES = ("networks", "containers", "images", "volumes", "builders", "buildx", "system")
_CONTAINER_COUNTS = ("starting", "restarting", "pausing", "unpausing", "stopping", "destroying")


class ResourceKind(Data, frozen=True):
    """One kind. `param` names it in reads; `info` is what a new one has; `actions` is the answer of an idle one;
    `creators` is who else than an admin may create it: anyone, nobody, or users with that flag; `theirs` is what such
    a creator may do with it beside Write."""

    core: str
    param: str
    info: Mapping[str, Any] | None
    actions: Mapping[str, Any]
    creators: str
    theirs: tuple[str, ...]

    @property
    def spec(self) -> KindSpec:
        """The facts of its fields."""
        return BY_CORE[self.core]


def _kind(
    core: str,
    info: Mapping[str, Any] | None,
    actions: Mapping[str, Any],
    creators: str = "nobody",
    param: str = "",
    theirs: tuple[str, ...] = (),
) -> ResourceKind:
    return ResourceKind(core, param or core.lower(), info, actions, creators, theirs)


def _idle(*words: str) -> dict[str, Any]:
    return dict.fromkeys(words, False)


RESOURCES: Mapping[str, ResourceKind] = {
    kind.core: kind
    for kind in (
        _kind("Swarm", {}, {}, "anyone"),
        _kind(
            "Server",
            {"attempted_public_key": "", "public_key": ""},
            _idle(*(f"pruning_{word}" for word in _PRUNES)) | {f"{word}_containers": 0 for word in _CONTAINER_COUNTS},
            "create_server_permissions",
            theirs=("Terminal", "Inspect", "Attach", "Logs", "Processes"),
        ),
        _kind("Stack", _STACK_INFO, _idle(*_STACK_ACTIONS), "anyone", theirs=_ON_CONTAINERS),
        _kind(
            "Deployment",
            {"latest_image_digest": "", "deployed_name": ""},
            _idle(*_STACK_ACTIONS, "updating", "renaming"),
            "anyone",
            theirs=_ON_CONTAINERS,
        ),
        _kind("Build", _BUILD_INFO, _idle("building"), "create_build_permissions"),
        _kind("Repo", _REPO_INFO, _idle("cloning", "pulling", "building", "renaming"), "anyone"),
        _kind("Procedure", None, _idle("running"), "anyone"),
        _kind("Action", {}, {"running": 0}),
        _kind("ResourceSync", _SYNC_INFO, _idle("syncing"), param="sync"),
        _kind("Builder", None, {}),
        _kind("Alerter", None, {}),
    )
}
"""Every kind by Core's word for it, which is also the name of its collection."""


def find(state: State, core: str, reference: str) -> Resource:
    """A resource by id or exact name, whoever asks. 500 when there is none."""
    if not reference:
        raise RefusalError(f"Cannot find {core} with empty name / id")
    by_id = looks_like_id(reference)
    text = state.storage.text(core, reference.lower() if by_id else reference, by="id" if by_id else "name")
    if text is None:
        raise RefusalError(f"Did not find any {core} matching {reference}")
    found: Resource = json.loads(text)
    return found


def get(call: Call, core: str, reference: str, level: str, *specific: str) -> Resource:
    """A resource that the user may use at that level. 500 when there is none or it may not."""
    resource = find(call.state, core, reference)
    require(call, core, id_of(resource), level, *specific)
    return resource


def save(state: State, core: str, resource: Resource) -> None:
    """Stores it; TakenError when another one has its name."""
    state.storage.put(core, id_of(resource), resource["name"], resource)


def id_of(document: Mapping[str, Any]) -> str:
    """The id of any document."""
    found: str = document["_id"]["$oid"]
    return found


def empty_config(core: str) -> dict[str, Any]:
    """The config of a new resource for which nothing was given."""
    config = RESOURCES[core].spec.config
    if isinstance(config, Tagged):
        return {"type": config.default, "params": normal.defaults(config.variants[config.default])}
    return normal.defaults(config)


def named(state: State, core: str, key: str) -> str:
    """The name of the resource with that id; empty when there is none."""
    names: dict[str, str] = state.storage.remember(("names", core), lambda: state.storage.names(core))
    return names.get(key, "")
