"""A build that is renamed was built all the same; where its images are called after it, none has the new name yet."""

from __future__ import annotations

from typing import Any

import pytest
from planning_worlds import alive, change, changes, codes, declared, desired, live, observed, planned, waves

from komodo_sync.model.data import replace
from komodo_sync.model.running import Event, History, Running

BUILT = {"builder_id": "b", "files_on_host": True, "version": "0.0.1"}
FIXED = {**BUILT, "image_name": "fixed"}
NEVER = "deployment/a would be deployed from build/im2, which was never built under that name, but as im"


def image(build: str, version: str = "0.0.0") -> dict[str, Any]:
    return {"server_id": "s", "image": {"type": "Build", "params": {"build_id": build, "version": version}}}


def core(built: Any, name: str = "im", **beside: Any) -> Any:
    held = observed(
        live("server/s", {"enabled": True}),
        live("builder/b", {"type": "Url", "params": {}}),
        live(f"build/{name}", built, state="Ok"),
        live("deployment/a", image(name), state="running"),
    )
    facts = {
        f"build/{name}": Running(done_at=5, history=History(good=Event("RunBuild", 5), **beside)),
        "deployment/a": Running(deployed={}, history=History(good=Event("Deploy", 6))),
    }
    return alive(held, facts)


def wanted(built: Any, *, deploy: bool = True, version: str = "0.0.0", **beside: Any) -> Any:
    return desired(
        declared("build/im2", built, deploy=deploy, renamed_from="im"),
        declared("deployment/a", {**image("im2", version), **beside}, deploy=True),
    )


@pytest.mark.parametrize("deploy", [True, False])
def test_what_is_renamed_was_built_before(deploy: bool) -> None:
    made = planned(wanted(FIXED, deploy=deploy, environment="A=1\n"), core(FIXED))
    assert codes(made) == []
    assert changes(made) == {"build/im2": ["rename"], "deployment/a": ["update", "deploy"]}


def test_images_that_are_called_after_it_are_built_under_the_new_name() -> None:
    made = planned(wanted(BUILT), core(BUILT))
    assert (codes(made), changes(made)) == ([], {"build/im2": ["rename", "deploy"], "deployment/a": ["deploy"]})
    assert change(made, "build/im2", "deploy").reason == "its images are called im2 from now on"
    assert change(made, "deployment/a", "deploy").reason == "build/im2 is built by this plan"
    assert waves(made) == [["build/im2 rename"], ["build/im2 deploy"], ["deployment/a deploy"]]
    [effect] = change(made, "build/im2", "rename").effects
    assert effect.detail == "its images are called im2 from the next build on; those that there are stay im"


def test_a_rename_that_was_not_followed_by_a_build_is_seen_later() -> None:
    made = planned(wanted(BUILT), core(BUILT, "im2", called="im"))
    assert changes(made) == {"build/im2": ["deploy"], "deployment/a": ["deploy"]}
    assert changes(planned(wanted(BUILT), core(BUILT, "im2"))) == {}


@pytest.mark.parametrize(("version", "word"), [("0.0.0", "build/im2"), ("0.0.1", "version 0.0.1 of build/im2")])
def test_nothing_is_deployed_from_a_name_that_was_never_built(version: str, word: str) -> None:
    held = core(BUILT)
    made = planned(wanted(BUILT, deploy=False, version=version, environment="A=1\n"), held)
    [finding] = made.plan.refusals
    assert (finding.code, finding.message) == ("never-built", NEVER.replace("build/im2", word))
    assert "image_name im" in finding.hint
    # the way out
    kept = {**BUILT, "image_name": "im"}
    assert codes(planned(wanted(kept, deploy=False, version=version, environment="A=1\n"), held)) == []
    built = planned(wanted(BUILT, version=version, environment="A=1\n"), held)
    assert codes(built) == ([] if version == "0.0.0" else ["never-built"])


def test_without_a_deploy_the_rename_alone_says_it_and_what_was_never_built_is_told_as_such() -> None:
    held = core(BUILT)
    made = planned(wanted(BUILT, deploy=False), held)
    assert changes(made) == {"build/im2": ["rename"]}
    assert "called im2 from the next build on" in change(made, "build/im2", "rename").effects[0].detail
    assert held.live is not None
    never = {str(address): each for address, each in held.live.resources.items()}
    never["build/im"] = replace(never["build/im"], done_at=0, history=History())
    made = planned(wanted(BUILT, deploy=False, environment="A=1\n"), alive(held, never))
    assert change(made, "build/im2", "rename").effects == ()
    [finding] = made.plan.refusals
    assert finding.message == "deployment/a would be deployed from build/im2, which was never built"
