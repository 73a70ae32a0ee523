"""A compose text with a `[[NAME]]` that no quotes are around is read as its twin with quotes: Komodo puts a value there
before docker reads it."""

from __future__ import annotations

from typing import Any

import pytest
from planning_worlds import alive, changes, codes, declared, desired, live, observed, planned

from komodo_sync.model.running import Event, History, Running
from komodo_sync.planning.deploys.texts.compose import compose_in
from komodo_sync.report.text import plan_text

HOSTS = (live("server/one", {"enabled": True}), live("server/two", {"enabled": True}))
TEXT = """\
services:
  app:
    image: [[REG]]/pg
    container_name: [[ REG ]]-x
    ports: ['80:80', [[PORT]]:81]
    volumes:
      - [[ROOT]]/cfg:/etc/cfg
      - pg:/var/lib
      - {type: bind, source: [[ROOT]], target: /x}
    profiles: [[[PROFILE]]]
  web:
    image: nginx
volumes:
  pg:
  disk:
    driver_opts: {device: [[ROOT]]/pg}
"""
READ = {"server_id": "one", "file_contents": TEXT.replace("    profiles: [[[PROFILE]]]\n", "")}


def twin(text: str) -> str:
    """The same with quotes around each value that has a name in it."""
    for word in ("[[REG]]/pg", "[[PORT]]:81", "[[ROOT]]/cfg:/etc/cfg", "[[ROOT]]/pg", "[[PROFILE]]"):
        text = text.replace(word, f'"{word}"')
    return text.replace("[[ REG ]]-x", '"[[REG]]-x"').replace("source: [[ROOT]],", 'source: "[[ROOT]]",')


def made(before: dict[str, Any], after: dict[str, Any]) -> Any:
    held = live("stack/x", before, state="running", services=("app", "web"), project="x")
    facts = Running(deployed={"compose.yaml": before["file_contents"]}, history=History(good=Event("DeployStack", 1)))
    return planned(desired(declared("stack/x", after, deploy=True)), alive(observed(*HOSTS, held), {"stack/x": facts}))


def test_it_says_what_its_twin_says() -> None:
    read, other = compose_in(TEXT), compose_in(twin(TEXT))
    assert read is not None
    assert read == other
    app = read.services["app"]
    assert (app.image, app.container, app.ports) == ("[[REG]]/pg", "[[REG]]-x", ("80:80", "[[PORT]]:81"))
    assert app.profiles == ("[[PROFILE]]",)
    assert [each.source for each in app.mounts] == ["[[ROOT]]/cfg", "pg", "[[ROOT]]"]


def test_what_is_no_name_is_the_list_that_yaml_reads() -> None:
    assert compose_in("services:\n  a:\n    image: [[no name]]/x\n") is None
    read = compose_in("services:\n  a:\n    profiles: [[x-y]]\n")
    assert read is not None
    assert read.services["a"].profiles == ("",)


def test_where_names_are_left_alone_docker_reads_the_text_as_it_is() -> None:
    assert compose_in(TEXT, plain=True) is None
    plain = {"skip_secret_interp": True}
    [refusal] = made({**READ, **plain}, {**READ, **plain, "server_id": "two"}).plan.refusals
    assert refusal.message.endswith("is no compose text: no well-formed YAML (its line 3)")
    assert made(READ, {**READ, "server_id": "two"}).plan.refusals == ()


def _renamed(text: str) -> str:
    return text.replace("  web:", "  other:").replace("image: nginx", "image: nginx\n    ports: ['90:90']")


@pytest.mark.parametrize(
    ("after", "beside", "words"),
    [
        (lambda text: text.replace("      - pg:/var/lib\n", ""), {}, ["loses pg: the service app starts without it"]),
        (
            lambda text: text.replace("  web:\n    image: nginx\n", ""),
            {"extra_args": ["--remove-orphans"]},
            ["stops 1 service (web): no longer in file_contents: it is removed"],
        ),
        (lambda text: text, {"server_id": "two"}, ["its mounted files [[ROOT]], [[ROOT]]/cfg", "[[ROOT]]/pg"]),
        (lambda text: text, {"project_name": "y"}, ["loses its named volumes pg of project x, now y"]),
        (_renamed, {}, ["starts 1 service (other)", "leaves 1 service (web): no longer in file_contents"]),
    ],
)
def test_what_a_deploy_does_is_told_as_of_its_twin(after: Any, beside: Any, words: list[str]) -> None:
    told = []
    for text in (READ["file_contents"], twin(READ["file_contents"])):
        plan = made({**READ, "file_contents": text}, {**READ, "file_contents": after(text), **beside})
        said = " ".join(plan_text(plan.plan, color=False, width=2000).split())
        told.append(said.split(" stack/x stacks.yaml")[0])
        assert "deploy" in changes(plan)["stack/x"]
    assert told[0] == told[1]
    for word in words:
        assert word in told[0]
    assert not any(char in told[0] for char in "\ufdd0\ufdd1")


def test_a_service_that_is_renamed_and_keeps_its_port_is_refused() -> None:
    after = {**READ, "file_contents": READ["file_contents"].replace("  app:", "  other:")}
    assert codes(made(READ, after)) == ["no-room"]
