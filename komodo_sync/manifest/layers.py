"""From entries to declared resources: what is laid over what, and when.

1. the settings' defaults of the kind, 2. those of the entry's file, 3. the entry itself, 4. overlays, in the order in
which they are asked for; then 5. `for_each` makes several resources of one entry, 6. overlays that name one of these,
7. interpolation, 8. binding. An overlay names an entry as it is written (`web-${each:server}`) or a resource as it is
called in the end (`web-a`). One that names nothing declares a resource.
"""

from __future__ import annotations

from difflib import get_close_matches
from functools import partial
from typing import TYPE_CHECKING

from komodo_sync.manifest.for_each import FOR_EACH, ONCE, Item, items_of
from komodo_sync.manifest.merging import merged
from komodo_sync.manifest.origin import files_of
from komodo_sync.manifest.provenance import Layer, Provenance
from komodo_sync.manifest.resources import bind_resource, written_name
from komodo_sync.model.data import Data, field, replace
from komodo_sync.source.codes import Code
from komodo_sync.source.nodes import Mapping, Scalar

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from collections.abc import Mapping as MappingOf
    from pathlib import Path

    from komodo_sync.kinds.spec import KindSpec
    from komodo_sync.manifest.interpolate import Interpolator
    from komodo_sync.manifest.resources import Declared
    from komodo_sync.manifest.tables import Entry

OF_SETTINGS, OF_FILE = "default of the settings", "default of its file"

Key = tuple[str, str]
"""A kind and a name."""


class Overlay(Data, frozen=True):
    """The entries of one overlay, in the order of its files."""

    name: str
    entries: Sequence[Entry]


class _Draft(Data):
    """A resource on its way: `node` is what has been laid together so far, and `layers` of what."""

    spec: KindSpec
    node: Mapping
    layers: list[Layer] = field(default_factory=list)
    item: Item = ONCE[0]


class Layers(Data, frozen=True):
    """What is laid under and over the entries of manifests. `defaults`: those of the settings by kind, in the order in
    which they are laid."""

    interpolator: Interpolator
    defaults: Sequence[MappingOf[str, Mapping]] = ()
    overlays: Sequence[Overlay] = ()

    def declare(self, entries: Iterable[Entry]) -> list[Declared]:
        """Every resource that is declared, in the order of the entries. Whatever is wrong is reported."""
        drafts = (draft for entry in entries if (draft := self._draft(entry)) is not None)
        if not self.overlays:
            return [item for draft in drafts for item in self._bound(self._items(draft))]
        known = list(drafts)
        waiting = self._lay_over_entries(known)
        several = [self._items(draft) for draft in known]
        several += self._lay_over_resources(several, waiting)
        return [item for items in several for item in self._bound(items)]

    def _draft(self, entry: Entry) -> _Draft | None:
        """An entry over the defaults of its kind; None for what is no entry at all."""
        spec, node = entry.spec, entry.node
        if not isinstance(node, Mapping):
            bind_resource(spec, node, self.interpolator.findings, self.interpolator.files)
            return None
        layers = [Layer(OF_SETTINGS, each[spec.name]) for each in self.defaults if spec.name in each]
        if entry.default is not None:
            layers.append(Layer(OF_FILE, entry.default))
        draft = _Draft(spec, node)
        if layers:
            draft.layers = [*layers, Layer("", node)]
            below = layers[0].node
            for layer in layers[1:]:
                below = merged(spec, below, layer.node)
            draft.node = merged(spec, below, node)
        return draft

    def _lay(self, draft: _Draft, overlay: Overlay, entry: Mapping) -> None:
        """An overlay's entry over a draft; its name says only what it is for."""
        said = [pair for pair in entry.items if pair[0].text not in draft.spec.identity]
        upper = Mapping(entry.source, entry.line, entry.column, said)
        node = merged(draft.spec, draft.node, upper, self.interpolator.findings)
        own = draft.node
        draft.node = Mapping(own.source, own.line, own.column, node.items)
        draft.layers = [*(draft.layers or [Layer("", own)]), Layer(f"overlay {overlay.name}", entry)]

    def _lay_over_entries(self, drafts: list[_Draft]) -> list[tuple[Overlay, KindSpec, Mapping, Scalar]]:
        """Lays every overlay over the entries that it names as they are written; what is left waits for the names in
        the end. One with a `for_each` of its own declares."""
        written: dict[Key, list[_Draft]] = {}
        for draft in drafts:
            name = written_name(draft.spec, draft.node)
            written.setdefault((draft.spec.name, name.text if name else ""), []).append(draft)
        waiting = []
        for overlay in self.overlays:
            first: dict[Key, Scalar] = {}
            for entry in overlay.entries:
                node, name = entry.node, written_name(entry.spec, entry.node)
                if not isinstance(node, Mapping) or name is None:
                    bind_resource(entry.spec, node, self.interpolator.findings, self.interpolator.files)
                    continue
                key = (entry.spec.name, name.text)
                if first.setdefault(key, name) is not name:
                    self._twice(overlay, entry.spec, name, first[key])
                elif key in written:
                    for draft in written[key]:
                        self._lay(draft, overlay, node)
                elif node.get(FOR_EACH) is not None:
                    draft = self._declared_by(overlay, entry.spec, node)
                    written[key] = [draft]
                    drafts.append(draft)
                else:
                    waiting.append((overlay, entry.spec, node, name))
        return waiting

    def _lay_over_resources(
        self, several: Iterable[list[_Draft]], waiting: Iterable[tuple[Overlay, KindSpec, Mapping, Scalar]]
    ) -> list[list[_Draft]]:
        """Lays the rest over the resources that it names as they are called; answers those that it declares."""
        if not waiting:
            return []
        called: dict[Key, list[_Draft]] = {}
        for draft in (item for items in several for item in items):
            called.setdefault((draft.spec.name, self._called(draft)), []).append(draft)
        declared = []
        for overlay, spec, node, name in waiting:
            key = (spec.name, self.interpolator.public(name).text)
            if key not in called:
                self._near(overlay, key, name, called)
                called[key] = [self._declared_by(overlay, spec, node)]
                declared.append(called[key])
                continue
            for draft in called[key]:
                self._lay(draft, overlay, node)
        return declared

    def _declared_by(self, overlay: Overlay, spec: KindSpec, node: Mapping) -> _Draft:
        """What an overlay declares itself: over the settings' defaults, without what it says by null."""
        below = [each[spec.name] for each in self.defaults if spec.name in each]
        base = Mapping(node.source, node.line, node.column)
        for each in below:
            base = merged(spec, base, each)
        layers = [*(Layer(OF_SETTINGS, each) for each in below), Layer(f"overlay {overlay.name}", node)]
        return _Draft(spec, merged(spec, base, node, self.interpolator.findings), layers)

    def _items(self, draft: _Draft) -> list[_Draft]:
        """The draft itself, or one for each item of its `for_each`."""
        each = draft.node.get(FOR_EACH)
        if each is None:
            return [draft]
        node = draft.node
        rest = Mapping(node.source, node.line, node.column, [pair for pair in node.items if pair[0].text != FOR_EACH])
        return [replace(draft, node=rest, item=item) for item in items_of(each, self.interpolator)]

    def _called(self, draft: _Draft) -> str:
        """The name of a draft in the end."""
        name = written_name(draft.spec, draft.node)
        return "" if name is None else replace(self.interpolator, each=draft.item.values).public(name).text

    def _bound(self, drafts: Sequence[_Draft]) -> list[Declared]:
        """The drafts of one entry. What is wrong with some of its items alone says with which."""
        if len(drafts) == 1:
            found = self._bind(drafts[0])
            return [] if found is None else [found]
        findings = self.interpolator.findings
        declared, told = [], []
        for draft in drafts:
            mark = len(findings.diagnostics)
            found = self._bind(draft)
            if found is not None:
                declared.append(found)
            told.append(findings.diagnostics[mark:])
            del findings.diagnostics[mark:]
        everywhere = set(told[0]).intersection(*told[1:]) if told else set()
        findings.extend(everywhere)
        for draft, diagnostics in zip(drafts, told, strict=True):
            findings.extend(
                replace(item, message=f"{item.message} (for {draft.item})")
                for item in diagnostics
                if item not in everywhere
            )
        return declared

    def _bind(self, draft: _Draft) -> Declared | None:
        spec, node, interpolator = draft.spec, draft.node, self.interpolator
        if draft.item.values:
            interpolator = replace(interpolator, each=draft.item.values)
        elif draft.layers:
            name = written_name(spec, node)
            interpolator = replace(interpolator, whose=f"{spec.name}/{name.text}" if name else "")
        if node.source.interpolates or any(layer.node.source.interpolates for layer in draft.layers):
            node = interpolator.mapping(node)
        found = bind_resource(spec, node, interpolator.findings, interpolator.files)
        if found is None or not (draft.layers or draft.item.values):
            return found
        resource = found.resource
        resource = replace(
            resource,
            files=partial(_files, resource.files, interpolator.files.root, draft.layers),
            through=Provenance(resource.origin, draft.layers),
            item=str(draft.item),
        )
        return replace(found, resource=resource, sources=tuple(layer.node.source for layer in draft.layers))

    def _twice(self, overlay: Overlay, spec: KindSpec, name: Scalar, first: Scalar) -> None:
        message = f"{spec.name}/{name.text} stands twice in the overlay {overlay.name}, first in {first.span()}"
        self.interpolator.findings.error(Code.DUPLICATE_RESOURCE, name, message, "put them together")

    def _near(self, overlay: Overlay, key: Key, name: Scalar, called: Iterable[Key]) -> None:
        """A resource that an overlay declares is often one that it was to change, misspelt."""
        kind, word = key
        close = get_close_matches(word, [other for each, other in called if each == kind], 1)
        if close:
            message = f"no manifest declares {kind}/{word}, so the overlay {overlay.name} declares it"
            self.interpolator.findings.warning(Code.NEAR_MISS, name, message, f"did you mean {close[0]}?")


def _files(own: Callable[[], frozenset[str]], root: Path, layers: Iterable[Layer]) -> frozenset[str]:
    """The files of a resource and of everything that it was laid together of."""
    return own().union(*(files_of(root, layer.node) for layer in layers))
