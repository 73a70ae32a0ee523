"""What a form of several words or lines gives away, each by itself: an XML, an SQL, a command that is fed something."""

from __future__ import annotations

from typing import TYPE_CHECKING

from komodo_sync.masking.fed import fed_places
from komodo_sync.masking.formats.kubernetes import kubernetes_spans
from komodo_sync.masking.formats.opentofu import default_places
from komodo_sync.masking.formats.programs import program_spans
from komodo_sync.masking.formats.rows import row_spans
from komodo_sync.masking.formats.rust_debug import debugged_spans
from komodo_sync.masking.formats.schemes import scheme_places
from komodo_sync.masking.formats.tables import table_places
from komodo_sync.masking.formats.toml import declared_places
from komodo_sync.masking.formats.xml import xml_places
from komodo_sync.masking.in_place import places_at
from komodo_sync.masking.listed import assigned_places
from komodo_sync.model.api_keys import api_keys

if TYPE_CHECKING:
    from komodo_sync.masking.structured import Place


def form_places(text: str, *, code: bool = False) -> list[Place]:
    """Where secrets of such forms stand in a text. `code`: it is a TypeScript."""
    found = [*declared_places(text), *fed_places(text), *table_places(text), *default_places(text)]
    found += places_at(text, [*debugged_spans(text), *api_keys(text)])
    if code:
        return found
    found += [*assigned_places(text), *scheme_places(text), *xml_places(text)]
    return [*found, *places_at(text, sorted({*row_spans(text), *program_spans(text), *kubernetes_spans(text)}))]
