"""From paths to Desired: every file is read, everything that is wrong in any of them is found in one run."""

from __future__ import annotations

from typing import TYPE_CHECKING

from komodo_sync.errors import InputError
from komodo_sync.manifest.check import check
from komodo_sync.manifest.discover import BACKUP_MARK, OVERLAYS, discover, not_there, nothing, real, shown
from komodo_sync.manifest.documents import included, parse, parse_naming
from komodo_sync.manifest.files import Files
from komodo_sync.manifest.findings import Findings
from komodo_sync.manifest.interpolate import Interpolator
from komodo_sync.manifest.layers import Layers, Overlay
from komodo_sync.manifest.lookup import Lookup
from komodo_sync.manifest.misspelt import misspelt
from komodo_sync.manifest.overlays import overlay_folders, unused_folders
from komodo_sync.manifest.silence import silence
from komodo_sync.manifest.tables import Tables, read_defaults, read_tables
from komodo_sync.model.data import Data, field, replace
from komodo_sync.model.diagnostic import Diagnostic, Severity
from komodo_sync.source.collecting import undisturbed

if TYPE_CHECKING:
    from collections.abc import Mapping as MappingOf
    from collections.abc import Sequence as SequenceOf
    from pathlib import Path

    from komodo_sync.manifest.documents import Document, Included
    from komodo_sync.model.address import Address
    from komodo_sync.model.desired import Desired
    from komodo_sync.model.diagnostic import Silenced
    from komodo_sync.settings import Settings


class Loaded(Data, frozen=True):
    """`desired` is what could be read; `diagnostics` all that is wrong with it, in order of file and place; `files` how
    many manifests there are. With an error among them `desired.failed` is True. `places` is the file, as users see
    it and as it lies on disk, of each manifest. `silenced` is what `ignore` comments took out. `overlays` are those
    that were laid over the manifests, in order."""

    desired: Desired
    diagnostics: tuple[Diagnostic, ...]
    files: int
    places: MappingOf[str, Path] = field(default_factory=dict)
    silenced: tuple[Silenced, ...] = ()
    overlays: tuple[str, ...] = ()

    def addresses_under(self, paths: SequenceOf[Path]) -> frozenset[Address]:
        """The resources that are declared in one of these files or folders."""
        wanted = [real(path) for path in paths]
        inside = {
            name
            for name, place in self.places.items()
            if any(place == path or place.is_relative_to(path) for path in wanted)
        }
        return frozenset(
            address for address, resource in self.desired.resources.items() if resource.span.file in inside
        )


def load(
    paths: SequenceOf[Path],
    *,
    settings: Settings | None,
    root: Path,
    lookup: Lookup | None = None,
    overlays: SequenceOf[str] = (),
) -> Loaded:
    """The declared world. With settings it is what they name as manifests, and each of `paths` must lie in it; else
    it is `paths`. `root` bounds what `!file` may name, and file names are shown relative to it. `lookup` is where
    `${...}` finds what it names; without it no environment variable is set. Its vars win over those of the settings.
    `overlays` are laid over it, behind those that the settings name.

    Raises InputError when there is nothing to read at all, UsageError for an overlay that does not exist.
    """
    with undisturbed():
        return _load(paths, settings, root, lookup or Lookup(), overlays)


def _load(
    paths: SequenceOf[Path], settings: Settings | None, root: Path, lookup: Lookup, overlays: SequenceOf[str]
) -> Loaded:
    findings = Findings()
    read = list(paths) if settings is None else settings.manifest_paths()
    candidates, missing = discover(read, root)
    findings.extend(missing)
    if settings is not None:
        known = {real(item.path) for item in candidates}
        findings.extend(_outside(paths, known, root))
    if not candidates:
        raise InputError(sorted(findings.diagnostics, key=lambda item: item.sort_key))
    documents = [parse(item, root) for item in candidates]
    above = {}
    for name, folders in overlay_folders(overlays, paths, settings, root).items():
        held, missing = discover(folders, root)
        findings.extend(missing)
        above[name] = [parse(item, root) for item in held]
    everything = [*documents, *(document for several in above.values() for document in several)]
    lookup = replace(lookup, vars={**(settings.vars if settings else {}), **lookup.vars})
    interpolator = Interpolator(findings, Files(real(root), findings), lookup)
    # what a text is does not depend on which overlays are in use
    unused, _ = discover(unused_folders(above, paths, settings, root), root)
    named = included([*everything, *parse_naming(unused, root)], settings.defaults if settings else (), lookup)
    tables = Tables()
    manifests = _read(documents, named, tables, interpolator)
    places = {shown(item.candidate.path, root): item.place for item in manifests}
    laid = []
    for name, several in above.items():
        own = Tables(mentions=tables.mentions)
        manifests += _read(several, named, own, interpolator, overlay=True)
        laid.append(Overlay(name, own.entries))
    defaults = [read_defaults(node, findings, {}) for node in (settings.defaults if settings else ())]
    declared = Layers(interpolator, defaults, laid).declare(tables.entries)
    findings.extend(misspelt(item.source for item in manifests if item.source is not None and item.roots))
    files = len(manifests)
    if not files:
        findings.extend([nothing(path, root, "nothing here is a manifest", _NONE) for path in read])
    desired = check(declared, tables.mentions, findings, files, settings.omitted_fields if settings else "reset")
    sources = [document.source for document in everything if document.source is not None and document.roots]
    if settings and settings.defaults:
        sources.append(settings.defaults[0].source)
    kept, silenced = silence(set(findings.diagnostics), sources)
    failed = any(item.severity is Severity.ERROR for item in kept)
    return Loaded(
        replace(desired, failed=failed),
        tuple(sorted(kept, key=lambda item: item.sort_key)),
        files,
        places,
        tuple(sorted(silenced, key=lambda item: item.diagnostic.sort_key)),
        tuple(above),
    )


_NONE = "compose files are none, and neither is what a !file names: add one, or name the folder that has them"


def _read(
    documents: SequenceOf[Document],
    named: Included,
    tables: Tables,
    interpolator: Interpolator,
    *,
    overlay: bool = False,
) -> list[Document]:
    """The documents that are manifests; what they say is added to `tables`."""
    manifests = [item for item in documents if (item.candidate.named or item.place not in named) and item.is_manifest()]
    for item in manifests:
        roots = item.roots_of_ours(interpolator.findings)
        read_tables(roots, toml=item.toml, overlay=overlay, tables=tables, interpolator=interpolator)
    return manifests


def _outside(paths: SequenceOf[Path], known: set[Path], root: Path) -> list[Diagnostic]:
    """An error for each path that none of the manifests lies in."""
    result = []
    for path in paths:
        place = real(path)
        if not path.exists():
            result.append(not_there(path, root))
        elif not any(file == place or file.is_relative_to(place) for file in known):
            message = "none of the manifests that the settings name lies here"
            way_out = "add it to manifests: in komodo-sync.yaml"
            if OVERLAYS in place.parts:
                way_out = "an overlay is not named by its path: write --overlay NAME"
            elif (path / BACKUP_MARK).exists():
                way_out = f"it is a backup: {path / 'backup.md'} says how to put it back"
            result.append(nothing(path, root, message, way_out))
    return result
