"""A plan that was approved: it is made again as it was made, and what is not as approved is refused."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from komodo_sync.errors import RefusedError
from komodo_sync.model.data import replace
from komodo_sync.session.refusals import check_refusals

if TYPE_CHECKING:
    from komodo_sync.manifest import Loaded
    from komodo_sync.model.observed import Observed
    from komodo_sync.model.plan import Plan, Planned
    from komodo_sync.model.scope import Scope, Visibility
    from komodo_sync.planning import Options
    from komodo_sync.planning.approved import Verdict

_AGAIN = "make the plan again, and have it approved"
_COMPARED = {
    "settings": "--settings",
    "manifests": "PATH",
    "paths": "PATH",
    "select": "--select",
    "target": "--target",
    "overlays": "--overlay",
    "variables": "--var",
    "owner": "owner",
    "omitted_fields": "omitted_fields",
    "deploy": "deploys",
}


def approved_options(options: Options, approved: Plan) -> Options:
    """`options` for the scope and the visibility of `approved`. A narrowed plan is narrowed to the very resources that
    it lists: what an expression picks may be something else by now. Raises RefusedError where what was asked for is
    not what was approved."""
    from komodo_sync.planning.approved import known_addresses

    scope = approved.scope
    narrowed = frozenset(item.address for item in approved.resources) if scope.narrowed else None
    made = replace(
        options,
        prune=scope.prune,
        only=None,
        selected=narrowed,
        known=known_addresses(approved),
        visibility=approved.visibility,
    )
    different = list(_differences(made.scope, scope))
    if different:
        raise RefusedError(
            "this is not the scope of the approved plan",
            detail="\n".join(different),
            hint=f"leave out what the plan has recorded already; or {_AGAIN}",
        )
    return made


def check_core(approved: Plan, host: str) -> None:
    """Raises RefusedError where `host` is another Core than the plan's."""
    from komodo_sync.settings.address import same_core

    if not same_core(approved.core.host, host):
        raise RefusedError(
            f"the plan was made for {approved.core.host}, and {host} is in use",
            hint="connect to that Core, or make a plan for this one",
        )


def check_view(seen: Visibility, observed: Observed) -> None:
    """Raises RefusedError where the key sees less than the one that the plan was made with: what it does not see would
    look as if it was done."""
    if observed.admin or (not seen.admin and seen.user == observed.user):
        return
    whose = "an admin's key" if seen.admin else f"the key of {seen.user}"
    raise RefusedError(
        f"the plan was made with {whose}, and the key of {observed.user} may see less",
        hint="apply with an admin's key" + ("" if seen.admin else f", or that of {seen.user}"),
    )


def judged(planned: Planned, approved: Plan, loaded: Loaded) -> Verdict:
    """What may be done of `planned`. Raises RefusedError, with what moved change by change, where anything did."""
    from komodo_sync.model.plan import Finding
    from komodo_sync.planning.approved import judge
    from komodo_sync.report.moved import moved_sentence, moved_text

    version = planned.plan.core.version
    if version != approved.core.version:
        raise RefusedError(
            f"the Core has version {version} now, and had {approved.core.version} when the plan was made", hint=_AGAIN
        )
    verdict = judge(planned, approved, loaded.desired)
    if verdict.moved:
        if planned.plan.missing:
            check_refusals(planned.plan, approved=True)  # of what is not known here nobody can tell whether it moved
        number = len(verdict.moved)
        moved = [(item.address, item.approved, item.now, item.why) for item in verdict.moved]
        raise RefusedError(
            f"the plan is not the approved one any more: {number} change{'' if number == 1 else 's'} moved",
            detail="\n".join(moved_text(*item) for item in moved),
            hint=f"nothing was written; {_AGAIN}",
            findings=[Finding("moved", "refusal", moved_sentence(*item), "", (item[0],), _AGAIN) for item in moved],
        )
    return verdict


def _differences(now: Scope, then: Scope) -> list[str]:
    found = []
    for name, word in _COMPARED.items():
        asked, approved = (_words(getattr(scope, name)) for scope in (now, then))
        if asked != approved:
            found.append(f"{word}: approved {approved or 'none'}, now {asked or 'none'}")
    return found


def _words(value: object) -> str:
    if isinstance(value, bool):
        return "on" if value else "off"
    if isinstance(value, tuple):
        return " ".join(map(_word, value))
    return str(value)


def _word(item: object) -> str:
    name, given = getattr(item, "name", None), getattr(item, "value", None)
    if name is not None:
        return f"{name}={given}" if given is not None else f"{name}=(secret)"
    return os.path.normpath(str(item)) if "/" in str(item) else str(item)
