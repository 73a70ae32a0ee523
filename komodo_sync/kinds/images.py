"""What images are called that a resource builds."""

from __future__ import annotations

from typing import TYPE_CHECKING

from komodo_sync.model.data import Data

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any


VERSION = "VERSION"
"""What stands for one."""


class ImageNames(Data, frozen=True):
    """The fields that say so: `name`, where it is not the resource's own; `suffix` of what stands behind each version;
    `registries`, each with a host, and there the first of `owners` that is given, if the last of them is: without that
    nothing is pushed. What is deployed from it is looked for in the first."""

    name: str
    suffix: str
    registries: str
    host: str
    owners: tuple[str, ...]

    @property
    def fields(self) -> tuple[str, ...]:
        """All of them."""
        return (self.name, self.registries, self.suffix)

    def of(self, name: str, config: Mapping[str, Any]) -> tuple[str, ...]:
        """What its images are called in each registry, where it is called `name`: `ghcr.io/acme/web:VERSION-arm`.
        Empty: that is not known."""
        own, suffix, places = config.get(self.name) or name, config.get(self.suffix) or "", self._places(config)
        if not isinstance(own, str) or not isinstance(suffix, str):
            return ()
        return tuple(f"{place}{own}:{VERSION}{'-' if suffix else ''}{suffix}" for place in places)

    def _places(self, config: Mapping[str, Any]) -> list[str]:
        """What stands before the name, by registry; empty where one is not known."""
        given, found = config.get(self.registries) or (), []
        if not isinstance(given, (list, tuple)):
            return []
        for item in given:
            parts = [item.get(key) or "" for key in (self.host, *self.owners)] if isinstance(item, dict) else [None]
            if not all(isinstance(part, str) for part in parts):
                return []
            host, *owners = parts
            owner = next(filter(None, owners), "")
            found.append(f"{host}/{owner}/" if host and owners[-1] else "")
        return found or [""]
