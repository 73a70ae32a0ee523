"""Every reason for a deploy and every reason against one: facts built directly, no files and no Core."""

from __future__ import annotations

from typing import Any

import pytest
from planning_worlds import (
    OURS,
    alive,
    at,
    change,
    changes,
    codes,
    declared,
    desired,
    live,
    observed,
    payload,
    planned,
    waves,
)

from komodo_sync.model.data import replace
from komodo_sync.model.running import Event, FetchedFile, History, Running
from komodo_sync.model.sealed import Sealed, Unknown

MINUTE = 60_000
THEN = 1_795_415_400_000
"""2026-11-23 06:30 UTC, when everything here was deployed last."""
LATER = THEN + 5 * MINUTE
GOOD = Event("DeployStack", THEN)
TEXT = "services:\n  web:\n    image: nginx\n"
UI = {"server_id": "one", "file_contents": TEXT}
GIT = {"server_id": "one", "repo": "acme/web"}
ONE = live("server/one", {"enabled": True})
TWO = live("server/two", {"enabled": True})


def history(**beside: Any) -> History:
    return History(**{"good": GOOD, **beside})


def running(*, text: str = TEXT, **beside: Any) -> Running:
    return Running(**{"deployed": {"compose.yaml": text}, "history": history(), **beside})


def fetched(text: str, path: str = "compose.yaml", **beside: Any) -> FetchedFile:
    return FetchedFile(path, text, **beside)


def decided(
    config: Any = UI,
    facts: Running | None = None,
    *more: Any,
    held: Any = None,
    runs: str = "running",
    options: Any = None,
    live_beside: Any = None,
    others: Any = (),
    **beside: Any,
) -> Any:
    """The plan for one stack that is declared with `config` and live with `held` (the same, unless told)."""
    wanted = desired(declared("stack/web", config, **{"deploy": True, **beside}), *others)
    core = observed(live("stack/web", config if held is None else held, state=runs), ONE, TWO, *more)
    return planned(wanted, alive(core, {"stack/web": facts or running()}, **(live_beside or {})), **(options or {}))


def reasons(made: Any, text: str = "stack/web") -> list[str]:
    """Why it is deployed; empty where it is not."""
    if "deploy" not in changes(made).get(text, []):
        return []
    return change(made, text, "deploy").reason.split("; ")


def told(made: Any) -> list[str]:
    """The codes of everything that is said of the plan."""
    return [item.code for item in made.plan.findings]


PROBE = "2026-11-23 06:30 UTC"
FOR: list[tuple[str, dict[str, Any], list[str]]] = [
    (
        "a field that reaches the containers",
        {"config": {**UI, "environment": "A=2\n"}, "held": {**UI, "environment": "A=1\n"}},
        ["environment changes"],
    ),
    ("the compose text", {"held": {**UI, "file_contents": "old\n"}}, ["file_contents changes"]),
    (
        "two fields",
        {"config": {**UI, "environment": "A=2\n", "extra_args": ["-q"]}, "held": UI},
        ["extra_args and environment change"],
    ),
    ("a branch", {"config": {**GIT, "branch": "new"}, "held": GIT}, ["branch changes"]),
    ("files that come from elsewhere", {"config": GIT, "held": UI}, ["repo and file_contents change"]),
    (
        "a deployed text that is another one",
        {"facts": running(text="old\n")},
        ["compose.yaml differs from what is deployed"],
    ),
    (
        "a deployed text that does not fit around a variable",
        {
            "config": {**UI, "file_contents": "a: [[X]]\nb: 1\n"},
            "facts": running(text="a: value\nb: 2\n"),
        },
        ["compose.yaml differs from what is deployed"],
    ),
    (
        "a fetched file that is another one",
        {"config": GIT, "facts": running(fetched=(fetched("new\n"),))},
        ["compose.yaml differs from what is deployed"],
    ),
    (
        "a fetched file that was never deployed",
        {"config": GIT, "facts": running(fetched=(fetched(TEXT), fetched("x", "more.yaml")))},
        ["more.yaml differs from what is deployed"],
    ),
    (
        "a config file that asks for it, for the services that read it",
        {"config": GIT, "facts": running(fetched=(fetched("x", "app.conf", services=("web",)),))},
        ["app.conf differs from what is deployed (service web)"],
    ),
    (
        "the last deploy failed",
        {"facts": running(history=history(failed=Event("DeployStack", LATER, stage="Compose Up")))},
        ["the last deploy failed at Compose Up (2026-11-23 06:35 UTC)"],
    ),
    (
        "the first deploy failed, and nothing runs",
        {"runs": "down", "facts": Running(history=History(failed=Event("DeployStack", LATER)))},
        ["the last deploy failed (2026-11-23 06:35 UTC)"],
    ),
    (
        "changed since the last good deploy",
        {"facts": running(history=history(changed={"environment": ("A=1\n", "A=2\n")}))},
        [f"environment was changed after the last deploy ({PROBE})"],
    ),
    (
        "changed since, and nobody can tell in what",
        {"facts": running(history=history(changed=None))},
        [f"it was changed after the last deploy ({PROBE}), and the Core does not tell in what"],
    ),
    (
        "never deployed and not running",
        {"runs": "down", "facts": Running(history=History())},
        ["never deployed, and not running"],
    ),
    (
        "a variable that it uses changed since",
        {
            "config": {**UI, "environment": "A=[[X]]\n"},
            "live_beside": {"variables": {"X": LATER}},
        },
        [f"variable/X was changed after the last deploy ({PROBE})"],
    ),
    (
        "a variable of a fetched file changed since",
        {
            "config": GIT,
            "facts": running(text="a: 1\n", fetched=(fetched("a: [[X]]\n"),)),
            "live_beside": {"variables": {"X": LATER}},
        },
        [f"variable/X was changed after the last deploy ({PROBE})"],
    ),
    (
        "a variable of a secret environment changed since",
        {
            "config": {**UI, "environment": Sealed("A=[[X]]\nB=s\n", {"A": "[[X]]", "B": Sealed("s")})},
            "held": {**UI, "environment": "A=[[X]]\nB=s\n"},
            "live_beside": {"variables": {"X": LATER}},
        },
        [f"variable/X was changed after the last deploy ({PROBE})"],
    ),
    (
        "declared running, and down",
        {"runs": "down", "beside": {"state": "running"}},
        ["declared running, and it is down"],
    ),
    (
        "it moves",
        {"config": {**UI, "server_id": "two"}, "held": UI},
        ["moves from server/one to server/two"],
    ),
    (
        "a move that was cut off after it was taken down",
        {
            "config": {**UI, "server_id": "two"},
            "held": UI,
            "runs": "down",
            "facts": running(history=history(stopped=Event("DestroyStack", LATER, by="me"))),
        },
        ["moves from server/one to server/two"],
    ),
    (
        "a move that was cut off before its deploy",
        {
            "runs": "down",
            "facts": running(
                history=history(stopped=Event("DestroyStack", LATER, by="me"), changed={"server_id": ("two", "one")})
            ),
        },
        [f"server was changed after the last deploy ({PROBE})"],
    ),
    (
        "a commit, of what builds its images itself",
        {
            "config": {**GIT, "run_build": True},
            "facts": running(fetched=(fetched(TEXT),), deployed_hash="abc1234", latest_hash="def5678"),
        },
        ["commit def5678 is new (abc1234 is deployed)"],
    ),
    (
        "it was moved without a deploy, and nobody took it down",
        {"runs": "down", "facts": running(history=history(changed={"server_id": ("two", "one")}))},
        [f"server was changed after the last deploy ({PROBE})"],
    ),
    (
        "it was stopped, and a deploy failed since",
        {"runs": "stopped", "facts": running(history=history(failed=Event("DeployStack", LATER, stage="Compose Up")))},
        ["the last deploy failed at Compose Up (2026-11-23 06:35 UTC)"],
    ),
    (
        "it crashed, and a change may mend it",
        {"config": {**UI, "environment": "A=2\n"}, "held": UI, "runs": "stopped", "facts": running(history=history())},
        ["environment changes"],
    ),
    (
        "it crashed, and other files are there",
        {"config": GIT, "runs": "stopped", "facts": running(history=history(), fetched=(fetched("new\n"),))},
        ["compose.yaml differs from what is deployed"],
    ),
]


def plan_of(case: dict[str, Any]) -> Any:
    given = dict(case)
    return decided(given.pop("config", UI), given.pop("facts", None), **given.pop("beside", {}), **given)


@pytest.mark.parametrize(("case", "told"), [pytest.param(*item, id=name) for name, *item in FOR])
def test_a_reason_for_a_deploy(case: dict[str, Any], told: list[str]) -> None:
    assert reasons(plan_of(case)) == told


AGAINST: list[tuple[str, dict[str, Any]]] = [
    ("everything is as it was deployed", {}),
    ("it is not to be deployed", {"facts": running(text="old\n"), "beside": {"deploy": False}}),
    ("deploys are not asked for", {"facts": running(text="old\n"), "options": {"deploy": False}}),
    ("a field that does not reach the containers", {"config": {**UI, "links": ["x"]}, "held": UI}),
    ("a branch of what is in no repository", {"config": UI, "held": {**UI, "branch": "old"}}),
    (
        "a compose text beside a repository, which wins",
        {"config": {**GIT, "file_contents": "new\n"}, "held": {**GIT, "file_contents": TEXT}},
    ),
    (
        "a branch of what is in no repository, since",
        {"facts": running(history=history(changed={"branch": ("main", "old")}))},
    ),
    (
        "an environment that reads the same",
        {"config": {**UI, "environment": "# why\nA = 1\n"}, "held": {**UI, "environment": "A=1\n"}},
    ),
    (
        "a secret environment that reads the same",
        {
            "config": {**UI, "environment": Sealed("# why\nA=s\n", {"A": Sealed("s")})},
            "held": {**UI, "environment": "A=s\n"},
        },
    ),
    (
        "an environment that was changed since, and reads the same",
        {"facts": running(history=history(changed={"environment": ("A=1\n", "  A = 1\n")}))},
    ),
    (
        "a change since that does not reach the containers",
        {"facts": running(history=history(changed={"links": (1, 2)}))},
    ),
    ("a change since of a field that nobody knows", {"facts": running(history=history(changed={"new": (1, 2)}))}),
    ("nothing is known of what is deployed", {"facts": Running(history=History())}),
    ("nothing at all is known of it", {"facts": Running()}),
    (
        "a text with a variable in it",
        {"config": {**UI, "file_contents": "a: [[X]]\nb: 1\n"}, "facts": running(text="a: value\nb: 1\n")},
    ),
    (
        "a config file that asks for nothing",
        {"config": GIT, "facts": running(fetched=(fetched(TEXT), fetched("x", "app.conf", requires="None")))},
    ),
    (
        "a commit that touches no file of it",
        {"config": GIT, "facts": running(fetched=(fetched(TEXT),), deployed_hash="abc1234", latest_hash="def5678")},
    ),
    ("files that could not be read", {"config": GIT, "facts": running(fetched=(), unreadable=(("git", "no"),))}),
    ("a variable that it does not use", {"live_beside": {"variables": {"X": LATER}}}),
    (
        "a variable that changed before its last deploy",
        {"config": {**UI, "environment": "A=[[X]]\n"}, "live_beside": {"variables": {"X": THEN - 1}}},
    ),
    (
        "a variable that Core leaves alone",
        {
            "config": {**UI, "environment": "A=[[X]]\n", "skip_secret_interp": True},
            "live_beside": {"variables": {"X": LATER}},
        },
    ),
    ("somebody took it down", {"runs": "down"}),
    (
        "somebody took it down, and it changed",
        {
            "runs": "down",
            "facts": running(text="old\n", history=history(stopped=Event("DestroyStack", LATER, by="x"))),
        },
    ),
    (
        "somebody stopped it, and it changes",
        {
            "config": {**UI, "environment": "A=2\n"},
            "held": UI,
            "runs": "stopped",
            "facts": running(history=history(stopped=Event("StopStack", LATER, by="x"))),
        },
    ),
    (
        "somebody paused it past Komodo, and it changes",
        {"config": {**UI, "environment": "A=2\n"}, "held": UI, "runs": "paused", "facts": running(history=history())},
    ),
    (
        "who stopped it is not known, and it changes",
        {"config": {**UI, "environment": "A=2\n"}, "held": UI, "runs": "stopped", "facts": running(history=None)},
    ),
    ("it crashed, and nothing changes", {"runs": "stopped", "facts": running(history=history())}),
    (
        "it was taken down before any deploy",
        {"runs": "down", "facts": Running(history=History(stopped=Event("DestroyStack", LATER, by="x")))},
    ),
    ("it is down and is to be", {"runs": "down", "facts": Running(history=History()), "beside": {"state": "down"}}),
    ("it is down and is to be stopped", {"runs": "down", "facts": Running(), "beside": {"state": "stopped"}}),
    ("some of it does not run", {"runs": "unhealthy"}),
    ("its state is not known", {"runs": "unknown", "facts": running(text="old\n")}),
    ("it is being deployed", {"runs": "deploying", "facts": running(text="old\n")}),
    ("it is a template", {"runs": "down", "facts": Running(history=History()), "beside": {"template": True}}),
    (
        "the project that it keeps is said otherwise now",
        {
            "config": {**UI, "project_name": "web"},
            "held": UI,
            "facts": running(history=history(changed={"project_name": (None, "web")})),
        },
    ),
]


@pytest.mark.parametrize("case", [pytest.param(item, id=name) for name, item in AGAINST])
def test_no_reason_for_a_deploy(case: dict[str, Any]) -> None:
    if "project_name" in case.get("config", {}):
        wanted = desired(declared("stack/web", case["config"], deploy=True))
        held = replace(live("stack/web", case["held"], state="running"), project="web")
        made = planned(wanted, alive(observed(held, ONE), {"stack/web": case["facts"]}))
    else:
        made = plan_of(case)
    assert reasons(made) == []
    assert not {"start", "stop", "destroy"} & set(changes(made).get("stack/web", []))


@pytest.mark.parametrize(
    ("wanted", "held", "action", "operation"),
    [
        ("running", "stopped", "start", "StartStack"),
        ("running", "paused", "start", "UnpauseStack"),
        ("running", "unhealthy", "start", "StartStack"),
        ("running", "down", "deploy", "DeployStack"),
        ("stopped", "running", "stop", "StopStack"),
        ("stopped", "paused", "stop", "StopStack"),
        ("down", "running", "destroy", "DestroyStack"),
        ("down", "stopped", "destroy", "DestroyStack"),
    ],
)
@pytest.mark.parametrize("deploy", [True, False])
def test_a_declared_state_is_brought_about(wanted: str, held: str, action: str, operation: str, deploy: bool) -> None:
    made = (
        decided(state=held, deploy=deploy)
        if False
        else planned(
            desired(declared("stack/web", UI, deploy=deploy, state=wanted, wait="healthy")),
            alive(observed(live("stack/web", UI, state=held, services=("b", "a")), ONE), {"stack/web": running()}),
        )
    )
    assert changes(made) == {"stack/web": [action]}
    sent = payload(made, "stack/web", action).execution
    assert sent is not None
    assert (sent.operation, sent.subject, sent.host) == (operation, "stack", "one")
    assert sent.wait == ("healthy" if action in ("deploy", "start") else "")


@pytest.mark.parametrize(("held", "code"), [("unknown", "state-unknown"), ("deploying", "busy"), ("", "state-unknown")])
def test_what_cannot_be_decided_is_said(held: str, code: str) -> None:
    made = decided(runs=held)
    assert codes(made, "warning") == [code]


def test_what_is_created_is_deployed_after_what_it_needs() -> None:
    wanted = desired(
        declared("variable/X", {"value": "x"}),
        declared("server/new", {"enabled": True}),
        declared("stack/db", {"server_id": "new"}, deploy=True),
        declared("stack/web", {"server_id": "new", "environment": "A=[[X]]\n"}, deploy=True, after=("stack/db",)),
        declared("stack/off", {"server_id": "new"}, deploy=True, state="stopped"),
        declared("stack/up", {"server_id": "new"}, state="running"),
    )
    made = planned(wanted, alive(observed()))
    assert {name: "deploy" in found for name, found in changes(made).items()} == {
        "variable/X": False,
        "server/new": False,
        "stack/db": True,
        "stack/web": True,
        "stack/off": False,
        "stack/up": True,
    }
    order = [step for wave in waves(made) for step in wave]
    assert order.index("stack/db deploy") < order.index("stack/web deploy")
    assert "variable/X create" in [str(need) for need in change(made, "stack/web", "deploy").needs]


def test_a_build_comes_before_what_uses_its_image_and_a_repo_before_what_links_it() -> None:
    image = {"type": "Build", "params": {"build_id": "img", "version": "0.0.0"}}
    built = declared("build/img", {"builder_id": "b", "linked_repo": "code"}, deploy=True)
    wanted = desired(
        declared("repo/code", {"server_id": "one", "repo": "acme/code"}, deploy=True),
        built,
        declared("deployment/app", {"server_id": "one", "image": image}, deploy=True),
    )
    core = observed(
        ONE,
        live("builder/b", {"type": "Url", "params": {}}),
        live("repo/code", {"server_id": "one", "repo": "acme/code"}, state="Ok"),
        live("build/img", {**built.config, "version": "1.0.3"}, state="Ok"),
        live("deployment/app", {"server_id": "one", "image": image}, state="running"),
    )
    facts = {
        "repo/code": Running(
            done_at=THEN, deployed_hash="aaaaaaa", latest_hash="bbbbbbb", history=History(Event("PullRepo", THEN))
        ),
        "build/img": Running(done_at=THEN, history=History(Event("RunBuild", THEN))),
        "deployment/app": Running(deployed={}, history=History(Event("Deploy", THEN))),
    }
    made = planned(wanted, alive(core, facts))
    assert reasons(made, "repo/code") == ["commit bbbbbbb is new (aaaaaaa is checked out)"]
    assert reasons(made, "build/img") == ["repo/code is pulled by this plan"]
    assert reasons(made, "deployment/app") == ["build/img is built by this plan"]
    assert waves(made) == [["repo/code deploy"], ["build/img deploy"], ["deployment/app deploy"]]
    done = {**facts, "repo/code": replace(facts["repo/code"], latest_hash="aaaaaaaa")}
    assert changes(planned(wanted, alive(core, done))) == {}
    later = {**done, "build/img": replace(facts["build/img"], done_at=LATER)}
    told = ["build/img was built after the last deploy (1.0.3, 2026-11-23 06:35 UTC)"]
    assert reasons(planned(wanted, alive(core, later)), "deployment/app") == told


@pytest.mark.parametrize(
    ("facts", "operation", "told"),
    [
        (Running(history=History()), "CloneRepo", "never pulled yet"),
        (
            Running(
                done_at=THEN, deployed_hash="aaaaaaa", latest_hash="bbbbbbb", history=History(Event("PullRepo", THEN))
            ),
            "PullRepo",
            "commit bbbbbbb is new (aaaaaaa is checked out)",
        ),
    ],
)
def test_a_repo_is_cloned_once_and_pulled_from_then_on(facts: Running, operation: str, told: str) -> None:
    config = {"server_id": "one", "repo": "acme/code"}
    made = planned(
        desired(declared("repo/code", config, deploy=True)),
        alive(observed(ONE, live("repo/code", config, state="Ok")), {"repo/code": facts}),
    )
    assert reasons(made, "repo/code") == [told]
    sent = payload(made, "repo/code", "deploy").execution
    assert sent is not None
    assert sent.operation == operation


def test_what_core_looked_up_a_while_ago_is_known_better_from_the_record() -> None:
    config = {"server_id": "one", "repo": "acme/code"}
    facts = Running(
        done_at=THEN,
        deployed_hash="aaaaaaa",
        latest_hash="bbbbbbb",
        history=History(Event("PullRepo", THEN, commit="bbbbbbb")),
    )
    wanted = desired(declared("repo/code", config, deploy=True))
    assert (
        changes(planned(wanted, alive(observed(ONE, live("repo/code", config, state="Ok")), {"repo/code": facts})))
        == {}
    )


def test_services_alone_are_deployed_and_restarted_as_their_files_ask() -> None:
    files = (fetched(TEXT), fetched("x", "app.conf", services=("web",)))
    sent = payload(decided(GIT, running(fetched=files, latest_hash="abc1234")), "stack/web", "deploy").execution
    assert sent is not None
    assert (dict(sent.params), sent.commit) == ({"services": ["web"]}, "")
    files = (fetched(TEXT), fetched("x", "app.conf", services=("web",), requires="Restart"))
    made = decided(GIT, running(fetched=files, latest_hash="abc1234"))
    assert changes(made) == {"stack/web": ["deploy", "start"]}
    whole, again = (payload(made, "stack/web", action).execution for action in ("deploy", "start"))
    assert whole is not None
    assert again is not None
    assert (dict(whole.params), whole.commit) == ({}, "abc1234")
    assert (again.operation, dict(again.params)) == ("RestartStack", {"services": ["web"]})


@pytest.mark.parametrize(
    ("servers", "enabled", "told"),
    [
        ({"one": "NotOk"}, True, "the Core does not reach server/one (NotOk)"),
        ({"one": "Disabled"}, False, "server/one is disabled (enabled: false)"),
    ],
)
def test_nothing_is_deployed_where_it_cannot_be(servers: Any, enabled: bool, told: str) -> None:
    held = observed(live("server/one", {"enabled": enabled}))
    made = planned(desired(declared("stack/web", UI, deploy=True)), alive(held, servers=servers))
    assert changes(made) == {"stack/web": ["create"]}
    [finding] = [item for item in made.plan.findings if item.code == "deploy-withheld"]
    assert finding.message == f"stack/web is not deployed: {told}"


def test_why_a_server_is_not_reached_is_told_as_the_core_says_it_and_without_what_looks_secret() -> None:
    held = observed(ONE, TWO, live("stack/b", {**UI, "server_id": "two"}, state="unknown"))
    down = {"servers": {"one": "NotOk", "two": "NotOk"}}
    silence = {
        "one": "Core failed to validate the key\nmore of it",
        "two": "no way to http://u:hunter2@two",
    }
    wanted = desired(declared("stack/a", UI, deploy=True), declared("stack/b", {**UI, "server_id": "two"}, deploy=True))
    made = planned(wanted, alive(held, {"stack/b": running()}, **down, silence=silence))
    said = {item.code: item.message for item in made.plan.findings}
    assert said["deploy-withheld"] == (
        "stack/a is not deployed: the Core does not reach server/one (NotOk: Core failed to validate the key)"
    )
    assert said["state-unknown"] == (
        "whether stack/b runs as declared cannot be told: server/two is not reached (NotOk: no way to http://u:(secret)@two)"
    )


def test_what_has_no_server_is_not_deployed() -> None:
    made = planned(desired(declared("stack/web", {"file_contents": TEXT}, deploy=True)), alive(observed()))
    assert codes(made, "warning") == ["deploy-withheld"]


def test_nothing_is_deployed_on_an_empty_variable() -> None:
    wanted = desired(declared("variable/X"), declared("stack/web", {**UI, "environment": "A=[[X]]\n"}, deploy=True))
    assert "empty-variable" in codes(planned(wanted, alive(observed(ONE))))
    filled = observed(ONE, live("variable/X", {"value": "x"}))
    assert codes(planned(wanted, alive(filled))) == []


@pytest.mark.parametrize(
    ("held", "how"),
    [((), "is not in the Core yet"), ((live("variable/X", {"value": ""}),), "is empty in the Core")],
)
@pytest.mark.parametrize("value", ["1.27", Sealed("1.27"), Unknown()])
def test_a_variable_that_a_narrowed_run_leaves_out_is_not_said_to_be_empty(held: Any, how: str, value: Any) -> None:
    variable = declared("variable/X", {"value": value})
    wanted = desired(variable, declared("stack/web", {**UI, "environment": "A=[[X]]\n"}, deploy=True))
    core = alive(observed(ONE, *held))
    made = planned(wanted, core, select=["stack/web"])
    [found] = made.plan.refusals
    assert (found.code, found.override, found.hint) == ("not-selected", "--select variable/X", "")
    assert found.message == f"stack/web needs variable/X, which {how} and not selected"
    assert codes(planned(wanted, core, select=["stack/web", "variable/X"])) == []
    [found] = planned(wanted, core, only={at("stack/web")}).plan.refusals
    assert found.hint == "name stacks.yaml too, or apply everything"
    # without a value of its own no selection would help
    empty = desired(replace(variable, config={}), wanted.resources[at("stack/web")])
    assert codes(planned(empty, core, select=["stack/web"])) == ["empty-variable"]


@pytest.mark.parametrize(("version", "refused"), [("1.0.4", True), ("1.0.3", False), ("0.0.0", False)])
def test_nothing_is_deployed_from_a_version_that_was_never_built(version: str, refused: bool) -> None:
    image = {"type": "Build", "params": {"build_id": "img", "version": version}}
    wanted = desired(declared("deployment/app", {"server_id": "one", "image": image}, deploy=True))
    core = observed(ONE, live("build/img", {"version": "1.0.3"}))
    made = planned(wanted, alive(core, {"build/img": Running(done_at=THEN)}))
    assert codes(made) == (["never-built"] if refused else [])


@pytest.mark.parametrize(
    ("version", "counts", "refused"),
    [("1.0.5", True, True), ("1.0.4", True, False), ("1.0.4", False, True), ("0.0.0", True, False)],
)
def test_a_build_in_the_plan_makes_one_version(version: str, counts: bool, refused: bool) -> None:
    image = {"type": "Build", "params": {"build_id": "img", "version": version}}
    built = {"builder_id": "b", "files_on_host": True, "auto_increment_version": counts}
    wanted = desired(
        declared("build/img", {**built, "version": "1.0.3"}, deploy=True),
        declared("deployment/app", {"server_id": "one", "image": image}, deploy=True),
    )
    core = observed(
        ONE,
        live("builder/b", {"type": "Url", "params": {}}),
        live("build/img", {**built, "version": "1.0.3"}, state="Ok"),
    )
    made = planned(wanted, alive(core, {"build/img": Running(history=History())}))
    assert changes(made)["build/img"] == ["deploy"]
    assert codes(made) == (["never-built"] if refused else [])


def test_what_moves_is_taken_down_first() -> None:
    made = planned(
        desired(declared("stack/web", {**UI, "server_id": "two"}, deploy=True)),
        alive(
            observed(live("stack/web", UI, state="running", services=("a", "b")), ONE, TWO), {"stack/web": running()}
        ),
    )
    assert changes(made) == {"stack/web": ["destroy", "update", "deploy"]}
    down = change(made, "stack/web", "destroy")
    assert down.reason == "it leaves server/one for server/two"
    [effect] = down.effects
    assert (effect.kind, effect.subject) == ("stops", "2 services (a, b)")
    assert effect.detail == "compose down"
    assert change(made, "stack/web").effects == ()
    assert waves(made) == [["stack/web destroy", "stack/web update", "stack/web deploy"]]
    assert payload(made, "stack/web", "destroy").execution.host == "one"  # type: ignore[union-attr]


def test_an_old_server_is_switched_off_only_after_what_leaves_it() -> None:
    wanted = desired(declared("server/one"), declared("stack/web", {**UI, "server_id": "two"}, deploy=True))
    made = planned(wanted, alive(observed(live("stack/web", UI, state="running"), ONE, TWO), {"stack/web": running()}))
    order = [step for wave in waves(made) for step in wave]
    assert order.index("stack/web destroy") < order.index("server/one update")


def test_a_move_from_a_server_that_is_not_reached_is_refused_unless_it_is_abandoned() -> None:
    wanted = desired(declared("stack/web", {**UI, "server_id": "two"}, deploy=True))
    core = alive(observed(live("stack/web", UI, state="unknown"), ONE, TWO), {"stack/web": running()})
    made = planned(wanted, core)
    [finding] = made.plan.refusals
    assert (finding.code, finding.override) == ("move-unreachable", "--abandon-old")
    left = planned(wanted, core, abandon_old=True)
    assert changes(left) == {"stack/web": ["update", "deploy"]}
    assert [effect.kind for effect in change(left, "stack/web").effects] == ["leaves"]
    assert codes(left) == []


@pytest.mark.parametrize("looked", [True, False])
@pytest.mark.parametrize("kind", ["stack", "deployment"])
def test_what_nothing_starts_again_is_taken_down_as_well_and_that_is_told(kind: str, looked: bool) -> None:
    text = {"file_contents": "services: {}\n"} if kind == "stack" else {}
    wanted = desired(declared(f"{kind}/web", {**text, "server_id": "two"}))
    core = observed(live(f"{kind}/web", {**text, "server_id": "one"}, state="running", project="web"), ONE, TWO)
    made = planned(wanted, alive(core) if looked else core)
    assert changes(made) == {f"{kind}/web": ["destroy", "update"]}
    assert change(made, f"{kind}/web").effects == ()
    [finding] = made.plan.findings
    assert (finding.code, finding.severity) == ("not-started", "warning")
    assert finding.message == f"{kind}/web is taken down on server/one, and nothing starts it on server/two"
    assert "`deploy: true` or `state: running`" in finding.hint
    assert "--abandon-old" in finding.hint
    left = planned(wanted, core, abandon_old=True)
    assert changes(left) == {f"{kind}/web": ["update"]}
    assert [effect.kind for effect in change(left, f"{kind}/web").effects] == ["leaves"]
    assert told(left) == []
    assert changes(planned(wanted, core, deploy=False)) == {f"{kind}/web": ["update"]}


@pytest.mark.parametrize(
    ("before", "after", "old", "new"),
    [
        ({"server_id": "one"}, {"swarm_id": "sw"}, "server/one", "swarm/sw"),
        ({"swarm_id": "sw"}, {"server_id": "one"}, "swarm/sw", "server/one"),
        ({"swarm_id": "sw", "server_id": "one"}, {"server_id": "one"}, "swarm/sw", "server/one"),
    ],
)
@pytest.mark.parametrize("deploy", [True, False])
def test_a_swarm_is_left_as_a_server_is(before: Any, after: Any, old: str, new: str, deploy: bool) -> None:
    held = live("stack/web", {**before, "file_contents": TEXT}, state="running", project="web")
    wanted = desired(declared("stack/web", {**after, "file_contents": TEXT}, deploy=deploy))
    made = planned(wanted, alive(observed(held, ONE, live("swarm/sw")), {"stack/web": running()}))
    assert changes(made) == {"stack/web": ["destroy", "update", *(["deploy"] if deploy else [])]}
    assert change(made, "stack/web", "destroy").reason == f"it leaves {old} for {new}"


def test_a_server_beside_a_swarm_is_no_host() -> None:
    held = live("stack/web", {"swarm_id": "sw", "server_id": "one"}, state="running", project="web")
    made = planned(desired(declared("stack/web", {"swarm_id": "sw"})), observed(held, ONE, live("swarm/sw")))
    assert changes(made) == {"stack/web": ["update"]}
    assert change(made, "stack/web").effects == ()


def test_what_is_taken_off_its_server_is_taken_down() -> None:
    held = live("stack/web", UI, state="stopped", project="web")
    made = planned(desired(declared("stack/web", {"file_contents": TEXT})), observed(held, ONE))
    assert changes(made) == {"stack/web": ["destroy", "update"]}
    assert change(made, "stack/web", "destroy").reason == "it leaves server/one"
    [finding] = made.plan.findings
    assert finding.message == "stack/web is taken down on server/one, and has no server or swarm any more"


@pytest.mark.parametrize("state", ["down", "unknown"])
@pytest.mark.parametrize("deploy", [True, False])
def test_what_was_never_deployed_leaves_nothing_behind(state: str, deploy: bool) -> None:
    facts = {"stack/web": Running(history=History())}
    held = observed(live("stack/web", UI, state=state), ONE, TWO)
    made = planned(desired(declared("stack/web", {**UI, "server_id": "two"}, deploy=deploy)), alive(held, facts))
    assert changes(made) == {"stack/web": ["update", "deploy"] if deploy else ["update"]}
    assert change(made, "stack/web").effects == ()
    assert told(made) == []


def test_what_may_run_on_a_server_that_is_not_reached_is_not_left_there_either() -> None:
    wanted = desired(declared("stack/web", {**UI, "server_id": "two"}))
    core = observed(live("stack/web", UI, state="unknown", project="web"), ONE, TWO)
    made = planned(wanted, core)
    assert told(made) == ["move-unreachable"]
    assert changes(planned(wanted, core, abandon_old=True)) == {"stack/web": ["update"]}


def test_what_is_being_deployed_where_it_is_left_is_taken_down_once_that_has_ended() -> None:
    wanted = desired(declared("stack/web", {**UI, "server_id": "two"}, deploy=True))
    core = alive(observed(live("stack/web", UI, state="deploying", project="web"), ONE, TWO), {"stack/web": running()})
    made = planned(wanted, core)
    assert changes(made) == {"stack/web": ["destroy", "update", "deploy"]}
    assert told(made) == []


def test_what_somebody_stopped_is_taken_down_where_it_is_left_and_not_started() -> None:
    stopped = running(history=history(stopped=Event("StopStack", LATER, by="them")))
    made = decided({**UI, "server_id": "two"}, stopped, held=UI, runs="stopped")
    assert changes(made) == {"stack/web": ["destroy", "update"]}
    assert told(made) == ["not-started"]
    [finding] = made.plan.findings
    assert finding.hint.startswith("what somebody stopped is not started")


@pytest.mark.parametrize(
    ("runs", "bare", "gone", "kinds"),
    [
        ("down", False, False, []),
        ("down", True, True, []),
        ("down", True, False, ["leaves"]),
        ("unknown", False, False, ["leaves"]),
        ("", False, False, ["leaves"]),
        ("running", False, False, ["leaves"]),
    ],
)
def test_what_runs_nowhere_any_more_does_not_keep_running(runs: str, bare: bool, gone: bool, kinds: list[str]) -> None:
    """As where a move took it down and could not write its config, and nothing is to be deployed this time."""
    facts, where = running(history=history(gone=gone)), {"bare": frozenset({"one"}) if bare else frozenset()}
    made = decided({**UI, "server_id": "two"}, facts, held=UI, runs=runs, options={"deploy": False}, live_beside=where)
    assert changes(made) == {"stack/web": ["update"]}
    assert [effect.kind for effect in change(made, "stack/web").effects] == kinds


@pytest.mark.parametrize("runs", ["stopped", "unhealthy", "paused", "down"])
def test_what_ended_by_itself_is_deployed_where_it_moves(runs: str) -> None:
    """What is taken down for that would be deployed by the next plan."""
    made = decided({**UI, "server_id": "two"}, held=UI, runs=runs)
    assert changes(made) == {"stack/web": [*(["destroy"] if runs != "down" else []), "update", "deploy"]}
    assert reasons(made) == ["moves from server/one to server/two"]
    assert told(made) == []


def test_what_somebody_stopped_before_it_moved_stays_so_whoever_it_was() -> None:
    moved = {"server_id": ("one", "two")}
    facts = running(history=history(stopped=Event("StopStack", LATER, by="me"), changed=moved))
    assert reasons(decided({**UI, "server_id": "two"}, facts, runs="down")) == []


@pytest.mark.parametrize("state", ["stopped", "down"])
def test_what_is_declared_not_to_run_needs_nothing_to_start_it(state: str) -> None:
    made = decided({**UI, "server_id": "two"}, held=UI, state=state)
    assert changes(made) == {"stack/web": ["destroy", "update"]}
    assert told(made) == []


def test_a_move_to_a_server_that_is_not_reached_is_refused() -> None:
    wanted = desired(declared("stack/web", {**UI, "server_id": "two"}, deploy=True))
    core = observed(live("stack/web", UI, state="running"), ONE, TWO)
    made = planned(wanted, alive(core, {"stack/web": running()}, servers={"two": "NotOk"}))
    assert codes(made) == ["move-unreachable"]
    assert made.plan.refusals[0].hint.endswith("or declare it on server/one, where it is, until then")
    assert changes(made) == {"stack/web": ["update"]}


@pytest.mark.parametrize(
    ("held", "project", "given", "pinned"),
    [
        ("running", "tools", {}, "tools"),
        ("running", "", {}, "tools"),
        ("down", "other", {}, "other"),
        ("down", "", {}, None),
        ("running", "tools", {"project_name": ""}, None),
        ("running", "tools", {"project_name": "mine"}, "mine"),
    ],
)
def test_a_rename_keeps_the_project_unless_told_otherwise(held: str, project: str, given: Any, pinned: Any) -> None:
    core = observed(replace(live("stack/tools", {"repo": "x"}, state=held), project=project))
    made = planned(desired(declared("stack/box", {"repo": "x", **given}, renamed_from="tools")), core)
    sent = payload(made, "stack/box").config if "update" in changes(made)["stack/box"] else {}
    assert sent.get("project_name") == pinned


@pytest.mark.parametrize(("project", "left"), [("tools", True), ("other", False), ("", False)])
def test_a_kept_project_is_no_difference_as_long_as_it_is_deployed(project: str, left: bool) -> None:
    core = observed(
        replace(live("stack/box", {"repo": "x", "project_name": "tools"}, state="running"), project=project)
    )
    made = planned(desired(declared("stack/box", {"repo": "x"})), core)
    assert changes(made) == ({} if left else {"stack/box": ["update"]})


def test_a_delete_takes_down_first_or_detaches() -> None:
    held = observed(live("stack/old", UI, OURS, state="running", services=("a",)), ONE, live("stack/web", {}, OURS))
    wanted = desired(declared("stack/web"))
    made = planned(wanted, held, owner="us", prune=True)
    assert changes(made) == {"stack/old": ["destroy", "delete"]}
    assert waves(made) == [["stack/old destroy"], ["stack/old delete"]]
    kept = planned(wanted, held, owner="us", prune=True, removal="keep_running")
    assert changes(kept) == {"stack/old": ["delete"]}
    assert payload(kept, "stack/old", "delete").detach
    assert [effect.kind for effect in change(kept, "stack/old", "delete").effects] == ["leaves", "irreversible"]


@pytest.mark.parametrize("given", [{"file_contents": ""}, {"file_contents": " \n"}, {}])
@pytest.mark.parametrize("held", [(), (live("stack/a", UI, state="running", services=("a",)),)])
def test_a_stack_with_nothing_to_deploy_is_refused(given: Any, held: Any) -> None:
    wanted = {"server_id": "one", "environment": "A=1", **given}
    made = planned(desired(declared("stack/a", wanted, deploy=True)), alive(observed(ONE, *held)))
    [finding] = made.plan.refusals
    assert (finding.code, finding.message) == (
        "no-source",
        "stack/a would be deployed, and has nothing to deploy: no files_on_host, linked_repo, repo or file_contents",
    )
    for item in (declared("stack/a", wanted), declared("stack/a", wanted, deploy=True, state="down")):
        assert codes(planned(desired(item), alive(observed(ONE, *held)))) == []


@pytest.mark.parametrize("given", [{"repo": "a/b"}, {"files_on_host": True}, {"file_contents": Sealed(TEXT)}])
def test_a_stack_with_files_from_anywhere_is_deployed(given: Any) -> None:
    wanted = declared("stack/a", {"server_id": "one", **given}, deploy=True)
    assert codes(planned(desired(wanted), alive(observed(ONE)))) == []


def test_more_deploys_than_the_limit_are_refused() -> None:
    from komodo_sync.planning.options import Limits

    made = planned(
        desired(declared("stack/a", UI, deploy=True), declared("stack/b", UI, deploy=True)),
        alive(observed(ONE)),
        limits=Limits(deploys=1),
    )
    [finding] = made.plan.refusals
    assert (finding.code, finding.override) == ("limit-deploys", "--allow-deploys 2")
    assert finding.message == "2 deploys are more than limits.deploys allows (1)"


def test_a_limit_counts_what_a_flag_would_deploy_too() -> None:
    from komodo_sync.planning.options import Limits

    wanted = desired(
        declared("stack/new", UI, deploy=True), declared("stack/web", {**UI, "server_id": "two"}, deploy=True)
    )
    core = alive(observed(live("stack/web", UI, state="unknown"), ONE, TWO), {"stack/web": running()})
    limit, moves = planned(wanted, core, limits=Limits(deploys=1)).plan.refusals
    assert moves.override == "--abandon-old"
    assert limit.message == "2 deploys (1 once --abandon-old allows the move) are more than limits.deploys allows (1)"
    assert limit.override == "--allow-deploys 2"
    assert codes(planned(wanted, core, limits=Limits(deploys=2), allow_deploys=2, abandon_old=True)) == []


@pytest.mark.parametrize(
    ("facts", "told"),
    [
        (History(good=Event("RunAction", THEN)), ""),
        (
            History(good=Event("RunAction", THEN), changed={"file_contents": ("a", "b")}),
            f"changed after it ran last ({PROBE}; run_on_change)",
        ),
        (History(good=Event("RunAction", THEN), failed=Event("RunAction", LATER)), ""),
        (
            History(made=Event("CreateAction", THEN, by="me")),
            "never run to its end since it was created (run_on_change)",
        ),
        (History(made=Event("CreateAction", THEN, by="somebody")), ""),
    ],
)
def test_an_action_is_run_once_after_a_change(facts: History, told: str) -> None:
    config = {"file_contents": "a\n"}
    item = declared("action/x", config, run_on_change=True)
    made = planned(
        desired(item), alive(observed(live("action/x", config, state="Ok")), {"action/x": Running(history=facts)})
    )
    assert changes(made) == ({"action/x": ["run"]} if told else {})
    if told:
        assert change(made, "action/x", "run").reason == told
    changed = planned(desired(item), alive(observed(live("action/x", {}, state="Ok"))))
    assert changes(changed) == {"action/x": ["update", "run"]}
    assert changes(planned(desired(item), alive(observed()))) == {"action/x": ["create", "run"]}


def test_a_run_of_a_procedure_says_what_its_stages_do() -> None:
    def stage(*executions: tuple[str, dict[str, Any]], **beside: Any) -> dict[str, Any]:
        given = [{"execution": {"type": name, "params": params}} for name, params in executions]
        return {"name": "one", "executions": given, **beside}

    stages = [
        stage(("RunBuild", {"build": "api"}), ("DestroyStack", {"stack": "web", "services": ["a"]})),
        stage(("BatchDestroyStack", {"pattern": "old-*"}), ("PruneVolumes", {"server": "one"}), ("Sleep", {})),
        stage(("BatchDestroyStack", {"pattern": Unknown()}), ("BatchDestroyStack", {"pattern": Sealed("hunter2")})),
        stage(("StopStack", {"stack": "idle"}), enabled=False),
    ]
    stages[1]["executions"].append({"execution": {"type": "StopStack", "params": {"stack": "off"}}, "enabled": False})
    item = declared("procedure/x", {"stages": stages}, run_on_change=True)
    world = observed(
        ONE,
        *(
            live(f"{kind}/{name}")
            for kind, name in (("build", "api"), ("stack", "web"), ("stack", "idle"), ("stack", "off"))
        ),
    )
    made = planned(desired(item), alive(world))
    assert [(each.kind, each.detail) for each in change(made, "procedure/x", "run").effects] == [
        ("stops", "DestroyStack web, BatchDestroyStack old-*, BatchDestroyStack"),
        ("loses", "PruneVolumes one"),
        ("executes", "RunBuild api"),
    ]


def test_nothing_is_deployed_where_another_one_runs_under_that_name() -> None:
    theirs = live("stack/theirs", {"server_id": "one", "project_name": "web"}, state="running")
    made = planned(desired(declared("stack/web", UI, deploy=True)), alive(observed(ONE, theirs)))
    [finding] = made.plan.refusals
    assert (finding.code, finding.addresses) == ("runs-twice", (at("stack/web"), at("stack/theirs")))
    elsewhere = live("stack/theirs", {"server_id": "two", "project_name": "web"}, state="running")
    assert codes(planned(desired(declared("stack/web", UI, deploy=True)), alive(observed(ONE, TWO, elsewhere)))) == []


def test_a_kept_project_and_a_new_stack_of_the_old_name_are_refused() -> None:
    held = live("stack/site", {**UI, "project_name": "web"}, state="running", project="web")
    wanted = desired(declared("stack/site", UI), declared("stack/web", UI, deploy=True))
    made = planned(wanted, alive(observed(ONE, held)))
    assert changes(made) == {"stack/web": ["create", "deploy"]}
    assert codes(made) == ["runs-twice"]


def test_what_is_left_stopped_is_said() -> None:
    facts = running(history=history(stopped=Event("StopStack", LATER, by="x")))
    [finding] = [item for item in decided(UI, facts, runs="stopped").plan.findings if item.code == "left-stopped"]
    assert finding.message == ("stack/web is stopped and is left so (StopStack, 2026-11-23 06:35 UTC)")
    assert codes(decided(UI, facts, runs="stopped"), "warning") == []


@pytest.mark.parametrize(
    ("runs", "operation", "by"),
    [("stopped", "StopStack", "me"), ("down", "DestroyStack", "x"), ("down", "StopStack", "me")],
)
def test_who_stopped_it_is_named(runs: str, operation: str, by: str) -> None:
    facts = running(history=history(stopped=Event(operation, LATER, by=by, user="bob")))
    made = decided(UI, facts, runs=runs)
    [finding] = made.plan.findings
    assert (finding.code, finding.severity) == ("left-stopped", "note")
    assert finding.message == f"stack/web is {runs} and is left so ({operation}, 2026-11-23 06:35 UTC, by bob)"


@pytest.mark.parametrize("user", ["bob", ""])
def test_what_the_user_of_this_key_took_down_may_be_a_move_that_did_not_finish(user: str) -> None:
    facts = running(history=history(stopped=Event("DestroyStack", LATER, by="me", user=user)))
    made = decided(UI, facts, runs="down")
    [finding] = made.plan.findings
    assert (finding.code, finding.severity) == ("left-stopped", "warning")
    who = f"{user or 'ci'}, whose key this is,"
    assert finding.message == f"stack/web is down: {who} took it down on 2026-11-23 06:35 UTC"
    assert "a move that did not finish, declare `state: running` once" in finding.hint
    assert not made.plan.unproven
    assert told(decided(UI, facts, runs="down", state="down")) == []


def test_of_what_may_end_by_itself_as_far_as_is_known_here_nothing_is_said() -> None:
    made = decided({**UI, "ignore_services": [Unknown()]}, running(), runs="stopped", held=UI)
    assert "not-running" not in codes(made, "warning")


@pytest.mark.parametrize("runs", ["stopped", "down", "unhealthy", "dead"])
def test_what_was_deployed_and_ended_by_itself_is_said(runs: str) -> None:
    made = decided(UI, running(), runs=runs)
    assert changes(made) == {}
    assert made.plan.unproven == {at("stack/web")}
    [finding] = [item for item in made.plan.findings if item.code == "not-running"]
    assert finding.message == (
        f"stack/web was deployed and does not run: it is {runs}, and nobody stopped it in Komodo"
    )
    assert finding.hint.startswith("deploy it in Komodo, or" if runs == "down" else "see its log in Komodo")


@pytest.mark.parametrize(
    ("case", "runs"),
    [
        pytest.param(
            {"facts": running(history=history(stopped=Event("StopStackService", LATER)))}, "unhealthy", id="a service"
        ),
        pytest.param({"facts": running()}, "paused", id="somebody paused it"),
        pytest.param({"facts": Running(history=History())}, "stopped", id="never deployed by Komodo"),
        pytest.param({"facts": Running()}, "stopped", id="nothing is known"),
        pytest.param({"facts": running(), "deploy": False}, "stopped", id="it is not to be deployed"),
        pytest.param({"facts": running(), "state": "stopped"}, "stopped", id="it is to be so"),
    ],
)
def test_what_may_not_run_is_no_matter(case: dict[str, Any], runs: str) -> None:
    assert decided(UI, runs=runs, **case).plan.unproven == frozenset()


def test_what_is_to_end_by_itself_is_no_matter() -> None:
    config = {**UI, "ignore_services": ["job"]}
    held = replace(live("stack/web", config, state="down"), services=("job",))
    made = planned(
        desired(declared("stack/web", config, deploy=True)), alive(observed(held, ONE), {"stack/web": running()})
    )
    assert made.plan.unproven == frozenset()
    image = {"type": "Image", "params": {"image": "nginx"}}
    once = {"server_id": "one", "image": image, "restart": "no"}
    facts = Running(history=History(good=Event("Deploy", THEN)))
    for config, left in ((once, 0), ({**once, "restart": "always"}, 1)):
        core = observed(live("deployment/job", config, state="exited"), ONE)
        made = planned(desired(declared("deployment/job", config, deploy=True)), alive(core, {"deployment/job": facts}))
        assert len(made.plan.unproven) == left


def test_a_changed_checkout_deploys_what_is_from_it() -> None:
    linked = {"server_id": "one", "linked_repo": "code"}
    code = {"server_id": "one", "repo": "acme/code"}
    wanted = desired(declared("repo/code", {**code, "branch": "next"}), declared("stack/web", linked, deploy=True))
    core = observed(ONE, live("repo/code", code), live("stack/web", linked, state="running"))
    made = planned(wanted, alive(core, {"stack/web": running()}))
    assert reasons(made) == ["repo/code, which its files are from, changes"]
    [need] = [each for each in change(made, "stack/web", "deploy").needs if each.address == at("repo/code")]
    assert str(need) == "repo/code update"


def test_a_running_stack_whose_state_is_kept_runs_after_a_move() -> None:
    wanted = desired(declared("stack/web", {**UI, "server_id": "two"}, state="running"))
    made = planned(wanted, alive(observed(live("stack/web", UI, state="running"), ONE, TWO), {"stack/web": running()}))
    assert changes(made) == {"stack/web": ["destroy", "update", "deploy"]}
    assert reasons(made) == ["moves from server/one to server/two"]


def test_a_key_that_sees_no_variables_says_so() -> None:
    config = {**UI, "environment": "A=[[X]]\n"}
    made = decided(config, live_beside={"complete": False})
    assert codes(made, "note") == ["variables-unseen"]
    assert codes(decided(UI, live_beside={"complete": False}), "note") == []


@pytest.mark.parametrize(
    ("facts", "told"),
    [
        (
            running(fetched=(), unreadable=(("git", "ERROR: no such branch\nmore"),)),
            "could not be read: git: no such branch",
        ),
        (running(fetched=(), missing=("a.yaml",)), "a.yaml of stack/web is declared and not there"),
        (
            running(fetched=(), missing=("a.yaml",), unreadable=(("a.yaml", "ERROR: none"),)),
            "the files of stack/web could not be read: a.yaml: none",
        ),
        (running(fetched=(), unreadable=(("git", "fatal: https://me:hunter2@x/y"),)), "could not be read: git"),
    ],
)
def test_files_that_are_not_known_are_said(facts: Running, told: str) -> None:
    made = decided(GIT, facts, live_beside={"refreshed": frozenset({at("stack/web")})})
    [finding] = [item for item in made.plan.findings if item.code == "files-unknown"]
    assert told in finding.message
    assert "hunter2" not in finding.message
    assert reasons(made) == []


def test_what_was_not_fetched_anew_is_said_with_its_age() -> None:
    facts = running(fetched=(fetched(TEXT),), seen_at=LATER)
    [finding] = decided(GIT, facts, options={"refresh": False}).plan.findings
    assert finding.message == (
        "the files of stack/web are known as the Core read them last, at the latest since 2026-11-23 06:35 UTC: "
        "not refreshed, because --no-refresh was given"
    )
    [finding] = decided(GIT, replace(facts, refusal="this key may not")).plan.findings
    assert finding.message.endswith("not refreshed, because this key may not")
    assert decided(GIT, facts, live_beside={"refreshed": frozenset({at("stack/web")})}).plan.findings == ()


@pytest.mark.parametrize(
    ("beside", "refreshed", "told"),
    [
        ({}, True, []),
        ({}, False, ["repo/code is pulled by this plan"]),
        ({"run_build": True}, True, ["repo/code is pulled by this plan"]),
    ],
)
def test_a_pull_that_touches_no_file_of_a_stack_is_no_reason(beside: Any, refreshed: bool, told: list[str]) -> None:
    linked = {"server_id": "one", "linked_repo": "code", **beside}
    code = {"server_id": "one", "repo": "acme/code"}
    wanted = desired(declared("repo/code", code, deploy=True), declared("stack/web", linked, deploy=True))
    core = observed(ONE, live("repo/code", code, state="Ok"), live("stack/web", linked, state="running"))
    facts = {
        "repo/code": Running(
            done_at=THEN, deployed_hash="aaaaaaa", latest_hash="bbbbbbb", history=History(Event("PullRepo", THEN))
        ),
        "stack/web": running(fetched=(fetched(TEXT),)),
    }
    seen = {"refreshed": frozenset({at("stack/web")})} if refreshed else {}
    made = planned(wanted, alive(core, facts, **seen))
    assert changes(made)["repo/code"] == ["deploy"]
    assert reasons(made) == told


def test_what_comes_after_awaits_what_is_not_deployed_now() -> None:
    wanted = desired(
        declared("stack/db", UI, deploy=True, wait="healthy"),
        declared("stack/off", {"server_id": "one"}, state="stopped", wait="running"),
        declared("stack/web", {**UI, "project_name": "w"}, deploy=True, after=("stack/db", "stack/off")),
    )
    core = observed(
        ONE, live("stack/db", UI, state="running"), live("stack/off", {"server_id": "one"}, state="stopped")
    )
    made = planned(wanted, alive(core, {"stack/db": running()}))
    assert changes(made) == {"stack/web": ["create", "deploy"]}
    execution = payload(made, "stack/web", "deploy").execution
    assert execution is not None
    assert execution.awaits == ((at("stack/db"), "healthy"),)


def test_a_rename_that_was_cut_off_keeps_the_project_too() -> None:
    def made(**config: Any) -> Any:
        wanted = desired(declared("stack/site", {**UI, **config}, deploy=True, renamed_from="web"))
        held = replace(live("stack/site", UI, state="running"), project="web")
        return planned(wanted, alive(observed(held, ONE), {"stack/site": running()}))

    assert payload(made(), "stack/site", "update").config == {"project_name": "web"}
    assert changes(made()) == {"stack/site": ["update"]}
    assert changes(made(project_name="")) == {}


@pytest.mark.parametrize(
    ("facts", "deployed"), [(Running(history=History()), False), (running(), True)], ids=["never deployed", "deployed"]
)
def test_nothing_is_deployed_upon_what_was_never_deployed(facts: Running, deployed: bool) -> None:
    wanted = desired(
        declared("stack/base", UI, deploy=True),
        declared("stack/a", {"server_id": "two"}, deploy=True, after=("stack/b",)),
        declared("stack/b", {"server_id": "two"}, deploy=True, after=("stack/base",)),
    )
    core = observed(ONE, TWO, live("stack/base", UI, state="unknown"))
    made = planned(wanted, alive(core, {"stack/base": facts}, servers={"one": "NotOk"}))
    found = changes(made)
    assert ["deploy" in found[name] for name in ("stack/a", "stack/b")] == [deployed] * 2
    said = [item.message for item in made.plan.findings if item.code == "deploy-withheld"]
    assert said == (
        []
        if deployed
        else [
            "stack/a is not deployed: stack/b, after which it comes, is not deployed",
            "stack/b is not deployed: stack/base, after which it comes, is not deployed",
        ]
    )


BUILT = {"type": "Build", "params": {"build_id": "img", "version": "0.0.0"}}
FOLLOWS = {"server_id": "one", "image": BUILT, "redeploy_on_build": True}


def follower(config: Any = FOLLOWS, *, runs: str = "running", **beside: Any) -> Any:
    """The plan in which a build is made, and a deployment follows it that is declared so, or not at all."""
    build = {"builder_id": "b", "repo": "acme/code"}
    wanted = [declared("build/img", build, deploy=True)]
    if beside:
        wanted.append(declared("deployment/app", config, **beside))
    held = observed(
        ONE,
        TWO,
        live("builder/b", {"type": "Url", "params": {}}),
        live("build/img", {**build, "version": "1.0.3"}, state="Ok"),
        live("deployment/app", FOLLOWS, state=runs, project="app"),
    )
    facts = {
        "build/img": Running(history=history(good=Event("RunBuild", THEN)), deployed_hash="a1", latest_hash="b2"),
        "deployment/app": Running(deployed={}, history=history(good=Event("Deploy", LATER))),
    }
    return planned(desired(*wanted), alive(held, facts))


def unasked(made: Any, text: str, action: str = "deploy") -> list[tuple[str, str]]:
    return [
        (effect.subject, effect.detail) for effect in change(made, text, action).effects if effect.kind == "deploys"
    ]


@pytest.mark.parametrize("config", [FOLLOWS, {**FOLLOWS, "environment": "A=1\n"}])
def test_what_komodo_deploys_by_itself_after_a_build_is_one_deploy(config: Any) -> None:
    made = follower(config, deploy=True)
    assert unasked(made, "build/img") == []
    assert unasked(made, "deployment/app") == [("", "Komodo does it by itself after build/img (redeploy_on_build)")]
    sent = payload(made, "deployment/app", "deploy").execution
    assert sent is not None
    assert sent.follows == (at("build/img"),)


@pytest.mark.parametrize("beside", [{}, {"deploy": False}])
def test_what_komodo_deploys_by_itself_and_nobody_asked_for_is_told_of_the_build(beside: Any) -> None:
    made = follower(**beside)
    told = "Komodo deploys it by itself after the build (redeploy_on_build)"
    assert unasked(made, "build/img") == [("deployment/app", told)]
    assert "deployment/app" not in changes(made)


def test_komodo_deploys_a_pinned_version_too() -> None:
    pinned = {**FOLLOWS, "image": {"type": "Build", "params": {"build_id": "img", "version": "1.0.3"}}}
    build = {"builder_id": "b", "repo": "acme/code"}
    held = observed(
        ONE,
        live("builder/b", {"type": "Url", "params": {}}),
        live("build/img", {**build, "version": "1.0.3"}),
        live("deployment/app", pinned, state="running"),
    )
    facts = {
        "build/img": Running(history=history(good=Event("RunBuild", THEN)), deployed_hash="a1", latest_hash="b2"),
        "deployment/app": Running(deployed={}, history=history(good=Event("Deploy", LATER))),
    }
    wanted = desired(declared("build/img", build, deploy=True), declared("deployment/app", pinned, deploy=True))
    made = planned(wanted, alive(held, facts))
    assert changes(made) == {"build/img": ["deploy"]}
    assert [subject for subject, _ in unasked(made, "build/img")] == ["deployment/app"]


@pytest.mark.parametrize(
    ("runs", "config", "beside"),
    [
        ("exited", FOLLOWS, {}),
        ("not_deployed", FOLLOWS, {}),
        ("unknown", FOLLOWS, {}),
        ("not_deployed", FOLLOWS, {"deploy": True, "state": "running"}),
        ("running", {**FOLLOWS, "redeploy_on_build": False}, {"deploy": True}),
        ("running", {**FOLLOWS, "server_id": "two"}, {"deploy": True}),
    ],
)
def test_what_komodo_leaves_alone_is_not_said_to_follow(runs: str, config: Any, beside: Any) -> None:
    made = follower(config, runs=runs, **beside)
    assert unasked(made, "build/img") == []
    if "deploy" in changes(made).get("deployment/app", []):
        assert payload(made, "deployment/app", "deploy").execution.follows == ()  # type: ignore[union-attr]


ON_SWARM = {"swarm_id": "sw", "file_contents": TEXT}


@pytest.mark.parametrize("runs", ["unhealthy", "stopped", "paused", "dead"])
def test_nothing_is_started_on_a_swarm_it_is_deployed(runs: str) -> None:
    made = decided(ON_SWARM, None, live("swarm/sw"), runs=runs, state="running", deploy=False)
    assert changes(made) == {"stack/web": ["deploy"]}
    assert reasons(made) == [f"declared running, and it is {runs}"]


def test_nothing_is_stopped_on_a_swarm_and_that_is_told() -> None:
    made = decided(ON_SWARM, None, live("swarm/sw"), state="stopped")
    assert changes(made) == {}
    assert told(made) == ["deploy-withheld"]
    assert changes(decided(ON_SWARM, None, live("swarm/sw"), state="down")) == {"stack/web": ["destroy"]}


def test_what_reads_a_changed_file_on_a_swarm_is_deployed_and_not_restarted() -> None:
    git = {"swarm_id": "sw", "repo": "acme/web"}
    facts = running(fetched=(fetched("x", "app.conf", requires="Restart"),))
    made = decided(git, replace(facts, deployed={"app.conf": "y"}), live("swarm/sw"))
    assert changes(made) == {"stack/web": ["deploy"]}


WAS_WEB = live("stack/web2", UI, OURS, state="running", project="web")
"""Deployed as web, and renamed in Komodo since."""


@pytest.mark.parametrize("state", ["running", "down"])
@pytest.mark.parametrize(
    ("tags", "declares", "way"),
    [
        ((OURS,), (), "`renamed_from: web2` in the manifest of stack/web, if it is the same one, or rename stack/web2"),
        ((), (), "rename stack/web2 back in Komodo"),
        ((OURS,), (declared("stack/web2", UI),), "rename stack/web2 back in Komodo"),
    ],
)
def test_nothing_is_deployed_where_what_was_renamed_still_runs(
    state: str, tags: tuple[str, ...], declares: tuple[Any, ...], way: str
) -> None:
    held = replace(WAS_WEB, tags=frozenset(tags), state=state)
    wanted = desired(declared("stack/web", UI, deploy=True), *declares)
    for prune in (True, False):
        made = planned(wanted, alive(observed(ONE, held)), owner="us", prune=prune)
        [finding] = made.plan.refusals
        assert (finding.code, finding.addresses) == ("runs-twice", (at("stack/web"), at("stack/web2")))
        assert "would be deployed as web on server/one, as which stack/web2 was deployed last" in finding.message
        assert way in finding.hint


def test_what_was_renamed_takes_nobody_down_when_it_is_deployed_anew() -> None:
    theirs = live("stack/web", {**UI, "project_name": "web"}, state="running", project="web")
    facts = {"stack/web2": running(text="old\n")}
    wanted = desired(declared("stack/web2", UI, deploy=True))
    [finding] = planned(wanted, alive(observed(ONE, WAS_WEB, theirs), facts)).plan.refusals
    assert (finding.code, finding.addresses) == ("runs-twice", (at("stack/web2"), at("stack/web")))
    assert "would take down web on server/one, as which it was deployed last, and stack/web with it" in finding.message
    # alone it leaves its old name behind
    made = planned(wanted, alive(observed(ONE, WAS_WEB), facts))
    assert (changes(made), codes(made)) == ({"stack/web2": ["deploy"]}, [])


def test_the_name_that_another_one_leaves_in_this_plan_is_free_after_it() -> None:
    facts = {"stack/web2": running(text="old\n")}
    core = alive(observed(ONE, WAS_WEB), facts)
    first = declared("stack/web2", UI, deploy=True)
    assert codes(planned(desired(first, declared("stack/web", UI, deploy=True)), core)) == ["runs-twice"]
    assert codes(planned(desired(first, declared("stack/web", UI, deploy=True, after=["stack/web2"])), core)) == []


def test_nothing_is_deployed_where_another_one_leaves() -> None:
    """Its containers are taken down under the name as which they run there, whatever it is called where it goes to."""
    held = live("stack/site", {**UI, "project_name": "web"}, state="running", project="web")
    moved = declared("stack/site", {**UI, "server_id": "two", "project_name": "site"}, deploy=True)
    made = planned(desired(moved, declared("stack/web", UI, deploy=True)), alive(observed(ONE, TWO, held)))
    assert codes(made) == ["runs-twice"]


def test_nothing_is_stopped_under_a_name_that_it_shares() -> None:
    twin = live("stack/other", {**UI, "project_name": "web"}, state="running", project="web")
    wanted = desired(declared("stack/web", UI, state="stopped"))
    [finding] = planned(wanted, alive(observed(ONE, live("stack/web", UI, state="running"), twin))).plan.refusals
    assert "stack/web would be stopped as web on server/one, and stack/other with it" in finding.message


@pytest.mark.parametrize(
    ("new", "warned"),
    [
        (declared("server/new", {"enabled": True}), True),
        (declared("server/new", {"enabled": True, "address": "https://new:8120"}), False),
        (declared("server/two", {"enabled": True, "region": "eu"}), False),
        (declared("server/there", {"enabled": True}), True),
    ],
)
def test_a_move_waits_for_the_new_server_and_warns_where_its_agent_has_to_connect(new: Any, warned: bool) -> None:
    there = live("server/there", {"enabled": True, "address": "https://there:8120"})
    stack = declared("stack/web", {**UI, "server_id": new.address.name}, deploy=True)
    core = observed(live("stack/web", UI, state="running"), ONE, TWO, there)
    # beside a new one, an old one that is declared no more is taken for the same
    made = planned(
        desired(new, stack, declared("server/one", {"enabled": True})), alive(core, {"stack/web": running()})
    )
    assert payload(made, "stack/web", "destroy").execution.reaches == new.address  # type: ignore[union-attr]
    assert payload(made, "stack/web", "deploy").execution.reaches is None  # type: ignore[union-attr]
    assert codes(made) == []
    found = [item for item in made.plan.findings if item.code == "move-unreachable"]
    assert bool(found) is warned
    if found:
        assert f"stack/web moves to {new.address}, to which this plan gives no address" in found[0].message


def test_what_is_not_started_where_it_moves_to_waits_for_nothing() -> None:
    made = decided({**UI, "server_id": "two"}, held=UI, state="down")
    assert payload(made, "stack/web", "destroy").execution.reaches is None  # type: ignore[union-attr]
