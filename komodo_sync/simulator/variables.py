"""Variables. A name is the key; secret values are shown to admins alone."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from komodo_sync.simulator import updates
from komodo_sync.simulator.failures import RefusalError
from komodo_sync.simulator.markup import debugged
from komodo_sync.simulator.names import check_control_characters, check_variable_name
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
    return variable | {"value": "#" * len(variable["value"].encode())}


def shown_variables(call: Call) -> list[Variable]:
    """Every variable, as the user may see it."""
    return [_shown(call, variable) for variable in call.storage.all("Variable")]


def _save(call: Call, variable: Variable) -> Variable:
    """Stores it; an empty description is no key at all."""
    stored = {key: value for key, value in variable.items() if key != "description" or value}
    call.storage.put("Variable", stored["name"], stored["name"], stored)
    return stored


def create(call: Call) -> Variable:
    """A new variable. 400 for a name or value that Core will not have, 500 for one that is there."""
    require_admin(call, "Only Admins can create Variables")
    params = call.params
    check_variable_name(params["name"])
    _check_value(params["value"])
    if call.storage.text("Variable", params["name"]) is not None:
        raise RefusalError("Failed to create Variable on db", f"E11000 duplicate key error: name {params['name']!r}")
    variable = _save(call, {key: params[key] for key in ("name", "description", "value", "is_secret")})
    updates.record(
        call,
        "CreateVariable",
        updates.SYSTEM,
        [updates.log(call.state, "Create Variable", _described(variable))],
    )
    return variable


def _described(variable: Variable) -> str:
    fields = {"name": variable["name"], "description": "", **variable}
    lines = "\n".join(f"    {key}: {debugged(value)}," for key, value in fields.items())
    return f"Variable {{\n{lines}\n}}"


def _check_value(value: str) -> None:
    if len(value.encode()) > MAX_VALUE:
        cause = f"Input too long. Must be at most {MAX_VALUE} characters."
        raise RefusalError("Failed to validate variable value", cause, status=400)
    check_control_characters(value, "Failed to validate variable value")


def _update_value(call: Call) -> Variable:
    require_admin(call, "Only Admins can update Variables")
    value = call.params["value"]
    check_variable_name(call.params["name"])
    _check_value(value)
    variable = _find(call)
    if value == variable["value"]:
        return variable
    before = "#" * len(variable["value"]) if variable["is_secret"] else variable["value"]
    text = (
        f"{_classed('variable', 'muted-foreground')}: '{variable['name']}'\n"
        f"{_classed('from', 'muted-foreground')}: {_classed(before, 'red-500')}\n"
        f"{_classed('to', 'muted-foreground')}:   {_classed(value, 'green-500')}"
    )
    stored = _save(call, variable | {"value": value})
    updates.record(
        call, "UpdateVariableValue", updates.SYSTEM, [updates.log(call.state, "Update Variable Value", text)]
    )
    return stored


def _classed(text: str, color: str) -> str:
    return f'<span class="text-{color}">{text}</span>'


def _update_field(field: str) -> Handler:
    def handler(call: Call) -> Variable:
        require_admin(call, "Only Admins can update Variables")
        return _save(call, _find(call) | {field: call.params[field]})

    return handler


def delete(call: Call) -> Variable:
    """Deletes a variable and answers what it was."""
    require_admin(call, "Only Admins can delete Variables")
    variable = _find(call)
    call.storage.remove("Variable", variable["name"])
    updates.record(
        call, "DeleteVariable", updates.SYSTEM, [updates.log(call.state, "Delete Variable", _described(variable))]
    )
    return variable


UPDATES: Mapping[str, Handler] = {
    "value": _update_value,
    "description": _update_field("description"),
    "is_secret": _update_field("is_secret"),
}
"""How each field is changed."""
HANDLERS: Mapping[str, Handler] = {
    "GetVariable": lambda call: _shown(call, _find(call)),
    "ListVariables": shown_variables,
    "CreateVariable": create,
    "UpdateVariableValue": UPDATES["value"],
    "UpdateVariableDescription": UPDATES["description"],
    "UpdateVariableIsSecret": UPDATES["is_secret"],
    "DeleteVariable": delete,
}
