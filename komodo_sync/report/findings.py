"""Findings as every form for people tells them: what is alike has its way out named once."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from komodo_sync.model.plan import Finding

MANY = 4
"""Refusals that leave room on a screen for what stops; beside more, its numbers come first."""


def alike(findings: Iterable[Finding]) -> list[list[Finding]]:
    """Neighbours that the same flag allows and the same hint helps; one without either stands alone."""
    numbered = enumerate(findings)
    groups = groupby(numbered, key=lambda item: _way(*item))
    return [[finding for _, finding in group] for _, group in groups]


def allowing(group: list[Finding]) -> str:
    """`to allow it: `, or how many of them its flag allows."""
    return "to allow it: " if len(group) == 1 else f"to allow these {len(group)}: "


def _way(index: int, finding: Finding) -> tuple[str, str, str, int]:
    alone = -1 if finding.override or finding.hint else index
    return (finding.code, finding.override, finding.hint, alone)
