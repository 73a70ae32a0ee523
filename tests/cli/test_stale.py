"""What somebody did between the plan and a step: a delete is not done to it, and no tag of theirs is lost."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from shell import Shell, write, writes
from worlds import FILES, mark, names, populate

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from asking import Asker

    from komodo_sync.simulator import EmbeddedCore


@pytest.fixture
def world(work: Path, ask: Asker) -> Path:
    write(work, FILES)
    populate(ask)
    mark(ask, "Repo", "found", tags=["by-hand"], description="")
    return work


def meanwhile(core: EmbeddedCore, act: Callable[[], Any]) -> None:
    """Does `act` once everything that the plan needs was asked for, before the first write."""

    class Watched(list[str]):
        done = False

        def append(self, name: str) -> None:
            super().append(name)
            if not self.done and name.startswith(("Create", "Update", "Rename", "Delete")):
                self.done = True
                act()

    core.app.requests = Watched(core.requests)


def text_of(said: Any) -> str:
    return " ".join(said.out.split())


CHANGES: dict[str, tuple[Callable[[Asker], Any], str]] = {
    "protected": (lambda ask: mark(ask, "Stack", "gone", ("owner:me", "protected")), "it was given the tag protected"),
    "another owner": (lambda ask: mark(ask, "Stack", "gone", ("owner:you",)), "it lost the tag owner:me"),
    "forgotten": (lambda ask: mark(ask, "Stack", "gone", ()), "it lost the tag owner:me"),
    "template": (
        lambda ask: ask.write("UpdateResourceMeta", target={"type": "Stack", "id": "gone"}, template=True),
        "it is a template",
    ),
    "described": (lambda ask: mark(ask, "Stack", "gone", description="keep me"), "description was changed"),
    "config": (lambda ask: ask.write("UpdateStack", id="gone", config={"branch": "x"}), "config/branch was changed"),
    "renamed": (lambda ask: ask.write("RenameStack", id="gone", name="kept"), "it was renamed"),
}


@pytest.mark.parametrize("how", CHANGES)
def test_what_was_changed_since_the_plan_is_not_deleted(
    shell: Shell, world: Path, core: EmbeddedCore, ask: Asker, how: str
) -> None:
    act, words = CHANGES[how]
    if how == "protected":
        ask.write("CreateTag", name="protected")
    meanwhile(core, lambda: act(ask))
    said = shell("apply", "--yes", "--parallelism", "1")
    assert said.code == 3
    assert "DeleteStack" not in writes(core)
    assert "stack/gone was changed since the plan, so it is left as it is: " in text_of(said)
    assert words in text_of(said)
    assert "plan again, and see whether you still want this" in text_of(said)
    assert {"gone", "kept"} & set(names(ask, "Stacks"))
    # everything else is done
    assert names(ask, "Builds") == ["app"]


def test_what_began_to_run_since_the_plan_is_not_deleted(
    shell: Shell, world: Path, core: EmbeddedCore, ask: Asker
) -> None:
    ask.write("UpdateStack", id="gone", config={"file_contents": "services: {a: {image: b}}\n"})
    meanwhile(core, lambda: ask.execute("DeployStack", stack="gone"))
    said = shell("apply", "--yes", "--parallelism", "1")
    assert said.code == 3
    assert "it is running, and was down" in text_of(said)
    assert "DeleteStack" not in writes(core)


def test_what_is_gone_since_the_plan_is_no_failure(shell: Shell, world: Path, core: EmbeddedCore, ask: Asker) -> None:
    meanwhile(core, lambda: ask.write("DeleteStack", id="gone"))
    said = shell.good("apply", "--yes", "--parallelism", "1")
    assert "nothing is left to do" in said.out
    assert writes(core).count("DeleteStack") == 1


def test_what_the_run_itself_does_is_no_change_of_somebody_else(
    shell: Shell, world: Path, core: EmbeddedCore, ask: Asker
) -> None:
    """A deleted stack refers to a server that is renamed, and carries a tag that is renamed and one that is deleted."""
    ask.write("CreateTag", name="old")
    ask.write("CreateTag", name="useless")
    mark(ask, "Stack", "gone", ("owner:me", "old", "useless"))
    more = "tags: [{name: new, renamed_from: old}]\nabsent: [tag/useless]\n"
    rest = (
        FILES["rest.yaml"]
        .replace("{name: prod,", "{name: prod2, renamed_from: prod,")
        .replace("server: prod", "server: prod2")
    )
    write(
        world,
        {
            "rest.yaml": rest,
            "more.yaml": more,
            "stacks/web.yaml": FILES["stacks/web.yaml"].replace("server: prod", "server: prod2"),
        },
    )
    said = shell.good("apply", "--yes")
    assert "deleted stack/gone" in said.out
    assert shell("plan", "--detailed-exitcode").code == 0


@pytest.mark.parametrize("tag", ["owner:you", "protected"])
def test_a_tag_given_since_the_plan_is_not_lost(
    shell: Shell, world: Path, core: EmbeddedCore, ask: Asker, tag: str
) -> None:
    """Tags are written as a whole: an adoption would take the resource from its new owner."""
    meanwhile(core, lambda: mark(ask, "Repo", "found", ("by-hand", tag)))
    said = shell("apply", "--yes", "--parallelism", "1")
    assert said.code == 3
    assert f"repo/found was changed since the plan, so it is left as it is: it was given the tag {tag}" in text_of(said)
    ids = {item["_id"]["$oid"]: item["name"] for item in ask.read("ListTags", query=None)}
    assert {ids[each] for each in ask.read("GetRepo", repo="found")["tags"]} == {"by-hand", tag}
