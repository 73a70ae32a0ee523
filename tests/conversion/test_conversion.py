"""What is converted declares the very same, and keeps what its authors said about it."""

from __future__ import annotations

import os
import shutil
import tempfile
from pathlib import Path

import pytest
from generated import config
from hypothesis import assume, given
from hypothesis import strategies as st
from toml_text import Writer

from komodo_sync.conversion import convert, differences
from komodo_sync.kinds import KINDS
from komodo_sync.manifest import Loaded, load
from komodo_sync.source.text import read_source

ESTATES = Path(os.environ.get("KOMODO_ESTATES") or Path(__file__).parents[3] / "shared" / "estates")
FOLDERS = sorted(path for path in ESTATES.glob("*__*") if path.is_dir())
RESOURCE_SYNC = [spec for spec in KINDS.values() if spec.toml]


def read(folder: Path) -> Loaded:
    return load([folder], settings=None, root=folder)


def put(folder: Path, files: dict[str, str]) -> None:
    for path, text in files.items():
        place = folder / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(text.encode())


def converted(folder: Path, loaded: Loaded) -> dict[str, str]:
    """Every file, each at its own place."""
    files: dict[str, str] = {}
    for name, place in loaded.places.items():
        path = place.relative_to(folder.resolve()).with_suffix(".yaml").as_posix()
        made = convert(read_source(place, name), loaded, path=path)
        files |= {path: made.text, **made.files}
    return files


@pytest.mark.skipif(not FOLDERS, reason="no estates beside the project; name their folder in KOMODO_ESTATES")
@pytest.mark.parametrize("estate", FOLDERS, ids=lambda each: each.name)
def test_an_estate_says_the_same(estate: Path, tmp_path: Path) -> None:
    for file in (estate / "files").rglob("*.toml"):
        # one estate has tables that Komodo ignores in silence, which is an error here
        text = file.read_text(encoding="utf-8").replace("resource-sync", "resource_sync")
        put(tmp_path / "toml", {file.relative_to(estate / "files").as_posix(): text})
    before = read(tmp_path / "toml")
    assert not before.desired.failed, before.diagnostics
    files = converted(tmp_path / "toml", before)
    put(tmp_path / "yaml", files)
    after = read(tmp_path / "yaml")
    assert list(differences(before.desired, after.desired)) == []
    assert not after.desired.failed
    assert before.desired.resources
    said = "".join(files.values())
    for file in (tmp_path / "toml").rglob("*.toml"):
        for line in file.read_text(encoding="utf-8").splitlines():
            if line.startswith("#") and line.strip("# "):
                assert line.rstrip() in said


@given(st.data())
def test_generated_worlds(data: st.DataObject) -> None:
    writer, parts, names = Writer(data), [], {}
    for spec in data.draw(st.lists(st.sampled_from(RESOURCE_SYNC), min_size=1, max_size=3, unique=True)):
        name = f"{spec.name}_0"
        fields = data.draw(config(spec, names), label=name)
        beside = (
            {"description": data.draw(st.sampled_from([None, "What\nit is", "'"]))}
            if "description" in spec.meta
            else {}
        )
        if "tags" in spec.meta:
            beside["tags"] = data.draw(st.sampled_from([None, ["a", "b"], []]))
        table = data.draw(st.sampled_from(spec.toml))
        parts.append(writer.entry(table, name, {**beside, **fields} if spec.flat else {**beside, "config": fields}))
        names[spec.name] = [name]
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        put(folder / "toml", {"all.toml": "\n".join(parts)})
        before = read(folder / "toml")
        assume(not before.desired.failed)
        assert len(before.desired.resources) == len(parts)
        files = converted(folder / "toml", before)
        put(folder / "yaml", files)
        after = read(folder / "yaml")
        assert not after.desired.failed, after.diagnostics
        assert list(differences(before.desired, after.desired)) == []
        shutil.rmtree(folder / "yaml")
        alone = convert(read_source(folder / "toml/all.toml", "all.toml"), before, path="")
        put(folder / "yaml", {"all.yaml": alone.text})
        assert list(differences(before.desired, read(folder / "yaml").desired)) == []
    assert {comment: files["all.yaml"].count(comment) for comment in writer.comments} == dict.fromkeys(
        writer.comments, 1
    )
