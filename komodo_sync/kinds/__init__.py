"""What a stack, a build, a repo is: one declarative file a kind, and the normal form of each shape of field."""

from __future__ import annotations

from typing import TYPE_CHECKING

from komodo_sync.kinds.automation import ACTION, ALERTER, PROCEDURE, RESOURCE_SYNC
from komodo_sync.kinds.build import BUILD
from komodo_sync.kinds.builder import BUILDER
from komodo_sync.kinds.deployment import DEPLOYMENT
from komodo_sync.kinds.flat import GIT_ACCOUNT, REGISTRY_ACCOUNT, TAG, VARIABLE
from komodo_sync.kinds.repo import REPO
from komodo_sync.kinds.server import SERVER, SWARM
from komodo_sync.kinds.stack import STACK
from komodo_sync.kinds.user_group import USER, USER_GROUP

if TYPE_CHECKING:
    from collections.abc import Mapping

    from komodo_sync.kinds.spec import KindSpec, Lookup

KINDS: Mapping[str, KindSpec] = {
    spec.name: spec
    for spec in sorted(
        (
            TAG, VARIABLE, GIT_ACCOUNT, REGISTRY_ACCOUNT, SERVER, SWARM, BUILDER, REPO, BUILD, STACK, DEPLOYMENT,
            ACTION, PROCEDURE, ALERTER, RESOURCE_SYNC, USER_GROUP,
        ),
        key=lambda spec: spec.order,
    )
}  # fmt: skip
"""Every kind by its name, in the order in which they are created where no reference decides."""

BY_PLURAL: Mapping[str, KindSpec] = {spec.plural: spec for spec in KINDS.values()}
"""Every kind by its key in a manifest."""

BY_CORE: Mapping[str, KindSpec] = {spec.core: spec for spec in KINDS.values()}
"""Every kind by Core's word for it."""

LOOKUPS: Mapping[str, Lookup] = {USER.name: USER}
"""What resources refer to by name and no manifest declares."""

__all__ = ["BY_CORE", "BY_PLURAL", "KINDS", "LOOKUPS"]
