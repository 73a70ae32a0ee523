"""One Resource Sync file -> a manifest and the files beside it."""

from __future__ import annotations

from posixpath import dirname, join
from typing import TYPE_CHECKING, Any

from komodo_sync.conversion.comments import annotated, make_room, notes
from komodo_sync.conversion.trees import Translation
from komodo_sync.export.layout import documents
from komodo_sync.export.places import attached_to, from_manifest
from komodo_sync.export.text import Include, block
from komodo_sync.export.tree import Attached
from komodo_sync.model.data import Data
from komodo_sync.source.nodes import Mapping
from komodo_sync.source.toml import parse_toml, read_comments

if TYPE_CHECKING:
    from komodo_sync.export.tree import Tree
    from komodo_sync.manifest import Loaded
    from komodo_sync.model.address import Address
    from komodo_sync.source.text import Source


class Converted(Data, frozen=True):
    """`text` is the manifest, `files` the texts that it names by `!file`, by the path that is relative to the folder
    of all manifests."""

    text: str
    files: dict[str, str]


def convert(source: Source, loaded: Loaded, *, path: str, taken: set[str] | None = None) -> Converted:
    """The manifest that declares what `source` does. `source` is one of the files of `loaded`, in which nothing is
    wrong. `path` is where the manifest will be; without it everything is in one text. `taken`: paths of files beside
    that are given already, grows by those of this one."""
    roots, _ = parse_toml(source)
    comments = read_comments(source)
    declared = {
        (item.span.line, item.span.column): item
        for item in loaded.desired.resources.values()
        if item.span.file == source.name
    }
    addresses = {place: item.address for place, item in declared.items()}
    translation = Translation(declared, beside=bool(path))
    tree: dict[str, list[Tree]] = {}
    texts: dict[str, str] = {}
    for root in roots:
        assert isinstance(root, Mapping)
        tree = translation.document(root)
    for place in translation.places:
        if len(place.path) == 2:
            plural, index = place.path
            beside = _Beside(path, addresses[place.line, place.column], texts, set() if taken is None else taken)
            entries: Any = tree[str(plural)]
            entries[index] = beside.placed(entries[index])
    about = notes(comments, translation.places, source.text.replace("\r\n", "\n").split("\n"))
    make_room(tree, about)
    text = "\n".join(block({plural: entries}) for plural, entries in tree.items())
    found = documents(text)
    return Converted(annotated(text, found[0] if found else None, about), texts)


class _Beside(Data, frozen=True):
    """Puts the long texts of one resource into files beside the manifest at `manifest`."""

    manifest: str
    address: Address
    texts: dict[str, str]
    taken: set[str]

    def placed(self, tree: Tree) -> Tree:
        """`tree` with a `!file` for every text that belongs into a file of its own."""
        if isinstance(tree, dict):
            return {key: self.placed(value) for key, value in tree.items()}
        if isinstance(tree, list):
            return [self.placed(each) for each in tree]
        if not isinstance(tree, Attached):
            return tree
        path = attached_to(self.address, tree.name, self.taken, join(dirname(self.manifest), ""))
        self.texts[path] = tree.text
        return Include(from_manifest(path, self.manifest))
