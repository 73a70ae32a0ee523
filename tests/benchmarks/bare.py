"""What a plan is measured against: a cold process that fetches the same lists with httpx, side by side.

    bare.py plain|lean URL KEY SECRET OPERATION...

`plain` is what anybody would write. `lean` leaves out what a plan leaves out as well: httpx's own command line, which
loads rich, and certificate authorities for a URL without https.
"""

from __future__ import annotations

import sys
from concurrent.futures import ThreadPoolExecutor

HOW, URL, KEY, SECRET, *LISTS = sys.argv[1:]
LEAN = HOW == "lean"
if LEAN:
    sys.modules["httpx._main"] = None  # type: ignore[assignment]

import httpx  # noqa: E402


def main() -> None:
    """Fetches and parses every list."""
    headers = {"X-Api-Key": KEY, "X-Api-Secret": SECRET}
    http = httpx.Client(base_url=URL, headers=headers, timeout=60, verify=not LEAN)
    with http as client, ThreadPoolExecutor(len(LISTS)) as pool:

        def fetch(operation: str) -> int:
            params = {"query": {}, "page": 0, "limit": 0} if operation.startswith("ListFull") else {}
            answer = client.post("/read", json={"type": operation, "params": params})
            answer.raise_for_status()
            return len(answer.json())

        print(sum(pool.map(fetch, LISTS)))


main()
