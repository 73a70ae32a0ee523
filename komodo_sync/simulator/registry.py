"""The image registry of the embedded Core: every image is there, and how often it was released anew."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from komodo_sync.simulator.requests import State


def release(state: State, image: str) -> None:
    """A newer image under a name."""
    state.storage.set_fact(f"released {image}", str(releases(state, image) + 1))


def releases(state: State, image: str) -> int:
    """How many newer images came under a name: what stands for its digest."""
    return int(state.storage.fact(f"released {image}") or 0)
