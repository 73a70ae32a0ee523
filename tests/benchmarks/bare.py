"""What a plan is measured against: a cold process that fetches the same lists with bare httpx, side by side."""

from __future__ import annotations

import sys
from concurrent.futures import ThreadPoolExecutor

import httpx

URL, KEY, SECRET, *LISTS = sys.argv[1:]


def main() -> None:
    """Fetches and parses every list."""
    headers = {"X-Api-Key": KEY, "X-Api-Secret": SECRET}
    with httpx.Client(base_url=URL, headers=headers, timeout=60) as client, ThreadPoolExecutor(len(LISTS)) as pool:

        def fetch(operation: str) -> int:
            params = {"query": {}, "page": 0, "limit": 0} if operation.startswith("ListFull") else {}
            answer = client.post("/read", json={"type": operation, "params": params})
            answer.raise_for_status()
            return len(answer.json())

        print(sum(pool.map(fetch, LISTS)))


main()
