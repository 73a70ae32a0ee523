"""The demo tells the whole story: create, nothing left, update, rename, delete and drift."""

from __future__ import annotations

from pathlib import Path

import pytest
from shell import Said, Shell, process

EXAMPLES = Path(__file__).parents[2] / "examples"


@pytest.fixture(scope="module")
def told() -> Said:
    return process("demo", EXAMPLES, env={"KOMODO_CLI_HOST": "http://127.0.0.1:1", "KOMODO_CLI_KEY": "K"})


def test_the_story_ends_well(told: Said) -> None:
    assert told.code == 0, told.all
    assert told.out.count("$ komodo-sync plan") == 4
    assert told.out.count("$ komodo-sync apply --yes") == 2
    assert told.out.count("nothing is left to do.") == 2
    assert told.out.count("No changes: ") == 2


def test_each_act_shows_what_it_announces(told: Said) -> None:
    acts = told.out.split("=" * 78)
    assert len(acts) == 7
    _, empty, applied, again, edited, mended, _ = acts
    assert "Plan: 19 to create, 2 to deploy, 0 unchanged." in empty
    assert "Warnings" not in told.out
    assert "Applied: 21 changes done" in applied
    assert "No changes: 18 resources are as declared." in again
    assert "~ update" in edited
    assert "LOG_LEVEL" in edited
    assert "image: redis:7.4" in edited
    assert "rename" in edited
    assert "stack/toolbox" in edited
    assert "DELETES: 1 resource will be gone for good." in edited
    assert "stack/wiki" in edited
    assert "deploy: file_contents and environment change" in edited
    assert "restarts 2 services (cache, web)" in edited
    # drift: what somebody changed by hand goes back to what is declared
    assert "do not touch!!" in edited
    assert "try-this" in edited
    for word in (
        "renamed stack/toolbox", "updated stack/db", "updated stack/web", "deployed stack/web", "deleted stack/wiki",
    ):  # fmt: skip
        assert word in mended


def test_it_leaves_the_examples_as_they_were(told: Said) -> None:
    assert "renamed_from" not in (EXAMPLES / "stacks" / "tools.yaml").read_text()
    assert (EXAMPLES / "stacks" / "wiki.yaml").is_file()


def test_a_folder_without_its_manifests(shell: Shell, work: Path) -> None:
    said = shell("demo", work)
    assert said.code == 1
    assert "does not hold the demo's manifests" in said.err
