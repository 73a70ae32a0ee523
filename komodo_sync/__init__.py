"""komodo-sync: keeps what a Komodo Core holds equal to YAML files in git.

    from komodo_sync import load, connect, observe, plan, apply

The functions are those that the command line calls; `komodo_sync.session` tells how they fit together.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from komodo_sync.manifest import load
    from komodo_sync.session import apply, connect, observe, plan

__all__ = ["apply", "connect", "load", "observe", "plan"]
__version__ = "0.1.0"


def __getattr__(name: str) -> Any:
    # imported on first use, so that `komodo-sync --version` imports nothing of it
    if name == "load":
        from komodo_sync.manifest import load

        return load
    if name in __all__:
        from komodo_sync import session

        return getattr(session, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
