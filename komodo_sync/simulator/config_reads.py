"""Reads of what stands in the config file of a Core and of its servers: secrets, git providers, image registries.

The file of this Core is empty, and so are those of its servers; an Aws builder has lists of its own.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from komodo_sync.simulator.failures import RefusalError
from komodo_sync.simulator.queries import selected
from komodo_sync.simulator.resources import find

if TYPE_CHECKING:
    from collections.abc import Mapping

    from komodo_sync.simulator.requests import Call, Handler

# lists of providers name those of these kinds too
_SOURCES = ("Build", "Repo", "ResourceSync")


def _of_target(call: Call, field: str, refusal: int = 400) -> list[Any]:
    """What the asked server or builder adds. 500 for a server that is not enabled."""
    target = call.params["target"]
    if target is None:
        return []
    if target["type"] not in ("Server", "Builder"):
        raise RefusalError("target must be `Server` or `Builder`", status=refusal)
    server = target["id"]
    if target["type"] == "Builder":
        config = find(call.state, "Builder", target["id"])["config"]
        if config["type"] == "Aws":
            return list(config["params"][field])
        server = next(iter(config["params"].get("server_ids", ())), "")
        if not server:
            return []
    if not find(call.state, "Server", server)["config"]["enabled"]:
        raise RefusalError("server not enabled")
    return []


def _secrets(call: Call) -> list[str]:
    return sorted(_of_target(call, "secrets"))


def _git_providers(call: Call) -> list[dict[str, Any]]:
    providers = {provider["domain"]: provider for provider in _of_target(call, "git_providers")}
    wide = type(call)(call.state, call.user, call.group, call.operation, {"query": {}})
    for core in _SOURCES:
        for resource in selected(wide, core):
            config = resource["config"]
            made = {"domain": config["git_provider"], "https": config["git_https"], "accounts": []}
            providers.setdefault(made["domain"], made)
    return [providers[domain] for domain in sorted(providers)]


def _image_registries(call: Call) -> list[dict[str, Any]]:
    return sorted(_of_target(call, "image_registries", 500), key=lambda registry: str(registry["domain"]))


HANDLERS: Mapping[str, Handler] = {
    "ListSecrets": _secrets,
    "ListGitProvidersFromConfig": _git_providers,
    "ListImageRegistriesFromConfig": _image_registries,
}
