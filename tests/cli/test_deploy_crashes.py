"""An apply that is killed after any of its calls, while it moves, renames, builds, deploys and takes down: the next one
finishes it, and everything that is declared runs."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

from asking import Asker
from cuts import Cut, Killed, cut
from deploying import SERVERS
from shell import Host, Shell, fresh_core, write

from komodo_sync.execution.process import Process

if TYPE_CHECKING:
    from pathlib import Path

    import pytest

    from komodo_sync.simulator import EmbeddedCore

__all__ = ["cut"]
TWO = SERVERS.replace("one", "two").removeprefix("servers:\n")
SETTINGS = "owner: me\nprune: true\n"
BEFORE = f"""{SERVERS}{TWO}builders:
  - {{name: big, config: {{type: Server, params: {{servers: [one]}}}}}}
variables:
  - {{name: REGION, value: eu}}
builds:
  - {{name: img, deploy: true, config: {{builder: big, repo: acme/code}}}}
deployments:
  - name: app
    deploy: true
    config: {{server: one, image: {{type: Build, params: {{build: img}}}}}}
stacks:
  - name: moves
    deploy: true
    config: {{server: one, file_contents: "services: {{a: {{image: nginx}}}}"}}
  - name: old
    deploy: true
    config: {{server: one, environment: {{R: "[[REGION]]"}}, file_contents: "services: {{a: {{image: nginx}}}}"}}
  - name: gone
    deploy: true
    config: {{server: one, file_contents: "services: {{a: {{image: nginx}}}}"}}
  - name: rests
    state: running
    config: {{server: one, file_contents: "services: {{a: {{image: nginx}}}}"}}
"""
AFTER = f"""{SERVERS}{TWO}builders:
  - {{name: big, config: {{type: Server, params: {{servers: [one]}}}}}}
variables:
  - {{name: REGION, value: us}}
builds:
  - {{name: img, deploy: true, config: {{builder: big, repo: acme/code}}}}
deployments:
  - name: service
    renamed_from: app
    deploy: true
    config: {{server: one, image: {{type: Build, params: {{build: img}}}}}}
stacks:
  - name: moves
    deploy: true
    config: {{server: two, file_contents: "services: {{a: {{image: nginx}}}}"}}
  - name: new
    renamed_from: old
    deploy: true
    after: [deployment/service]
    config: {{server: one, environment: {{R: "[[REGION]]"}}, file_contents: "services: {{a: {{image: redis}}}}"}}
  - name: fresh
    deploy: true
    config: {{server: two, file_contents: "services: {{a: {{image: nginx}}}}"}}
  - name: rests
    state: stopped
    config: {{server: one, file_contents: "services: {{a: {{image: nginx}}}}"}}
"""


def test_an_apply_that_is_killed_anywhere_is_finished_by_the_next(
    shell: Shell, host: Host, work: Path, monkeypatch: pytest.MonkeyPatch, cut: Cut
) -> None:
    monkeypatch.setattr(Process, "is_gone", lambda _: True)
    done, total = 0, None
    while total is None or done < total:
        with fresh_core(host, monkeypatch) as core:
            ask = Asker(core)
            cut.reset(None)
            core.push("acme/code", {"Dockerfile": "FROM alpine\n"})
            write(work, {"komodo-sync.yaml": SETTINGS, "m.yaml": BEFORE})
            shell.good("apply", "--yes")
            core.push("acme/code", {"Dockerfile": "FROM alpine:3\n"})
            write(work, {"m.yaml": AFTER})
            if total is None:
                cut.reset(None)
                shell.good("apply", "--yes", "--parallelism", "1")
                total = cut.seen
                assert total > 10
                continue
            cut.reset(done)
            with suppress(Killed):
                shell("apply", "--yes", "--parallelism", "1")
            cut.reset(None)
            said = shell("apply", "--yes")
            assert said.code == 0, (done, said.all)
            check(core, ask, done)
        done += 1


def check(core: EmbeddedCore, ask: Asker, done: int) -> None:
    """Everything runs where and as it is declared, and nothing else does."""
    states = {item["name"]: item["info"]["state"] for item in ask.read("ListStacks")}
    assert states == {"moves": "running", "new": "running", "fresh": "running", "rests": "stopped"}, done
    found = {
        server: {item["name"]: (item["image"], item["state"]) for item in ask.read("ListContainers", server=server)}
        for server in ("one", "two")
    }
    assert found["two"] == {"moves-a-1": ("nginx", "running"), "fresh-a-1": ("nginx", "running")}, done
    assert found["one"].keys() == {"service", "old-a-1", "rests-a-1"}, done
    assert found["one"]["old-a-1"] == ("redis", "running"), done
    image = ask.read("GetDeployment", deployment="service")
    assert image["name"] == "service"
    version = ask.config("Build", "build", "img")["version"]
    held = ".".join(str(version[part]) for part in ("major", "minor", "patch"))
    assert found["one"]["service"][0].endswith(held), (done, found)
