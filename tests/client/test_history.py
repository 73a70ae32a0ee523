"""Updates are read a page at a time, of what is still open alone, and told as what became of each resource."""

from __future__ import annotations

from typing import Any

import pytest

from komodo_sync.client.history import read_histories, read_variable_changes
from komodo_sync.kinds import KINDS

STACK = KINDS["stack"]
PAGE = 100


class Core:
    """Answers ListUpdates and GetUpdate from records, the newest last; counts what it is asked."""

    def __init__(self) -> None:
        self.records: list[dict[str, Any]] = []
        self.asked: list[tuple[str, Any]] = []

    def add(self, target: str, operation: str, *, success: bool = True, at: int | None = None, **more: Any) -> str:
        key = f"u{len(self.records):05}"
        kind = "System" if target == "system" else "Stack"
        self.records.append(
            {
                "id": key,
                "operation": operation,
                "start_ts": len(self.records) if at is None else at,
                "success": success,
                "operator": "me",
                "target": {"type": kind, "id": target},
                "status": "Complete",
                **more,
            }
        )
        return key

    def read(self, operation: str, params: dict[str, Any]) -> Any:
        self.asked.append((operation, params))
        if operation == "GetUpdate":
            return next(item for item in self.records if item["id"] == params["id"])
        query, page = params["query"], params["page"]
        found = [item for item in reversed(self.records) if self._fits(item, query)]
        shown = found[page * PAGE : (page + 1) * PAGE]
        return {"updates": shown, "next_page": page + 1 if len(shown) == PAGE else None}

    def _fits(self, item: dict[str, Any], query: dict[str, Any]) -> bool:
        span = query.get("start_ts", {})
        return (
            item["target"]["id"] in query.get("target.id", {}).get("$in", [item["target"]["id"]])
            and item["target"]["type"] == query.get("target.type", item["target"]["type"])
            and item["operation"] in query["operation"]["$in"]
            and item["start_ts"] <= span.get("$lte", item["start_ts"])
            and item["start_ts"] > span.get("$gt", -1)
        )

    def pages(self) -> int:
        return sum(1 for operation, _ in self.asked if operation == "ListUpdates")


def busy() -> dict[str, Any]:
    return {"logs": [{"stage": "Task Error", "stderr": "<span>ERROR</span>: Resource is busy", "success": False}]}


def history(core: Core, identity: str = "a", **beside: Any) -> Any:
    return read_histories(core, {identity: STACK}, **beside)[identity][0]  # type: ignore[arg-type]


def toml(config: str) -> str:
    return f'[[stack]]\nname = "a"\n[stack.config]\n{config}'


def test_the_last_good_deploy_ends_the_story() -> None:
    core = Core()
    for operation in ("CreateStack", "UpdateStack", "DeployStack"):
        core.add("a", operation)
    found = history(core)
    assert (found.good.operation, found.good.at) == ("DeployStack", 2)
    assert (found.failed, found.stopped, found.made, found.changed) == (None, None, None, {})
    assert core.pages() == 1


def test_changes_since_are_told_from_end_to_end() -> None:
    core = Core()
    core.add("a", "DeployStack")
    core.add("a", "UpdateStack", prev_toml=toml("environment = 'A=1'"), current_toml=toml("environment = 'A=2'"))
    core.add("a", "UpdateStack", prev_toml=toml("environment = 'A=2'"), current_toml=toml("environment = 'A=3'"))
    assert history(core).changed == {"environment": ("A=1", "A=3")}
    core.add("a", "UpdateStack", prev_toml=toml("environment = 'A=3'"), current_toml=toml("environment = 'A=1'"))
    assert history(core).changed == {}
    core.add("a", "UpdateStack")
    assert history(core).changed is None


def test_a_failure_counts_unless_it_was_refused_as_busy() -> None:
    core = Core()
    core.add("a", "DeployStack")
    core.add("a", "DeployStack", success=False, logs=[{"stage": "Compose Up", "success": False}])
    core.add("a", "DeployStack", success=False, **busy())
    assert history(core).failed.stage == "Compose Up"
    core.add("a", "DeployStackService")
    assert history(core).failed.stage == "Compose Up"
    core.add("a", "DeployStack")
    assert history(core).failed is None
    core.add("a", "DeployStackService", success=False, logs=[])
    assert history(core).failed.operation == "DeployStackService"
    core.add("a", "DeployStackService")
    assert history(core).failed is None


def test_what_is_under_way_is_neither_good_nor_failed() -> None:
    core = Core()
    core.add("a", "DeployStack")
    core.add("a", "DeployStack", status="InProgress")
    found = history(core)
    assert (found.good.at, found.failed) == (0, None)


def test_who_stopped_it_first_since_it_was_deployed_or_started() -> None:
    core = Core()
    for operation in ("DeployStack", "StopStack", "StartStack", "StopStack", "DestroyStack"):
        core.add("a", operation)
    assert (history(core).stopped.operation, history(core).stopped.at) == ("StopStack", 3)
    core.add("a", "StartStack")
    assert history(core).stopped is None


def test_what_never_ran_says_who_made_it() -> None:
    core = Core()
    core.add("a", "CreateAction")
    found, newest = read_histories(core, {"a": KINDS["action"]})["a"]  # type: ignore[arg-type]
    assert found.made is not None
    assert (found.good, found.made.by, newest) == (None, "me", 0)


@pytest.mark.parametrize("same", [False, True])
def test_pages_are_asked_for_what_is_open_alone(same: bool) -> None:
    core = Core()
    ids = [f"s{number:03}" for number in range(250)]
    for identity in ids:
        core.add(identity, "DeployStack", at=7 if same else None)
    found = read_histories(core, dict.fromkeys(ids, STACK))  # type: ignore[arg-type]
    assert all(story.good is not None for story, _ in found.values())
    assert core.pages() == 3
    asked = [len(params["query"]["target.id"]["$in"]) for _, params in core.asked]
    assert asked == [250, 150, 50]


def test_the_newest_record_says_how_old_all_is() -> None:
    core = Core()
    core.add("a", "DeployStack")
    core.add("a", "UpdateStack", prev_toml=toml(""), current_toml=toml(""))
    assert read_histories(core, {"a": STACK, "b": STACK})["a"][1] == 1  # type: ignore[arg-type]
    assert read_histories(core, {"b": STACK})["b"][1] == 0  # type: ignore[arg-type]


def test_the_commit_is_read_where_it_is_asked_for() -> None:
    core = Core()
    core.add("a", "DeployStack", commit_hash="abc1234")
    assert history(core).good.commit == ""
    assert history(core, commits={"a"}).good.commit == "abc1234"


def test_variables_are_looked_for_until_all_are_found() -> None:
    core = Core()
    for number in range(30):
        text = f"variable: 'V{number}'\nfrom: a\nto:   b"
        core.add("system", "UpdateVariableValue", logs=[{"stdout": text}])
    assert read_variable_changes(core, {"V29", "V27"}, 0) == {"V29": 29, "V27": 27}  # type: ignore[arg-type]
    assert sum(1 for operation, _ in core.asked if operation == "GetUpdate") == 8
    assert read_variable_changes(core, {"V3", "X"}, 3) == {}  # type: ignore[arg-type]
    assert read_variable_changes(core, {"V4"}, 3) == {"V4": 4}  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("records", "gone"),
    [
        (["DeployStack"], False),
        (["DeployStack", "DestroyStack"], True),
        (["DeployStack", "StopStack", "DestroyStack"], True),
        (["DeployStack", "DestroyStack", "StopStack"], True),
        (["DeployStack", "-DestroyStack"], False),
        (["DeployStack", "DestroyStack", "-DestroyStack"], True),
        (["DeployStack", "DestroyStack", "-DeployStack"], False),
        (["DeployStack", "DestroyStack", "StartStack"], False),
        (["DestroyStack", "DeployStack"], False),
        (["DeployStack", "StopStack"], False),
        (["DeployStack", "DestroyStackService"], False),
        ([], False),
    ],
)
def test_what_was_taken_down_last_is_gone(records: list[str], gone: bool) -> None:
    core = Core()
    for word in records:
        core.add("a", word.removeprefix("-"), success=not word.startswith("-"))
    assert history(core).gone is gone
