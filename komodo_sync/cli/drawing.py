"""A graph in dot's language as a picture, by Graphviz as pygraphviz brings it: no program has to be installed."""

from __future__ import annotations

import os
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING

from komodo_sync.errors import KomodoSyncError

if TYPE_CHECKING:
    from collections.abc import Iterator


def svg(dot: str) -> str:
    """The picture, as SVG. Raises KomodoSyncError where pygraphviz is not installed."""
    try:
        from pygraphviz import AGraph
    except ImportError as cause:
        raise KomodoSyncError(
            "a graph is drawn by pygraphviz, which is not installed",
            hint="pip install pygraphviz, or with Graphviz: komodo-sync graph --format dot | dot -Tsvg",
        ) from cause
    with _quiet():
        return bytes(AGraph(string=dot).draw(format="svg", prog="dot")).decode()


@contextmanager
def _quiet() -> Iterator[None]:
    """Without what libraries in C write to stderr, as of a machine's fonts: it is nothing that anybody can mend."""
    sys.stderr.flush()
    kept, nowhere = os.dup(2), os.open(os.devnull, os.O_WRONLY)
    try:
        os.dup2(nowhere, 2)
        yield
    finally:
        os.dup2(kept, 2)
        os.close(kept)
        os.close(nowhere)
