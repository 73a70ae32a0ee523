"""Real estates survive being exported: all four that Komodo itself understands, field by field."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest
from round_trip import Bench, applied, assert_round_trip

ESTATES = Path(os.environ.get("KOMODO_ESTATES") or Path(__file__).parents[3] / "shared" / "estates")
FOLDERS = sorted(path for path in ESTATES.glob("*__*") if path.is_dir())
pytestmark = pytest.mark.skipif(
    not FOLDERS, reason="no estates beside the project; name their folder in KOMODO_ESTATES"
)
REFUSED = "AnarchoBooleanism"
"""Komodo ignored a part of it in silence; its manifests are errors here."""


@pytest.mark.parametrize(
    "folder", [each for each in FOLDERS if not each.name.startswith(REFUSED)], ids=lambda each: each.name
)
def test_an_estate(folder: Path) -> None:
    truth = json.loads((folder / "komodo.json").read_text(encoding="utf-8"))
    with Bench() as bench:
        source = bench.core()
        for kind, names in truth["precreate"].items():
            for name in names:
                source.writer.write(f"Create{kind.capitalize()}", {"name": name})
        applied(source, folder / "files")
        for split in ("kind", "resource"):
            assert_round_trip(bench, source, split)
