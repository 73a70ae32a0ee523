"""The folder that export writes: what stands in it, and what is put there."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING, Any

from komodo_sync.errors import InputError, KomodoSyncError
from komodo_sync.export import Existing, lost_anchor, named_files
from komodo_sync.manifest import load
from komodo_sync.manifest.discover import SUFFIXES, discover
from komodo_sync.manifest.lookup import Lookup
from komodo_sync.model.data import Data, field, replace
from komodo_sync.model.diagnostic import Severity
from komodo_sync.model.plan import Action
from komodo_sync.model.sealed import Sealed, Unknown
from komodo_sync.planning import Options, make_plan
from komodo_sync.planning.opaque import changed_keys
from komodo_sync.planning.pairs import pairs_of
from komodo_sync.source.codes import Code

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from komodo_sync.manifest import Loaded
    from komodo_sync.model.address import Address
    from komodo_sync.model.desired import Desired
    from komodo_sync.model.observed import Observed
    from komodo_sync.settings import Settings

_MARK = "\ufeff"


class Folder(Data):
    """`out`, which may not exist yet, and the manifests that the settings name beside it. `anew`: what they declare may
    be written into it once more; where it is no place of theirs, it is then read alone."""

    out: Path
    settings: Settings | None = None
    lookup: Lookup = field(default_factory=Lookup)
    overlays: tuple[str, ...] = ()
    anew: bool = False
    _marked: set[str] = field(default_factory=set)

    def load(self, *, secrets: bool = False) -> Loaded | None:
        """Every manifest, of the folder and of the settings; None where there is none. Without `secrets` none is
        known, so that none differs. Raises InputError when anything is wrong in them: what cannot be read cannot be
        kept."""
        beside = self.settings.manifest_paths() if self.settings and not (self.anew and self.apart) else ()
        paths = [self.out, *beside]
        held = [path for path in paths if path.exists() and discover([path], self._root)[0]]
        if not held:
            return None
        lookup = self.lookup if secrets else Lookup(vars=self.lookup.vars, blind=True)
        if self.settings:
            settings = replace(self.settings, manifests=tuple(str(path.absolute()) for path in held))
            loaded = load((), settings=settings, root=self._root, lookup=lookup, overlays=self.overlays)
        else:
            loaded = load(held, settings=None, root=self._root, lookup=lookup, overlays=self.overlays)
        errors = {item.code for item in loaded.diagnostics if item.severity is Severity.ERROR}
        if not loaded.files and errors == {Code.NO_MANIFESTS.value}:
            # compose files alone, say: there is nothing to keep, nor to change
            return None
        if loaded.desired.failed:
            raise InputError(loaded.diagnostics)
        return loaded

    @property
    def apart(self) -> bool:
        """Whether it is no place of the manifests that the settings name, and holds none of them."""
        out = self.out.resolve()
        places = [path.resolve() for path in self.settings.manifest_paths()] if self.settings else []
        return not any(out.is_relative_to(place) or place.is_relative_to(out) for place in places)

    def existing(self, loaded: Loaded | None, observed: Observed) -> Existing:
        """What stands in the folder, and where it differs from the Core."""
        if loaded is None:
            return Existing()
        manifests = {}
        for place in loaded.places.values():
            path = self._relative(place)
            if path and place.suffix.lower() != ".toml":
                manifests[path] = self._read(path)
        texts = dict(manifests)
        for path in named_files(manifests):
            if self._relative((self.out / path).resolve()) and (self.out / path).is_file():
                texts[path] = self._read(path)
        waiting = _to_be_renamed(loaded.desired) & observed.resources.keys()
        declared = {*loaded.desired.resources, *waiting}
        differing = self.differing(loaded, observed)
        return Existing(texts, frozenset(manifests), frozenset(declared), differing, loaded.desired.resources)

    def differing(self, loaded: Loaded, observed: Observed) -> dict[Address, frozenset[str]]:
        """For each declared resource that is live, the fields that a plan would change."""
        found = self._changed(loaded, observed)
        for address, fields in self._laid_out_otherwise(loaded, observed).items():
            found[address] = found.get(address, frozenset()) | fields
        return found

    def _changed(self, loaded: Loaded, observed: Observed) -> dict[Address, frozenset[str]]:
        omitted = self.settings.omitted_fields if self.settings else "reset"
        plan = make_plan(loaded.desired, observed, Options(omitted_fields=omitted)).plan
        return {
            item.address: frozenset(each.pointer for each in change.fields)
            for item in plan.resources
            for change in item.changes
            if change.action is Action.UPDATE
        }

    def _laid_out_otherwise(self, loaded: Loaded, observed: Observed) -> dict[Address, frozenset[str]]:
        """Lines that ask for a secret and hold what they should in another order or with other spaces or comments: one
        text is told from the other only with the secrets, as far as they are set here."""
        asking = {
            (address, name)
            for address, item in loaded.desired.resources.items()
            for name, value in item.config.items()
            if isinstance(value, Unknown) and value.pairs is not None
        }
        if not asking:
            return {}
        try:
            known = self.load(secrets=True)
        except InputError:  # what is set here is not what the field takes
            return {}
        if known is None:
            return {}
        found: dict[Address, frozenset[str]] = {}
        for address, fields in self._changed(known, observed).items():
            if address not in observed.resources:
                continue  # it has its old name still
            wanted, have = known.desired.resources[address].config, observed.resources[address].config
            alike = {
                pointer
                for pointer in fields
                if (address, name := pointer.removeprefix("config/")) in asking
                and _reads_alike(wanted[name], have.get(name, ""))
            }
            if alike:
                found[address] = frozenset(alike)
        return found

    def check(self, files: Mapping[str, str], existing: Existing) -> None:
        """Raises KomodoSyncError when a file would be lost that was not read as one of ours, or lies elsewhere."""
        for path, text in files.items():
            place = self.out / path
            if not place.resolve().is_relative_to(self.out.resolve()):
                raise KomodoSyncError(
                    f"{place} lies outside {self.out}", detail="it is a link", hint="put the file itself there"
                )
            if path not in existing.texts and place.exists() and place.read_bytes() != text.encode():
                raise KomodoSyncError(
                    f"{place} is in the way",
                    detail="it is there already, and no manifest of the folder",
                    hint="move it, or replace it with --force",
                )
            anchor = lost_anchor(text) if path in existing.manifests else ""
            if anchor:
                raise KomodoSyncError(
                    f"{place} would lose the anchor &{anchor}, which others name",
                    detail="where it stands the Core has something else now; nothing was written",
                    hint=f"write out what *{anchor} stands for, then export again",
                )

    def write(self, files: Mapping[str, str]) -> None:
        """Puts the files there. Raises KomodoSyncError when one cannot be written; then all are as they were."""
        ready: dict[Path, Path] = {}
        try:
            for path, text in files.items():
                # a link stays one
                place = (self.out / path).resolve()
                place.parent.mkdir(parents=True, exist_ok=True)
                new = ready[place] = place.with_name(f".{place.name}.new")
                new.write_bytes(((_MARK if path in self._marked else "") + text).encode())
                if place.exists():
                    place.open("r+b").close()
                    shutil.copymode(place, new)
            for place, new in ready.items():
                new.replace(place)
        except OSError as error:
            for new in ready.values():
                new.unlink(missing_ok=True)
            raise KomodoSyncError(
                f"{self.out / path} cannot be written",
                detail=f"{error.strerror or error}; no file was changed",
                hint="make room for it, or name another folder with --out",
            ) from None

    def put_aside(self, paths: Iterable[str]) -> dict[str, str]:
        """Gives files that no manifest names any more, and that would be read as manifests themselves, another name;
        the new name of each, or its own where it stays. Raises KomodoSyncError when one cannot be renamed."""
        names = {}
        for path in paths:
            place, number = self.out / path, 1
            names[path] = path
            if place.suffix.lower() not in SUFFIXES:
                continue
            aside = place.with_name(f"{place.name}.unused")
            while aside.exists():
                number += 1
                aside = place.with_name(f"{place.name}.unused-{number}")
            try:
                place.rename(aside)
            except OSError as error:
                raise KomodoSyncError(
                    f"{place} cannot be renamed", detail=error.strerror or "", hint=f"call it {aside.name} by hand"
                ) from None
            names[path] = aside.relative_to(self.out).as_posix()
        return names

    @property
    def _root(self) -> Path:
        return self.settings.root if self.settings else self.out

    def _relative(self, place: Path) -> str:
        """A place as the folder names it, empty when it is not in it."""
        folder = self.out.resolve()
        return place.relative_to(folder).as_posix() if place.is_relative_to(folder) else ""

    def _read(self, path: str) -> str:
        text = (self.out / path).read_bytes().decode("utf-8")
        if text.startswith(_MARK):
            self._marked.add(path)
        return text.removeprefix(_MARK)


def _reads_alike(wanted: Any, have: Any) -> bool:
    """Whether lines that are known here have the live ones' keys and values."""
    if not isinstance(wanted, Sealed) or wanted.pairs is None or not isinstance(have, str):
        return False
    return not any(changed_keys(pairs_of(have).values, wanted.pairs))


def _to_be_renamed(desired: Desired) -> set[Address]:
    """The old names of what a manifest renames, or did."""
    return {
        address._replace(name=item.renamed_from) for address, item in desired.resources.items() if item.renamed_from
    }
