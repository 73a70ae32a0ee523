"""Checks of stacks and deployments for newer images, of which there are none here."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from komodo_sync.simulator.batches import permitted_matches
from komodo_sync.simulator.containers import require_host
from komodo_sync.simulator.failures import RefusalError
from komodo_sync.simulator.items import stack_services
from komodo_sync.simulator.resources import get, id_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from komodo_sync.simulator.requests import Call, Handler, State

Document = dict[str, Any]


def _stack(state: State, stack: Document) -> Document:
    return {"stack": id_of(stack), "services": stack_services(state, stack)}


def _deployment(_state: State, deployment: Document) -> Document:
    return {"deployment": id_of(deployment), "update_available": False}


def _one(core: str, answer: Callable[[State, Document], Document]) -> Handler:
    def handler(call: Call) -> Document:
        resource = get(call, core, call.params[core.lower()], "Execute")
        require_host(call.state, resource)
        return answer(call.state, resource)

    return handler


def _many(core: str, answer: Callable[[State, Document], Document]) -> Handler:
    """Those that cannot be checked are left out without a word."""

    def handler(call: Call) -> list[Document]:
        found = []
        for resource in permitted_matches(call, core):
            try:
                require_host(call.state, resource)
            except RefusalError:
                continue
            found.append(answer(call.state, resource))
        return found

    return handler


HANDLERS: Mapping[str, Handler] = {
    "CheckStackForUpdate": _one("Stack", _stack),
    "CheckDeploymentForUpdate": _one("Deployment", _deployment),
    "BatchCheckStackForUpdate": _many("Stack", _stack),
    "BatchCheckDeploymentForUpdate": _many("Deployment", _deployment),
}
