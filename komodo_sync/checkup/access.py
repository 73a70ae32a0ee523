"""Who answers, and what the key may do there."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from komodo_sync.checkup.findings import StopError, failed, failed_by, warning, well
from komodo_sync.errors import CredentialsError, KomodoSyncError
from komodo_sync.kinds import KINDS
from komodo_sync.planning.unseen import KNOWN_MAJOR
from komodo_sync.settings.address import is_simulated

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from komodo_sync.model.checkup import Check
    from komodo_sync.settings import Connection

_ADMINS_ALONE = ("builder", "action", "alerter", "resource_sync", "variable", "user_group")
_WITH_A_FLAG = {"server": "create_server_permissions", "build": "create_build_permissions"}
_ANYBODY = ("stack", "deployment", "repo", "procedure", "swarm", "tag")


def version(ask: Callable[[], str]) -> Check:
    """The line about Komodo's version. Raises StopError where it is none that can be spoken to."""
    try:
        found = ask()
    except KomodoSyncError as error:
        raise StopError("no Core that is supported answers", failed_by("version", error)) from None
    if int(found.lstrip("v").split(".")[0]) > KNOWN_MAJOR:
        told = f"Komodo {found} is newer than what is known here ({KNOWN_MAJOR}.x)"
        return warning("version", told, "look for a newer komodo-sync before you apply")
    return well("version", f"Komodo {found} (2.0 and later are supported)")


def credentials(connection: Connection, ask: Callable[[], dict[str, Any]]) -> tuple[dict[str, Any], Check]:
    """The user whose key it is, and the line about it. Raises StopError."""
    try:
        user = ask()
    except CredentialsError as error:
        check = failed_by("credentials", error)
        if connection.key_origin:
            origins = f"the key is from {connection.key_origin}, its secret from {connection.secret_origin}"
            check = failed("credentials", f"{check.told} ({origins})", check.cure)
        raise StopError("the key is not accepted", check) from None
    except KomodoSyncError as error:
        raise StopError("the Core does not say whose key it is", failed_by("credentials", error)) from None
    name = user.get("username") or "a user without a name"
    if user.get("enabled") is False:
        told = failed("credentials", f"the user {name} is disabled", "an admin enables it in Komodo, under Users")
        raise StopError("the user is disabled", told)
    if is_simulated(connection.url):
        return user, well("credentials", f"{name}, the embedded Core's own")
    return user, well("credentials", f"{name}, by the key from {connection.key_origin}")


def role(user: Mapping[str, Any], info: Mapping[str, Any]) -> Check:
    """The line about what the user may do, as far as a Core tells it."""
    name = user.get("username", "")
    if user.get("admin"):
        return well("role", f"{name} is an admin: sees all of this Core, and may do what manifests ask for")
    creates = [] if info.get("disable_non_admin_create") else [*_ANYBODY]
    creates += [kind for kind, flag in _WITH_A_FLAG.items() if user.get(flag) and creates]
    made = ", ".join(_plural(kind) for kind in KINDS if kind in creates) or "nothing"
    denied = ", ".join(_plural(kind) for kind in KINDS if kind in _ADMINS_ALONE)
    return warning(
        "role",
        f"{name} is no admin: sees what is shared with it, may create {made}; {denied}, accounts and the lock of an "
        "apply are for admins alone",
        "plan and drift work with that, for what it sees; for apply make a service user in Komodo that is an admin, "
        "and use its key",
    )


def _plural(kind: str) -> str:
    return KINDS[kind].plural.replace("_", " ")
