"""What becomes of a container by itself: told by `x-simulate` in its compose text, seen whenever somebody looks.

`exit` ends at once, `exit:S` after S seconds; `unhealthy` runs, and its health check says so; `starting:S` is healthy
after S seconds. Every other one runs on and has no health check.
"""

from __future__ import annotations

from typing import Any

Container = dict[str, Any]


def alive(container: Container, now: int) -> Container:
    """`container` as it is by now, with docker's `status` beside its state. `since` is when it came up, in
    milliseconds like `now`; what it was told is `told`, a word and seconds."""
    word, seconds = container.get("told") or ("", 0.0)
    state, since = container["state"], container.get("since", now)
    over = now - since >= seconds * 1000
    if state == "running" and word == "exit" and over:
        state = "exited"
    if state != "running":
        return {**container, "state": state, "status": "Exited (0) 1 second ago"}
    health = {"unhealthy": " (unhealthy)", "starting": " (healthy)" if over else " (health: starting)"}.get(word, "")
    return {**container, "status": f"Up 1 second{health}"}
