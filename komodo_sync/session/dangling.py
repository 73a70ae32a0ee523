"""References that neither the manifests nor the Core can satisfy, each with its source line."""

from __future__ import annotations

from difflib import get_close_matches
from typing import TYPE_CHECKING

from komodo_sync.kinds import KINDS
from komodo_sync.model.diagnostic import Diagnostic, Severity
from komodo_sync.source.codes import Code
from komodo_sync.source.masking import masked_message
from komodo_sync.source.text import SourceError, read_source

if TYPE_CHECKING:
    from komodo_sync.manifest import Loaded
    from komodo_sync.model.desired import Reference
    from komodo_sync.model.diagnostic import Span
    from komodo_sync.model.observed import Observed
    from komodo_sync.source.text import Source


def dangling_references(loaded: Loaded, observed: Observed) -> list[Diagnostic]:
    """An error for each of them, in the order of the manifests."""
    from komodo_sync.planning import dangling

    lines = _Lines(loaded)
    return [_dangling(reference, loaded, observed, lines) for reference in dangling(loaded.desired, observed)]


class _Lines:
    """The source lines of findings that are made once the manifests are read: each file is read again, once."""

    def __init__(self, loaded: Loaded) -> None:
        self._places = loaded.places
        self._sources: dict[str, Source | None] = {}

    def excerpt(self, span: Span) -> str:
        """The line at `span` as it may be shown; empty where the file can no longer be read."""
        if span.file not in self._sources:
            try:
                self._sources[span.file] = read_source(self._places[span.file], span.file)
            except (KeyError, SourceError):
                self._sources[span.file] = None
        source = self._sources[span.file]
        return source.excerpt(span.line, span.column) if source else ""


def _dangling(reference: Reference, loaded: Loaded, observed: Observed, lines: _Lines) -> Diagnostic:
    kind, name = reference.target
    known = {**observed.resources, **loaded.desired.resources, **observed.named}
    close = get_close_matches(name, [address.name for address in known if address.kind == kind], 1)
    make = f"declare it under {KINDS[kind].plural}, or create it in Komodo" if kind in KINDS else "create it in Komodo"
    has = f"the Core has no {kind}"
    if not observed.admin:
        has, make = f"the key of {observed.user} is shown no {kind}", f"{make}, or let {observed.user} read it"
    way_out = f"did you mean {close[0]}?" if close else make
    return Diagnostic(
        str(Code.DANGLING),
        Severity.ERROR,
        masked_message(
            f"{reference.target} is declared nowhere, and {has} of that name" if kind in KINDS else f"{has} {name}"
        ),
        reference.span,
        masked_message(way_out),
        lines.excerpt(reference.span),
    )
