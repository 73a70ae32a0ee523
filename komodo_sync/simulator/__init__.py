"""A Komodo Core 2.3.2 on this machine, in process or on a port."""

from komodo_sync.simulator.embedded import EmbeddedCore

__all__ = ["EmbeddedCore"]
