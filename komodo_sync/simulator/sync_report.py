"""One stage of a sync run, as it is told."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from komodo_sync.simulator import updates
from komodo_sync.simulator.failures import RefusalError
from komodo_sync.simulator.markup import colored, muted

if TYPE_CHECKING:
    from collections.abc import Callable

    from komodo_sync.simulator.requests import State


class Report:
    """The text of one stage."""

    def __init__(self, stage: str, text: str) -> None:
        self.stage, self.text, self.good = stage, text, True

    def info(self, text: str) -> None:
        """One thing that was done."""
        self.text += f"\n{muted('INFO')}: {text}"

    def error(self, text: str) -> None:
        """One thing that could not be done."""
        self.good = False
        self.text += f"\n{colored('ERROR', 'red')}: {text}"

    def attempt(self, what: Callable[[], object], done: str, failed: str) -> bool:
        """Does it and tells how it went."""
        try:
            what()
        except RefusalError as failure:
            self.error(f"{failed} | {': '.join((failure.error, *failure.trace))}")
            return False
        self.info(done)
        return True

    def log(self, state: State) -> dict[str, Any]:
        """The stage."""
        if self.good:
            return updates.log(state, self.stage, self.text)
        return updates.log(state, self.stage, stderr=self.text, success=False)
