"""What a real Core answered about what runs is read as it was meant. `recordings/live.json` says where it is from."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from komodo_sync.errors import NotKomodoError
from komodo_sync.kinds import KINDS
from komodo_sync.wire import live

RECORDED: dict[str, Any] = json.loads((Path(__file__).parent / "recordings" / "live.json").read_text(encoding="utf-8"))


def lifecycle(kind: str) -> Any:
    found = KINDS[kind].lifecycle
    assert found is not None
    return found


def test_a_failed_update_tells_its_stage() -> None:
    assert [live.failed_stage(update) for update in RECORDED["failed"]] == [
        "Compose Up", "Compose Pull", "Validate Files", "Post Deploy", "Write Stack", "Docker Build", "Docker Run",
        "Komodo shutdown",
    ]  # fmt: skip
    assert not any(live.was_refused_as_busy(update) for update in RECORDED["failed"])


def test_what_was_refused_as_busy_did_nothing() -> None:
    assert all(live.was_refused_as_busy(update) for update in RECORDED["refused_as_busy"])


@pytest.mark.parametrize("operation", ["CloneRepo", "PullRepo", "RunBuild"])
def test_the_commit_that_was_taken_is_told(operation: str) -> None:
    update = RECORDED["took_commit"][operation]
    found = live.commit_of(update)
    assert found
    assert found in json.dumps(update["logs"])
    assert live.commit_of({**update, "commit_hash": ""}) == found


def test_an_update_tells_which_fields_it_changed() -> None:
    moved = RECORDED["moved"]
    assert live.changed_fields(KINDS["stack"], moved, moved) == {"server_id": ("main", "ghost")}
    renamed = RECORDED["renamed_container"]
    assert live.changed_fields(KINDS["deployment"], renamed, renamed) == {"custom_name": (None, "cname")}
    assert live.changed_fields(KINDS["stack"], {}, moved) is None
    assert live.changed_fields(KINDS["stack"], {**moved, "prev_toml": "= no toml"}, moved) is None


def test_why_a_server_is_not_reached_is_told_with_its_name() -> None:
    info = {"state": "NotOk", "err": {"error": "Server 6b0e34e4 is not connected", "trace": []}}
    item = {"id": "6b0e34e4", "name": "prod", "info": info}
    found = [live.read_listed([{**item, "info": each}], "ListServers")[0] for each in (info, {**info, "err": None})]
    assert [each.error for each in found] == ["Server prod is not connected", ""]


def test_a_page_of_updates_is_read_newest_first() -> None:
    records, following = live.read_records(RECORDED["page"])
    assert [record.operation for record in records] == ["UpdateStack", "DeployStack", "CreateStack"]
    assert following is None
    assert all(record.complete and record.success and record.by for record in records)


def test_a_git_stack_knows_what_is_deployed_and_what_is_new() -> None:
    facts = live.read_running(lifecycle("stack"), RECORDED["git_stack_new_commit"])
    assert facts.deployed_hash
    assert facts.latest_hash
    assert facts.deployed_hash != facts.latest_hash
    assert facts.fetched is not None
    assert [(file.path, file.requires, file.services) for file in facts.fetched] == [("compose.yaml", "Redeploy", ())]
    assert facts.deployed is not None
    assert list(facts.deployed) == ["compose.yaml"]


def test_what_could_not_be_read_is_told_without_markup() -> None:
    [raw] = RECORDED["git_stack_errors"]
    facts = live.read_running(lifecycle("stack"), raw)
    assert facts.missing == ("nope.yaml",)
    [(path, text)] = facts.unreadable
    assert path == "nope.yaml"
    assert text.startswith("ERROR: Failed to read file contents")
    assert "<" not in text


def test_never_deployed_is_not_the_same_as_nothing_in_it() -> None:
    assert live.read_running(lifecycle("stack"), RECORDED["ui_stack_never"]).deployed is None
    deployed = live.read_running(lifecycle("stack"), RECORDED["ui_stack_deployed"])
    assert deployed.fetched is None
    assert deployed.deployed is not None


def test_a_build_tells_what_it_built() -> None:
    facts = live.read_running(lifecycle("build"), RECORDED["build"])
    assert facts.done_at > 0
    assert facts.deployed_hash == facts.latest_hash != ""


@pytest.mark.parametrize(
    ("operation", "state", "fetches"),
    [("ListStacks", "down", False), ("ListRepos", "Ok", True), ("ListBuilds", "Ok", True),
     ("ListDeployments", "not_deployed", False)],
)  # fmt: skip
def test_lists_tell_states_and_whose_files_are_fetched(operation: str, state: str, fetches: bool) -> None:
    [item, *_] = live.read_listed(RECORDED["lists"][operation], operation)
    assert (item.state, item.fetches) == (state, fetches)


@pytest.mark.parametrize("answer", [None, [1], [{}], {"updates": 1}, {"updates": [{}], "next_page": None}])
def test_an_answer_of_somebody_else_is_known_for_what_it_is(answer: Any) -> None:
    with pytest.raises(NotKomodoError):
        live.read_records(answer)
    with pytest.raises(NotKomodoError):
        live.read_listed(answer if answer != {"updates": 1} else None, "ListStacks")


def test_the_name_of_a_variable_is_read_and_its_value_is_not() -> None:
    changed = {"logs": [{"stdout": "variable: 'REGION'\nfrom: a\nto:   name: OTHER"}]}
    made = {"logs": [{"stdout": 'Variable {\n    name: "REGION",\n    value: "variable: OTHER",\n}'}]}
    assert [live.variable_of(update) for update in (changed, made, {"logs": []}, {})] == ["REGION", "REGION", "", ""]
