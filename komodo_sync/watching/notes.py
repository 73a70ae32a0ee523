"""A listener that keeps what an apply tells of the whole run, for the line of its cycle."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from komodo_sync.model.outcome import StepOutcome, Wait
    from komodo_sync.model.plan import Step


class Notes:
    """Keeps the notes in `told`; steps are told by the outcome, and so is what the verifying plan finds."""

    def __init__(self) -> None:
        self.told: list[str] = []

    def started(self, step: Step) -> None:
        """Nothing."""

    def waiting(self, step: Step, wait: Wait) -> None:
        """Nothing."""

    def finished(self, outcome: StepOutcome) -> None:
        """Nothing."""

    def note(self, text: str) -> None:
        """Something about the whole run."""
        if not text.startswith("verifying:"):
            self.told.append(text)
