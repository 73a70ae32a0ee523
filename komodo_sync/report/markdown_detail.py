"""How much a Markdown document tells, from everything to names alone."""

from __future__ import annotations

from enum import StrEnum

from komodo_sync.model.data import Data

CUT_LINES = 20
"""Lines of one field that are shown where not all are."""


class Names(StrEnum):
    """How what stops, is deployed or is deleted is told: by concern, with reasons and effects; each once, with reasons
    and effects; each once, with the kinds of effects; as many of the names as there is room for."""

    EXPLAINED = "explained"
    GROUPED = "grouped"
    LISTED = "listed"
    CUT = "cut"


class Others(StrEnum):
    """How the resources are told of which no more is shown: by address and changed fields; by address; by name in as
    few bytes as can be, all of them; as many of these names as there is room for."""

    FIELDS = "fields"
    ADDRESSES = "addresses"
    LISTED = "listed"
    CUT = "cut"


class Detail(Data, frozen=True):
    """One step of the way down.

    said      what is left out, as the document says it; empty: nothing
    longest   lines of one field, None for all
    creates   whether the fields of creates are shown
    values    whether values and diffs are shown
    findings  whether warnings and notes are told; refusals are until names alone are left
    """

    said: str = ""
    longest: int | None = None
    creates: bool = True
    values: bool = True
    others: Others = Others.FIELDS
    findings: bool = True
    names: Names = Names.EXPLAINED


_CUT = "what one field has over 20 lines, and a line over 300 characters"
_INSIDE = "what changes inside a resource"
_LISTED = f"{_INSIDE}, and warnings"
_NAMES = f"{_INSIDE}, warnings, and names of what neither stops, nor is deployed, nor cannot be undone"

DETAILS = (
    Detail(),
    Detail(_CUT, CUT_LINES),
    Detail(f"{_CUT}, and the fields of what is created", CUT_LINES, creates=False),
    Detail("the values of fields", creates=False, values=False),
    Detail(_INSIDE, creates=False, values=False, others=Others.ADDRESSES),
    Detail(_LISTED, None, False, False, Others.LISTED, False),
    Detail(_LISTED, None, False, False, Others.LISTED, False, Names.GROUPED),
    Detail(_NAMES, None, False, False, Others.CUT, False, Names.GROUPED),
    Detail(f"reasons, {_LISTED}", None, False, False, Others.LISTED, False, Names.LISTED),
    Detail(f"reasons, {_NAMES}", None, False, False, Others.CUT, False, Names.LISTED),
    Detail(f"reasons, names, {_INSIDE}, and warnings", None, False, False, Others.CUT, False, Names.CUT),
)
"""From everything to names alone; the order is documented in docs/reports.md."""
