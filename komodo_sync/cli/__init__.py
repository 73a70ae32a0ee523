"""What was asked: one file a command, no logic."""

from __future__ import annotations

import sys


def main() -> None:
    """The `komodo-sync` command; never returns."""
    from komodo_sync.cli.entry import run

    sys.exit(run(sys.argv[1:]))
