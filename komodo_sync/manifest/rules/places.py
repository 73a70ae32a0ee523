"""What runs where, under which name."""

from __future__ import annotations

from typing import TYPE_CHECKING

from komodo_sync.kinds import KINDS
from komodo_sync.manifest.findings import quoted
from komodo_sync.manifest.rules.place import finding
from komodo_sync.model.diagnostic import Severity
from komodo_sync.source.codes import Code

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from komodo_sync.manifest.resources import Declared
    from komodo_sync.model.address import Address
    from komodo_sync.model.diagnostic import Diagnostic

_KINDS = {spec.name: spec for spec in KINDS.values() if spec.runs_as}


def check_states(declared: Mapping[Address, Declared]) -> Iterator[Diagnostic]:
    """What is to be stopped where nothing can be: it runs there, or is taken down."""
    for address, item in declared.items():
        if item.resource.state != "stopped":
            continue
        spec, config = KINDS[address.kind], item.resource.config
        host = next((name for name in spec.hosts if config.get(name)), "")
        if not host or not KINDS[spec.fields()[host].ref].all_or_nothing:
            continue
        where = f"{spec.fields()[host].ref}/{config[host]}" if isinstance(config[host], str) else "a swarm"
        yield finding(
            item,
            "state",
            Code.CONTRADICTION,
            f"{address} is to be stopped on {quoted(where)}, where everything runs or is taken down",
            "write `state: down`",
            severity=Severity.ERROR,
        )


def check_places(declared: Mapping[Address, Declared]) -> Iterator[Diagnostic]:
    """Resources of one kind that would take each other's place: one name on one host."""
    first: dict[tuple[str, str, str, str], Address] = {}
    for address, item in declared.items():
        spec = _KINDS.get(address.kind)
        if spec is None or item.resource.template:
            continue
        config = item.resource.config
        host = next((name for name in spec.hosts if config.get(name)), "")
        if not host:
            continue
        name = config.get(spec.runs_as) or address.name
        if not isinstance(name, str):  # a secret, or not known here
            continue
        other = first.setdefault((address.kind, host, config[host], name), address)
        if other is not address:
            yield finding(
                item,
                f"config/{spec.runs_as}",
                Code.RUNS_TWICE,
                f"{address} and {other} both run as {quoted(name)} on {quoted(config[host])}: "
                "each deploy would replace the other",
                f"give one of them another {spec.runs_as}",
                severity=Severity.ERROR,
            )
