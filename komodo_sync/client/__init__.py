"""HTTP to a Core: transport, Reader, Refresher, Writer and one snapshot of what it holds."""

import sys

# wherever rich is installed, httpx imports it for a command line of its own: a third of what it costs to start
sys.modules.setdefault("httpx._main", None)  # type: ignore[arg-type]
