"""`[[NAME]]`: Komodo puts a variable's value there when it deploys."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING, Any

from komodo_sync.kinds import KINDS
from komodo_sync.kinds.mentions import UNREAD, variables_used
from komodo_sync.manifest.findings import nearest
from komodo_sync.manifest.rules.place import finding
from komodo_sync.source.codes import Code

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from komodo_sync.manifest.resources import Declared
    from komodo_sync.model.address import Address
    from komodo_sync.model.diagnostic import Diagnostic


@cache
def _can_name_any(kind: str) -> bool:
    return UNREAD in KINDS[kind].fields()


def check_variables(declared: Mapping[Address, Declared]) -> Iterator[Diagnostic]:
    """One finding for each name that is no declared variable, at its first place."""
    known = {address.name for address in declared if address.kind == "variable"}
    places: dict[str, list[tuple[Declared, str]]] = {}
    for address, item in declared.items():
        if not _can_name_any(address.kind) or item.resource.config.get(UNREAD):
            continue
        for field, value in item.resource.config.items():
            if isinstance(value, str) and "[[" not in value:
                continue  # as most values are
            for name in sorted(variables_used(value)):
                if name not in known:
                    places.setdefault(name, []).append((item, f"config/{field}"))
    for name, found in places.items():
        item, pointer = found[0]
        often = f" (named {len(found)} times, here first)" if len(found) > 1 else ""
        close = nearest(name, sorted(known)) if known else ""
        meant = f"{close} " if close.startswith("did") else ""
        yield finding(
            item,
            pointer,
            Code.VARIABLE_UNDECLARED,
            f"[[{name}]] names no declared variable{often}",
            f"{meant}else it must be in the Core, as a variable or a secret of its configuration",
            line=_line(item.resource.config[pointer.removeprefix("config/")], name),
        )


def _line(value: Any, name: str) -> int | None:
    """The line of a text in which the name stands, from 0."""
    found = re.search(rf"\[\[\s*{name}\s*\]\]", value) if isinstance(value, str) else None
    return value.count("\n", 0, found.start()) if found else None
