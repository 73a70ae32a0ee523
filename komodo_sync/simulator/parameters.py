"""The parameters of an operation: types checked against the catalogue, what was not given filled in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from komodo_sync.operations import enums
from komodo_sync.simulator import fitting
from komodo_sync.simulator.failures import MalformedError, UnreadableError
from komodo_sync.simulator.jsontext import Doubled

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from komodo_sync.operations import Operation, Param

_INTEGERS: Mapping[str, tuple[int, int]] = {
    "int": (-(2**63), 2**63 - 1),
    "i64": (-(2**63), 2**63 - 1),
    "u64": (0, 2**64 - 1),
}
_PAGES = (0, 2**32 - 1)
_QUERY_ENUMS = {"tag_behavior": "TagQueryBehavior", "templates": "TemplatesQueryBehavior"}
_OF_USERS = frozenset({"FindUser", "ListApiKeysForServiceUser", "DeleteUser"})
# the writes that call what they are for as the reads do
_BY_ID_OR_NAME = frozenset(
    {
        *("RefreshStackCache", "RefreshBuildCache", "RefreshRepoCache", "RefreshResourceSyncPending"),
        *("WriteStackFileContents", "WriteBuildFileContents", "WriteSyncFileContents", "CommitSync"),
    }
)
# a given `config` is read by its kind; null does not fit, and this is how a null looks different from nothing
CONFIG = "config"


def read_parameters(operation: Operation, sent: Any) -> dict[str, Any]:
    """Every parameter of the operation. Raises MalformedError; unknown parameters are ignored."""
    if isinstance(sent, list) and len(sent) <= min(len(operation.params), 1):
        # the list of its values stands for an object too; the order of several is not known here
        sent = dict(zip(operation.params, sent, strict=False))
    if not isinstance(sent, dict):
        raise MalformedError(f"invalid type: {fitting.what(sent)}, expected struct {operation.name}")
    found: dict[str, Any] = {}
    for name, param in operation.params.items():
        spellings = [spelling for spelling in (name, *_aliases(operation, param)) if spelling in sent]
        if len(spellings) > 1 or (isinstance(sent, Doubled) and not sent.doubled.isdisjoint(spellings)):
            raise MalformedError(f"duplicate field `{name}`")
        if spellings:
            found[name] = _value(param, sent[spellings[0]])
        elif param.required:
            raise MalformedError(f"missing field `{name}`")
        else:
            found[name] = None if name == CONFIG else param.default
    return found


def _aliases(operation: Operation, param: Param) -> tuple[str, ...]:
    """What else a parameter may be called."""
    if param.name == "user" and operation.name in _OF_USERS:
        return ("id", "username")
    of_kind = bool(param.refers_to) and param.required and param.name not in ("id", "user_group")
    return ("id", "name") if of_kind and (operation.group == "read" or operation.name in _BY_ID_OR_NAME) else ()


def _value(param: Param, sent: Any) -> Any:
    if sent is None and param.nullable:
        return None
    for kind in param.type.split(" | "):
        if kind != "null":
            return _typed(kind, param, sent)
    return sent


def _typed(kind: str, param: Param, sent: Any) -> Any:
    if kind == "str":
        return fitting.text(sent)
    if kind == "bool":
        return fitting.flag(sent)
    if kind in _INTEGERS:
        return _integer(sent, *(_PAGES if param.name == "page" else _INTEGERS[kind]))
    if kind == "list[str]":
        return [fitting.text(item) for item in fitting.items(sent)]
    if param.enum:
        return one_of(sent, param.enum)
    if kind == "ResourceQuery":
        return _query(sent)
    if kind in _OBJECTS:
        return _OBJECTS[kind](sent)
    if kind.startswith(("map[", "Partial")) and not isinstance(sent, dict):
        raise MalformedError(f"invalid type: {fitting.what(sent)}, expected a map")
    return sent


def one_of(sent: Any, values: tuple[str, ...]) -> str:
    """One of a closed vocabulary."""
    if not isinstance(sent, str) and not (isinstance(sent, dict) and sent):
        raise UnreadableError("expected value")
    if sent not in values:
        raise MalformedError(f"unknown variant `{sent}`, expected one of {', '.join(f'`{word}`' for word in values)}")
    return str(sent)


def _query(sent: Any) -> dict[str, Any]:
    sent = {} if sent == [] else sent
    if not isinstance(sent, dict):
        raise MalformedError(f"invalid type: {fitting.what(sent)}, expected struct ResourceQuery")
    query = dict(sent)
    for name in ("names", "tags", "terms"):
        given = query.get(name)
        if given is None and name not in query:
            continue
        # such a list may also be one text
        if isinstance(given, str):
            continue
        query[name] = [fitting.text(item) for item in fitting.items(given)]
    for name, enum in _QUERY_ENUMS.items():
        if name in query:
            query[name] = one_of(query[name], enums()[enum])
    if "specific" in query and not isinstance(query["specific"], dict):
        raise MalformedError(f"invalid type: {fitting.what(query['specific'])}, expected query specifics")
    return query


def _resource_target(sent: Any) -> dict[str, str]:
    return _target(sent, enums()["ResourceTargetVariant"])


def _user_target(sent: Any) -> dict[str, str]:
    return _target(sent, ("User", "UserGroup"))


def _target(sent: Any, kinds: tuple[str, ...]) -> dict[str, str]:
    if not isinstance(sent, dict):
        raise MalformedError(f"invalid type: {fitting.what(sent)}, expected a target")
    for part in ("type", "id"):
        if part not in sent:
            raise MalformedError(f"missing field `{part}`")
    return {"type": one_of(sent["type"], kinds), "id": fitting.text(sent["id"])}


def read_permission(sent: Any) -> dict[str, Any]:
    """`{level, specific}`; the level alone will do."""
    if isinstance(sent, str):
        sent = {"level": sent, "specific": []}
    if not isinstance(sent, dict):
        raise MalformedError("invalid permission, expected a level or an object of level and specific")
    specific = [one_of(item, enums()["SpecificPermission"]) for item in fitting.items(sent.get("specific", []))]
    return {
        "level": one_of(sent.get("level", "None"), enums()["PermissionLevel"]),
        "specific": list(dict.fromkeys(specific)),
    }


_OBJECTS: Mapping[str, Callable[[Any], Any]] = {
    "ResourceTarget": _resource_target,
    "UserTarget": _user_target,
    "PermissionLevelAndSpecifics": read_permission,
    "list[ResourceTarget]": lambda sent: [_resource_target(item) for item in fitting.items(sent)],
}


def _integer(sent: Any, minimum: int, maximum: int) -> int:
    if isinstance(sent, bool) or not isinstance(sent, int) or not minimum <= sent <= maximum:
        raise MalformedError(f"invalid value: {fitting.what(sent)}, expected a whole number")
    return sent
