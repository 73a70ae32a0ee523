"""Whether a plan document is whole and as it was written.

A plain SHA-256 finds what happens by accident: a file that was cut off, edited, or merged. Whoever changes one on
purpose can make a new digest; that is what the HMAC with a plan key is for.
"""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

    from komodo_sync.model.plan_key import PlanKey


def integrity(document: Mapping[str, Any], key: PlanKey | None) -> str:
    """Of a plan document, but for the digest in its summary itself."""
    if key is not None:
        return key.digest("plan", _without(document, "digest"))
    return _plain(_without(document, "digest"))


def checksum(document: Mapping[str, Any]) -> str:
    """Of a plan document that has an HMAC, but for both: who has no key sees by it that the document is whole."""
    return _plain(_without(document, "digest", "checksum"))


def _without(document: Mapping[str, Any], *names: str) -> dict[str, Any]:
    return {**document, "summary": {name: value for name, value in document["summary"].items() if name not in names}}


def _plain(rest: Mapping[str, Any]) -> str:
    text = json.dumps(rest, sort_keys=True, separators=(",", ":"))
    return f"sha256:{hashlib.sha256(text.encode()).hexdigest()}"
