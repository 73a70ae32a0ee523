"""What Komodo makes of what is declared, where that is seldom what was meant: one rule a file."""

from __future__ import annotations

from typing import TYPE_CHECKING

from komodo_sync.manifest.rules.compose import check_compose
from komodo_sync.manifest.rules.idle import check_idle_fields
from komodo_sync.manifest.rules.lines import check_lines
from komodo_sync.manifest.rules.places import check_places, check_states
from komodo_sync.manifest.rules.polling import check_polling
from komodo_sync.manifest.rules.renames import check_renames
from komodo_sync.manifest.rules.schedules import check_schedules
from komodo_sync.manifest.rules.sources import check_sources
from komodo_sync.manifest.rules.variables import check_variables
from komodo_sync.manifest.rules.wrappers import check_wrappers

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from komodo_sync.manifest.resources import Declared
    from komodo_sync.model.address import Address
    from komodo_sync.model.desired import Omitted
    from komodo_sync.model.diagnostic import Diagnostic

_RULES = (
    check_idle_fields,
    check_variables,
    check_compose,
    check_lines,
    check_places,
    check_states,
    check_schedules,
    check_renames,
    check_wrappers,
)


def check_rules(declared: Mapping[Address, Declared], omitted: Omitted) -> Iterator[Diagnostic]:
    """Every finding of every rule. `omitted`: what the settings say of fields that are not mentioned."""
    yield from check_sources(declared, omitted)
    yield from check_polling(declared, omitted)
    for rule in _RULES:
        yield from rule(declared)
