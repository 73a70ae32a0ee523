"""What an apply tells while it runs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from komodo_sync.model.outcome import StepOutcome, Wait
    from komodo_sync.model.plan import Step


class Listener(Protocol):
    """Hears what happens, from several threads; nothing that it is told holds a secret.

    Every step is `finished` once, also one that never began; `started` and `waiting` come before that.
    """

    def started(self, step: Step) -> None:
        """Its first call is about to be sent."""

    def waiting(self, step: Step, wait: Wait) -> None:
        """It pauses before its next try; told before each."""

    def finished(self, outcome: StepOutcome) -> None:
        """It came to its end, whichever."""

    def note(self, text: str) -> None:
        """Something about the whole run."""
