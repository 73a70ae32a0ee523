"""What is created beside its old self, where no manifest says that it was renamed, and what harm that does (pure)."""

from __future__ import annotations

from komodo_sync.planning.renames.places import in_the_way
from komodo_sync.planning.renames.unsaid import unsaid_renames

__all__ = ["in_the_way", "unsaid_renames"]
