"""Recorded lists of a real Core become observed resources."""

from __future__ import annotations

from typing import Any

import pytest

from komodo_sync.errors import NotKomodoError
from komodo_sync.kinds import KINDS
from komodo_sync.model.address import Address
from komodo_sync.model.sealed import Sealed
from komodo_sync.wire.answers import read_items, read_states, resolve
from komodo_sync.wire.references import closed_kinds, referred_kinds, unknown_id, unknown_name


def world_of(lists: dict[str, list[dict[str, Any]]], **options: Any) -> Any:
    items = {kind: read_items(KINDS[kind], raw) for kind, raw in ({"tag": []} | lists).items()}
    return resolve(items, **{"admin": True, **options})


def raw(kind: str, name: str, identity: str, config: dict[str, Any] | None = None, **more: Any) -> dict[str, Any]:
    """A resource as ListFull* answers it; `config` on top of the defaults."""
    spec = KINDS[kind]
    full = config if isinstance(spec.config, type(KINDS["builder"].config)) else spec.config.defaults() | (config or {})
    return {
        "_id": {"$oid": identity},
        "name": name,
        "description": "",
        "template": False,
        "tags": [],
        "info": None,
        "config": full,
        "base_permission": "None",
        "updated_at": 1,
    } | more


def created(steps: list[dict[str, Any]], cassette: str) -> dict[str, list[dict[str, Any]]]:
    """What the creates of a cassette answered, by kind: as good as the lists that would hold it."""
    by_operation = {spec.create: kind for kind, spec in KINDS.items()}
    lists: dict[str, list[dict[str, Any]]] = {}
    for step in steps:
        if step["cassette"] == cassette and step["type"] in by_operation and step["status"] == 200:
            lists.setdefault(by_operation[step["type"]], []).append(step["answer"])
    return lists


NOT_RECORDED = {"git_account", "registry_account"}


def test_every_recorded_creation_is_read_with_its_ids_turned_into_names(steps: list[dict[str, Any]]) -> None:
    seen = set()
    for cassette in sorted({step["cassette"] for step in steps}):
        world = world_of(created(steps, cassette))
        for address, resource in world.resources.items():
            seen.add(address.kind)
            # a label that is left is an id that was not recognised as a reference
            left = [text for text in _texts(resource.config) if text.startswith("@id:")]
            assert not left, f"{cassette}: {address} keeps {left}"
    assert seen == set(KINDS) - NOT_RECORDED


def test_a_default_config_is_empty() -> None:
    found = world_of({"stack": [raw("stack", "web", "a1")]}).resources[Address("stack", "web")]
    assert (found.id, found.config, found.services) == ("a1", {}, ())


def test_references_are_named_at_any_depth_and_counted() -> None:
    stage = {
        "name": "one",
        "enabled": True,
        "executions": [
            {
                "execution": {"type": "DeployStack", "params": {"stack": "s1", "services": [], "stop_time": None}},
                "enabled": True,
            },
            {"execution": {"type": "BatchDeployStack", "params": {"pattern": "s1", "tags": []}}, "enabled": True},
            {
                "execution": {
                    "type": "SendAlert",
                    "params": {"level": "Ok", "message": "m", "details": "", "alerters": ["l1"]},
                },
                "enabled": True,
            },
        ],
    }
    world = world_of(
        {
            "server": [raw("server", "prod", "e1")],
            "builder": [raw("builder", "b", "b1", {"type": "Server", "params": {"server_ids": ["e1", "gone"]}})],
            "build": [raw("build", "app", "u1", {"builder_id": "b1"})],
            "stack": [raw("stack", "web", "s1", {"server_id": "e1"})],
            "deployment": [
                raw(
                    "deployment",
                    "api",
                    "d1",
                    {
                        "image": {
                            "type": "Build",
                            "params": {"build_id": "u1", "version": {"major": 1, "minor": 2, "patch": 3}},
                        }
                    },
                )
            ],
            "procedure": [raw("procedure", "p", "p1", {"stages": [stage]})],
            "alerter": [
                raw(
                    "alerter", "a", "l1", {"resources": [{"type": "Stack", "id": "s1"}, {"type": "Stack", "id": "web"}]}
                )
            ],
        }
    )
    config = {str(address): resource.config for address, resource in world.resources.items()}
    assert config["stack/web"] == {"server_id": "prod"}
    assert config["builder/b"]["params"]["server_ids"] == ["prod", "(unknown id gone)"]
    assert config["deployment/api"]["image"] == {"type": "Build", "params": {"build_id": "app", "version": "1.2.3"}}
    executions = [each["execution"]["params"] for each in config["procedure/p"]["stages"][0]["executions"]]
    assert (executions[0]["stack"], executions[1]["pattern"], executions[2]["alerters"]) == ("web", "s1", ["a"])
    # an alerter keeps what it was given, and a name that it was given points to nothing
    assert [target["id"] for target in config["alerter/a"]["resources"]] == ["web", "(unknown id web)"]
    referers = {str(target): {str(source) for source in sources} for target, sources in world.references.items()}
    assert referers["server/prod"] == {"stack/web", "builder/b"}
    assert referers["stack/web"] == {"procedure/p", "alerter/a"}
    assert referers["build/app"] == {"deployment/api"}


def test_tags_states_and_deployed_services() -> None:
    info = {"deployed_services": [{"service_name": "web", "image": "nginx"}, {"service_name": "db", "image": "x"}]}
    world = world_of(
        {
            "tag": [{"_id": {"$oid": "t1"}, "name": "public", "owner": "u", "color": "Red"}],
            "stack": [raw("stack", "web", "s1", tags=["t1", "t9"], info=info, description="d", template=True)],
        },
        states={"s1": "running"},
    )
    found = world.resources[Address("stack", "web")]
    assert (found.tags, found.state, found.services) == ({"public"}, "running", ("web", "db"))
    assert (found.description, found.template) == ("d", True)
    assert world.resources[Address("tag", "public")].config == {"color": "Red"}


def test_secrets_are_sealed_at_any_depth() -> None:
    world = world_of(
        {
            "stack": [raw("stack", "web", "s1", {"webhook_secret": "hunter2"})],
            "builder": [raw("builder", "b", "b1", {"type": "Url", "params": {"passkey": "hunter2"}})],
            "alerter": [
                raw("alerter", "a", "l1", {"endpoint": {"type": "Slack", "params": {"url": "https://hunter2"}}})
            ],
            "variable": [
                {"name": "TOKEN", "value": "hunter2", "is_secret": True},
                {"name": "REGION", "value": "eu", "is_secret": False, "description": "Where"},
            ],
        }
    )
    assert "hunter2" not in repr(world)
    config = {str(address): resource.config for address, resource in world.resources.items()}
    assert config["stack/web"]["webhook_secret"] == Sealed("hunter2")
    assert config["builder/b"]["params"]["passkey"] == Sealed("hunter2")
    assert config["alerter/a"]["endpoint"]["params"]["url"] == Sealed("https://hunter2")
    assert config["variable/TOKEN"] == {"value": Sealed("hunter2"), "is_secret": True}
    assert config["variable/REGION"] == {"value": "eu"}
    assert world.resources[Address("variable", "REGION")].description == "Where"


def test_what_a_key_may_not_see_is_masked_and_not_a_value() -> None:
    variables = [
        {"name": "TOKEN", "value": "#######", "is_secret": True},
        {"name": "A", "value": "##", "is_secret": False},
    ]
    world = world_of({"variable": variables}, admin=False)
    token, plain = world.resources[Address("variable", "TOKEN")], world.resources[Address("variable", "A")]
    assert (token.config, token.masked) == ({"is_secret": True}, {"value"})
    assert (plain.config, plain.masked) == ({"value": "##"}, frozenset())


@pytest.mark.parametrize("answer", [None, {}, 3, [3], [{"name": "x"}], "text", [{"config": {}}]])
def test_an_answer_that_is_no_list_of_resources_is_an_error_and_never_empty(answer: Any) -> None:
    with pytest.raises(NotKomodoError, match="ListFullStacks"):
        read_items(KINDS["stack"], answer)


def test_states_that_are_none() -> None:
    assert read_states([{"id": "a", "info": {"state": "down"}}, {"id": "b", "info": {}}], "ListStacks") == {
        "a": "down",
        "b": "",
    }
    with pytest.raises(NotKomodoError, match="ListStacks"):
        read_states({"error": "x"}, "ListStacks")


def test_which_kinds_a_kind_refers_to() -> None:
    assert referred_kinds("stack") == {"server", "swarm", "repo"}
    assert referred_kinds("variable") == frozenset()
    assert referred_kinds("builder") == {"server"}
    assert closed_kinds({"stack"}) == {"stack", "server", "swarm", "repo", "builder"}
    assert closed_kinds({"alerter"}) == {name for name, spec in KINDS.items() if spec.owned}
    assert closed_kinds({"procedure"}) >= {"stack", "alerter", "resource_sync", "action"}


def test_an_unknown_id_can_be_read_back() -> None:
    assert unknown_id(unknown_name("65f0")) == "65f0"
    assert unknown_id("web") == ""


def _texts(node: Any) -> list[str]:
    if isinstance(node, dict):
        return [text for value in node.values() for text in _texts(value)]
    if isinstance(node, list):
        return [text for item in node for text in _texts(item)]
    return [node] if isinstance(node, str) else []
