"""What is deployed, started, stopped, run or taken down, and why: declared x live facts -> steps (pure)."""

from __future__ import annotations

from komodo_sync.planning.deploys.runs import Runs, planned_runs

__all__ = ["Runs", "planned_runs"]
