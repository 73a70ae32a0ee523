"""A cycle as one line of JSON."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, TextIO

if TYPE_CHECKING:
    from komodo_sync.watching.loop import Turn


class Lines:
    """Writes a line for each cycle to `stream`. A reader that has gone is no reason to stop."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream

    def began(self, at: float) -> None:
        """Its end is told."""

    def ended(self, turn: Turn) -> None:
        """One line."""
        try:
            self._stream.write(f"{line_of(turn)}\n")
            self._stream.flush()
        except (OSError, ValueError):
            return


def line_of(turn: Turn) -> str:
    """The line; what there is nothing to say about is left out, but for `at`, `cycle`, `result`, `seconds`."""
    cycle = turn.cycle
    told: dict[str, Any] = {
        "at": datetime.fromtimestamp(turn.began, UTC).isoformat(timespec="seconds").replace("+00:00", "Z"),
        "cycle": turn.number,
        "result": str(cycle.result),
        "seconds": round(turn.seconds, 3),
        "core": cycle.core,
        "commit": cycle.pulled.commit if cycle.pulled else "",
        "pulled": cycle.pulled.moved if cycle.pulled else False,
        "changes": dict(cycle.changes),
        "done": list(cycle.done),
        "failed": [{"step": step, "why": why} for step, why in cycle.failed],
        "skipped": list(cycle.skipped),
        "left": list(cycle.left),
        "held": [{"step": str(each.step), "why": each.why} for each in cycle.held],
        "unproven": list(cycle.unproven),
        "unseen": list(cycle.unseen),
        "error": cycle.error,
        "detail": cycle.detail,
        "hint": cycle.hint,
        "notes": list(cycle.notes),
        "failures": turn.failures,
        "next_in": round(turn.next_in, 1) if turn.failures else 0,
    }
    always = ("at", "cycle", "result", "seconds")
    return json.dumps({key: value for key, value in told.items() if key in always or value})
