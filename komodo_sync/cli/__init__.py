"""What was asked: one file a command, no logic."""

from __future__ import annotations

import os
import sys
from contextlib import suppress
from typing import NoReturn


def main() -> NoReturn:
    """The `komodo-sync` command; never returns."""
    from komodo_sync.cli.entry import run

    code = run(sys.argv[1:])
    for stream in filter(None, (sys.stdout, sys.stderr)):  # one that was closed before is None
        # `run` has told what can be told of a stream that fails
        with suppress(OSError, ValueError):
            stream.flush()
    # nothing is left to do, and the interpreter would take apart a large plan, object by object, before it ends
    os._exit(code)
