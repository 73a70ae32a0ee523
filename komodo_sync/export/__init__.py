"""Observed -> manifests: what a Core holds as minimal files, merged into those that people have edited since."""

from __future__ import annotations

from komodo_sync.export.entries import Omission
from komodo_sync.export.layout import lost_anchor
from komodo_sync.export.manifests import Existing, Exported, export, named_files
from komodo_sync.export.placeholders import Wanted
from komodo_sync.export.places import Split

__all__ = ["Existing", "Exported", "Omission", "Split", "Wanted", "export", "lost_anchor", "named_files"]
