"""The files that may be manifests, parsed: which of them are, and which files they name."""

from __future__ import annotations

import re
from contextlib import suppress
from fnmatch import fnmatchcase
from pathlib import Path
from typing import TYPE_CHECKING

from komodo_sync.manifest.discover import real, shown
from komodo_sync.manifest.files import Files, resolve
from komodo_sync.manifest.findings import Findings
from komodo_sync.manifest.interpolate import Interpolator
from komodo_sync.manifest.tables import is_compose, is_ours, looks_like_compose
from komodo_sync.model.data import Data
from komodo_sync.source.codes import Code
from komodo_sync.source.nodes import Mapping, Scalar, Sequence
from komodo_sync.source.text import Source, SourceError, read_source
from komodo_sync.source.yaml import parse_yaml

if TYPE_CHECKING:
    from collections.abc import Iterable

    from komodo_sync.manifest.discover import Candidate
    from komodo_sync.manifest.lookup import Lookup
    from komodo_sync.model.diagnostic import Diagnostic
    from komodo_sync.source.nodes import Node

_EACH = re.compile(r"\$\{each:[^}]*\}")


class Document(Data):
    """A file with its documents. `source` is None where it could not be read."""

    candidate: Candidate
    source: Source | None
    roots: list[Node]
    diagnostics: list[Diagnostic]

    @property
    def toml(self) -> bool:
        """Whether it is Komodo's Resource Sync TOML."""
        return self.candidate.path.suffix.lower() == ".toml"

    @property
    def place(self) -> Path:
        """The file on disk, links resolved."""
        return real(self.candidate.path)

    def is_manifest(self) -> bool:
        """Whether it has to be one: it is named, has a key of ours, or is at least no compose file."""
        ours = any(is_ours(item, toml=self.toml) for item in self.roots)
        return ours or self.candidate.named or not self._is_compose()

    def roots_of_ours(self, findings: Findings) -> list[Node]:
        """The documents of a manifest; what is wrong with the file as a whole is reported."""
        findings.unread(self.diagnostics)
        ours = any(is_ours(item, toml=self.toml) for item in self.roots)
        strange = self.roots and not ours and not self.toml and not self.candidate.named
        if strange and isinstance(self.roots[0], Mapping):
            _declares_nothing(self.roots[0], findings)
            return []
        if not self.roots and self.source is not None and not self.diagnostics:
            empty = Scalar(self.source, 1, 1, "")
            findings.error(Code.NOTHING_DECLARED, empty, "the file is empty", "declare something in it, or remove it")
        return self.roots

    def _is_compose(self) -> bool:
        """A compose file is no manifest, not even one that its own readers take and we could not parse."""
        if self.roots or self.source is None or self.toml:
            return bool(self.roots) and all(is_compose(item) for item in self.roots)
        return looks_like_compose(self.source.text)


def parse(candidate: Candidate, root: Path) -> Document:
    """A file's documents, or why there are none."""
    source = None
    try:
        source = read_source(candidate.path, shown(candidate.path, root))
        if candidate.path.suffix.lower() == ".toml":
            from komodo_sync.source.toml import parse_toml

            roots, diagnostics = parse_toml(source)
        else:
            roots, diagnostics = parse_yaml(source)
    except SourceError as cause:
        return Document(candidate, source, [], [cause.diagnostic])
    return Document(candidate, source, roots, diagnostics)


def parse_naming(candidates: Iterable[Candidate], root: Path) -> list[Document]:
    """Those of some files that name others by `!file`, whatever else is wrong with them."""
    found = []
    for item in candidates:
        with suppress(OSError):
            if b"!file" in item.path.read_bytes():
                found.append(parse(item, root))
    return found


class Included(Data, frozen=True):
    """The files that `!file` names somewhere. `patterns` are names with an `${each:...}` in them."""

    files: frozenset[Path]
    patterns: frozenset[str]

    def __contains__(self, place: Path) -> bool:
        return place in self.files or any(fnmatchcase(str(place), pattern) for pattern in self.patterns)


def included(documents: Iterable[Document], defaults: Iterable[Node], lookup: Lookup) -> Included:
    """What every `!file` of the documents and of the settings' `defaults` names. A manifest that names itself is one
    all the same."""
    found = {target for document in documents for target in _included(document, lookup) - {document.place}}
    found |= {target for node in defaults for target in _named(node.source, [node], lookup)}
    return Included(
        frozenset(path for path in found if "*" not in str(path)),
        frozenset(str(path) for path in found if "*" in str(path)),
    )


def _included(document: Document, lookup: Lookup) -> set[Path]:
    return _named(document.source, document.roots, lookup) if document.source is not None else set()


def _named(source: Source, roots: Iterable[Node], lookup: Lookup) -> set[Path]:
    if "!file" not in source.text:
        return set()
    unheard = Findings()  # what is wrong with a path is told when its resource is read
    reader = Interpolator(unheard, Files(source.path or Path(), unheard), lookup)
    found: set[Path] = set()
    waiting: list[Node] = list(roots)
    while waiting:
        node = waiting.pop()
        if isinstance(node, Mapping):
            waiting += [value for _, value in node.items]
        elif isinstance(node, Sequence):
            waiting += node.items
        elif isinstance(node, Scalar) and node.tag:
            any_item = Scalar(node.source, node.line, node.column, _EACH.sub("*", node.text))
            target = resolve(node, reader.public(any_item).text)
            if target is not None:
                found.add(target)
    return found


def _declares_nothing(root: Mapping, findings: Findings) -> None:
    """A file of a folder that is about something else altogether: one error for it, not one for each key."""
    if root.torn:
        return
    words = ", ".join(key.text for key, _ in root.items[:3])
    findings.error(
        Code.NOTHING_DECLARED,
        root.items[0][0] if root.items else root,
        f"no kind of resource stands in this file, but {words}" if words else "the file declares nothing",
        "mend the key if it is meant as one; else name the manifests in komodo-sync.yaml, or move this file",
    )
