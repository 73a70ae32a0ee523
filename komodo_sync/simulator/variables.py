"""Variables. A name is the key; secret values are shown to admins alone."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from komodo_sync.simulator import updates
from komodo_sync.simulator.failures import RefusalError
from komodo_sync.simulator.names import check_variable_name
from komodo_sync.simulator.permissions import require_admin

if TYPE_CHECKING:
    from collections.abc import Mapping

    from komodo_sync.simulator.requests import Call, Handler

Variable = dict[str, Any]
MAX_VALUE = 10_000


def _find(call: Call) -> Variable:
    name = call.params["name"]
    found: Variable | None = call.storage.get("Variable", name)
    if found is None:
        raise RefusalError(f"no variable found with given name: {name}")
    return found


def _shown(call: Call, variable: Variable) -> Variable:
    if not variable["is_secret"] or call.user.admin:
        return variable
    return variable | {"value": "#" * len(variable["value"])}


def _save(call: Call, variable: Variable) -> Variable:
    """Stores it; an empty description is no key at all."""
    stored = {key: value for key, value in variable.items() if key != "description" or value}
    call.storage.put("Variable", stored["name"], stored["name"], stored)
    return stored


def _create(call: Call) -> Variable:
    require_admin(call, "Only Admins can create Variables")
    params = call.params
    check_variable_name(params["name"])
    _check_value(params["value"])
    if call.storage.text("Variable", params["name"]) is not None:
        raise RefusalError("Failed to create Variable on db", f"E11000 duplicate key error: name {params['name']!r}")
    variable = _save(call, {key: params[key] for key in ("name", "description", "value", "is_secret")})
    shown = "\n".join(f"    {key}: {value!r}," for key, value in variable.items())
    updates.record(
        call,
        "CreateVariable",
        updates.SYSTEM,
        [updates.log(call.state, "create variable", f"Variable {{\n{shown}\n}}")],
    )
    return variable


def _check_value(value: str) -> None:
    if len(value) > MAX_VALUE:
        raise RefusalError("Failed to validate variable value", "Invalid input length", status=400)


def _update_value(call: Call) -> Variable:
    require_admin(call, "Only Admins can update Variables")
    variable = _find(call)
    value = call.params["value"]
    _check_value(value)
    if value == variable["value"]:
        return variable
    before = "#" * len(variable["value"]) if variable["is_secret"] else variable["value"]
    text = f"<span class=\"text-muted-foreground\">from</span>: '{before}'\nto: '{value}'"
    stored = _save(call, variable | {"value": value})
    updates.record(
        call, "UpdateVariableValue", updates.SYSTEM, [updates.log(call.state, "Update Variable Value", text)]
    )
    return stored


def _update_field(field: str) -> Handler:
    def handler(call: Call) -> Variable:
        require_admin(call, "Only Admins can update Variables")
        return _save(call, _find(call) | {field: call.params[field]})

    return handler


def _delete(call: Call) -> Variable:
    require_admin(call, "Only Admins can delete Variables")
    variable = _find(call)
    call.storage.remove("Variable", variable["name"])
    updates.record(
        call, "DeleteVariable", updates.SYSTEM, [updates.log(call.state, "Delete Variable", variable["name"])]
    )
    return variable


HANDLERS: Mapping[str, Handler] = {
    "GetVariable": lambda call: _shown(call, _find(call)),
    "ListVariables": lambda call: [_shown(call, variable) for variable in call.storage.all("Variable")],
    "CreateVariable": _create,
    "UpdateVariableValue": _update_value,
    "UpdateVariableDescription": _update_field("description"),
    "UpdateVariableIsSecret": _update_field("is_secret"),
    "DeleteVariable": _delete,
}
