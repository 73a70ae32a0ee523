"""Who uses an account that is deleted: it is named by its user alone, beside the host that it is for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from komodo_sync.kinds import KINDS
from komodo_sync.kinds.flat import GIT_ACCOUNT, REGISTRY_ACCOUNT
from komodo_sync.model.address import Address
from komodo_sync.planning.references import configs_left

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping

    from komodo_sync.kinds.spec import KindSpec
    from komodo_sync.model.observed import Observed
    from komodo_sync.model.plan import Payload, Step

_FIELDS = (
    ("git_provider", "git_account", GIT_ACCOUNT.name),
    ("registry_provider", "registry_account", REGISTRY_ACCOUNT.name),
)
"""The fields of a config that name a host and its user, and of which kind the account is."""

_PUSHED, _PULLED_WITH, _IMAGE = "image_registry", "image_registry_account", "image"
_DOCKER = "docker.io"


def account_users(
    deletes: Collection[Address], observed: Observed, payloads: Mapping[Step, Payload]
) -> dict[Address, frozenset[Address]]:
    """For each account that is deleted, who uses it after everything else is done, anybody's. What is secret is not
    looked into."""
    kinds = {GIT_ACCOUNT.name, REGISTRY_ACCOUNT.name}
    found: dict[Address, set[Address]] = {address: set() for address in deletes if address.kind in kinds}
    if not found:
        return {}
    configs = configs_left(deletes, observed, payloads)
    for user, config in configs.items():
        for account in _used(KINDS[user.kind], config, configs):
            if account in found:
                found[account].add(user)
    return {address: frozenset(users) for address, users in found.items()}


def _used(spec: KindSpec, config: Mapping[str, Any], configs: Mapping[Address, Mapping[str, Any]]) -> Iterator[Address]:
    fields = spec.fields()
    for host, user, kind in _FIELDS:
        if user in fields and not spec.is_idle(user, config):
            yield from _named(kind, config.get(host, fields[host].default), config.get(user))
    for item in _registries(config):
        yield from _named(REGISTRY_ACCOUNT.name, item.get("domain"), item.get("account"))
    if _PULLED_WITH in fields:
        host = _host_of(config.get(_IMAGE), configs)
        yield from _named(REGISTRY_ACCOUNT.name, host, config.get(_PULLED_WITH))


def _named(kind: str, host: Any, user: Any) -> Iterator[Address]:
    if isinstance(host, str) and isinstance(user, str) and host and user:
        yield Address(kind, f"{host}/{user}")


def _registries(config: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    items = config.get(_PUSHED)
    return [item for item in items if isinstance(item, dict)] if isinstance(items, list | tuple) else []


def _host_of(image: Any, configs: Mapping[Address, Mapping[str, Any]]) -> Any:
    """From where it is pulled: of what a build makes, from the first registry to which that pushes."""
    params = image.get("params") if isinstance(image, dict) else None
    if not isinstance(params, dict):
        return None
    if build := params.get("build_id"):
        pushed = _registries(configs.get(Address("build", build), {})) if isinstance(build, str) else []
        return pushed[0].get("domain") if pushed else None
    name = params.get("image")
    if not isinstance(name, str):
        return None
    # as Core tells a host from a name, and no better
    first = name.partition("/")[0]
    return first if "." in first else _DOCKER
