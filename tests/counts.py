"""How often a property is tried whose examples cost more than most."""

from __future__ import annotations

from typing import Any

from hypothesis import settings

_LONG = 1000


def costly(examples: int, *, long: int = _LONG, **more: Any) -> settings:
    """`examples` times in `make test`, and `long` times in `make test-long`: as often as any other property, if it is
    not one of hundreds that are alike."""
    return settings(max_examples=long if settings().max_examples >= _LONG else examples, **more)
