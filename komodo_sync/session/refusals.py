"""Why a plan is not applied."""

from __future__ import annotations

from typing import TYPE_CHECKING

from komodo_sync.errors import RefusedError
from komodo_sync.model.data import replace
from komodo_sync.model.finding import UNSEEN

if TYPE_CHECKING:
    from komodo_sync.model.plan import Finding, Plan


def check_refusals(made: Plan, *, approved: bool = False) -> None:
    """Raises `refusal_of` the plan."""
    if (refusal := refusal_of(made, approved=approved)) is not None:
        raise refusal


def refusal_of(made: Plan, *, approved: bool = False) -> RefusedError | None:
    """Every reason for which the plan may not be applied; None: there is none. `approved`: somebody has seen which
    kinds it leaves out because its key may not list them."""
    unseen = () if approved else tuple(item for item in made.findings if item.code == UNSEEN)
    reasons = (*made.refusals, *made.missing, *unseen)
    if not reasons:
        return None
    return RefusedError(
        "this plan is not applied",
        detail="\n".join(map(_refusal_line, reasons)),
        hint="nothing was written; do what is said above, then apply again",
        findings=[replace(item, severity="refusal") for item in reasons],
    )


def _refusal_line(finding: Finding) -> str:
    told = f"{finding.message} (to allow it: {finding.override})" if finding.override else finding.message
    return f"{told}\n  next: {finding.hint}" if finding.hint else told
