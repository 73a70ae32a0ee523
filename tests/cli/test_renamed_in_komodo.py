"""A stack that somebody renamed in Komodo runs under its old name still: nothing takes that place, or takes it down."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from deploying import apply, stack, state, steps
from shell import Shell, write, writes

if TYPE_CHECKING:
    from pathlib import Path

    from asking import Asker

    from komodo_sync.simulator import EmbeddedCore

SETTINGS = "prune: true\nmanifests: [m.yaml]\n"


@pytest.fixture
def renamed(shell: Shell, work: Path, ask: Asker) -> Shell:
    """Deployed as web, and called site since."""
    write(work, {"komodo-sync.yaml": f"owner: me\n{SETTINGS}", "m.yaml": stack(deploy="true")})
    apply(shell)
    ask.write("RenameStack", id="web", name="site")
    return shell


def refused(shell: Shell, core: EmbeddedCore) -> str:
    """What an apply says that does nothing."""
    before = len(writes(core))
    said = shell("apply", ".", "--yes")
    assert (said.code, writes(core)[before:]) == (4, []), said.all
    assert shell("drift").code == 2
    return " ".join(said.err.split())


def test_what_is_declared_does_not_take_its_place(renamed: Shell, work: Path, ask: Asker, core: EmbeddedCore) -> None:
    assert "write `renamed_from: site` in the manifest of stack/web" in refused(renamed, core)
    assert state(ask, "site") == "running"
    write(work, {"m.yaml": stack(deploy="true", renamed_from="site")})
    assert steps(renamed) == {"stack/web": ["rename"]}
    apply(renamed)
    write(work, {"m.yaml": stack(deploy="true")})
    assert (state(ask), steps(renamed)) == ("running", {})


def test_what_belongs_to_nobody_is_not_shared_either(
    renamed: Shell, work: Path, ask: Asker, core: EmbeddedCore
) -> None:
    write(work, {"komodo-sync.yaml": f"owner: somebody-else\n{SETTINGS}"})
    ask.write("UpdateResourceMeta", target={"type": "Stack", "id": "site"}, tags=[])
    assert "rename stack/site back in Komodo" in refused(renamed, core)
    ask.write("RenameStack", id="site", name="web")
    assert "runs-twice" not in renamed("plan").out


def test_another_name_leaves_it_alone(renamed: Shell, work: Path, ask: Asker) -> None:
    write(work, {"komodo-sync.yaml": f"owner: me\n{SETTINGS}".replace("true", "false")})
    config = "      server: one\n      project_name: web3\n      file_contents: 'services: {a: {image: a}}'\n"
    write(work, {"m.yaml": stack(config=config, deploy="true")})
    apply(renamed)
    assert (state(ask), state(ask, "site")) == ("running", "running")


def test_one_whose_project_is_named_is_proposed_to_be_the_same_too(
    shell: Shell, work: Path, ask: Asker, core: EmbeddedCore
) -> None:
    config = "      server: one\n      project_name: web\n      file_contents: 'services: {a: {image: a}}'\n"
    write(work, {"komodo-sync.yaml": f"owner: me\n{SETTINGS}", "m.yaml": stack(config=config, deploy="true")})
    apply(shell)
    ask.write("RenameStack", id="web", name="site")
    told = refused(shell, core)
    assert (
        "if it is the same one, write `renamed_from: site` in the manifest of stack/web, or rename stack/site" in told
    )
    write(work, {"m.yaml": stack(config=config, deploy="true", renamed_from="site")})
    assert steps(shell) == {"stack/web": ["rename"]}
