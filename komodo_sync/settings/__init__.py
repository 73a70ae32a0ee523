"""komodo-sync.yaml, and where the connection comes from: flags, environment, profile."""

from komodo_sync.settings.connection import Connection, find_connection
from komodo_sync.settings.document import FILE_NAME, Limits, Settings, Target
from komodo_sync.settings.read import find_settings, locate_settings, read_settings
from komodo_sync.settings.targets import with_target

__all__ = [
    "FILE_NAME",
    "Connection",
    "Limits",
    "Settings",
    "Target",
    "find_connection",
    "find_settings",
    "locate_settings",
    "read_settings",
    "with_target",
]
