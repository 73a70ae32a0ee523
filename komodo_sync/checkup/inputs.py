"""What is known before any Core is asked: the settings, which Core is meant, and as whom."""

from __future__ import annotations

from typing import TYPE_CHECKING

from komodo_sync.checkup.findings import failed_by, well
from komodo_sync.errors import CredentialsError, KomodoSyncError
from komodo_sync.model.data import Data
from komodo_sync.settings import find_connection, find_settings, with_target

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from komodo_sync.model.checkup import Check
    from komodo_sync.settings import Connection, Settings

_NO_KEY = "-"


class Asked(Data, frozen=True):
    """What the command line says; None is nothing."""

    file: Path | None = None
    target: str | None = None
    url: str | None = None
    key: str | None = None
    secret: str | None = None
    profile: str | None = None


def settings_in_use(asked: Asked, folder: Path) -> tuple[Settings | None, Check]:
    """The settings, None where there are none or they are wrong; and the line about them."""
    try:
        found = find_settings(asked.file, folder)
        if found is not None and asked.target is not None:
            found = with_target(found, asked.target)
    except KomodoSyncError as error:
        return None, failed_by("settings", error)
    if found is None:
        return None, well("settings", "no komodo-sync.yaml here or above: PATHs are the manifests, nothing is pruned")
    facts = [f"owner {found.owner}" if found.owner else "no owner", "prune on" if found.prune else "prune off"]
    facts += [f"target {found.target}" if found.target else "", f"for {found.core_url}" if found.core_url else ""]
    inside = found.file.is_relative_to(folder)
    place = found.file.relative_to(folder) if inside else found.file
    return found, well("settings", f"{place}: {', '.join(filter(None, facts))}")


def connection_in_use(
    asked: Asked, settings: Settings | None, environment: Mapping[str, str], folder: Path
) -> tuple[Connection | None, Check | None]:
    """Where to, and as whom; or the line about why not. Both, where there is a Core and no key for it: what needs no
    key can be looked at all the same."""

    def found(key: str | None, secret: str | None) -> Connection:
        return find_connection(
            url=asked.url,
            key=key,
            secret=secret,
            profile=asked.profile,
            environment=environment,
            settings=settings,
            folder=folder,
        )

    try:
        return found(asked.key, asked.secret), None
    except CredentialsError as error:
        refused = failed_by("credentials", error)
        try:
            return found(_NO_KEY, _NO_KEY), refused
        except KomodoSyncError:
            return None, refused
    except KomodoSyncError as error:
        return None, failed_by("host", error)
