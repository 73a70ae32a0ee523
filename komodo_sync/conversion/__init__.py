"""Komodo's Resource Sync TOML -> our manifests: the same declarations in YAML, with the comments of their authors."""

from komodo_sync.conversion.files import Converted, convert
from komodo_sync.conversion.proof import differences

__all__ = ["Converted", "convert", "differences"]
