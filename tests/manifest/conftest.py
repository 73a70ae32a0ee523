"""Manifests written on the spot."""

from __future__ import annotations

from collections.abc import Callable
from textwrap import dedent
from typing import TYPE_CHECKING

import pytest

from komodo_sync.manifest import Loaded, load

if TYPE_CHECKING:
    from pathlib import Path

Write = Callable[..., Loaded]


@pytest.fixture
def read(tmp_path: Path) -> Write:
    """Writes files by name (`web.yaml="..."` as keyword or in a dict) and loads their folder."""

    def write(text: str = "", files: dict[str, str] | None = None, *, name: str = "m.yaml") -> Loaded:
        for file, content in ({name: text} if text else {} | {}).items() | (files or {}).items():
            path = tmp_path / file
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(dedent(content), encoding="utf-8")
        return load([tmp_path], settings=None, root=tmp_path)

    return write
