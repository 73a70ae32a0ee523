"""Which commits changed what is declared of a resource: those that touched its lines, as far as that can be told."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from komodo_sync.execution.repository import UNCOMMITTED, changed_since, last_changes
from komodo_sync.settings import FILE_NAME

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

    from komodo_sync.manifest import Loaded
    from komodo_sync.model.cause import Record
    from komodo_sync.model.desired import DesiredResource
    from komodo_sync.model.plan import Resource

MOST = 3
"""Commits that are told of a resource, the newest first."""


class Commits:
    """What git says since `commit` of the manifests below `root`, which are `loaded`. A file is asked about once."""

    def __init__(self, root: Path, commit: str, loaded: Loaded) -> None:
        self._root, self._commit, self._loaded = root, commit, loaded
        self._changes = changed_since(root, commit)
        self._texts: dict[str, list[str]] = {}
        self._touched: dict[str, list[str]] = {}

    def of(self, resource: Resource, declared: DesiredResource) -> tuple[tuple[Record, ...], bool]:
        """The commits that changed it, and whether something is in no commit yet. Of its manifest its own lines count,
        of an overlay and of defaults those of what differs, of a text all. Where these tell nobody, because lines went
        or it is declared no more, all commits of its files do. What changed in none of its own files was changed in the
        settings."""
        changes = self._changes
        names = sorted(declared.files() & changes.files.keys() or {FILE_NAME} & changes.files.keys())
        every = {whole for name in names for whole in changes.files[name]}
        uncommitted = any(name in changes.uncommitted for name in names)
        if len(every) > 1 or (every and uncommitted):
            touched = {whole for name in names for whole in self._touching(name, resource, declared)}
            known = touched & changes.commits.keys()
            every = known if known or UNCOMMITTED in touched else every
        return tuple(record for whole, record in changes.commits.items() if whole in every)[:MOST], uncommitted

    def _touching(self, name: str, resource: Resource, declared: DesiredResource) -> Iterable[str]:
        """The commits that touched its lines in one file; all of a file that is a text of it, and of one whose lines of
        it are there no more."""
        extents = list(self._extents(name, resource, declared))
        if not extents:
            return () if self._is_layer(name, declared) else self._changes.files[name]
        if name not in self._touched:
            self._touched[name] = last_changes(self._root, self._commit, name)
        lines = self._touched[name]
        return {lines[number - 1] for extent in extents for number in extent if number <= len(lines)}

    def _extents(self, name: str, resource: Resource, declared: DesiredResource) -> Iterator[range]:
        if not self._is_there(declared):
            return
        span = declared.span
        if span.file == name:
            yield _extent(
                self._text(name), span.line, 0 if name.endswith(".toml") else span.column, self._starts.get(name, ())
            )
            return
        for field in (field for change in resource.changes for field in change.fields):
            file, _, place = field.origin.rpartition(":")[0].rpartition(":")
            if file == name:
                column = int(field.origin.rpartition(":")[2])
                yield _extent(self._text(name), int(place), column + 1, [])

    def _is_layer(self, name: str, declared: DesiredResource) -> bool:
        """Whether something of it is written there, beside what others have there."""
        pointers = ("description", "tags", "template", *(f"config/{field}" for field in declared.config))
        places = (declared.origin(pointer) for pointer in pointers) if self._is_there(declared) else ()
        return any(place is not None and place.file == name for place in places)

    def _is_there(self, declared: DesiredResource) -> bool:
        """Whether it is declared still."""
        return self._loaded.desired.resources.get(declared.address) is declared

    @cached_property
    def _starts(self) -> dict[str, list[int]]:
        """Where entries begin in each manifest."""
        found: dict[str, set[int]] = {}
        for item in self._loaded.desired.resources.values():
            found.setdefault(item.span.file, set()).add(item.span.line)
        return {name: sorted(lines) for name, lines in found.items()}

    def _text(self, name: str) -> list[str]:
        if name not in self._texts:
            try:
                self._texts[name] = (self._root / name).read_text(encoding="utf-8", errors="replace").split("\n")
            except OSError:
                self._texts[name] = []
        return self._texts[name]


def _extent(lines: Sequence[str], first: int, column: int, starts: Iterable[int]) -> range:
    """The lines of what begins in line `first`: as far as they are indented to `column` at least, but for `{...}` over
    several lines, and before the next of `starts`. Comments and empty lines at the end belong to what follows."""
    limit = next((line for line in starts if line > first), len(lines) + 1)
    last = first
    flow = first <= len(lines) and lines[first - 1][max(column - 1, 0) :].startswith(("{", "["))
    for number in range(first + 1, limit):
        text = lines[number - 1]
        bare = text.lstrip(" \t")
        if not bare.strip() or bare.startswith("#"):
            continue
        if not flow and len(text) - len(bare) < column - 1:
            break
        last = number
    return range(first, last + 1)
