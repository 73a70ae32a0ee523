"""Texts for a manifest without what is known to be secret or taken from outside: a placeholder stands in its place,
also in the middle."""

from __future__ import annotations

from typing import TYPE_CHECKING

from komodo_sync.export.placeholders import literal
from komodo_sync.export.tree import Attached, alike
from komodo_sync.model.data import Data

if TYPE_CHECKING:
    from collections.abc import Collection

    from komodo_sync.export.placeholders import Placeholders
    from komodo_sync.export.stand_ins import StandIns
    from komodo_sync.export.tree import Tree
    from komodo_sync.model.address import Address
    from komodo_sync.model.known import Known


class Withholding(Data, frozen=True):
    """Goes through the tree of one resource. A text with a secret in it stands in the manifest itself: nothing is put
    into the file of a `!file`. `stand_ins`: what stands in it for what comes from outside; `names`: those of resources,
    which everybody reads."""

    address: Address
    known: Known
    placeholders: Placeholders
    stand_ins: StandIns
    names: Collection[str] = ()

    def withheld(self, tree: Tree, path: tuple[str, ...]) -> Tree:
        """`tree` without what is known; the very same where there is nothing of it."""
        if isinstance(tree, str):
            return self._text(tree, tree, path)
        if isinstance(tree, Attached):
            kept = self._text(tree.text, literal(tree.text), path, as_written=False)
            return tree if kept == literal(tree.text) else kept
        if isinstance(tree, dict):
            return alike(tree, {key: self.withheld(value, (*path, str(key))) for key, value in tree.items()})
        if isinstance(tree, list):
            return [self.withheld(each, (*path, str(place))) for place, each in enumerate(tree, 1)]
        return tree

    def _text(self, text: str, otherwise: str, path: tuple[str, ...], *, as_written: bool = True) -> str:
        found: dict[str, str] = {}
        shown, kept = [], True
        for part, is_placeholder in self.stand_ins.pieces(text):
            if is_placeholder:
                shown.append(part)
                kept = False
                continue
            for piece, secret in self.known.pieces(part) if text not in self.names else [(part, False)]:
                if not secret:
                    shown.append(piece if as_written else literal(piece))
                    continue
                if piece not in found:
                    place = path if text == piece else (*path, "secret", str(len(found) + 1))
                    found[piece] = self.placeholders.placeholder(self.address, place)
                shown.append(found[piece])
                kept = False
        return otherwise if kept else "".join(shown)
