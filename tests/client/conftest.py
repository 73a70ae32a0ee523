"""The FakeCore of this folder's tests."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import httpx
import pytest
from fake_core import FakeCore

if TYPE_CHECKING:
    from collections.abc import Callable


@pytest.fixture
def fake() -> Callable[..., FakeCore]:
    """Makes a FakeCore that knows its version and its user, with further `answers`."""

    def make(**answers: Any) -> FakeCore:
        basics = {
            "GET /version": httpx.Response(200, text="2.3.2"),
            "GET /user": {"_id": {"$oid": "0a0a"}, "username": "ci", "admin": True},
        }
        return FakeCore(basics | {name.replace("__", " /"): answer for name, answer in answers.items()})

    return make
