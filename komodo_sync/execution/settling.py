"""After a deploy: until what came up runs, or is healthy, so that what needs it may go on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from komodo_sync.client.snapshot import list_params
from komodo_sync.errors import ExecutionError, UnfinishedError
from komodo_sync.model.outcome import Wait

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Mapping

    from komodo_sync.client.reader import Reader
    from komodo_sync.client.updates import Clock
    from komodo_sync.execution.stop import StopFlag
    from komodo_sync.kinds.lifecycle import Lifecycle
    from komodo_sync.kinds.spec import KindSpec

SETTLED_AFTER = 60.0
"""Seconds for which it may be in a state that will not do: a container may be restarted, the Core looks every 15."""
STARTING_FOR = 600.0
"""Seconds for which health checks may say that they do not know yet."""
LOOK_EVERY = 2.0


def settled(
    spec: KindSpec,
    identity: str,
    wait: str,
    reader: Reader,
    clock: Clock,
    stop: StopFlag,
    heard: Callable[[Wait], None],
    update: str,
    ignored: Collection[str] = (),
    what: str = "it was deployed, and",
) -> None:
    """Waits until it is `wait`: `running` or `healthy`; the health of `ignored` services does not count. `what`: of
    what a failure speaks. Raises ExecutionError when it does not come about, UnfinishedError when the wait was
    stopped."""
    lifecycle = spec.lifecycle
    if lifecycle is None or not lifecycle.running:
        return
    began = clock.now()
    wrong_since: float | None = None
    while True:
        so_far = clock.now() - began
        said, wrong = _look(spec, lifecycle, identity, wait, reader, ignored)
        if not said:
            return
        wrong_since = (so_far if wrong_since is None else wrong_since) if wrong else None
        if so_far >= STARTING_FOR or (wrong_since is not None and so_far - wrong_since >= SETTLED_AFTER):
            raise ExecutionError(
                f"{what} is not {wait} after {so_far:.0f} seconds: {said}",
                hint="see its containers and their log in Komodo, mend it, then apply again",
                update=update,
            )
        if stop.requested:
            raise UnfinishedError(
                f"{what} was not {wait} yet when this was stopped: {said}",
                hint="apply again to finish",
                update=update,
            )
        heard(Wait(f"until {'it' if update else what} is {wait}: {said}", so_far, STARTING_FOR, update))
        clock.sleep(LOOK_EVERY)


def _look(
    spec: KindSpec, lifecycle: Lifecycle, identity: str, wait: str, reader: Reader, ignored: Collection[str]
) -> tuple[str, bool]:
    """What is missing yet, empty when nothing is; and whether it is wrong rather than on its way."""
    answer = reader.read(spec.states, list_params(spec.states, names=[identity]))
    state = next((str(item["info"]["state"]) for item in answer if item["id"] == identity), "unknown")
    if state not in lifecycle.running:
        return f"its state is {state}", True
    if wait != "healthy":
        return "", False
    answer = reader.read(lifecycle.containers, {lifecycle.subject: identity})
    found = [each for each in _healths(lifecycle, answer) if each[0] not in ignored]
    ill = sorted(name for name, health in found if health == "unhealthy")
    if ill:
        return f"{', '.join(ill)} unhealthy", True
    starting = sorted(name for name, health in found if health == "starting")
    return (f"{', '.join(starting)} still starting" if starting else ""), False


def _healths(lifecycle: Lifecycle, answer: Any) -> Iterator[tuple[str, str]]:
    """Each container with what docker's health check says of it; nothing of one that has none."""
    items: list[Mapping[str, Any]] = answer if isinstance(answer, list) else [{"container": answer.get("container")}]
    for item in items:
        container = item.get("container") or {}
        status = str(container.get("status") or "")
        # as docker writes it: `Up 5 seconds (health: starting)`, `Up 2 minutes (unhealthy)`
        for word, health in (("health: starting", "starting"), ("unhealthy", "unhealthy"), ("healthy", "healthy")):
            if f"({word})" in status:
                yield str(item.get("service") or container.get("name") or lifecycle.subject), health
                break
