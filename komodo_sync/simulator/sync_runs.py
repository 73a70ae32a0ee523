"""A run of a resource sync: variables, groups, resources by kind, then the deploys, each with a stage of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from komodo_sync.kinds.shapes import Tagged
from komodo_sync.simulator import tags, updates
from komodo_sync.simulator.deletion import delete
from komodo_sync.simulator.executions import Execution, Run
from komodo_sync.simulator.failures import RefusalError
from komodo_sync.simulator.group_changes import GroupChange, group_changes
from komodo_sync.simulator.identity import looks_like_id
from komodo_sync.simulator.markup import bold, colored, muted
from komodo_sync.simulator.requests import Call, User
from komodo_sync.simulator.resources import RESOURCES, find, id_of, named, save
from komodo_sync.simulator.sync_changes import (
    Change,
    Narrowed,
    VariableChange,
    resource_changes,
    variable_changes,
)
from komodo_sync.simulator.sync_deploys import to_deploy
from komodo_sync.simulator.sync_report import Report
from komodo_sync.simulator.sync_shared import asking, write_groups, write_variables
from komodo_sync.simulator.sync_sources import read
from komodo_sync.simulator.syncs import refresh
from komodo_sync.simulator.writes import create, update

if TYPE_CHECKING:
    from collections.abc import Mapping

    from komodo_sync.simulator.executions import Logs
    from komodo_sync.simulator.requests import State
    from komodo_sync.simulator.resources import Resource

OPERATOR = User("000000000000000000000005", "Resource Sync", admin=True)
"""The built-in user who does what a sync says."""
ORDER = (
    *("Server", "Alerter", "Action", "Swarm", "Builder", "Repo"),
    *("Build", "Stack", "ResourceSync", "Deployment", "Procedure"),
)
"""The kinds in the order in which a sync writes them."""
PASSES = 10
"""How often the procedures are gone through, for those that refer to each other."""
_DEPLOYS = {"Stack": "DeployStack", "Deployment": "Deploy"}


def execution(deploys: Mapping[str, Execution]) -> Execution:
    """RunSync; `deploys` do what it deploys."""
    return Execution(lambda run: _run(run, deploys), "syncing")


def _run(run: Run, deploys: Mapping[str, Execution]) -> Logs:
    state, sync = run.state, run.resource
    if sync["config"]["linked_repo"] and not sync["config"]["files_on_host"]:
        find(state, "Repo", sync["config"]["linked_repo"])
    found = read(state, sync)
    if found.errors or found.failure:
        failure = RefusalError("Found file errors. Cannot execute sync.") if found.errors else found.failure
        assert failure is not None
        return [*found.logs, updates.error_log(state, "Task Error", failure.error, *failure.trace)]
    to = _narrowed(state, run.params)
    config, whole = sync["config"], to == Narrowed()
    removes = config["managed"] or config["delete"]
    due = to_deploy(state, found.declarations.resources, to)
    changes = resource_changes(state, config, found.declarations.resources, to, shown=False)
    of_variables, of_groups = list[VariableChange](), list[GroupChange]()
    if whole and config["include_variables"]:
        of_variables = variable_changes(state, found.declarations.variables, delete=removes)
    if whole and config["include_user_groups"]:
        of_groups = group_changes(state, found.declarations.groups, delete=removes)
    if not (due or changes or of_variables or of_groups):
        return [*found.logs, run.log("No Changes", f"{colored('nothing to do', 'green')}. exiting.")]
    call = Call(state, OPERATOR, "write", "RunSync", {})
    logs = [*found.logs, *write_variables(call, of_variables), *write_groups(call, of_groups)]
    for core in ORDER:
        of_kind = [change for change in changes if change.core == core]
        if of_kind:
            logs.append((_procedures if core == "Procedure" else _resources)(call, core, of_kind).log(state))
    logs += _deploy(run, deploys, due)
    fresh = find(state, "ResourceSync", id_of(sync))
    commit = found.commit
    fresh["info"] |= {"last_sync_ts": state.clock()}
    fresh["info"] |= {"last_sync_hash": commit and commit.hash, "last_sync_message": commit and commit.message}
    save(state, "ResourceSync", fresh)
    refresh(state, fresh)
    return logs


def _narrowed(state: State, params: Mapping[str, Any]) -> Narrowed:
    core, names = params.get("resource_type"), params.get("resources")
    if core and names is not None:
        known = ((word, named(state, core, word) if looks_like_id(word) else word) for word in names)
        names = [name for _, name in known if name]
    return Narrowed(core, names)


def _resources(call: Call, core: str, changes: list[Change]) -> Report:
    report = Report(f"Update {core}s", f"running updates on {core}s")
    for change in changes:
        if change.declared is not None and change.current is None:
            _created(call, change, report, last=True)
    for change in changes:
        if change.declared is not None and change.current is not None:
            name = bold(change.declared.name)
            if change.meta:
                _write_meta(call, core, id_of(change.current), name, change.meta, report)
            if change.config:
                done = f"{colored('updated', 'blue')} {core} '{name}' configuration"
                failed = f"failed to update config on {core} '{name}'"
                report.attempt(lambda change=change: _updated(call, change), done, failed)  # type: ignore[misc]
    _deleted(call, core, changes, report)
    return report


def _procedures(call: Call, core: str, changes: list[Change]) -> Report:
    """Procedures may refer to each other, so those that are refused are tried again."""
    report = Report(f"Update {core}s", f"running updates on {core}s")
    _deleted(call, core, changes, report)
    left = [change for change in changes if change.declared is not None]
    for number in range(PASSES):
        last = number == PASSES - 1
        kept = [change for change in left if change.current is not None and not _changed(call, change, report, last)]
        kept += [change for change in left if change.current is None and not _created(call, change, report, last=last)]
        left = kept
        if not left:
            return report
    report = Report("run procedure", "procedure sync loop exited after max iterations")
    report.good = False
    return report


def _changed(call: Call, change: Change, report: Report, last: bool) -> bool:
    assert change.declared is not None
    assert change.current is not None
    name = bold(change.declared.name)
    if change.meta:
        _write_meta(call, change.core, id_of(change.current), name, change.meta, report)
    try:
        if change.config:
            _updated(call, change)
    except RefusalError as failure:
        if last:
            report.error(f"failed to update {change.core} '{name}' | {': '.join((failure.error, *failure.trace))}")
        return False
    report.info(f"{change.core} '{name}' updated")
    return True


def _created(call: Call, change: Change, report: Report, *, last: bool) -> bool:
    declared, core = change.declared, change.core
    assert declared is not None
    name = bold(declared.name)
    try:
        made = create(call, RESOURCES[core], declared.name, _copied(change))
    except RefusalError as failure:
        if last:
            report.error(f"failed to create {core} '{name}' | {': '.join((failure.error, *failure.trace))}")
        return False
    meta = {key: declared.head[key] for key in ("description", "template", "tags")}
    _write_meta(call, core, id_of(made), name, meta, report)
    report.info(f"{colored('created', 'green')} {core} '{name}'")
    return True


def _copied(change: Change) -> dict[str, Any]:
    """The config to write: names become ids in it while it is checked."""
    if isinstance(RESOURCES[change.core].spec.config, Tagged):
        return change.config | {"params": dict(change.config["params"])}
    return {key: _deep(value) for key, value in change.config.items()}


def _deep(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _deep(item) for key, item in value.items()}
    return [_deep(item) for item in value] if isinstance(value, list) else value


def _updated(call: Call, change: Change) -> Resource:
    assert change.current is not None
    return update(call, change.core, id_of(change.current), _copied(change))


def _write_meta(call: Call, core: str, key: str, name: str, meta: dict[str, Any], report: Report) -> None:
    given = dict.fromkeys(("description", "template", "tags")) | meta
    asked = asking(call, target={"type": core, "id": key}, **given)
    done, failed = f"{colored('updated', 'blue')} {core} '{name}' meta", f"failed to update tags on {core} '{name}'"
    report.attempt(lambda: tags.update_meta(asked), done, failed)


def _deleted(call: Call, core: str, changes: list[Change], report: Report) -> None:
    for change in changes:
        if change.declared is None:
            name = (change.current or {})["name"]
            asked = asking(call, id=name)
            done = f"{colored('deleted', 'red')} {core} '{bold(name)}'"
            report.attempt(
                lambda asked=asked: delete(asked, core),  # type: ignore[misc]
                done,
                f"failed to delete {core} '{bold(name)}'",
            )


def _deploy(run: Run, deploys: Mapping[str, Execution], due: list[dict[str, Any]]) -> Logs:
    """Deploys in rounds: what comes after nothing that is still to be deployed. A deploy that fails does not count
    as one that could not be begun, and only that ends the rounds."""
    if not due:
        return []
    report = Report("Sync Deploy", f"{muted('INFO')}: running executions to sync deployment / stack state")
    number, left = 1, list(due)
    while True:
        targets = [entry["target"] for entry in left]
        # a circle would keep a Core waiting for ever
        now = [entry for entry in left if not any(one in targets for one in entry["after"])] or left
        for entry in now:
            core, name = entry["target"]["type"], entry["target"]["id"]
            where = f"{core} '{bold(name)}' in round {bold(number)}"
            done, failed = f"deployed {where} with reason: {entry['reason']}", f"failed to deploy {where}"
            report.attempt(lambda core=core, name=name: _deploy_one(run, deploys, core, name), done, failed)  # type: ignore[misc]
        if not report.good:
            report.info(f"exited in round {bold(number)} {colored('with errors', 'red')}")
            return [report.log(run.state)]
        left = [entry for entry in left if entry not in now]
        if not left:
            report.info(f"finished after {bold(number)} round{'s' if number > 1 else ''}")
            return [report.log(run.state)]
        number += 1


def _deploy_one(run: Run, deploys: Mapping[str, Execution], core: str, name: str) -> None:
    resource = find(run.state, core, name)
    operation = _DEPLOYS[core]
    record = updates.begin(run.state, OPERATOR.id, operation, {"type": core, "id": id_of(resource)})
    params: dict[str, Any] = {core.lower(): id_of(resource), "services": [], "stop_time": None, "stop_signal": None}
    inner = Run(run.state, core, resource, operation, params, OPERATOR.id, {}, depth=run.depth + 1)
    # one that could not be begun leaves its record as it is
    logs = deploys[operation].perform(inner)
    updates.finish(run.state, record, logs, **inner.more)
