"""A build that is renamed was built all the same; where its images are called otherwise from now on, after it or by its
config, none has the new name yet."""

from __future__ import annotations

from typing import Any

import pytest
from planning_worlds import alive, change, changes, codes, declared, desired, live, observed, planned, waves

from komodo_sync.model.data import replace
from komodo_sync.model.running import Event, History, Running
from komodo_sync.model.sealed import Unknown

BUILT = {"builder_id": "b", "files_on_host": True, "version": "0.0.1"}
FIXED = {**BUILT, "image_name": "fixed"}
NEVER = "deployment/a would be deployed from build/im2, which was never built as im2, but as im"


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
    assert effect.detail == "its images are called im2 from the next build on; those built before keep the name im"


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


def pushed(domain: str = "ghcr.io", account: str = "acme", organization: str = "") -> list[dict[str, str]]:
    return [{"domain": domain, "account": account, "organization": organization}]


def again(before: dict[str, Any], after: dict[str, Any], *, deploy: bool = False, **beside: Any) -> Any:
    """The plan that changes how the images of a build are called, and what is deployed from it."""
    wanted_now = desired(
        declared("build/im", {**BUILT, **after}, deploy=deploy),
        declared("deployment/a", {**image("im"), "environment": "A=1\n"}, deploy=True),
    )
    return planned(wanted_now, core({**BUILT, **before}, **beside))


@pytest.mark.parametrize(
    ("before", "after", "old", "new", "field"),
    [
        ({}, {"image_name": "other"}, "im", "other", "image_name"),
        ({"image_name": "one"}, {"image_name": "two"}, "one", "two", "image_name"),
        ({"image_name": "one"}, {"image_name": ""}, "one", "im", "image_name"),
        ({}, {"image_registry": pushed()}, "im", "ghcr.io/acme/im", "image_registry"),
        (
            {"image_registry": pushed()},
            {"image_registry": pushed("docker.io")},
            "ghcr.io/acme/im",
            "docker.io/acme/im",
            "image_registry",
        ),
        (
            {"image_registry": pushed()},
            {"image_registry": pushed(organization="org")},
            "ghcr.io/acme/im",
            "ghcr.io/org/im",
            "image_registry",
        ),
        ({"image_tag": "arm"}, {"image_tag": ""}, "im:VERSION-arm", "im:VERSION", "image_tag"),
        (
            {"image_name": "x"},
            {"image_name": "y", "image_tag": "t"},
            "x:VERSION",
            "y:VERSION-t",
            "image_name and image_tag",
        ),
    ],
)
def test_nothing_is_deployed_from_images_that_are_called_otherwise_until_they_are_built(
    before: Any, after: Any, old: str, new: str, field: str
) -> None:
    made = again(before, after)
    [finding] = made.plan.refusals
    assert (finding.code, [str(each) for each in finding.addresses]) == ("never-built", ["deployment/a", "build/im"])
    assert finding.message == (
        f"deployment/a would be deployed from build/im, which was never built as {new}, but as {old}"
    )
    assert finding.hint == f"build it first (deploy: true on build/im), or give it back its {field} of before"
    # the build itself says so, whoever deploys from it
    [effect] = [each for each in change(made, "build/im").effects if each.kind == "renames"]
    assert (
        effect.detail == f"its images are called {new} from the next build on; those built before keep the name {old}"
    )
    built = again(before, after, deploy=True)
    assert (codes(built), changes(built)["build/im"]) == ([], ["update", "deploy"])


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ({}, {"image_name": "im"}),
        ({"image_registry": [*pushed(), *pushed("docker.io")]}, {"image_registry": pushed("docker.io")}),
        # without an account the registry is not pushed to
        ({}, {"image_registry": pushed(account="")}),
        ({"image_registry": pushed(organization="org")}, {"image_registry": pushed(account="b", organization="org")}),
    ],
)
def test_images_that_are_called_as_some_that_there_are_are_no_others(before: Any, after: Any) -> None:
    made = again(before, after)
    assert codes(made) == []
    assert not [each for each in change(made, "build/im").effects if each.kind == "renames"]


def test_a_name_of_images_that_was_saved_and_not_built_since_is_none_that_they_have() -> None:
    saved = {"image_name": "other"}
    [finding] = again(saved, saved, changed={"image_name": ("", "other")}).plan.refusals
    assert finding.message.endswith("which was never built as other, but as im")
    # what is not told is not known
    assert codes(again({}, {"image_registry": Unknown()})) == []


def test_a_rename_alone_is_undone_by_the_name_alone() -> None:
    built = {**BUILT, "image_registry": pushed()}
    [finding] = planned(wanted(built, deploy=False, environment="A=1\n"), core(built)).plan.refusals
    assert finding.message.endswith("which was never built as ghcr.io/acme/im2, but as ghcr.io/acme/im")
    assert finding.hint.endswith("or give it the image_name im")
