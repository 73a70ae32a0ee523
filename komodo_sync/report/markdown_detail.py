"""How much a Markdown document tells, from everything to names alone."""

from __future__ import annotations

from enum import StrEnum

from komodo_sync.model.data import Data

CUT_LINES = 20
"""Lines of one field that are shown where not all are."""


class Names(StrEnum):
    """How what stops, is deployed or is deleted is told: by concern, with reasons and effects; each once, with reasons
    and effects; the same with as many of the names of all changed resources as there is room for."""

    EXPLAINED = "explained"
    GROUPED = "grouped"
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
    findings  whether warnings and notes are told
    refusals  whether it is told what is refused, and why; else for how many reasons
    """

    said: str = ""
    longest: int | None = None
    creates: bool = True
    values: bool = True
    others: Others = Others.FIELDS
    findings: bool = True
    names: Names = Names.EXPLAINED
    refusals: bool = True


_CUT = "what one field has over 20 lines, and a line over 300 characters"
_INSIDE = "what changes inside a resource"
_LISTED = f"{_INSIDE}, and warnings"
_NAMES = f"{_INSIDE}, warnings, and names of what neither stops, nor is deployed, nor cannot be undone"
_ROWS = f"{_LISTED}; of effects what differs between those of a row, as which services"

DETAILS = (
    Detail(),
    Detail(_CUT, CUT_LINES),
    Detail(f"{_CUT}, and the fields of what is created", CUT_LINES, creates=False),
    Detail("the values of fields", creates=False, values=False),
    Detail(_INSIDE, creates=False, values=False, others=Others.ADDRESSES),
    Detail(_LISTED, None, False, False, Others.LISTED, False),
    Detail(_LISTED, None, False, False, Others.LISTED, False, Names.GROUPED),
    Detail(_NAMES, None, False, False, Others.CUT, False, Names.GROUPED),
    Detail(_ROWS, None, False, False, Others.CUT, False, Names.CUT),
    Detail(f"what is refused, {_ROWS}", None, False, False, Others.CUT, False, Names.CUT, refusals=False),
)
"""From everything to names alone; the order is documented in docs/reports.md."""
