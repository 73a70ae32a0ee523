"""Where a difference comes from: somebody changed it in Komodo, or its manifest was changed since the last apply."""

from __future__ import annotations

from typing import Literal

from komodo_sync.model.data import Data

Side = Literal["komodo", "git"]

Where = Literal["komodo", "git", "both", "unknown"]


class Record(Data, frozen=True):
    """Something that was done, by whom and when: an operation of Komodo (`UpdateStack`), or a commit that changed the
    manifest (its short hash). `at` is UTC, as people read it."""

    side: Side
    what: str
    by: str
    at: str


class Cause(Data, frozen=True):
    """Why a resource is not as declared. `where`: on which side it was changed since the last applied commit; `unknown`
    where that cannot be told. `detail`: what more is known, in words; `records` the newest first."""

    where: Where
    detail: str = ""
    records: tuple[Record, ...] = ()
