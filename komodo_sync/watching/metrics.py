"""What Prometheus is told. Its client library is loaded only where somebody listens."""

from __future__ import annotations

from typing import TYPE_CHECKING

from komodo_sync.errors import KomodoSyncError
from komodo_sync.model.plan import Action
from komodo_sync.watching.cycle import BAD, Result

if TYPE_CHECKING:
    from komodo_sync.watching.loop import Turn


class Metrics:
    """A registry of its own. Raises KomodoSyncError where the library is not installed."""

    def __init__(self) -> None:
        try:
            from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram
        except ImportError:
            raise KomodoSyncError(
                "prometheus-client is not installed",
                hint="pip install 'prometheus-client>=0.20', or leave --listen out",
            ) from None
        registry = self._registry = CollectorRegistry()
        self._cycles = Counter("komodo_sync_cycles", "Cycles by how they ended.", ["result"], registry=registry)
        self._seconds = Histogram(
            "komodo_sync_cycle_seconds",
            "How long cycles took.",
            buckets=(0.5, 1, 2, 5, 10, 30, 60, 120, 300, 600, 1800),
            registry=registry,
        )
        self._steps = Counter(
            "komodo_sync_steps", "Steps of applies by what became of them.", ["status"], registry=registry
        )
        self._changes = Gauge(
            "komodo_sync_changes", "Changes that the last plan found, by action.", ["action"], registry=registry
        )
        self._held = Gauge("komodo_sync_held_changes", "Changes that wait for somebody.", registry=registry)
        self._unproven = Gauge(
            "komodo_sync_unproven", "Findings that something does not run as declared, or may not.", registry=registry
        )
        self._failures = Gauge("komodo_sync_consecutive_failures", "Failed cycles in a row.", registry=registry)
        self._began = Gauge("komodo_sync_last_cycle_timestamp_seconds", "When the last cycle began.", registry=registry)
        self._good = Gauge(
            "komodo_sync_last_success_timestamp_seconds",
            "When the last cycle ended that did not fail.",
            registry=registry,
        )
        for result in Result:
            self._cycles.labels(str(result))
        for status in ("done", "failed", "skipped"):
            self._steps.labels(status)

    def began(self, at: float) -> None:
        """A cycle begins."""
        self._began.set(at)

    def ended(self, turn: Turn) -> None:
        """It is over."""
        cycle = turn.cycle
        self._cycles.labels(str(cycle.result)).inc()
        self._seconds.observe(turn.seconds)
        self._failures.set(turn.failures)
        for status, steps in (("done", cycle.done), ("failed", cycle.failed), ("skipped", cycle.skipped)):
            self._steps.labels(status).inc(len(steps))
        if cycle.result is not Result.FAILED:
            for action in Action:
                self._changes.labels(str(action)).set(cycle.changes.get(str(action), 0))
            self._held.set(len(cycle.held) or len(cycle.left))
            self._unproven.set(len(cycle.unproven))
        if cycle.result not in (*BAD, Result.UNPROVEN, Result.REFUSED, Result.STOPPED):
            self._good.set(turn.ended)

    def text(self) -> tuple[str, bytes]:
        """The type of content, and the metrics."""
        from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

        return CONTENT_TYPE_LATEST, generate_latest(self._registry)
