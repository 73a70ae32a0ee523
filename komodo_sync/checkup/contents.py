"""What the Core holds as far as the key sees it: kinds, whole lists, owners, locks."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from komodo_sync.checkup.findings import failed, failed_by, warning, well
from komodo_sync.client.snapshot import list_params
from komodo_sync.errors import KomodoSyncError
from komodo_sync.execution.applied import parse
from komodo_sync.execution.lock import described
from komodo_sync.execution.own_variables import variable_name
from komodo_sync.execution.process import Process
from komodo_sync.kinds import KINDS
from komodo_sync.kinds.flat import APPLIED, LOCK, VARIABLE
from komodo_sync.planning.ownership import owners as owners_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from komodo_sync.execution.applied import Kept
    from komodo_sync.model.checkup import Check
    from komodo_sync.model.observed import Observed


def kinds(observed: Observed) -> Check:
    """The line about what is visible."""
    counts = Counter(address.kind for address in observed.resources)
    there = ", ".join(_counted(counts[name], name) for name in KINDS if counts[name])
    hidden = ", ".join(spec.plural.replace("_", " ") for name, spec in KINDS.items() if name not in observed.kinds)
    told = there or "nothing is there yet"
    return well("kinds", f"{told}; not shown to this key: {hidden}" if hidden else told)


def paging(observed: Observed, info: Mapping[str, Any], ask: Callable[[str, dict[str, Any]], Any]) -> Check:
    """The line about whether a list is whole: the longest one is asked for again, with room for more than it had."""
    page = info.get("default_pagination_limit")
    usual = f" (its own page: {page})" if page is not None else ""
    counts = Counter(address.kind for address in observed.resources)
    paged = [name for name, spec in KINDS.items() if "limit" in list_params(spec.lists) and name in observed.kinds]
    longest = max(paged, key=lambda name: counts[name], default="")
    if not longest or not counts[longest]:
        return well("paging", f"no list is long enough to need pages{usual}")
    operation, known = KINDS[longest].lists, counts[longest]
    try:
        found = len(ask(operation, {**list_params(operation), "limit": known + 1}))
    except KomodoSyncError as error:
        return failed_by("paging", error)
    if found > known:
        return failed(
            "paging",
            f"`limit: 0` answered {_counted(known, longest)}, and there are more{usual}",
            "run doctor again; if it stays so, a proxy changes what is asked: let it pass /read through as it is",
        )
    return well("paging", f"`limit: 0` answers everything: {_counted(known, longest)}{usual}")


def _counted(number: int, kind: str) -> str:
    return f"{number} {(kind if number == 1 else KINDS[kind].plural).replace('_', ' ')}"


def owners(observed: Observed, owner: str) -> Check:
    """The line about whose tags there are."""
    counts: Counter[str] = Counter()
    free = 0
    for resource in observed.resources.values():
        if KINDS[resource.address.kind].owned:
            found = owners_of(resource.tags)
            counts.update(found)
            free += not found
    seen = ", ".join(f"{name} {number}" for name, number in sorted(counts.items()))
    rest = f"{free} of nobody's" if free else ""
    told = "; ".join(filter(None, (seen, rest))) or "nothing that could have an owner"
    if owner and owner not in counts and counts:
        return warning(
            "owners",
            f"{told}; nothing carries the tag of {owner}, the owner in use",
            f"right before the first apply; else see that owner: {owner} is not misspelt in komodo-sync.yaml",
        )
    return well("owners", told)


def lock_and_applied(owner: str, ask: Callable[[str, dict[str, Any]], Any]) -> list[Check]:
    """The lines about who applies now, and what was applied last: of the owner in use, or of everybody's."""
    try:
        listed = ask(VARIABLE.lists, list_params(VARIABLE.lists))
        values = {str(item["name"]): str(item["value"]) for item in listed}
    except KomodoSyncError as error:
        return [failed_by("lock", error), failed_by("applied", error)]
    return [_lock(owner, _of(LOCK, owner, values)), _applied(owner, _of(APPLIED, owner, values))]


def _of(prefix: str, owner: str, values: Mapping[str, str]) -> dict[str, str]:
    wanted = variable_name(prefix, owner) if owner else ""
    fits = {name: value for name, value in values.items() if name.startswith(prefix) and wanted in ("", name)}
    return {name.removeprefix(prefix): value for name, value in sorted(fits.items())}


def _lock(owner: str, held: Mapping[str, str]) -> Check:
    if not held:
        return well("lock", f"nobody holds the lock of {owner}" if owner else "nobody holds a lock")
    told = "; ".join(f"the lock of {name} is held by {described(text)}" for name, text in held.items())
    holders = [Process.parse(text) for text in held.values()]
    if all(holder is not None and holder.is_gone() for holder in holders):
        return warning("lock", f"{told}: gone", "the next apply on this machine takes it over; there is nothing to do")
    return warning(
        "lock",
        told,
        "wait until that apply has ended; if it cannot end any more, break its lock: komodo-sync unlock"
        + ("" if owner else " --owner NAME"),
    )


def _applied(owner: str, kept: Mapping[str, str]) -> Check:
    if not kept:
        whose = f" for {owner}" if owner else ""
        return well("applied", f"no commit that was applied is kept{whose}")
    commits = {name: parse(text) for name, text in kept.items()}
    told = "; ".join(f"{name}: {_commit(commit)}" for name, commit in commits.items())
    if None in commits.values():
        cure = "apply everything from a git repository with an admin's key: that writes it anew; drift needs it"
        return warning("applied", told, cure)
    return well("applied", told)


def _commit(kept: Kept | None) -> str:
    if kept is None:
        return f"what {APPLIED}... keeps is no commit that can be read"
    return f"commit {kept.commit[:12]}" + (" with changes that were not committed" if kept.dirty else "")
