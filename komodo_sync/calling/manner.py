"""How calls are made, apart from what is called."""

from __future__ import annotations

from typing import TYPE_CHECKING

from komodo_sync.model.data import Data, field

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from komodo_sync.model.called import Called
    from komodo_sync.model.outcome import Wait


def _quiet(_subject: str, _wait: Wait) -> None:
    """Nobody wants to know."""


def _no_link(_update: str) -> str:
    return ""


class Manner(Data, frozen=True):
    """How calls are made.

    wait         whether executions are waited for, each for at most `timeout` seconds; 0: as `timeouts` (by kind, or
                 by pattern of addresses) or its kind says
    parallelism  how many run at once
    stopped      whether nothing new is to begin; `abandoned`: whether nothing is waited for either
    heard        is told of every pause, and for which subject; `ended` of every call that ended
    link         where an Update is to be seen
    """

    wait: bool = True
    timeout: float = 0.0
    timeouts: Mapping[str, float] = field(default_factory=dict)
    parallelism: int = 8
    stopped: Callable[[], bool] = lambda: False
    abandoned: Callable[[], bool] = lambda: False
    heard: Callable[[str, Wait], None] = _quiet
    ended: Callable[[Called], None] = lambda _called: None
    link: Callable[[str], str] = _no_link
