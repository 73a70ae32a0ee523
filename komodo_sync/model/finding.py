"""Something about a whole plan: why it is refused, what it does not know, what a reader should know."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from komodo_sync.model.data import Data

if TYPE_CHECKING:
    from komodo_sync.model.address import Address

MISSING = "missing-value"
"""The code of a finding that a value is unknown here: a plan goes on without it, an apply does not begin."""

UNSEEN = "unseen-kinds"
"""The code of a finding that the key may not list a kind: a plan goes on without it, an apply of our own does not."""

UNSEEN_VALUES = "unseen-values"
"""The code of a finding that the key is not shown values that are declared: they are not compared."""

BUSY = "busy"
"""The code of a finding that something is being done with what cannot be decided therefore."""

NOT_APPROVED = "not-approved"
"""The code of a finding that something is left out of what an approved plan is applied for: it is not in that plan."""

LIKELY_RENAME = "likely-rename"
"""The code of a finding that what is created looks like something else under a new name."""

UNPROVEN = frozenset({BUSY, "state-unknown", "deploy-withheld", "not-running", "files-unknown"})
"""The codes of findings that something does not run as declared, or that nobody can tell: nothing is planned for it,
and no apply is complete with it."""

AMISS = frozenset({"deploy-withheld", "not-running"})
"""Those of UNPROVEN that say what is known: it does not run as declared."""

Severity = Literal["refusal", "warning", "note"]


class Finding(Data, frozen=True):
    """Something about the whole plan. A refusal keeps `apply` from starting (exit 4); `override` is the flag that
    allows it, `hint` what else can be done about it. `code` is a stable word."""

    code: str
    severity: Severity
    message: str
    override: str = ""
    addresses: tuple[Address, ...] = ()
    hint: str = ""
