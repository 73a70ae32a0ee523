"""One declared resource, field by field, as it may be shown."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

from komodo_sync.model.data import Data

if TYPE_CHECKING:
    from komodo_sync.model.address import Address
    from komodo_sync.model.plan import Shown


class Origin(StrEnum):
    """Where a value comes from: a manifest says it; nobody does, and it is reset to Komodo's default, or left as it
    is; somebody else manages it (`ignore`); the Core counts it up by itself."""

    DECLARED = "declared"
    DEFAULT = "default"
    KEPT = "left as it is"
    IGNORED = "ignored"
    COUNTED = "counted by the Core"


class ExplainedField(Data, frozen=True):
    """One field, or one key of a `KEY=value` field. `value` is what is declared or reset to; where nobody says it, what
    the Core has, and None when it was not asked. `source` is `file:line:col`, empty when no manifest says it;
    `through` what the value came through: a default, an overlay, the item of a `for_each`, `${env:NAME}`. `live` is
    None when the Core was not asked, or has no such resource; `differs`: the next plan would change it."""

    pointer: str
    value: Shown | None
    origin: Origin
    source: str = ""
    live: Shown | None = None
    differs: bool = False
    through: tuple[str, ...] = ()


class Explanation(Data, frozen=True):
    """`live` says whether the resource is in the Core: None when it was not asked. `item`: of an entry's `for_each` the
    item that it is."""

    address: Address
    source: str
    fields: tuple[ExplainedField, ...]
    live: bool | None = None
    item: str = ""
