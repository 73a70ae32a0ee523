"""How much a Markdown document tells, from everything to names alone."""

from __future__ import annotations

from enum import StrEnum

from komodo_sync.model.data import Data, replace

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


class Told(StrEnum):
    """How warnings and notes are told: all of each; the first sentence of as many as there is room for; how many."""

    FULL = "full"
    SHORT = "short"
    COUNTED = "counted"


class Detail(Data, frozen=True):
    """One step of the way down.

    said      what is left out, as the document says it; empty: nothing
    longest   lines of one field, None for all
    creates   whether the fields of creates are shown
    values    whether values and diffs are shown
    findings  how warnings and notes are told
    refusals  whether it is told what is refused, and why; else for how many reasons
    """

    said: str = ""
    longest: int | None = None
    creates: bool = True
    values: bool = True
    others: Others = Others.FIELDS
    findings: Told = Told.FULL
    names: Names = Names.EXPLAINED
    refusals: bool = True


_CUT = "what one field has over 20 lines, and a line over 300 characters"
_INSIDE = "what changes inside a resource"
_LISTED = f"{_INSIDE}, and of warnings all but the first sentence"
_EASED = "old names, and of what affects others all but the kind"
_GROUPED = f"{_LISTED}; {_EASED}"
_NAMES = f"{_GROUPED}; names of what neither stops, nor is deployed, nor cannot be undone"
_EFFECTS = "old names; of effects what differs in a row or affects others"
_ROWS, _COUNTED = f"{_LISTED}; {_EFFECTS}", f"{_INSIDE}, and warnings; {_EFFECTS}"

_CALM = Detail(_LISTED, None, False, False, Others.LISTED, Told.SHORT)
_BY_ROW = Detail(_ROWS, None, False, False, Others.CUT, Told.SHORT, Names.CUT)

_CREATED = "the fields of what is created"
_NO_VALUES = "values of fields, where there are only their names"
_VALUES = Detail(f"{_CUT}, and {_CREATED}", CUT_LINES, creates=False)
_FIELDS = Detail(f"{_CUT}; {_CREATED}, and {_NO_VALUES}", creates=False, values=False)
_ADDRESSES = Detail(
    f"{_CREATED}, {_NO_VALUES}, and {_INSIDE} that is listed by address",
    creates=False,
    values=False,
    others=Others.ADDRESSES,
)

DETAILS = (
    Detail(),
    Detail(_CUT, CUT_LINES),
    _VALUES,
    _FIELDS,
    _ADDRESSES,
    _CALM,
    replace(_CALM, said=_GROUPED, names=Names.GROUPED),
    replace(_CALM, said=_NAMES, others=Others.CUT, names=Names.GROUPED),
    _BY_ROW,
    replace(_BY_ROW, said=_COUNTED, findings=Told.COUNTED),
    replace(_BY_ROW, said=f"what is refused, {_ROWS}", refusals=False),
    replace(_BY_ROW, said=f"what is refused, {_COUNTED}", findings=Told.COUNTED, refusals=False),
)
"""From everything to names alone; the order is documented in docs/reports.md."""

FULLER = {_FIELDS: _VALUES, _ADDRESSES: _FIELDS}
"""How single resources are told where not all of them have room for that."""
