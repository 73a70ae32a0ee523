"""What was asked: one file a command, no logic."""

from __future__ import annotations

import os
import sys
from contextlib import suppress
from typing import NoReturn


def main() -> NoReturn:
    """The `komodo-sync` command; never returns."""
    try:
        from komodo_sync.cli.entry import run

        code = run(sys.argv[1:])
    except SystemExit as ended:  # click's, where whoever read our output has gone
        code = ended.code if isinstance(ended.code, int) else 1
    except KeyboardInterrupt:  # before or behind all that tells of it
        print("Stopped.", file=sys.stderr)
        code = 130
    for stream in filter(None, (sys.stdout, sys.stderr)):  # one that was closed before is None
        # `run` has told what can be told of a stream that fails
        with suppress(OSError, ValueError):
            stream.flush()
    # nothing is left to do, and the interpreter would take apart a large plan, object by object, before it ends
    os._exit(code)
