"""What a stage of a procedure can run: one variant for each execution of the operation catalogue."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from komodo_sync.kinds.shapes import (
    EnumShape,
    FlagShape,
    IntShape,
    JsonShape,
    Shape,
    Tagged,
    TextListShape,
    TextShape,
)
from komodo_sync.kinds.struct import Field, Struct
from komodo_sync.operations import executions, find

if TYPE_CHECKING:
    from collections.abc import Mapping

    from komodo_sync.operations import Param

_SHAPES: Mapping[str, Shape] = {
    "str": TextShape(),
    "bool": FlagShape(),
    "int": IntShape(minimum=-(2**63), maximum=2**64 - 1),
    "i64": IntShape(minimum=-(2**63), maximum=2**63 - 1),
    "list[str]": TextListShape(from_text=False),
    "map[any]": JsonShape(mapping=True),
    "map[str]": JsonShape(mapping=True, texts=True),
}


@cache
def _variants() -> Mapping[str, type[Struct]]:
    return {
        name: Struct.of(name, {item.name: _field(item) for item in operation.params.values()}, operation.name)
        for name, operation in executions().items()
    }


def _field(param: Param) -> Field:
    shape = _shape(param)
    return Field(
        name=param.name,
        shape=shape,
        default=param.default,
        ref=param.refers_to,
        required=param.required,
        nullable=param.nullable,
        secret=param.secret,
        doc=_doc(param),
    )


_DOCS: Mapping[str, str] = {
    "alerters": "The alerters that send it; empty is all of them.",
    "args": "Arguments of the script, over its default ones.",
    "availability": "Whether the node takes work.",
    "command": "Replaces the service's command.",
    "config": "The config's name in docker.",
    "configs": "The configs' names in docker.",
    "container": "The container's name.",
    "data": "The content.",
    "detach": "Do not wait for its end.",
    "details": "The text below the message.",
    "driver": "The driver that keeps it.",
    "duration_ms": "How long, in milliseconds.",
    "entrypoint": "Replaces the image's entrypoint.",
    "env": "Further environment variables.",
    "force": "Even where it is in use.",
    "label_add": "Labels to put on the node.",
    "label_rm": "Labels to take off the node.",
    "labels": "Labels to put on it.",
    "level": "How bad it is.",
    "message": "The message.",
    "name": "The name in docker.",
    "no_deps": "Do not start the services that it depends on.",
    "no_tty": "Without a terminal.",
    "node": "The node's name or id.",
    "nodes": "The nodes' names or ids.",
    "pattern": "Names, with wildcards, divided by commas or lines; or \\regex\\.",
    "pull": "Pull the image first.",
    "remove_orphans": "Remove containers of services that the compose file no longer has.",
    "resource_type": "Only resources of this kind.",
    "resources": "Only the resources of these names.",
    "role": "What the node is to be.",
    "secret": "The secret's name in docker.",
    "secrets": "The secrets' names in docker.",
    "service": "The service.",
    "service_ports": "Publish the service's ports.",
    "services": "Only these services; empty is all of them.",
    "signal": "The signal that asks it to stop; left out, its own.",
    "skip_auto_update": "Only look for newer images.",
    "stacks": "The stacks' names in docker.",
    "stop_signal": "The signal that asks the old container to stop; left out, its own.",
    "stop_time": "Seconds until what does not stop is killed.",
    "tags": "Only resources with these tags.",
    "template_driver": "The driver that fills in its template.",
    "time": "Seconds until it is killed when it does not stop.",
    "update_id": "The Update that is meant; left out, the newest.",
    "user": "The user as whom it runs.",
    "workdir": "The folder in which it runs.",
}


def _doc(param: Param) -> str:
    if param.refers_to and not param.type.startswith("list"):
        return f"The {param.refers_to.replace('_', ' ')}, by its name."
    return _DOCS.get(param.name, "")


def _shape(param: Param) -> Shape:
    if param.enum:
        return EnumShape(tuple(param.enum))
    words = [word for word in param.type.split(" | ") if word != "null"]
    return _SHAPES.get(words[0], JsonShape()) if len(words) == 1 else JsonShape()


def _elsewhere(word: str) -> str:
    """What an operation does that no procedure can run."""
    does = {"read": "only reads", "write": "changes what the Core holds"}
    return next((f"{does[item.group]}; a procedure runs executions alone" for item in find(word)), "")


EXECUTION = Tagged(resolve=_variants, elsewhere=_elsewhere)
"""`{type: DeployStack, params: {stack: web}}`; every parameter of the operation, with its default."""

TAKES_VOLUMES: Mapping[str, bool] = {"PruneVolumes": True, "PruneSystem": False}
"""The executions that take volumes which nothing uses, and whether also those with a name. An agent runs
`docker volume prune -a` and `docker system prune -a --volumes` for them."""
TAKES_STOPPED = frozenset(("PruneContainers", "PruneSystem"))
"""The executions that take containers which do not run."""
