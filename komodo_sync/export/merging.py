"""One live resource into the entry that somebody wrote for it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

from komodo_sync.export.edits import MERGE
from komodo_sync.export.entries import Omission
from komodo_sync.export.placeholders import is_placeholder, literal
from komodo_sync.export.said import UNSAID, as_objects, as_written, over, told_of, written_pairs
from komodo_sync.export.tree import Attached, UnwritableError, fits_file, spelling
from komodo_sync.kinds import KINDS
from komodo_sync.kinds.shapes import PairsShape, Tagged, TextListShape
from komodo_sync.model.marks import PROTECTED

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

    from komodo_sync.export.edits import Edits
    from komodo_sync.export.entries import Entries
    from komodo_sync.export.layout import Part
    from komodo_sync.export.pairs import Told
    from komodo_sync.export.tree import Tree
    from komodo_sync.kinds.struct import Field
    from komodo_sync.model.address import Address
    from komodo_sync.model.desired import DesiredResource
    from komodo_sync.model.observed import ObservedResource


class Files(Protocol):
    """Where texts of their own go, and what there is to say."""

    entries: Entries
    edits: dict[str, Edits]

    def placed(self, tree: Tree, manifest: str, address: Address) -> Tree: ...
    def text_of(self, part: Part, manifest: str) -> str: ...
    def included(self, text: str, part: Part, manifest: str) -> bool: ...


_BEFORE_CONFIG = ("name", "domain", "username", "description", "tags", "template")


class Merge:
    """Changes one entry: `part` of the manifest at `path`. `said` is what is declared there, with all that is
    laid under it and over it."""

    def __init__(
        self, files: Files, live: ObservedResource, path: str, part: Part, said: DesiredResource | None = None
    ) -> None:
        self._files, self._live, self._path, self._part, self._said = files, live, path, part, said
        self._spec = KINDS[live.address.kind]
        self._edits = files.edits[path]

    def run(self, differing: Collection[str]) -> None:
        """Makes what differs (pointers as a plan gives them) what the Core has."""
        for name in (name for name in ("description", "tags", "template") if name in differing):
            if not self._is_laid_over(name, name):
                self._meta(name)
        fields = [pointer.removeprefix("config/") for pointer in differing if pointer.startswith("config/")]
        # what a plan did not compare while a flag was on is to be said once the flag is off
        fields += [
            name
            for name, item in self._spec.fields().items()
            if item.counted_while in fields and name not in fields and name in self._live.config
        ]
        if "type" in fields or (fields and not self._spec.flat and not self._config_pairs()):
            self._whole_config()
        elif fields:
            self._fields(sorted(fields, key=list(self._table()).index))

    def _declared(self) -> Mapping[str, Any]:
        """The fields that are declared, in normal form."""
        config = self._said.config if self._said else {}
        return config.get("params", {}) if isinstance(self._spec.config, Tagged) else config

    def _overlay(self, pointer: str) -> str:
        """Where an overlay says what is at a pointer; empty where none does."""
        if self._said is None or not self._said.through(pointer).startswith("overlay "):
            return ""
        return str(self._said.origin(pointer))

    def _is_laid_over(self, pointer: str, field: str) -> bool:
        """Whether it would mean nothing here; that is told."""
        place = self._overlay(pointer)
        if place:
            reason = f"it differs, and an overlay says it: change {place}"
            self._files.entries.omissions.append(Omission(self._live.address, field, reason))
        return bool(place)

    def _table(self) -> dict[str, Any]:
        """The fields by the name that a pointer gives them, in declared order."""
        config = self._spec.config
        if isinstance(config, Tagged):
            variant = config.all_variants()[self._live.config["type"]]
            return {f"params/{name}": item for name, item in variant.fields().items()}
        return dict(config.fields())

    def _config_pairs(self) -> bool:
        """Whether the entry has the mapping in which its fields stand, with anything in it."""
        holder = self._holder()
        return holder is not None and holder.form == "mapping" and bool(holder.pairs)

    def _holder(self) -> Part | None:
        if self._spec.flat:
            return self._part
        config = self._part.get("config")
        if isinstance(self._spec.config, Tagged):
            return config.get("params") if config is not None else None
        return config

    def _meta(self, name: str) -> None:
        tree = self._files.entries.meta(self._live, name)
        if tree or self._part.get(name) is not None:
            self._set(self._part, (name,), tree, _BEFORE_CONFIG)
        if name == "tags" and self._part.get("protect") is not None:
            self._set(self._part, ("protect",), PROTECTED in self._live.tags, ())

    def _whole_config(self) -> None:
        entry = self._files.entries.entry(self._live)
        config = self._files.placed(entry.get("config", {}), self._path, self._live.address)
        self._set(self._part, ("config",), config, ())

    def _fields(self, names: list[str]) -> None:
        table, holder = self._table(), self._holder()
        assert holder is not None
        declared = self._declared()
        order = [word for item in table.values() for word in item.spellings]
        for name in names:
            item, address = table[name], self._live.address
            part = holder.get(*item.spellings)
            told = self._told(item, part, declared.get(item.name))
            try:
                tree = self._files.entries.field(self._live, item.name, told)
            except UnwritableError as cause:
                self._files.entries.omissions.append(Omission(address, item.name, str(cause)))
                continue
            # of a mapping an overlay may say a part alone
            if (part is None or part.form != "mapping") and self._is_laid_over(f"config/{name}", item.name):
                continue
            if part is not None and part.tag == "!file" and self._included(item.name, tree, part):
                continue
            said: Tree = UNSAID
            if item.name in declared:
                laid_over = (
                    frozenset(key for key in tree if self._overlay(f"config/{name}/{key}"))
                    if isinstance(tree, dict)
                    else frozenset()
                )
                said = self._files.entries.said(self._live, item.name, declared[item.name], tree, laid_over, told)
            if part is not None and part.form == "scalar" and not part.tag and isinstance(tree, Attached):
                tree = literal(tree.text)
            elif part is not None and isinstance(item.shape, PairsShape) and item.name in declared and not item.secret:
                if isinstance(tree, dict) and part.form != "scalar":
                    tree, said = as_written(tree, said, written_pairs(part, item.shape))
                    if part.form == "sequence":
                        tree, said = as_objects(tree, item.shape), as_objects(said, item.shape)
                elif not part.tag:
                    tree = self._files.entries.lines(self._live, item.name, declared[item.name], told)
                    said = UNSAID
            elif part is not None and isinstance(item.shape, TextListShape) and isinstance(said, list):
                written = [each.text for each in part.items] if part.items else part.text.split("\n")
                if len(written) == len(said):
                    wanted = declared[item.name]
                    tree, said = self._files.entries.items(self._live, item.name, wanted, tree, said, written)
            words = tuple(dict.fromkeys((spelling(item), *item.spellings)))
            self._set(holder, words, self._files.placed(tree, self._path, address), order, said)

    def _told(self, item: Field, part: Part | None, wanted: Any) -> Told:
        """What the manifest says of a field of lines, of any other nothing."""
        if part is None or not isinstance(item.shape, PairsShape):
            return told_of(wanted, ())
        text = self._files.text_of(part, self._path) if part.tag else part.text
        pairs = written_pairs(part, item.shape)
        lines = [f"{key}{item.shape.written}{value}" for key, value in pairs.items()]
        return told_of(wanted, lines or text.split("\n"))

    def _included(self, name: str, tree: Tree, part: Part) -> bool:
        """Whether the text could be put into the file that a `!file` names, as it is: it holds no secret."""
        text = self._live.config.get(name, "")
        values = tree.values() if isinstance(tree, dict) else [tree]
        clear = not any(isinstance(each, str) and is_placeholder(each) for each in values)
        return clear and isinstance(text, str) and fits_file(text) and self._files.included(text, part, self._path)

    def _set(
        self, mapping: Part, words: tuple[str, ...], tree: Tree, order: Iterable[str], said: Tree = UNSAID
    ) -> None:
        """The value of the key that is one of `words`; a new key stands behind the last of those that `order` has
        before it, and at the end where it has none."""
        for key, value in mapping.pairs:
            if key.text in words:
                self._edits.set(mapping, key, value, tree, said)
                return
        # a merge key brings whole values, and what stands beside it takes the place of one
        merged = any(key.text == MERGE for key, _ in mapping.pairs)
        given = tree if merged else over(tree, said)
        if given == {} and tree:
            return  # what stands elsewhere says all of it, in another order or form
        before = set()
        for word in order:
            if word in words:
                break
            before.add(word)
        places = [value for key, value in mapping.pairs if key.text in before]
        after = places[-1] if places else None if before else mapping.pairs[-1][1]
        self._edits.add(mapping, words[0], given, after)
