"""Files to Desired: discover, read, bind to kinds, check the rules."""

from komodo_sync.manifest.read import Loaded, load

__all__ = ["Loaded", "load"]
