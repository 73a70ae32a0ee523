"""List items: what a List* operation says of each resource under `info`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from komodo_sync.simulator.checkouts import checkout_of
from komodo_sync.simulator.containers import (
    container,
    container_name_of,
    managed,
    no_manager,
    project,
    reachable,
)
from komodo_sync.simulator.resources import id_of, named
from komodo_sync.simulator.schedules import last_run, next_run
from komodo_sync.simulator.states import state_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from komodo_sync.simulator.requests import State

Resource = dict[str, Any]
VERSION = "2.3.2"
PUBLIC_KEY = "MCowBQYDK2VuAyEAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="
_THRESHOLDS = ("cpu_warning", "cpu_critical", "mem_warning", "mem_critical", "disk_warning", "disk_critical")
_SENDS = ("unreachable", "cpu", "mem", "disk", "version_mismatch")


def item(state: State, core: str, resource: Resource) -> dict[str, Any]:
    """A resource as a list item."""
    return {
        "id": id_of(resource),
        "type": core,
        "name": resource["name"],
        "template": resource["template"],
        "tags": resource["tags"],
        "info": _INFO[core](state, resource),
    }


def source(state: State, resource: Resource) -> dict[str, Any]:
    """Where the files of a stack, build or sync come from: its linked repo's word counts before its own."""
    linked = resource["config"].get("linked_repo", "")
    repo = state.storage.get("Repo", linked) if linked else None
    config = (repo or resource)["config"]
    return {
        "git_provider": config["git_provider"],
        "repo": config["repo"],
        "branch": config["branch"],
        "repo_link": _link(config),
    }


def _link(config: dict[str, Any]) -> str:
    base = f"{'https' if config['git_https'] else 'http'}://{config['git_provider']}/{config['repo']}"
    return f"{base}/tree/{config['branch']}" if config["git_provider"] == "github.com" else base


def _host(state: State, config: dict[str, Any]) -> dict[str, str]:
    return {
        "swarm_id": config["swarm_id"],
        "swarm_name": named(state, "Swarm", config["swarm_id"]),
        "server_id": config["server_id"],
        "server_name": named(state, "Server", config["server_id"]),
    }


def stack_services(state: State, stack: Resource) -> list[dict[str, Any]]:
    """The services of a stack whose server can be asked, by name."""
    if not reachable(state, stack):
        return []
    info = stack["info"]
    latest = {service["service_name"]: service["image"] for service in info["latest_services"]}
    up = {found["service"]: found["image"] for found in project(state, stack)}
    known = info["deployed_services"] if info["deployed_services"] is not None else info["latest_services"]
    found = []
    for service in sorted(known, key=lambda one: str(one["service_name"])):
        name = service["service_name"]
        image = up.get(name, service["image"])
        newer = latest.get(name, image)
        found.append(
            {
                "service": name,
                "image": image,
                "latest_image": newer if newer != image else None,
                "update_available": False,
            }
        )
    return found


def _stack(state: State, stack: Resource) -> dict[str, Any]:
    config, info = stack["config"], stack["info"]
    containers = project(state, stack) if reachable(state, stack) else []
    return {
        **_host(state, config),
        "files_on_host": config["files_on_host"],
        "file_contents": bool(config["file_contents"]),
        "linked_repo": config["linked_repo"],
        "linked_repo_name": named(state, "Repo", config["linked_repo"]),
        **source(state, stack),
        "state": state_of(state, "Stack", stack),
        "status": _status(containers) if containers else None,
        "services": stack_services(state, stack),
        "auto_update_all_services": config["auto_update_all_services"],
        "project_missing": False,
        "missing_files": info["missing_files"],
        "deployed_hash": info["deployed_hash"],
        "latest_hash": info["latest_hash"],
    }


def _status(containers: list[dict[str, str]]) -> str:
    counts: dict[str, int] = {}
    for found in containers:
        counts[found["state"]] = counts.get(found["state"], 0) + 1
    return ", ".join(f"{word}({count})" for word, count in sorted(counts.items()))


def _deployment(state: State, deployment: Resource) -> dict[str, Any]:
    config = deployment["config"]
    found = container(state, deployment) if reachable(state, deployment) else None
    image, build_id = _configured_image(state, deployment)
    return {
        "state": state_of(state, "Deployment", deployment),
        "status": "Up 1 second" if found and found["state"] == "running" else None,
        "custom_name": container_name_of(deployment) if deployment["info"]["deployed_name"] else config["custom_name"],
        "image": found["image"] if found else image,
        "update_available": False,
        **_host(state, config),
        "build_id": build_id,
    }


def _configured_image(state: State, deployment: Resource) -> tuple[str, str | None]:
    """The image as a list shows it before a deploy, and the build that makes it: its name and version alone count."""
    image = deployment["config"]["image"]
    if image["type"] == "Image":
        return image["params"]["image"], None
    build = state.storage.get("Build", image["params"]["build_id"])
    version = image["params"]["version"]
    if not any(version.values()) and build:
        version = build["config"]["version"]
    name = build["name"] if build else "unknown"
    return f"{name}:{_dotted(version)}", id_of(build) if build else ""


def _dotted(version: dict[str, int]) -> str:
    return f"{version['major']}.{version['minor']}.{version['patch']}"


def image_name(state: State, deployment: Resource) -> str:
    """The image that the next deploy runs."""
    image = deployment["config"]["image"]
    if image["type"] == "Image":
        return str(image["params"]["image"])
    build = state.storage.get("Build", image["params"]["build_id"])
    if build is None:
        return ""
    name = build["config"]["image_name"] or build["name"]
    version = image["params"]["version"]
    if not any(version.values()):
        version = build["config"]["version"]
    tag = build["config"]["image_tag"]
    return f"{name}:{_dotted(version)}-{tag}" if tag else f"{name}:{_dotted(version)}"


def _build(state: State, build: Resource) -> dict[str, Any]:
    config, info = build["config"], build["info"]
    return {
        "state": state_of(state, "Build", build),
        "last_built_at": info["last_built_at"],
        "version": config["version"],
        "builder_id": config["builder_id"],
        "files_on_host": config["files_on_host"],
        "dockerfile_contents": bool(config["dockerfile"]),
        "linked_repo": config["linked_repo"],
        "linked_repo_name": named(state, "Repo", config["linked_repo"]),
        **source(state, build),
        "built_hash": info["built_hash"],
        "latest_hash": info["latest_hash"],
        "image_registry_domain": (config["image_registry"][0]["domain"] or None) if config["image_registry"] else None,
    }


def _repo(state: State, repo: Resource) -> dict[str, Any]:
    config, info = repo["config"], repo["info"]
    cloned = checkout_of(state, id_of(repo)) or {}
    return {
        "server_id": config["server_id"],
        "server_name": named(state, "Server", config["server_id"]),
        "builder_id": config["builder_id"],
        "last_pulled_at": info["last_pulled_at"],
        "last_built_at": info["last_built_at"],
        **source(state, repo),
        "state": state_of(state, "Repo", repo),
        "cloned_hash": cloned.get("hash"),
        "cloned_message": cloned.get("message"),
        "built_hash": info["built_hash"],
        "latest_hash": info["latest_hash"],
    }


def _server(state: State, server: Resource) -> dict[str, Any]:
    config = server["config"]
    found = state_of(state, "Server", server)
    up = found == "Ok"
    return {
        "state": found,
        "err": {"error": f"Server {id_of(server)} is not connected", "trace": []} if found == "NotOk" else None,
        "stats": None,
        "alerting_thresholds": {name: config[name] for name in _THRESHOLDS},
        "core_count": 2 if up else None,
        "logical_core_count": 2 if up else None,
        "region": config["region"],
        "address": config["address"] or None,
        "external_address": config["external_address"] or None,
        "public_ip": None,
        **{f"send_{word}_alerts": config[f"send_{word}_alerts"] for word in _SENDS},
        "version": VERSION if up else None,
        "public_key": PUBLIC_KEY if up else None,
        "attempted_public_key": None,
        "terminals_disabled": True,
        "container_terminals_disabled": not up,
    }


def _scheduled(core: str) -> Callable[[State, Resource], dict[str, Any]]:
    def read(state: State, resource: Resource) -> dict[str, Any]:
        config = resource["config"]
        stages = {"stages": len(config["stages"])} if "stages" in config else {}
        upcoming, error = next_run(config, state.clock())
        return stages | {
            "state": state_of(state, core, resource),
            "last_run_at": last_run(state, core, id_of(resource)),
            "next_scheduled_run": upcoming,
            "schedule_error": error,
        }

    return read


def _sync(state: State, sync: Resource) -> dict[str, Any]:
    config, info = sync["config"], sync["info"]
    return {
        "last_sync_ts": info["last_sync_ts"],
        "files_on_host": config["files_on_host"],
        "file_contents": bool(config["file_contents"]),
        "managed": config["managed"],
        "resource_path": config["resource_path"],
        "linked_repo": config["linked_repo"],
        "linked_repo_name": named(state, "Repo", config["linked_repo"]),
        **source(state, sync),
        "last_sync_hash": info["last_sync_hash"],
        "last_sync_message": info["last_sync_message"],
        "state": state_of(state, "ResourceSync", sync),
    }


def _swarm(state: State, swarm: Resource) -> dict[str, Any]:
    servers = swarm["config"]["server_ids"]
    error = None
    if not servers:
        error = {"error": "No servers configured as manager nodes", "trace": []}
    elif not managed(state, swarm):
        failure = no_manager(swarm)
        error = {"error": failure.error, "trace": list(failure.trace)}
    return {"server_ids": servers, "state": state_of(state, "Swarm", swarm), "err": error}


def _builder(_state: State, builder: Resource) -> dict[str, Any]:
    kind, params = builder["config"]["type"], builder["config"]["params"]
    of_servers = ", ".join(params["server_ids"]) if kind == "Server" else None
    return {"builder_type": kind, "instance_type": params.get("instance_type", of_servers)}


def _alerter(_state: State, alerter: Resource) -> dict[str, Any]:
    config = alerter["config"]
    return {"enabled": config["enabled"], "endpoint_type": config["endpoint"]["type"]}


_INFO: Mapping[str, Callable[[State, Resource], dict[str, Any]]] = {
    "Stack": _stack,
    "Deployment": _deployment,
    "Build": _build,
    "Repo": _repo,
    "Server": _server,
    "Procedure": _scheduled("Procedure"),
    "Action": _scheduled("Action"),
    "ResourceSync": _sync,
    "Swarm": _swarm,
    "Builder": _builder,
    "Alerter": _alerter,
}
