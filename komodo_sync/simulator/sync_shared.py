"""What a sync run does to variables and user groups."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from komodo_sync.simulator import groups, variables
from komodo_sync.simulator.markup import bold, colored, muted
from komodo_sync.simulator.parameters import read_permission
from komodo_sync.simulator.requests import Call
from komodo_sync.simulator.sync_report import Report

if TYPE_CHECKING:
    from komodo_sync.simulator.executions import Logs
    from komodo_sync.simulator.group_changes import GroupChange
    from komodo_sync.simulator.sync_changes import VariableChange


def asking(call: Call, **params: Any) -> Call:
    """The same user with another request."""
    return Call(call.state, call.user, call.group, call.operation, params)


def write_variables(call: Call, changes: list[VariableChange]) -> Logs:
    """Creates, changes and deletes variables: one stage, or none."""
    if not changes:
        return []
    report = Report("Update Variables", "running updates on Variables")
    # those that are new first, and last those that go
    for change in sorted(changes, key=lambda change: (change.declared is None, change.current is not None)):
        one = change.declared or change.current or {}
        name = bold(one["name"])
        if change.declared is None:
            asked = asking(call, name=one["name"])
            done, failed = f"{colored('deleted', 'red')} variable '{name}'", f"failed to delete variable '{name}'"
            report.attempt(lambda asked=asked: variables.delete(asked), done, failed)  # type: ignore[misc]
        elif change.current is None:
            asked = asking(call, **one)
            done, failed = f"{colored('created', 'green')} variable '{name}'", f"failed to create variable '{name}'"
            report.attempt(lambda asked=asked: variables.create(asked), done, failed)  # type: ignore[misc]
        for field in change.fields:
            words = field.replace("_", " ")
            asked = asking(call, name=one["name"], **{field: one[field]})
            done = f"{colored('updated', 'blue')} variable '{name}' {words}"
            failed = f"failed to update variable {words} for '{name}'"
            report.attempt(lambda asked=asked, field=field: variables.UPDATES[field](asked), done, failed)  # type: ignore[misc]
    return [report.log(call.state)]


def write_groups(call: Call, changes: list[GroupChange]) -> Logs:
    """Creates, changes and deletes user groups: one stage, or none."""
    if not changes:
        return []
    report = Report("Update UserGroups", "running updates on UserGroups")
    for change in sorted(changes, key=lambda change: (change.wanted is None, change.current is not None)):
        name = bold(change.name)
        if change.wanted is None:
            asked = asking(call, id=change.key)
            done, failed = f"{colored('deleted', 'red')} user group '{name}'", f"failed to delete user group '{name}'"
            report.attempt(lambda asked=asked: groups.delete(asked), done, failed)  # type: ignore[misc]
            continue
        if change.current is None:
            asked = asking(call, name=change.name)
            done, failed = f"{colored('created', 'green')} user group '{name}'", f"failed to create user group '{name}'"
            if not report.attempt(lambda asked=asked: groups.create(asked), done, failed):  # type: ignore[misc]
                continue
        _fill_group(call, change, report)
    return [report.log(call.state)]


def _fill_group(call: Call, change: GroupChange, report: Report) -> None:
    wanted, name = change.wanted or {}, bold(change.name)
    updated = f"{colored('updated', 'blue')} user group '{name}'"
    holder = {"type": "UserGroup", "id": change.name}
    if change.changes("users"):
        asked = asking(call, user_group=change.name, users=wanted["users"])
        report.attempt(lambda: groups.set_users(asked), f"{updated} users", f"failed to set users in group {name}")
    if change.changes("everyone"):
        shared = asking(call, user_group=change.name, everyone=wanted["everyone"])
        report.attempt(
            lambda: groups.set_everyone(shared), f"{updated} everyone", f"failed to set everyone for group {name}"
        )
    for core, given in change.all.items():
        based = asking(call, user_target=holder, resource_type=core, permission=read_permission(given))
        failed = f"failed to set base permissions on {core} in group {name}"
        report.attempt(lambda based=based: groups.set_on_type(based), f"{updated} base permissions on {core}", failed)  # type: ignore[misc]
    for one in change.permissions:
        level, specific, target = one["level"], one["specific"], one["target"]
        single = asking(
            call, user_target=holder, resource_target=target, permission={"level": level, "specific": specific}
        )
        where = f'{target["type"]}("{target["id"]}")'
        done = (
            f"{updated} permissions | {muted('target')}: {where} | {muted('level')}: {level} | "
            f"{muted('specific')}: {', '.join(specific)}"
        )
        failed = f"failed to set permission in group {name} | target: {where}"
        report.attempt(lambda single=single: groups.set_on_target(single), done, failed)  # type: ignore[misc]
