"""Variables of the Core, put into texts as they are deployed."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from komodo_sync.simulator.executions import Run

_VARIABLE = re.compile(r"\[\[\s*([A-Za-z_][A-Za-z0-9_]*)\s*\]\]")


def interpolate(run: Run, text: str) -> tuple[str, str, dict[str, str]]:
    """A text with its `[[NAME]]` replaced, the same with secrets as `<NAME>`, and the plain variables used."""
    known = {variable["name"]: variable for variable in run.state.storage.all("Variable")}
    used: dict[str, str] = {}

    def replace(found: re.Match[str], *, shown: bool) -> str:
        variable = known.get(found[1])
        if variable is None:
            return found[0]
        used[found[1]] = "" if variable["is_secret"] else variable["value"]
        return f"<{found[1]}>" if shown and variable["is_secret"] else str(variable["value"])

    clear = _VARIABLE.sub(lambda found: replace(found, shown=False), text)
    return clear, _VARIABLE.sub(lambda found: replace(found, shown=True), text), used
