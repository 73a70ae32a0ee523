"""The catalogue against what recordings of a Core show."""

from __future__ import annotations

import pytest

from komodo_sync.operations import enums, executions, find, operations, removed, renamed


def test_the_groups_have_the_operations_of_core_2_3_2() -> None:
    counts = {group: len(operations(group)) for group in ("read", "write", "execute", "procedure")}
    assert counts == {"read": 141, "write": 112, "execute": 79, "procedure": 3}


def test_a_procedure_can_run_every_execution_and_three_more() -> None:
    assert set(executions()) - set(operations("execute")) == {"None", "Sleep", "CommitSync"}
    assert set(operations("execute")) <= set(executions())


@pytest.mark.parametrize(
    ("execution", "answered"),
    [
        # as a Core answers each in a procedure that gave the required parameters only
        ("DeployStack", {"services": [], "stop_time": None}),
        ("RunAction", {"args": None}),
        ("BatchDeployStack", {"tags": []}),
        ("Sleep", {"duration_ms": 0}),
        ("DestroyStack", {"services": [], "remove_orphans": False, "stop_time": None}),
    ],
)
def test_defaults_are_those_that_core_answers(execution: str, answered: dict[str, object]) -> None:
    params = executions()[execution].params.values()
    assert {param.name: param.default for param in params if not param.required} == answered


def test_parameters_named_after_a_kind_refer_to_it() -> None:
    references = {
        (name, param.name): param.refers_to
        for name, found in executions().items()
        for param in found.params.values()
        if param.refers_to
    }
    assert references["DeployStack", "stack"] == "stack"
    assert references["RunSync", "sync"] == "resource_sync"
    assert references["SendAlert", "alerters"] == "alerter"
    assert references["RunProcedure", "procedure"] == "procedure"
    assert ("BatchDeployStack", "pattern") not in references
    assert ("RemoveSwarmStacks", "stacks") not in references


def test_id_refers_to_the_kind_in_the_operations_name() -> None:
    assert operations("write")["RenameResourceSync"].params["id"].refers_to == "resource_sync"
    assert operations("read")["GetUpdate"].params["id"].refers_to == ""


def test_lookup_by_name() -> None:
    [operation] = find("DeployStack")
    assert (operation.group, operation.returns) == ("execute", "Update")
    assert [found.group for found in find("CommitSync")] == ["write", "procedure"]
    assert find("NoSuchThing") == ()


def test_what_2_x_removed_is_not_in_the_catalogue_and_renames_lead_into_it() -> None:
    assert "CreateBuildWebhook" in removed()
    assert [name for name in removed() if find(name)] == []
    assert [name for name, now in renamed().items() if find(name) or not find(now)] == []
    assert renamed()["ListDockerRegistryAccounts"] == "ListImageRegistryAccounts"


def test_vocabularies() -> None:
    stop = executions()["StopDeployment"].params["signal"]
    assert (stop.enum, stop.nullable, stop.default) == (enums()["TerminationSignal"], True, None)
    assert enums()["TerminationSignal"] == ("SIGHUP", "SIGINT", "SIGQUIT", "SIGTERM")
    assert enums()["TagQueryBehavior"] == ("All", "Any")
    assert len(enums()["TagColor"]) == 54
