"""From paths to Desired: every file is read, everything that is wrong in any of them is found in one run."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

from komodo_sync.errors import InputError
from komodo_sync.manifest.check import check
from komodo_sync.manifest.discover import discover, shown
from komodo_sync.manifest.files import Files, resolve
from komodo_sync.manifest.findings import Findings
from komodo_sync.manifest.interpolate import Interpolator
from komodo_sync.manifest.lookup import Lookup
from komodo_sync.manifest.silence import silence
from komodo_sync.manifest.tables import World, bind_document, is_compose, is_ours, looks_like_compose
from komodo_sync.model.diagnostic import Diagnostic, Severity, Span
from komodo_sync.source.codes import Code
from komodo_sync.source.collecting import undisturbed
from komodo_sync.source.nodes import Mapping, Scalar, Sequence
from komodo_sync.source.text import Source, SourceError, read_source
from komodo_sync.source.toml import parse_toml
from komodo_sync.source.yaml import parse_yaml

if TYPE_CHECKING:
    from collections.abc import Mapping as MappingOf
    from collections.abc import Sequence as SequenceOf

    from komodo_sync.manifest.discover import Candidate
    from komodo_sync.model.address import Address
    from komodo_sync.model.desired import Desired
    from komodo_sync.model.diagnostic import Silenced
    from komodo_sync.settings import Settings
    from komodo_sync.source.nodes import Node


@dataclass(frozen=True, slots=True)
class Loaded:
    """`desired` is what could be read; `diagnostics` all that is wrong with it, in order of file and place; `files` how
    many manifests there are. With an error among them `desired.failed` is True. `places` is the file, as users see
    it and as it lies on disk, of each manifest. `silenced` is what `ignore` comments took out."""

    desired: Desired
    diagnostics: tuple[Diagnostic, ...]
    files: int
    places: MappingOf[str, Path] = field(default_factory=dict)
    silenced: tuple[Silenced, ...] = ()

    def addresses_under(self, paths: SequenceOf[Path]) -> frozenset[Address]:
        """The resources that are declared in one of these files or folders."""
        wanted = [path.resolve() for path in paths]
        inside = {
            name
            for name, place in self.places.items()
            if any(place == path or place.is_relative_to(path) for path in wanted)
        }
        return frozenset(
            address for address, resource in self.desired.resources.items() if resource.span.file in inside
        )


@dataclass
class _Document:
    candidate: Candidate
    source: Source | None
    roots: list[Node]
    diagnostics: list[Diagnostic]

    @property
    def toml(self) -> bool:
        return self.candidate.path.suffix.lower() == ".toml"


def load(paths: SequenceOf[Path], *, settings: Settings | None, root: Path, lookup: Lookup | None = None) -> Loaded:
    """The declared world. With settings it is what they name as manifests, and each of `paths` must lie in it; else
    it is `paths`. `root` bounds what `!file` may name, and file names are shown relative to it. `lookup` is where
    `${...}` finds what it names; without it no environment variable is set. Its vars win over those of the settings.

    Raises InputError when there is nothing to read at all.
    """
    with undisturbed():
        return _load(paths, settings, root, lookup or Lookup())


def _load(paths: SequenceOf[Path], settings: Settings | None, root: Path, lookup: Lookup) -> Loaded:
    findings = Findings()
    candidates, missing = discover(list(paths) if settings is None else settings.manifest_paths(), root)
    findings.extend(missing)
    if settings is not None:
        known = {item.path.resolve() for item in candidates}
        findings.extend(_outside(paths, known, root))
    if not candidates:
        raise InputError(sorted(findings.diagnostics, key=lambda item: item.sort_key))
    documents = [_parse(item, root) for item in candidates]
    lookup = replace(lookup, vars={**(settings.vars if settings else {}), **lookup.vars})
    interpolator = Interpolator(findings, Files(root.resolve(), findings), lookup)
    included = {target for document in documents for target in _included(document, lookup)}
    world = World()
    places: dict[str, Path] = {}
    for document in documents:
        place = document.candidate.path.resolve()
        if place in included and not document.candidate.named:
            continue
        if _bind(document, world, interpolator):
            places[shown(document.candidate.path, root)] = place
    desired = check(world, findings, len(places), settings.omitted_fields if settings else "reset")
    sources = [document.source for document in documents if document.source is not None and document.roots]
    kept, silenced = silence(set(findings.diagnostics), sources)
    failed = any(item.severity is Severity.ERROR for item in kept)
    return Loaded(
        replace(desired, failed=failed),
        tuple(sorted(kept, key=lambda item: item.sort_key)),
        len(places),
        places,
        tuple(sorted(silenced, key=lambda item: item.diagnostic.sort_key)),
    )


def _parse(candidate: Candidate, root: Path) -> _Document:
    source = None
    try:
        source = read_source(candidate.path, shown(candidate.path, root))
        parse = parse_toml if candidate.path.suffix.lower() == ".toml" else parse_yaml
        roots, diagnostics = parse(source)
    except SourceError as cause:
        return _Document(candidate, source, [], [cause.diagnostic])
    return _Document(candidate, source, roots, diagnostics)


def _bind(document: _Document, world: World, interpolator: Interpolator) -> bool:
    """Whether the file is a manifest; what it declares is added."""
    roots, toml, findings = document.roots, document.toml, interpolator.findings
    ours = [item for item in roots if is_ours(item, toml=toml)]
    if not ours and not document.candidate.named and _is_compose(document):
        return False
    findings.extend(document.diagnostics)
    if roots and not ours and not toml and not document.candidate.named and isinstance(roots[0], Mapping):
        _declares_nothing(roots[0], findings)
    elif roots:
        for root in roots:
            bind_document(root, toml=toml, world=world, interpolator=interpolator)
    elif document.source is not None and not document.diagnostics:
        empty = Scalar(document.source, 1, 1, "")
        findings.error(Code.NOTHING_DECLARED, empty, "the file is empty", "declare something in it, or remove it")
    return True


def _is_compose(document: _Document) -> bool:
    """A compose file is no manifest, not even one that its own readers take and we could not parse."""
    if document.roots or document.source is None or document.toml:
        return bool(document.roots) and all(is_compose(item) for item in document.roots)
    return looks_like_compose(document.source.text)


def _declares_nothing(root: Mapping, findings: Findings) -> None:
    """A file of a folder that is about something else altogether: one error for it, not one for each key."""
    words = ", ".join(key.text for key, _ in root.items[:3])
    findings.error(
        Code.NOTHING_DECLARED,
        root.items[0][0] if root.items else root,
        f"no kind of resource stands in this file, but {words}" if words else "the file declares nothing",
        "mend the key if it is meant as one; else name the manifests in komodo-sync.yaml, or move this file",
    )


def _included(document: _Document, lookup: Lookup) -> set[Path]:
    """The files that a `!file` in a document names."""
    if document.source is None or "!file" not in document.source.text:
        return set()
    unheard = Findings()  # what is wrong with a path is told when its resource is read
    reader = Interpolator(unheard, Files(document.source.path or Path(), unheard), lookup)
    found: set[Path] = set()
    waiting: list[Node] = list(document.roots)
    while waiting:
        node = waiting.pop()
        if isinstance(node, Mapping):
            waiting += [value for _, value in node.items]
        elif isinstance(node, Sequence):
            waiting += node.items
        elif isinstance(node, Scalar) and node.tag:
            target = resolve(node, reader.public(node).text)
            if target is not None:
                found.add(target)
    return found


def _outside(paths: SequenceOf[Path], known: set[Path], root: Path) -> list[Diagnostic]:
    """An error for each path that none of the manifests lies in."""
    result = []
    for path in paths:
        place = path.resolve()
        if not any(file == place or file.is_relative_to(place) for file in known):
            message = "none of the manifests that the settings name lies here"
            help_text = "add it to manifests: in komodo-sync.yaml"
            span = Span(shown(path, root), 1, 1)
            result.append(Diagnostic(Code.NO_MANIFESTS.value, Severity.ERROR, message, span, help_text))
    return result
