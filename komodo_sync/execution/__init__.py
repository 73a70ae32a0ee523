"""Plan -> Core -> outcomes: the lock, waves with bounded parallelism, executions that are waited
for, and the truth after every lost answer."""

from __future__ import annotations

from komodo_sync.execution.gate import Pace
from komodo_sync.execution.waves import apply

__all__ = ["Pace", "apply"]
