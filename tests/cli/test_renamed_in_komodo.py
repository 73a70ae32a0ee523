"""A stack that somebody renamed in Komodo runs under its old name still: nothing takes that place, or takes it down."""

from __future__ import annotations

import html
from typing import TYPE_CHECKING

import pytest
from deploying import SERVERS, apply, done, read, stack, state, steps
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
    said = shell("apply", "--yes")
    assert (said.code, writes(core)[before:]) == (4, []), said.all
    assert shell("drift").code == 2
    return " ".join(said.err.split())


def test_what_is_declared_does_not_take_its_place(renamed: Shell, work: Path, ask: Asker, core: EmbeddedCore) -> None:
    assert "`renamed_from: site` in the manifest of stack/web" in refused(renamed, core)
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
    assert "`renamed_from: site` in the manifest of stack/web, if it is the same one, or rename stack/site back" in told
    write(work, {"m.yaml": stack(config=config, deploy="true", renamed_from="site")})
    assert steps(shell) == {"stack/web": ["rename"]}


def cured(shell: Shell, work: Path, manifest: str, address: str, then: str) -> None:
    """With `manifest` it is renamed, and once it is `then` is as declared."""
    write(work, {"m.yaml": manifest})
    assert steps(shell) == {address: ["rename"]}
    apply(shell)
    assert steps(shell) == {}
    write(work, {"m.yaml": then})
    assert (steps(shell), read(shell)["findings"]) == ({}, [])


@pytest.mark.parametrize("prune", ["true", "false"])
def test_what_runs_and_is_not_deployed_here_is_not_taken_over_either(
    renamed: Shell, work: Path, ask: Asker, core: EmbeddedCore, prune: str
) -> None:
    write(work, {"komodo-sync.yaml": f"owner: me\n{SETTINGS}".replace("true", prune), "m.yaml": stack()})
    assert "`renamed_from: site` in the manifest of stack/web" in refused(renamed, core)
    cured(renamed, work, stack(renamed_from="site"), "stack/web", stack())
    assert state(ask) == "running"


def test_what_was_taken_down_first_is_in_nobodys_way(renamed: Shell, work: Path, ask: Asker) -> None:
    write(work, {"m.yaml": stack()})
    assert done(ask, "DestroyStack", stack="site")
    apply(renamed)
    assert steps(renamed) == {}


def deployment(**beside: str) -> str:
    config = "{server: one, network: bridge, image: {type: Image, params: {image: nginx}}, ports: {'8080': '80'}}"
    fields = {"name": "web", "deploy": "true", **beside, "config": config}
    return f"{SERVERS}deployments:\n  - {{{', '.join(f'{key}: {value}' for key, value in fields.items())}}}\n"


def test_a_container_is_not_deployed_beside_its_old_self(
    shell: Shell, work: Path, ask: Asker, core: EmbeddedCore
) -> None:
    write(work, {"komodo-sync.yaml": f"owner: me\n{SETTINGS}", "m.yaml": deployment()})
    apply(shell)
    ask.write("RenameDeployment", id="web", name="site")
    said = refused(shell, core)
    assert "both publish port 8080, so that the new one cannot start" in said
    assert "`renamed_from: site` in the manifest of deployment/web" in said
    cured(shell, work, deployment(renamed_from="site"), "deployment/web", deployment())


def test_a_container_that_was_taken_down_makes_room(shell: Shell, work: Path, ask: Asker) -> None:
    write(work, {"komodo-sync.yaml": f"owner: me\n{SETTINGS}", "m.yaml": deployment()})
    apply(shell)
    write(work, {"m.yaml": deployment(name="web2")})
    assert shell("apply", ".", "--yes").code == 4
    assert done(ask, "DestroyDeployment", deployment="web")
    apply(shell)
    assert steps(shell) == {}


def test_what_is_on_a_renamed_server_stays_there(renamed: Shell, work: Path, ask: Asker, core: EmbeddedCore) -> None:
    ask.write("RenameStack", id="site", name="web")
    ask.write("RenameServer", id="one", name="nine")
    said = refused(renamed, core)
    assert (
        "server/one would be created with the address of server/nine, which is deleted, and stack/web be moved" in said
    )
    assert "`renamed_from: nine` in the manifest of server/one" in said
    text = stack(deploy="true")
    cured(renamed, work, text.replace("name: one,", "name: one, renamed_from: nine,"), "server/one", text)
    assert state(ask) == "running"


@pytest.mark.parametrize("shape", ["text", "markdown", "html", "junit", "json", "sarif", "github"])
def test_every_report_says_what_to_write(renamed: Shell, work: Path, shape: str) -> None:
    write(work, {"m.yaml": stack()})
    said = " ".join(html.unescape(renamed("plan", "--format", shape).out).split())
    assert "runs-twice" in said
    assert "takes that down, and nothing starts it again" in said
    assert "renamed_from: site" in said


@pytest.mark.usefixtures("core")
def test_what_is_renamed_in_the_manifest_alone_is_told_and_may_be_meant(shell: Shell, work: Path) -> None:
    write(work, {"komodo-sync.yaml": f"owner: me\n{SETTINGS}", "m.yaml": stack()})
    apply(shell)
    write(work, {"m.yaml": stack("site")})
    said = shell.good("plan")
    assert "stack/site is created with the very configuration of stack/web" in " ".join(said.out.split())
    assert "`renamed_from: web`" in said.out
    write(work, {"m.yaml": stack("site", renamed_from="web")})
    assert read(shell)["findings"] == []
    write(work, {"m.yaml": stack("site")})
    shell.good("apply", "--yes")
    assert read(shell)["findings"] == []


@pytest.mark.usefixtures("core")
def test_equal_ones_that_come_and_go_are_told_nothing(shell: Shell, work: Path) -> None:
    def workers(*names: str) -> str:
        config = "{server: one, file_contents: 'services: {a: {image: a}}'}"
        return f"{SERVERS}stacks:\n" + "".join(f"  - {{name: {name}, config: {config}}}\n" for name in names)

    write(work, {"komodo-sync.yaml": f"owner: me\n{SETTINGS}", "m.yaml": workers("w1", "w2")})
    apply(shell)
    write(work, {"m.yaml": workers("w1", "w3")})
    assert read(shell)["findings"] == []
    shell.good("apply", "--yes")
