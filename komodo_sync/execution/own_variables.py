"""The variables of a Core that are ours: who applies, and what was applied last."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from komodo_sync.errors import NotFoundError
from komodo_sync.kinds.flat import VARIABLE

if TYPE_CHECKING:
    from komodo_sync.client.reader import Reader
    from komodo_sync.client.writer import Writer


def variable_name(prefix: str, owner: str) -> str:
    """The variable of an owner: letters and digits as they are, everything else as `_` and two hexadecimal digits for
    each byte, so that no two owners share one."""
    return prefix + re.sub(r"[^A-Za-z0-9]", lambda found: "".join(f"_{byte:02X}" for byte in found[0].encode()), owner)


class OwnVariable:
    """One such variable. Everything raises errors of the tree."""

    def __init__(self, name: str, description: str, reader: Reader, writer: Writer) -> None:
        self.name = name
        self._description = description
        self._reader = reader
        self._writer = writer

    def value(self) -> str | None:
        """What it holds now; None where it is not there."""
        try:
            return str(self._reader.read("GetVariable", {"name": self.name})["value"])
        except NotFoundError:
            return None

    def create(self, value: str) -> None:
        """Makes it. Raises ExistsError where it is there: of several who try, one succeeds."""
        params = {"name": self.name, "value": value, "description": self._description, "is_secret": False}
        self._writer.write(VARIABLE.create, params)

    def update(self, value: str) -> None:
        """Another value."""
        self._writer.write("UpdateVariableValue", {"name": self.name, "value": value})

    def delete(self) -> None:
        """Takes it away; also when it is gone already."""
        try:
            self._writer.write(VARIABLE.delete, {VARIABLE.addressed_by: self.name})
        except NotFoundError:
            return
