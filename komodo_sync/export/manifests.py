"""A whole Core -> files, new ones and those that are there already."""

from __future__ import annotations

from posixpath import dirname, join, normpath
from typing import TYPE_CHECKING

from komodo_sync.export.edits import Edits
from komodo_sync.export.entries import Entries, Omission, refusal_of
from komodo_sync.export.layout import documents, is_open, parts
from komodo_sync.export.merging import Merge
from komodo_sync.export.placeholders import Placeholders, literal
from komodo_sync.export.places import attached_to, from_manifest, manifest_of
from komodo_sync.export.text import Include, block
from komodo_sync.export.tree import Attached, alike
from komodo_sync.kinds import KINDS
from komodo_sync.masking.suspects import suspects
from komodo_sync.model.data import Data, field
from komodo_sync.model.hiding import knowing
from komodo_sync.model.known import Known
from komodo_sync.model.marks import is_mark

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping

    from komodo_sync.export.layout import Part
    from komodo_sync.export.placeholders import Wanted
    from komodo_sync.export.places import Split
    from komodo_sync.export.tree import Tree
    from komodo_sync.model.address import Address
    from komodo_sync.model.desired import Desired, DesiredResource
    from komodo_sync.model.observed import Observed, ObservedResource


class Existing(Data, frozen=True):
    """What is there already.

    texts      the YAML manifests of the folder, and the files that their `!file`s name, by path
    manifests  which of them are manifests
    declared   every resource that any manifest declares, also outside of the folder
    differing  of those that are live, the fields in which they differ, as a plan points to them: `config/branch`
    said       what is declared of each of them, with all that is laid under it and over it
    """

    texts: Mapping[str, str] = field(default_factory=dict)
    manifests: Collection[str] = ()
    declared: Collection[Address] = ()
    differing: Mapping[Address, Collection[str]] = field(default_factory=dict)
    said: Mapping[Address, DesiredResource] = field(default_factory=dict)


class Exported(Data, frozen=True):
    """`files` are those that are new or another than they were, by path; `written` the resources that are declared in
    them now; `wanted` the secrets that were not written; `gone` declared resources that are in the Core no more;
    `suspects` the lines of new files (path, line, key) that may hold a secret all the same; `unnamed` the files of
    texts that no manifest names any more; `elsewhere` what is declared as it is, and outside of them."""

    files: Mapping[str, str]
    written: tuple[Address, ...]
    wanted: tuple[Wanted, ...]
    omissions: tuple[Omission, ...]
    gone: tuple[Address, ...]
    suspects: tuple[tuple[str, int, str], ...] = ()
    unnamed: tuple[str, ...] = ()
    elsewhere: tuple[Address, ...] = ()

    def followed_by(self, later: Exported) -> Exported:
        """Both, where the later was written over this one."""
        kept = [each for each in self.suspects if each[0] not in later.files]
        return Exported(
            dict(sorted({**self.files, **later.files}.items())),
            later.written,
            tuple(dict.fromkeys((*self.wanted, *later.wanted))),
            tuple(dict.fromkeys((*self.omissions, *later.omissions))),
            later.gone,
            (*kept, *later.suspects),
            (*self.unnamed, *later.unnamed),
            later.elsewhere,
        )


def export(
    observed: Observed,
    selected: Iterable[Address],
    *,
    split: Split = "kind",
    existing: Existing | None = None,
    known: Known | None = None,
    declared: Desired | None = None,
) -> Exported:
    """The manifests of the `selected` live resources, without what is `known` to be secret, and without what lives
    where anything `declared` takes its own from outside. What is declared already is changed where it stands, in the
    fields in which it differs and in no others; what is not is added to the file that `split` names."""
    there = existing or Existing()
    taking = declared.resources.values() if declared else ()
    known = Known() if known is None else known
    with knowing(known.telling_places):
        return _Export(observed, split, there, known, taking).run(sorted(selected))


class _Export:
    def __init__(
        self, observed: Observed, split: Split, there: Existing, known: Known, taking: Iterable[DesiredResource]
    ) -> None:
        self.observed, self.split, self.there, self.known = observed, split, there, known
        self.placeholders = Placeholders()
        self.entries = Entries(observed, self.placeholders, known, taking)
        # every secret of the Core gets its name in one order, whatever is written this time
        naming = Entries(observed, self.placeholders, known, taking)
        for _, live in sorted(observed.resources.items()):
            naming.entry(live)
        self.roots = {path: documents(there.texts[path]) for path in there.manifests}
        self.edits = {path: Edits(there.texts[path]) for path in there.manifests}
        self.attached: dict[str, str] = {}
        self.taken = {path.casefold() for path in there.texts}
        # names that differ in capitals alone are one file on many machines
        self.spelled = {path.casefold(): path for path in there.manifests}
        self.uses = _uses(self.roots)
        self.written: list[Address] = []
        self.elsewhere: list[Address] = []

    def run(self, selected: list[Address]) -> Exported:
        places = self._places()
        added: dict[str, dict[str, list[Tree]]] = {}
        for address in selected:
            live = self.observed.resources[address]
            if address.kind == "tag" and is_mark(address.name):
                continue
            if address in self.there.declared:
                self._merge(live, places.get(address))
                continue
            reason = refusal_of(address)
            if reason:
                self.entries.omissions.append(Omission(address, "", reason))
                continue
            path = manifest_of(self.split, live)
            path = self.spelled.setdefault(path.casefold(), path)
            tree = self.placed(self.entries.entry(live), path, address)
            added.setdefault(path, {}).setdefault(KINDS[address.kind].plural, []).append(tree)
            self.written.append(address)
        files = {path: self._with_added(path, kinds) for path, kinds in added.items()}
        files |= {path: edits.result() for path, edits in self.edits.items() if path not in files}
        files |= self.attached
        files = {path: text for path, text in sorted(files.items()) if self.there.texts.get(path) != text}
        gone = sorted(set(self.there.declared) - self.observed.resources.keys())
        return Exported(
            files,
            tuple(self.written),
            self.placeholders.wanted(files.values()),
            tuple(self.entries.omissions),
            tuple(address for address in gone if address.kind in self.observed.kinds),
            tuple(self._suspects(files)),
            self._unnamed(files),
            tuple(self.elsewhere),
        )

    def _suspects(self, files: Mapping[str, str]) -> Iterator[tuple[str, int, str]]:
        """What a look at the text alone finds, and what is known to be secret and stands where nothing can stand in its
        place: in a key."""
        for path, text in files.items():
            found = dict(suspects(text))
            for number, line in enumerate(text.split("\n"), 1):
                if number not in found and any(secret for _, secret in self.known.pieces(line)):
                    found[number] = "it is a secret elsewhere"
            yield from ((path, number, found[number]) for number in sorted(found))

    def _unnamed(self, files: Mapping[str, str]) -> tuple[str, ...]:
        """The files that a manifest named before and none does now; a text went into the manifest itself, or away."""
        before = {path for path in self.uses if path in self.there.texts and path not in self.there.manifests}
        if not before:
            return ()
        manifests = {path: files.get(path, self.there.texts[path]) for path in self.there.manifests}
        return tuple(sorted(before.difference(named_files(manifests))))

    def placed(self, tree: Tree, manifest: str, address: Address) -> Tree:
        """`tree` with a `!file` for every text that belongs into a file of its own."""
        if isinstance(tree, dict):
            return alike(tree, {key: self.placed(value, manifest, address) for key, value in tree.items()})
        if isinstance(tree, list):
            return [self.placed(each, manifest, address) for each in tree]
        if not isinstance(tree, Attached):
            return tree
        path = attached_to(address, tree.name, self.taken)
        self.attached[path] = tree.text
        return Include(from_manifest(path, manifest))

    def text_of(self, part: Part, manifest: str) -> str:
        """What stands in the file that a `!file` names; empty where it is none of the folder's."""
        return self.there.texts.get(normpath(join(dirname(manifest), part.text)), "")

    def included(self, text: str, part: Part, manifest: str) -> bool:
        """Whether `text` could be put into the file that a `!file` names: inside the folder, and named by nothing
        else."""
        path = normpath(join(dirname(manifest), part.text))
        if path not in self.there.texts or self.uses.get(path, 0) != 1:
            return False
        self.attached[path] = text
        return True

    def _merge(self, live: ObservedResource, place: tuple[str, Part] | None) -> None:
        differing = self.there.differing.get(live.address, ())
        if place is None:
            if differing:
                said = self.there.said.get(live.address)
                where = f" ({said.span})" if said else ""
                reason = (
                    f"it is declared where it cannot be changed{where}, and differs: {', '.join(sorted(differing))}"
                )
                self.entries.omissions.append(Omission(live.address, "", reason))
            else:
                self.elsewhere.append(live.address)
            return
        self.written.append(live.address)
        path, part = place
        if differing:
            Merge(self, live, path, part, self.there.said.get(live.address)).run(differing)

    def _places(self) -> dict[Address, tuple[str, Part]]:
        """Where each declared resource stands: by its kind's key and its name."""
        names = {(KINDS[address.kind].plural, literal(address.name)): address for address in self.there.declared}
        identities = {spec.plural: spec.identity for spec in KINDS.values()}
        found: dict[Address, tuple[str, Part]] = {}
        for path, roots in self.roots.items():
            for key, value in (pair for root in roots for pair in root.pairs):
                for entry in value.items:
                    parts = [entry.get(word) for word in identities.get(key.text, ("name",))]
                    name = "/".join(part.text for part in parts if part is not None)
                    address = names.get((key.text, name)) if None not in parts else None
                    if address is not None:
                        found[address] = (path, entry)
        return found

    def _with_added(self, path: str, kinds: dict[str, list[Tree]]) -> str:
        ordered = {spec.plural: kinds[spec.plural] for spec in KINDS.values() if spec.plural in kinds}
        edits = self.edits.get(path)
        if edits is None:
            return "\n".join(block({plural: entries}) for plural, entries in ordered.items())
        pairs = {key.text: (root, key, value) for root in self.roots[path] for key, value in root.pairs}
        for plural, entries in ordered.items():
            if plural not in pairs:
                last = next(reversed(self.roots[path]), None)
                if last is None or is_open(edits.text, last):
                    edits.append_text({plural: entries})
                else:
                    edits.add(last, plural, entries, last.pairs[-1][1])
                continue
            root, key, value = pairs[plural]
            if value.items:
                edits.append(value, entries)
            else:
                edits.set(root, key, value, entries)
        return edits.result()


def named_files(manifests: Mapping[str, str]) -> list[str]:
    """The files that the `!file`s of these manifests (by path) name, relative to the same folder."""
    return sorted(_uses({path: documents(text) for path, text in manifests.items()}))


def _uses(roots: Mapping[str, list[Part]]) -> dict[str, int]:
    """How often a `!file` names each file."""
    uses: dict[str, int] = {}
    for manifest, documents_of in roots.items():
        for part in (each for root in documents_of for each in parts(root)):
            if part.tag == "!file":
                path = normpath(join(dirname(manifest), part.text))
                uses[path] = uses.get(path, 0) + 1
    return uses
