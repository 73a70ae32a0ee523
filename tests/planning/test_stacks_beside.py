"""A stack that was renamed where no manifest says so is not deployed beside its old self, where both cannot run."""

from __future__ import annotations

from typing import Any

import pytest
from planning_worlds import OURS, alive, at, changes, codes, declared, desired, live, observed, planned
from test_unsaid_renames import ONE, PRUNE, finding

from komodo_sync.model.sealed import Sealed


def site(body: str, **config: Any) -> dict[str, Any]:
    return {"server_id": "one", "file_contents": f"services:\n  web: {{image: nginx, {body}}}\n", **config}


def stacks(mine: Any, old: Any, *, state: str = "running", deploy: bool = True, **options: Any) -> Any:
    held = live("stack/site", old, OURS, state=state, project="site", services=("web",))
    two = live("server/two", {"address": "https://two:8120"})
    wanted = desired(declared("stack/web", mine, deploy=deploy))
    return planned(wanted, alive(observed(ONE, two, held)), **{**PRUNE, **options})


PORT, CALLED = "ports: ['80:8080']", "container_name: cc"


def test_a_stack_is_not_deployed_beside_its_old_self() -> None:
    made = stacks(site(f"{PORT}, {CALLED}", environment="X=1"), site(f"{PORT}, {CALLED}"))
    assert changes(made) == {"stack/web": ["create", "deploy"], "stack/site": ["destroy", "delete"]}
    found = finding(made)
    assert (found.code, found.addresses) == ("runs-beside", (at("stack/web"), at("stack/site")))
    assert found.message == (
        "stack/web would be deployed on server/one while stack/site runs there, which is deleted afterwards: both "
        "publish port 80 and have a container called cc, so that the new one cannot start"
    )
    assert found.hint == (
        "`renamed_from: site` in the manifest of stack/web, if it is the same one; if both are meant, give one of "
        "them another port and another container_name; if stack/site is to go, take it down first: in Komodo, "
        "or declared with `state: down` and named in `after` of stack/web"
    )
    renamed = desired(declared("stack/web", site(PORT), renamed_from="site", deploy=True))
    held = live("stack/site", site(PORT), OURS, state="running", project="site", services=("web",))
    assert codes(planned(renamed, alive(observed(ONE, held)), **PRUNE)) == []


@pytest.mark.parametrize(
    ("mine", "old", "shared"),
    [
        (PORT, "ports: ['80:81']", "publish port 80"),
        (PORT, "ports: ['127.0.0.1:80:80']", "publish port 80"),
        ("ports: ['53:53/udp']", "ports: ['53:53']", ""),
        ("ports: ['8000-8002:80-82']", "ports: ['8001:80']", "publish port 8001"),
        ("ports: ['8000-8002:80']", "ports: ['8001:80']", ""),
        ("ports: ['80']", "ports: ['80']", ""),
        ("ports: [{target: 1, published: 80}]", PORT, "publish port 80"),
        ("ports: [{target: 1, published: '80', protocol: udp, host_ip: '::1'}]", PORT, ""),
        ("ports: [{target: 1, published: '80', host_ip: '::1'}]", "ports: ['[::]:80:80']", "publish port 80"),
        ("ports: [{target: 1, published: '80-90'}]", PORT, ""),
        ("ports: [{target: 1}]", PORT, ""),
        ("ports: ['${PORT:-80}:80']", PORT, "publish port 80"),
        ("ports: ['${SET}:80']", PORT, "publish port 80"),
        ("ports: ['${PORT}:80']", "ports: ['${PORT}:80']", ""),
        ("ports: ['[[PORT]]:80']", "ports: ['[[PORT]]:80']", ""),
        (f"{PORT}, network_mode: host", PORT, ""),
        (f"{PORT}, profiles: [x]", PORT, ""),
        (f"{PORT}, scale: 0", PORT, ""),
        (CALLED, CALLED, "have a container called cc"),
        ("container_name: '${NAME:-cc}'", CALLED, "have a container called cc"),
        ("container_name: '${NAME}'", "container_name: '${NAME}'", ""),
        (CALLED, "container_name: dd", ""),
        ("volumes: ['/srv:/d']", "volumes: ['/srv:/d']", ""),
    ],
)
def test_ports_and_names_of_a_compose_text_are_had_once(mine: str, old: str, shared: str) -> None:
    made = stacks(site(mine, environment="SET=80"), site(old, environment="A=1"))
    told = [
        item.message.partition(": both ")[2].removesuffix(", so that the new one cannot start")
        for item in made.plan.refusals
    ]
    assert told == ([shared] if shared else [])


def test_a_stack_that_is_stopped_publishes_nothing_and_has_its_names() -> None:
    assert codes(stacks(site(PORT), site(PORT), state="stopped")) == []
    found = finding(stacks(site(CALLED), site(CALLED), state="stopped", prune=False))
    assert "while stack/site is stopped there, which no manifest declares: both have" in found.message


@pytest.mark.parametrize(
    "beside",
    [
        {"state": "down"},
        {"deploy": False, "prune": False},
        {"mine": site(PORT, server_id="two")},
        {"mine": site(PORT, repo="a/b")},
        {"mine": site(PORT, file_contents=Sealed(site(PORT)["file_contents"]))},
        {"old": site(PORT, repo="a/b")},
        {"old": site("", file_contents="services: [")},
    ],
)
def test_stacks_that_share_nothing_may_stand_beside_each_other(beside: Any) -> None:
    assert codes(stacks(**{"mine": site(PORT), "old": site(PORT), **beside})) == []


def test_a_swarm_calls_its_containers_itself() -> None:
    def on_swarm(body: str) -> list[str]:
        config = {**site(body), "server_id": "", "swarm_id": "s"}
        held = live("stack/site", config, OURS, state="running", project="site")
        wanted = desired(declared("stack/web", config, deploy=True))
        return codes(planned(wanted, alive(observed(live("swarm/s"), held)), **PRUNE))

    assert (on_swarm(CALLED), on_swarm(PORT)) == ([], ["runs-beside"])
