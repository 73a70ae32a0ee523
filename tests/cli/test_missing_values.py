"""Whatever field of whatever kind takes its value from where nothing is set, no command ends as a defect."""

from __future__ import annotations

import json
import shutil
from typing import TYPE_CHECKING, Any

import pytest
from shell import write

from komodo_sync.cli.formats import FORMATS
from komodo_sync.kinds import KINDS
from komodo_sync.kinds.shapes import (
    EnumShape,
    FlagShape,
    FloatShape,
    IntShape,
    ListShape,
    PairsShape,
    StructShape,
    Tagged,
    TextListShape,
    TextShape,
    VersionShape,
)
from komodo_sync.manifest import load
from komodo_sync.manifest.lookup import Lookup

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from shell import Shell

    from komodo_sync.kinds.struct import Struct
    from komodo_sync.simulator import EmbeddedCore

    Entry = tuple[str, dict[str, Any], str]

REPORTS = tuple(word for form in FORMATS for word in ("--report", f"{form}=reports/{form}"))
COMPOSE = 'services: {web: {image: nginx, volumes: ["data:/data"], ports: ["PORT:80"]}}\nvolumes: {data: {}}\n'
BESIDE: dict[str, dict[str, Any]] = {
    "stack": {"server_id": "one", "file_contents": COMPOSE},
    "deployment": {
        "server_id": "one",
        "image": {"type": "Image", "params": {"image": "nginx"}},
        "volumes": "data-PORT: /data",
    },
    "repo": {"repo": "acme/site"},
}
"""What else the resources of a kind have, so that there is something to run."""


def forms(shape: Any) -> Iterator[tuple[Any, str]]:
    """Values with a `${env:V}` somewhere in them, each with what that is where it is set."""
    match shape:
        case FlagShape():
            yield "${env:V}", "true"
        case IntShape() | FloatShape():
            yield "${env:V}", "7"
        case EnumShape():
            yield "${env:V}", shape.values[0]
        case VersionShape():
            yield "${env:V}", "1.2.3"
        case TextShape():
            yield "${env:V}", "x"
            yield "a ${env:V}", "x"
        case PairsShape():
            yield "${env:V}", "A=b"
            yield {"TZ": "Europe/Berlin", "DB_PASSWORD": "${env:V}"}, "x"
        case TextListShape():
            yield ["${env:V}"], shape.values[0] if shape.values else "x"
        case StructShape():
            yield from structs(shape.struct)
        case ListShape():
            yield from (([each], value) for each, value in structs(shape.struct))
        case Tagged():
            # of the many things that a stage executes some say enough
            for type_, struct in list(shape.all_variants().items())[:8]:
                yield from (({"type": type_, "params": each}, value) for each, value in structs(struct))


def structs(struct: type[Struct]) -> Iterator[tuple[dict[str, Any], str]]:
    fields = struct.fields()
    needed: dict[str, Any] = {name: _any(field.shape) for name, field in fields.items() if field.required}
    for name, field in fields.items():
        # what is referred to is public
        for each, value in forms(field.shape) if not field.ref else ():
            yield {**needed, name: each}, value


def _any(shape: Any) -> Any:
    return {IntShape: 5, TextListShape: [], Tagged: {"type": "Sleep", "params": {"duration_ms": 1}}}.get(
        type(shape), "y"
    )


def entries() -> Iterator[Entry]:
    """Each field of each kind."""
    for kind, spec in KINDS.items():
        for config, value in forms(spec.config) if isinstance(spec.config, Tagged) else structs(spec.config):
            yield kind, {**BESIDE.get(kind, {}), **config}, value


def manifest(chosen: list[Entry], prefix: str, *, shift: int = 0, was: str = "") -> str:
    """A manifest of all of them, as `prefix` and a number. `shift`: each has the config of another of its kind; `was`:
    how they are called in the Core. JSON is YAML."""
    server = {"name": "one", "config": {"address": "https://one:8120", "enabled": True}}
    listed: dict[str, list[Any]] = {"servers": [server]}
    for number, (kind, _, _) in enumerate(chosen):
        spec, same = KINDS[kind], [place for place, each in enumerate(chosen) if each[0] == kind]
        source = same[(same.index(number) + shift) % len(same)]
        text = json.dumps(chosen[source][1]).replace("${env:V}", f"${{env:V{source}}}")
        config = json.loads(text.replace("PORT", str(1000 + number)))
        entry = {**dict.fromkeys(spec.identity, f"{prefix}{number}"), **(config if spec.flat else {"config": config})}
        entry |= {"deploy": True} if spec.deploys else {}
        entry |= {"renamed_from": f"{was}{number}"} if was and spec.rename else {}
        listed.setdefault(spec.plural, []).append(entry)
    return json.dumps(listed)


@pytest.fixture
def chosen(tmp_path: Path) -> list[Entry]:
    """Each field of each kind that may take its value from outside."""
    folder = tmp_path / "each"
    found = []
    for entry in entries():
        write(folder, {"m.yaml": manifest([entry], "a")})
        lookups = (Lookup(env={}.get), Lookup(env={"V0": entry[2]}.get))
        loads = (load([folder], settings=None, root=folder, lookup=lookup) for lookup in lookups)
        if all(item.severity != "error" for loaded in loads for item in loaded.diagnostics):
            found.append(entry)
    shutil.rmtree(folder)
    assert {kind for kind, _, _ in found} >= KINDS.keys() - {"tag", "user_group"}
    assert len(found) > 300
    return found


def test_a_missing_value_anywhere_is_no_defect(
    chosen: list[Entry], shell: Shell, core: EmbeddedCore, work: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def declare(prefix: str, *, prune: bool = False, **beside: Any) -> None:
        settings = f"owner: me\nprune: {str(prune).lower()}\nmanifests: [m]\n"
        write(work, {"komodo-sync.yaml": settings, "m/m.yaml": manifest(chosen, prefix, **beside)})

    declare("old")
    with monkeypatch.context() as patch:
        for number, (_, _, value) in enumerate(chosen):
            patch.setenv(f"V{number}", value)
        # some of them are nothing that a Core would run
        assert shell("apply", "--yes", *REPORTS).code in (0, 3)
    worlds: tuple[dict[str, Any], ...] = (
        {"prefix": "old", "shift": 1},
        {"prefix": "new", "prune": True},
        {"prefix": "new", "was": "old", "shift": 1},
    )
    for world in worlds:
        declare(**world)
        # where one ends as a defect, the shell does not take it
        assert shell("plan", *REPORTS).code == 0
        assert shell("plan", "--no-deploy").code == 0
        assert shell("drift", "-q").code == 2
        assert shell("apply", "--yes", "-q").code == 4
        assert shell("explain", f"{chosen[0][0]}/{world['prefix']}0").code == 0
