"""A stack whose compose text docker is sure not to read is not deployed, nor taken down for that."""

from __future__ import annotations

from typing import Any

import pytest
from planning_worlds import alive, at, changes, declared, desired, live, observed, planned

from komodo_sync.model.running import Event, History, Running
from komodo_sync.model.sealed import Sealed
from komodo_sync.report.text import plan_text

ONE, TWO = (live(f"server/{name}", {"enabled": True}) for name in ("one", "two"))
GOOD = "services:\n  web:\n    image: nginx\n"
BROKEN = "services:\n  web:\n   image: nginx\n    ports: [hunter2]\n"


def made(text: Any, *held: Any, **beside: Any) -> Any:
    facts = Running(deployed={"compose.yaml": GOOD}, history=History(good=Event("DeployStack", 1)))
    config = {"server_id": "two", "file_contents": text, **beside.pop("config", {})}
    wanted = desired(declared("stack/a", config, **{"deploy": True, **beside}))
    return planned(wanted, alive(observed(ONE, TWO, *held), {"stack/a": facts} if held else None))


def refused(text: Any, **beside: Any) -> list[str]:
    return [each.message.partition(" is no compose text: ")[2] for each in made(text, **beside).plan.refusals]


def test_what_moves_with_a_text_that_cannot_be_read_is_refused() -> None:
    held = live("stack/a", {"server_id": "one", "file_contents": GOOD}, state="running", services=("web",), project="a")
    plan = made(BROKEN, held)
    [refusal] = plan.plan.refusals
    assert (refusal.code, refusal.override, refusal.addresses) == ("malformed-compose", "", (at("stack/a"),))
    assert refusal.message == (
        "stack/a would be deployed, and its file_contents is no compose text: no well-formed YAML (its line 4)"
    )
    assert changes(plan)["stack/a"] == ["destroy", "update", "deploy"]
    assert not any("hunter2" in each.message + each.hint for each in plan.plan.findings)
    assert "no well-formed YAML (its line 4)" in plan_text(plan.plan, color=False, width=200)


LINE = "no well-formed YAML (its line {})"
NAMES = "its services are a {}, and no names with what each of them is"


@pytest.mark.parametrize(
    ("text", "why"),
    [
        (GOOD, ""),
        (BROKEN, LINE.format(4)),
        ('services: {web: {image: "nginx}}\n', LINE.format(1)),
        ("services:\n\tweb: {}\n", LINE.format(2)),
        ("services: [web]\n", NAMES.format("list")),
        ("services: web\n", NAMES.format("text")),
        ("- web\n", "it is a list"),
        ("web\n", "it is a text without services"),
        ("services:\n", ""),  # nothing is deployed, and nothing fails
        ("services: ~\n", ""),
        ("volumes: {}\n", ""),
        ("include: [a.yaml]\n", ""),
        ("# nothing\n", ""),
        (f"{GOOD}---\n{GOOD}", ""),
        # what Komodo fills in may be whatever the text lacks
        ("[[TEXT]]\n", ""),
        ("services:\n[[SERVICES]]\n", ""),
        ("services:\n  web: [[BODY]]\n    image: nginx\n", ""),
        ("services:\n  web: [[BODY]]\n  db:\n   image: x\n    y: 1\n", ""),
        ("services: [[SERVICES]]\n", ""),
        ("services:\n  web:\n    image: [[REG]]/app\n", ""),
        # save where it comes after the mistake, or in a word
        (f"{BROKEN}    environment: [[E]]\n", LINE.format(4)),
        (BROKEN.replace("nginx", "nginx:[[TAG]]"), LINE.format(4)),
        (GOOD.replace("nginx", "nginx:[[TAG]]"), ""),
        # so may what compose does
        ("services:\n  web: {${BODY}}\n", ""),
        ("services: {web: {image: ${IMAGE:-nginx}}}\n", ""),
        ("services: ${SERVICES}\n", ""),
        (BROKEN.replace("nginx", "${IMAGE}"), LINE.format(4)),
    ],
)
def test_it_is_refused_only_where_docker_is_sure_to_fail(text: str, why: str) -> None:
    assert refused(text) == ([why] if why else [])


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("services:\n  web:\n    image: [[REG]]/app\n", LINE.format(3)),
        ("services:\n  web: [[BODY]]\n    image: nginx\n", LINE.format(3)),
        ("services: [[SERVICES]]\n", NAMES.format("list")),
        ("services:\n  web:\n    image: '[[REG]]/app'\n    command: [[A]]\n", ""),
    ],
)
def test_where_names_are_left_alone_nothing_stands_for_them(text: str, why: str) -> None:
    assert refused(text, config={"skip_secret_interp": True}) == ([why] if why else [])


@pytest.mark.parametrize(
    "beside", [{"config": {"repo": "a/b"}}, {"config": {"files_on_host": True}}, {"deploy": False}, {"state": "down"}]
)
def test_a_text_that_is_not_deployed_may_be_anything(beside: Any) -> None:
    assert refused(BROKEN, **beside) == []


def test_a_text_that_is_a_secret_is_not_looked_at() -> None:
    assert refused(Sealed(BROKEN)) == []


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("services:\n  [[A]]\n  web: {image: nginx}\n", "[[A]]"),
        ("[[B]]\n[[A]]\nservices: {}\n", "[[A]] and [[B]]"),
        ("services:\n  web:\n    image: [[A]]/app\n", ""),
        ("services: {web: {image: nginx}}\n", ""),
        # compose itself reads the text before it fills in
        ("services:\n  web: {${BODY}}\n", ""),
        (Sealed(BROKEN), ""),
    ],
)
def test_a_text_that_only_its_variables_make_yaml_is_said_to_be_unread(text: Any, names: str) -> None:
    plan = made(text).plan
    assert plan.refusals == ()
    found = [each.message for each in plan.findings if each.code == "compose-unread"]
    assert len(found) == bool(names)
    assert all(f"only with what stands for {names}, which" in each for each in found)
    assert not made(text, deploy=False).plan.findings
    known = [
        declared(f"variable/{name}", {"value": value}) for name, value in (("A", "a: {image: b}"), ("B", "x-b: 1"))
    ]
    config = {"server_id": "two", "file_contents": text}
    plan = planned(desired(*known, declared("stack/a", config, deploy=True)), alive(observed(ONE, TWO))).plan
    assert not [each for each in plan.findings if each.code == "compose-unread"]
