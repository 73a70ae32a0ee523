"""Where `${...}` finds what it names: the seam to the environment and to files, so that reading manifests is pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from komodo_sync.model.data import Data, field
from komodo_sync.source.text import read_source

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path


def _nothing(_name: str) -> str | None:
    return None


def _content(path: Path) -> str | None:
    return read_source(path, path.name).text if path.exists() else None


class Lookup(Data, frozen=True):
    """`env` answers an environment variable, None where it is not set. `file` answers the text of a file, None where
    there is none; raises SourceError for one that cannot be read. `vars` are public values by name. `blind`: nothing is
    known of the environment and of files, and a default says nothing of them either."""

    env: Callable[[str], str | None] = _nothing
    file: Callable[[Path], str | None] = _content
    vars: Mapping[str, str] = field(default_factory=dict)
    blind: bool = False
