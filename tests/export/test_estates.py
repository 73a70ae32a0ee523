"""Real estates survive being exported, secrets and all."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from round_trip import Bench, applied, assert_round_trip

from komodo_sync.kinds import KINDS

if TYPE_CHECKING:
    from komodo_sync.session import Session

ESTATES = Path(os.environ.get("KOMODO_ESTATES") or Path(__file__).parents[3] / "shared" / "estates")
FOLDERS = sorted(path for path in ESTATES.glob("*__*") if path.is_dir())
pytestmark = pytest.mark.skipif(
    not FOLDERS, reason="no estates beside the project; name their folder in KOMODO_ESTATES"
)
REFUSED = "AnarchoBooleanism"
"""Komodo ignored a part of it in silence, so that its files are errors here; taken is what Komodo made of it."""


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda each: each.name)
def test_an_estate(folder: Path) -> None:
    truth = json.loads((folder / "komodo.json").read_text(encoding="utf-8"))
    with Bench() as bench:
        source = bench.core()
        if folder.name.startswith(REFUSED):
            _create(source, truth)
        else:
            for kind, names in truth["precreate"].items():
                for name in names:
                    source.writer.write(f"Create{kind.capitalize()}", {"name": name})
            applied(source, folder / "files")
        for split in ("kind", "resource"):
            files = assert_round_trip(bench, source, split)
            assert len(files) > 1


def _create(session: Session, truth: dict[str, Any]) -> None:
    """What a real Core held, created one by one; none of it targets anything by id."""
    for item in truth["variables"].values():
        session.writer.write("CreateVariable", item)
    for spec in (spec for spec in KINDS.values() if not spec.flat):
        for name, item in truth["resources"][f"{spec.core}s"].items():
            session.writer.write(spec.create, {"name": name, "config": item["config"]})
            meta = {key: item[key] for key in ("description", "tags", "template")}
            session.writer.write("UpdateResourceMeta", {"target": {"type": spec.core, "id": name}, **meta})
