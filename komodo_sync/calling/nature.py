"""What an operation does, by its group and its name: whether it reads, destroys, or answers a new secret."""

from __future__ import annotations

from typing import TYPE_CHECKING

from komodo_sync.calling.targets import has_wildcards
from komodo_sync.kinds import KINDS

if TYPE_CHECKING:
    from komodo_sync.calling.naming import Named
    from komodo_sync.calling.parameters import Given

NEW_SECRETS = frozenset({"CreateApiKey", "CreateApiKeyForServiceUser", "CreateOnboardingKey"})
"""What answers a secret that nobody can ask for again."""
READS = frozenset({"read", "login", "user"})
_DESTROYING = ("Delete", "Destroy", "Prune", "RemoveSwarm", "BatchDelete", "BatchDestroy")


def is_read(named: Named) -> bool:
    """Whether it changes nothing."""
    return named.operation.group in READS or named.name == "GetUserId"


def destroys_unnamed(named: Named, given: Given) -> bool:
    """Whether it does away with something that nobody has named: what wildcards or a regex mean."""
    wild = any(has_wildcards(name) or name.startswith("\\") for name in given.names)
    return wild and named.operation.name.startswith(_DESTROYING)


def what_stops(named: Named) -> str:
    """What goes along with what is deleted, in words."""
    spec = next((each for each in KINDS.values() if each.delete == named.operation.name), None)
    return spec.stops if spec is not None else ""
