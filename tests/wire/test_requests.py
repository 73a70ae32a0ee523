"""What is sent for each step, held against the operation catalogue."""

from __future__ import annotations

import ast
from pathlib import Path
from typing import Any

import pytest

import komodo_sync
from komodo_sync.errors import RejectedError
from komodo_sync.kinds import KINDS
from komodo_sync.model.address import Address
from komodo_sync.model.plan import Action, Payload
from komodo_sync.model.sealed import Sealed
from komodo_sync.operations import operations
from komodo_sync.wire.requests import Call, Intent, calls

PROD = Address("server", "prod")
WEB = Address("stack", "web")


def sent(payload: Payload, ids: dict[Address, str] | None = None) -> list[tuple[str, dict[str, Any]]]:
    return [(call.operation, call.params) for call in calls(payload, ids or {})]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("action", [Action.CREATE, Action.UPDATE, Action.RENAME, Action.DELETE])
def test_every_call_is_one_that_the_catalogue_knows(kind: str, action: Action) -> None:
    spec = KINDS[kind]
    address = Address(kind, "/".join(["thing"] * len(spec.identity)))
    if action is Action.RENAME and not spec.rename:
        assert kind in ("variable", "git_account", "registry_account")
        return
    config: dict[str, Any] = {name: field.default for name, field in spec.fields().items()}
    if not spec.fields():
        config = {"type": "Url", "params": {"address": "https://x"}}
    meta = {"description": "d", "tags": ("t",), "template": True}
    payload = Payload(
        address,
        action,
        id="65f0",
        previous="old" if action is Action.RENAME else "",
        config=config,
        **{name: value for name, value in meta.items() if name in spec.meta},  # type: ignore[arg-type]
    )
    found = sent(payload)
    assert found
    for operation, params in found:
        known = operations("write")[operation].params
        assert params.keys() <= known.keys(), operation
        assert {name for name, param in known.items() if param.required} <= params.keys(), operation


def test_a_create_sends_names_for_what_has_no_id_yet_then_the_meta_by_the_new_id() -> None:
    payload = Payload(
        WEB,
        Action.CREATE,
        config={"server_id": "prod", "linked_repo": "site"},
        description="d",
        tags=("owner:x", "new"),
    )
    ids = {PROD: "5e01", Address("tag", "owner:x"): "7a01"}
    found = calls(payload, ids)
    create = next(found)
    assert (create.operation, create.params) == (
        "CreateStack",
        {"name": "web", "config": {"server_id": "5e01", "linked_repo": "site"}},
    )
    ids[WEB] = "57ac"
    [meta] = found
    assert (meta.intent, meta.params) == (
        Intent.META,
        {"target": {"type": "Stack", "id": "57ac"}, "description": "d", "tags": ["7a01", "new"]},
    )


def test_a_create_without_anything_but_a_name_sends_no_config_and_no_meta() -> None:
    assert sent(Payload(WEB, Action.CREATE)) == [("CreateStack", {"name": "web"})]


def test_a_field_that_core_would_fill_in_is_always_sent() -> None:
    [(operation, params)] = sent(Payload(Address("action", "a"), Action.CREATE))
    assert (operation, params["config"]) == ("CreateAction", {"file_contents": ""})


def test_flat_kinds_are_created_in_one_call() -> None:
    variable = Payload(
        Address("variable", "TOKEN"), Action.CREATE, config={"value": Sealed("s"), "is_secret": True}, description="d"
    )
    assert sent(variable) == [
        ("CreateVariable", {"name": "TOKEN", "value": "s", "is_secret": True, "description": "d"})
    ]
    assert sent(Payload(Address("tag", "t"), Action.CREATE, config={"color": "Red"})) == [
        ("CreateTag", {"name": "t", "color": "Red"})
    ]


def test_a_variable_becomes_secret_before_it_gets_its_secret_value() -> None:
    payload = Payload(
        Address("variable", "TOKEN"), Action.UPDATE, config={"value": Sealed("s"), "is_secret": True}, description=""
    )
    assert sent(payload) == [
        ("UpdateVariableIsSecret", {"name": "TOKEN", "is_secret": True}),
        ("UpdateVariableValue", {"name": "TOKEN", "value": "s"}),
        ("UpdateVariableDescription", {"name": "TOKEN", "description": ""}),
    ]


def test_an_update_sends_the_changed_fields_alone_and_by_id() -> None:
    payload = Payload(WEB, Action.UPDATE, id="57ac", config={"environment": Sealed("A=1\n")})
    assert sent(payload) == [("UpdateStack", {"id": "57ac", "config": {"environment": "A=1\n"}})]
    assert sent(Payload(WEB, Action.UPDATE, id="57ac", template=False)) == [
        ("UpdateResourceMeta", {"target": {"type": "Stack", "id": "57ac"}, "template": False})
    ]


def test_adopt_and_forget_write_the_tags_alone() -> None:
    for action in (Action.ADOPT, Action.FORGET):
        assert sent(Payload(WEB, action, id="57ac", tags=())) == [
            ("UpdateResourceMeta", {"target": {"type": "Stack", "id": "57ac"}, "tags": []})
        ]


def test_rename_and_delete_go_by_id_or_else_by_the_live_name() -> None:
    assert sent(Payload(WEB, Action.RENAME, id="57ac", previous="old")) == [
        ("RenameStack", {"id": "57ac", "name": "web"})
    ]
    assert sent(Payload(WEB, Action.RENAME, previous="old")) == [("RenameStack", {"id": "old", "name": "web"})]
    assert sent(Payload(WEB, Action.DELETE)) == [("DeleteStack", {"id": "web"})]
    assert sent(Payload(Address("variable", "A"), Action.DELETE)) == [("DeleteVariable", {"name": "A"})]
    assert sent(Payload(Address("tag", "t"), Action.DELETE, id="7a01")) == [("DeleteTag", {"id": "7a01"})]
    with pytest.raises(RejectedError, match="tag/t"):
        sent(Payload(Address("tag", "t"), Action.DELETE))


def test_nested_references_become_ids() -> None:
    ids = {PROD: "5e01", WEB: "57ac", Address("build", "app"): "b001", Address("alerter", "a"): "a001"}
    image = {"type": "Build", "params": {"build_id": "app", "version": "1.2.0"}}
    [(_, deployment)] = sent(Payload(Address("deployment", "d"), Action.CREATE, config={"image": image}), ids)
    assert deployment["config"]["image"] == {"type": "Build", "params": {"build_id": "b001", "version": "1.2.0"}}
    builder = {"type": "Server", "params": {"server_ids": ["prod", "(unknown id gone)", "later"]}}
    [(_, created)] = sent(Payload(Address("builder", "b"), Action.CREATE, config=builder), ids)
    assert created["config"]["params"]["server_ids"] == ["5e01", "gone", "later"]
    execution = {"type": "DeployStack", "params": {"stack": "web", "services": [], "stop_time": None}}
    stages = [{"name": "one", "enabled": True, "executions": [{"execution": execution, "enabled": True}]}]
    [(_, procedure)] = sent(Payload(Address("procedure", "p"), Action.CREATE, config={"stages": stages}), ids)
    assert procedure["config"]["stages"][0]["executions"][0]["execution"]["params"]["stack"] == "57ac"


def test_an_alerters_targets_are_ids_or_nothing_is_sent() -> None:
    payload = Payload(Address("alerter", "a"), Action.CREATE, config={"resources": [{"type": "Stack", "id": "web"}]})
    [(_, params)] = sent(payload, {WEB: "57ac"})
    assert params["config"]["resources"] == [{"type": "Stack", "id": "57ac"}]
    with pytest.raises(RejectedError, match="stack/web"):
        sent(payload)


def test_neither_a_payload_nor_a_call_shows_what_it_writes() -> None:
    payload = Payload(
        WEB, Action.UPDATE, config={"webhook_secret": Sealed("hunter2"), "environment": "TOKEN=hunter2\n"}
    )
    shown = repr(payload) + repr(list(calls(payload, {}))) + repr(Call(Intent.UPDATE, "UpdateStack", {"x": "hunter2"}))
    assert "hunter2" not in shown


def test_secrets_are_revealed_by_the_wire_alone() -> None:
    root = Path(komodo_sync.__file__).parent
    users = set()
    for path in root.rglob("*.py"):
        names = {
            name
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
            for name in (
                [alias.name for alias in node.names]
                if isinstance(node, ast.ImportFrom | ast.Import)
                else [node.attr if isinstance(node, ast.Attribute) else ""]
            )
        }
        if names & {"reveal_sealed", "_text"} and "reveal_sealed" in path.read_text(encoding="utf-8"):
            users.add(path.relative_to(root).parts[0])
    assert users - {"model"} == {"wire"}
