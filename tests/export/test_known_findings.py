"""What Komodo itself makes questionable is written with the reason why it stands there, so that a fresh export gives no
warning."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from round_trip import Bench, exported, loaded, put
from test_edited import again

from komodo_sync.manifest import load

if TYPE_CHECKING:
    from collections.abc import Iterator

    from komodo_sync.export import Split
    from komodo_sync.session import Session


@pytest.fixture
def bench() -> Iterator[Bench]:
    with Bench() as made:
        yield made


def fill(core: Session) -> None:
    write = core.writer.write
    write("CreateServer", {"name": "prod"})
    write("CreateStack", {"name": "web", "config": {"repo": "a/b", "server": "prod", "auto_update": True}})
    write("CreateStack", {"name": "db", "config": {"repo": "a/b", "auto_update": True, "poll_for_updates": True}})
    write("CreateDeployment", {"name": "api", "config": {"auto_update": True}})
    write("CreateBuild", {"name": "api", "config": {"version": "1.2.7", "repo": "a/b"}})
    write("CreateBuild", {"name": "old", "config": {"version": "1.2.7", "auto_increment_version": False}})


@pytest.mark.parametrize("split", ["kind", "tag", "server", "resource"])
def test_a_fresh_export_gives_no_warning(bench: Bench, split: Split) -> None:
    core, folder = bench.core(), bench.folder()
    fill(core)
    put(folder, exported(core, split).files)
    found = loaded(folder)
    assert found.diagnostics == ()
    assert sorted(item.diagnostic.code for item in found.silenced) == ["KS069", "KS073", "KS073"]


def test_the_reason_stands_behind_the_value(bench: Bench) -> None:
    core = bench.core()
    fill(core)
    files = exported(core).files
    assert "      version: 1.2.7  # komodo-sync: ignore KS069 because " in files["builds.yaml"]
    assert "      version: 1.2.7\n      auto_increment_version: false\n" in files["builds.yaml"]
    assert files["stacks.yaml"].count("      auto_update: true  # komodo-sync: ignore KS073 because ") == 1
    assert files["deployments.yaml"].count("      auto_update: true  # komodo-sync: ignore KS073 because ") == 1


def test_what_people_wrote_gets_no_such_comment(bench: Bench) -> None:
    core, folder = bench.core(), bench.folder()
    fill(core)
    text = "stacks:\n  - name: web\n    config:\n      server: prod\n      repo: a/b\n"
    put(folder, {"a.yaml": text})
    made = again(core, folder).files["a.yaml"]
    assert made == text.replace("      repo", "      auto_update: true\n      repo")


def test_exporting_again_over_a_fresh_export_changes_nothing(bench: Bench) -> None:
    core, folder = bench.core(), bench.folder()
    fill(core)
    put(folder, exported(core).files)
    assert again(core, folder).files == {}
    core.writer.write("UpdateStack", {"id": "web", "config": {"branch": "dev"}})
    put(folder, again(core, folder).files)
    assert load([folder], settings=None, root=folder).diagnostics == ()
