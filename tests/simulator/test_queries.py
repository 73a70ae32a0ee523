"""Lists: filters, order, pages."""

from __future__ import annotations

import pytest


def names(answer) -> list[str]:
    return [item["name"] for item in answer]


@pytest.fixture
def stacks(ask):
    """Four stacks: a is tagged x and y, b x, c is a template, d runs on a server."""
    server = ask.write("CreateServer", name="prod", config={"enabled": True})
    for name in "dbca":
        ask.write("CreateStack", name=name, config={"server_id": "prod"} if name == "d" else {})
    ask.write("UpdateResourceMeta", target={"type": "Stack", "id": "a"}, tags=["x", "y"])
    ask.write("UpdateResourceMeta", target={"type": "Stack", "id": "b"}, tags=["x"])
    ask.write("UpdateResourceMeta", target={"type": "Stack", "id": "c"}, template=True)
    ask.server = server["_id"]["$oid"]
    return ask


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({}, "abcd"),
        ({"names": []}, "abcd"),
        ({"names": ["b", "nope"]}, "b"),
        ({"names": "a, b"}, "ab"),
        ({"tags": ["x"]}, "ab"),
        ({"tags": ["x", "y"]}, "a"),
        ({"tags": ["x", "y"], "tag_behavior": "Any"}, "ab"),
        ({"templates": "Exclude"}, "abd"),
        ({"templates": "Only"}, "c"),
        ({"terms": ["A"]}, "a"),
        ({"specific": {"states": ["down"]}}, "d"),
        ({"specific": {"states": []}}, "abcd"),
        ({"specific": {"no_such_thing": ["x"]}}, "abcd"),
    ],
)
def test_filters(stacks, query, found: str) -> None:
    assert names(stacks.read("ListFullStacks", query=query)) == list(found)
    assert names(stacks.read("ListStacks", query=query)) == list(found)


def test_a_server_is_asked_for_by_id_alone(stacks) -> None:
    assert names(stacks.read("ListStacks", query={"specific": {"server_ids": [stacks.server]}})) == ["d"]
    assert names(stacks.read("ListStacks", query={"specific": {"server_ids": ["prod"]}})) == []


def test_ids_and_names_are_two_conditions(stacks) -> None:
    key = stacks.read("GetStack", stack="a")["_id"]["$oid"]
    assert names(stacks.read("ListStacks", query={"names": [key]})) == ["a"]
    assert names(stacks.read("ListStacks", query={"names": [key, "b"]})) == []


def test_tags_by_id(stacks) -> None:
    [tag] = stacks.read("ListTags", query={"name": "y"})
    assert names(stacks.read("ListStacks", query={"tags": [tag["_id"]["$oid"]]})) == ["a"]


@pytest.mark.parametrize(("kind", "needed"), [("Alerter", "types"), ("Swarm", "servers")])
def test_some_lists_need_all_of_specific(ask, kind: str, needed: str) -> None:
    assert ask.refused("read", f"List{kind}s", query={"specific": {}})[0] == 422
    assert ask.read(f"List{kind}s", query={"specific": {needed: []}}) == []


def test_names_are_sorted_bytewise(ask) -> None:
    for name in ("b", "Z", "é", "a"):
        ask.write("CreateServer", name=name)
    assert names(ask.read("ListFullServers")) == ["Z", "a", "b", "é"]
    assert names(ask.read("ListServers", sort_desc=True, limit=2)) == ["é", "b"]


def test_pages_of_a_sorted_list(stacks) -> None:
    assert names(stacks.read("ListStacks", sort_by="State", limit=1)) == ["d"]


def test_the_order_of_updates_and_their_pages(ask) -> None:
    ask.write("CreateStack", name="s")
    for number in range(101):
        ask.write("UpdateStack", id="s", config={"branch": f"b{number}"})
    first = ask.read("ListUpdates", query=None, page=0)
    assert (len(first["updates"]), first["next_page"]) == (100, 1)
    second = ask.read("ListUpdates", query=None, page=1)
    assert ([item["operation"] for item in second["updates"]], second["next_page"]) == (
        ["UpdateStack", "CreateStack"],
        None,
    )


@pytest.mark.parametrize(
    ("query", "count"),
    [
        ({"operation": "CreateStack"}, 1),
        ({"operation": {"$in": ["CreateStack", "UpdateStack"]}}, 2),
        ({"operation": {"$nin": ["CreateStack"]}, "success": True}, 1),
        ({"$or": [{"operation": "CreateStack"}, {"operation": "UpdateStack"}]}, 2),
        ({"start_ts": {"$gt": 1}, "end_ts": {"$ne": None}}, 2),
        ({"target.type": "Repo"}, 0),
        ({"version": {"$exists": False}}, 2),
    ],
)
def test_updates_by_query(ask, query, count: int) -> None:
    ask.write("CreateStack", name="s")
    ask.write("UpdateStack", id="s", config={"branch": "b"})
    assert len(ask.read("ListUpdates", query=query, page=0)["updates"]) == count


@pytest.mark.parametrize("query", [{"$where": "1"}, {"a": {"$regexp": 1}}, {"a": {"$in": 1}}])
def test_a_query_that_cannot_be_read(ask, query) -> None:
    ask.write("CreateStack", name="s")
    assert ask.refused("read", "ListUpdates", query=query, page=0)[:2] == (500, "failed to pull updates from db")
