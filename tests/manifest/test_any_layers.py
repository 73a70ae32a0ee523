"""Whatever is said through defaults, `for_each` and overlays binds to the same as the world written out."""

from __future__ import annotations

import json
from copy import deepcopy
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from hypothesis import given
from hypothesis import strategies as st

from komodo_sync.manifest import load
from komodo_sync.settings import read_settings

if TYPE_CHECKING:
    from komodo_sync.model.desired import Desired

Tree = dict[str, Any]

TEXTS = st.sampled_from(["a", "b", "1.10", "no", "010", ""])
CONFIG: dict[str, st.SearchStrategy[Any]] = {
    "branch": TEXTS,
    "repo": TEXTS,
    "server": st.sampled_from(["s", "t"]),
    "auto_pull": st.sampled_from([True, False]),
    "links": st.lists(TEXTS, max_size=2),
    "environment": st.dictionaries(st.sampled_from(["A", "B", "C"]), TEXTS, max_size=3),
    "pre_deploy": st.fixed_dictionaries({}, optional={"path": TEXTS, "command": TEXTS}),
    "config_files": st.lists(st.fixed_dictionaries({"path": st.sampled_from(["x", "y"])}), max_size=2),
}
SAID = st.fixed_dictionaries(
    {},
    optional={
        "description": TEXTS,
        "tags": st.lists(st.sampled_from(["x", "y"]), max_size=2, unique=True),
        "deploy": st.booleans(),
        "config": st.fixed_dictionaries({}, optional=CONFIG),
    },
)
NAMES = ("web", "db", "node-1", "node-2")


def over(lower: Tree, upper: Tree) -> Tree:
    """What the documentation says, in its own words: keys one by one, lists and texts whole, null removes."""
    result = deepcopy(lower)
    for key, value in upper.items():
        if value is None:
            result.pop(key, None)
        elif isinstance(value, dict):
            below = result.get(key)
            result[key] = over(below if isinstance(below, dict) else {}, value)
        else:
            result[key] = deepcopy(value)
    return result


@st.composite
def overlays(draw: st.DrawFn) -> dict[str, Tree]:
    """What one overlay says of some resources, nulls among it."""
    chosen = draw(st.lists(st.sampled_from([*NAMES, "node-${each:n}", "new"]), max_size=3, unique=True))
    return {name: draw(SAID.flatmap(with_nulls)) for name in chosen}


def with_nulls(tree: Tree) -> st.SearchStrategy[Tree]:
    """The same with some of its keys null, and some of its config's."""

    @st.composite
    def changed(draw: st.DrawFn) -> Tree:
        result = {key: None if draw(st.integers(0, 4)) == 0 else value for key, value in tree.items()}
        config = result.get("config")
        if isinstance(config, dict):
            result["config"] = {key: None if draw(st.integers(0, 4)) == 0 else value for key, value in config.items()}
        return result

    return changed()


@dataclass(frozen=True)
class World:
    settings: Tree
    file: Tree
    entries: dict[str, Tree]
    several: Tree
    laid: tuple[dict[str, Tree], ...]

    def layered(self) -> dict[str, Any]:
        """The files of a folder that says it through layers."""
        several = {"name": "node-${each:n}", "for_each": {"n": ["1", "2"]}, **self.several}
        entries = [{"name": name, **said} for name, said in self.entries.items()]
        return {
            "komodo-sync.yaml": {"defaults": {"stacks": self.settings}},
            "m.yaml": {"defaults": {"stacks": self.file}, "stacks": [*entries, several]},
            **{
                f"overlays/o{number}/o.yaml": {"stacks": [{"name": name, **said} for name, said in laid.items()]}
                for number, laid in enumerate(self.laid)
            },
        }

    def written_out(self) -> dict[str, Any]:
        """The files of a folder that says the same without any."""
        below = over(self.settings, self.file)
        found = {name: over(below, said) for name, said in self.entries.items()}
        found |= {f"node-{number}": over(below, self.several) for number in (1, 2)}
        # those that name an entry are laid before those that name one of its items
        for laid in self.laid:
            for name, said in laid.items():
                if name in self.entries:
                    found[name] = over(found[name], said)
                elif "each" in name:
                    found |= {f"node-{number}": over(found[f"node-{number}"], said) for number in (1, 2)}
        for laid in self.laid:
            for name, said in laid.items():
                if name not in self.entries and "each" not in name:
                    found[name] = over(found.get(name, self.settings), said)
        return {"komodo-sync.yaml": {}, "m.yaml": {"stacks": [{"name": name, **said} for name, said in found.items()]}}


WORLDS = st.builds(
    World,
    SAID,
    SAID,
    st.fixed_dictionaries({"web": SAID, "db": SAID}),
    SAID,
    st.lists(overlays(), max_size=2).map(tuple),
)


def bound(files: dict[str, Any], overlays: list[str]) -> Desired:
    with TemporaryDirectory() as name:
        folder = Path(name)
        for file, tree in files.items():
            (folder / file).parent.mkdir(parents=True, exist_ok=True)
            # JSON is YAML; a text keeps its quotes, a flag has none
            (folder / file).write_text(json.dumps(tree), encoding="utf-8")
        settings = read_settings(folder / "komodo-sync.yaml")
        loaded = load([], settings=settings, root=folder, overlays=overlays)
    assert [item for item in loaded.diagnostics if item.severity == "error"] == []
    return loaded.desired


def told(desired: Desired) -> dict[str, Any]:
    """All of it but for places."""
    return {
        str(address): (
            item.config,
            item.description,
            item.tags,
            item.deploy,
            item.clear_keys,
            [(each.target, each.pointer) for each in item.references],
        )
        for address, item in desired.resources.items()
    }


@given(WORLDS)
def test_layers_bind_to_the_world_written_out(world: World) -> None:
    names = [f"o{number}" for number in range(len(world.laid))]
    assert told(bound(world.layered(), names)) == told(bound(world.written_out(), []))
