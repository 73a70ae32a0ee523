"""What was asked: one file a command, no logic."""

from __future__ import annotations

import gc
import sys


def main() -> None:
    """The `komodo-sync` command; never returns."""
    from komodo_sync.cli.entry import run

    code = run(sys.argv[1:])
    # the interpreter would search all that is left for rings before it ends
    gc.freeze()
    sys.exit(code)
