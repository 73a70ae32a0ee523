"""Real estates end as they do with Komodo's own Resource Sync, field by field; and what that got wrong is refused.

`komodo.json` of an estate is what a real Core held after its own Resource Sync had run over the same files.
"""

from __future__ import annotations

import json
import os
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from shell import writes

if TYPE_CHECKING:
    from asking import Asker
    from shell import Shell

    from komodo_sync.simulator import EmbeddedCore

ESTATES = Path(os.environ.get("KOMODO_ESTATES") or Path(__file__).parents[3] / "shared" / "estates")
pytestmark = pytest.mark.skipif(
    not ESTATES.is_dir(), reason="no estates beside the project; name their folder in KOMODO_ESTATES"
)
KINDS = (
    "Servers", "Swarms", "Builders", "Repos", "Builds", "Stacks", "Deployments", "Procedures", "Actions", "Alerters",
    "ResourceSyncs",
)  # fmt: skip


class Estate:
    def __init__(self, owner: str) -> None:
        [self.folder] = ESTATES.glob(f"{owner}__*")
        self.files = self.folder / "files"
        self.truth = json.loads((self.folder / "komodo.json").read_text(encoding="utf-8"))

    def prepare(self, ask: Asker) -> None:
        """What existed in the Core alone."""
        for kind, names in self.truth["precreate"].items():
            for name in names:
                ask.write(f"Create{kind.capitalize()}", name=name)

    def expected(self) -> dict[str, Any]:
        """Without what a Core makes for itself at its first start, unless the files declare it too."""
        texts = [path.read_text(encoding="utf-8") for path in self.files.rglob("*.toml")]
        return {
            kind: {
                name: item
                for name, item in items.items()
                if item["tags"] != ["system"] or any(f'name = "{name}"' in text for text in texts)
            }
            for kind, items in self.truth["resources"].items()
        }


def held(ask: Asker) -> dict[str, Any]:
    """What the Core holds, in the form of `komodo.json`."""
    found = {kind: ask.read(f"ListFull{kind}", query={}, page=0, limit=0) for kind in KINDS}
    names = {item["_id"]["$oid"]: item["name"] for items in found.values() for item in items}
    names |= {tag["_id"]["$oid"]: tag["name"] for tag in ask.read("ListTags", query=None)}
    return {
        kind: {
            item["name"]: named({key: item[key] for key in ("config", "description", "tags", "template")}, names)
            for item in items
        }
        for kind, items in found.items()
    }


def named(value: Any, names: dict[str, str]) -> Any:
    """`value` with names in place of ids."""
    if isinstance(value, dict):
        return {key: named(item, names) for key, item in value.items()}
    if isinstance(value, list):
        return [named(item, names) for item in value]
    return names.get(value, value) if isinstance(value, str) else value


def in_order(resources: dict[str, Any]) -> dict[str, Any]:
    """Tags are a set."""
    for items in resources.values():
        for item in items.values():
            item["tags"] = sorted(item["tags"])
    return resources


@pytest.mark.parametrize("owner", ["PortableStick", "NiphraDil", "brumi1024", "frasermclean"])
def test_an_estate_converges_to_what_komodo_makes_of_it(
    owner: str, shell: Shell, core: EmbeddedCore, ask: Asker
) -> None:
    estate = Estate(owner)
    estate.prepare(ask)
    applied = shell.good("apply", "--yes", "--no-deploy", estate.files)
    assert "nothing is left to do" in applied.out
    before = len(core.requests)
    again = shell.good("plan", "--no-deploy", "--detailed-exitcode", "--format", "json", estate.files)
    assert again.json["waves"] == []
    assert not [name for name in core.requests[before:] if not name.startswith(("List", "GET "))]
    assert in_order(held(ask)) == in_order(estate.expected())
    assert {item["name"]: item for item in ask.read("ListVariables")} == estate.truth["variables"]


def test_what_komodo_ignored_in_silence_is_refused_before_any_write(
    shell: Shell, core: EmbeddedCore, ask: Asker
) -> None:
    estate = Estate("AnarchoBooleanism")
    estate.prepare(ask)
    before = len(writes(core))
    said = shell("apply", "--yes", "--no-deploy", estate.files)
    assert said.code == 1
    assert writes(core)[before:] == []
    found = re.findall(r"(\w+\.toml):(\d+):\d+: error\[(KS\d+)\]: (.*)", said.err)
    ignored = [(file, int(line)) for file, line, code, _ in found if code == "KS020"]
    assert ignored == [("servers.toml", line) for line in (11, 28, 45, 62, 80)]
    assert said.err.count("write [[resource_sync]]") == 5
    dangling = [(file, int(line), text) for file, line, code, text in found if code == "KS043"]
    names = [f"{name}_stack-sync" for name in
             ("control-server", "docker-host-core", "docker-host-pve3", "docker-host-pve4", "vps1")]  # fmt: skip
    assert [(file, line) for file, line, _ in dangling] == [("procedures.toml", line) for line in range(69, 74)]
    for name, (_, _, text) in zip(names, dangling, strict=True):
        assert f"resource_sync/{name} " in text
    assert len(found) == 10
