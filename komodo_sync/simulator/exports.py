"""Exports of resources as Komodo's own TOML."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from komodo_sync.simulator.queries import selected
from komodo_sync.simulator.resources import RESOURCES, get
from komodo_sync.simulator.toml_text import toml

if TYPE_CHECKING:
    from collections.abc import Mapping

    from komodo_sync.simulator.requests import Call, Handler

Document = dict[str, Any]


def _export(call: Call) -> Document:
    """The named resources as TOML, each by its target."""
    texts = [
        toml(call.state, target["type"], get(call, target["type"], target["id"], "Read"))
        for target in call.params["targets"]
        if target["type"] != "System"
    ]
    return {"toml": "\n\n##\n\n".join(texts)}


def export_all(call: Call) -> Document:
    """Every resource that the user may read, of the given tags, as TOML."""
    texts = []
    if call.params["include_resources"]:
        wide = type(call)(call.state, call.user, call.group, call.operation, {"query": {"tags": call.params["tags"]}})
        texts = [toml(call.state, core, resource) for core in RESOURCES for resource in selected(wide, core)]
    return {"toml": "\n\n##\n\n".join(texts)}


HANDLERS: Mapping[str, Handler] = {"ExportResourcesToToml": _export, "ExportAllResourcesToToml": export_all}
