"""Real Resource Sync files are read today."""

from __future__ import annotations

import os
from collections import Counter
from pathlib import Path

import pytest

from komodo_sync.manifest import Loaded, load
from komodo_sync.model.diagnostic import Severity

ESTATES = Path(os.environ.get("KOMODO_ESTATES") or Path(__file__).parents[3] / "shared" / "estates")
pytestmark = pytest.mark.skipif(
    not ESTATES.is_dir(), reason="no estates beside the project; name their folder in KOMODO_ESTATES"
)


def read(owner: str) -> Loaded:
    [estate] = ESTATES.glob(f"{owner}__*")
    return load([estate / "files"], settings=None, root=estate / "files")


@pytest.mark.parametrize("owner", ["PortableStick", "NiphraDil", "brumi1024", "frasermclean"])
def test_an_estate_is_read_without_an_error(owner: str) -> None:
    loaded = read(owner)
    assert [item for item in loaded.diagnostics if item.severity is Severity.ERROR] == []
    assert loaded.desired.resources


def test_tables_that_komodo_ignores_and_what_dangles_for_them() -> None:
    loaded = read("AnarchoBooleanism")
    errors = [item for item in loaded.diagnostics if item.severity is Severity.ERROR]
    assert [(item.code, str(item.span)) for item in errors] == [
        ("KS020", f"servers.toml:{line}:1") for line in (11, 28, 45, 62, 80)
    ]
    assert {item.help for item in errors} == {"write [[resource_sync]]"}
    warnings = [item for item in loaded.diagnostics if item.severity is Severity.WARNING]
    assert [(item.code, str(item.span)) for item in warnings] == [
        ("KS043", f"procedures.toml:{line}:57") for line in range(69, 74)
    ]
    assert loaded.desired.failed
    assert Counter(address.kind for address in loaded.desired.resources) == {
        "procedure": 4,
        "server": 5,
        "builder": 2,
        "variable": 6,
    }
