"""How what an execution brings about is watched, a kind at a time."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True, eq=False)
class Watch:
    """What the Core tells of a kind that it deploys, builds, pulls or runs.

    param       the parameter that names the resource in these operations
    busy        the read that tells what is being done with it; empty where runs may overlap
    deployed    where `info` of the full answer keeps the commit that was deployed, built or pulled
    latest      where it keeps the newest commit that is known, and the write that looks for a newer one
    refresh
    git         the fields that name a repository to pull from
    pulling     the executions that do
    running     the states in which all of it runs
    containers  the read that answers its containers, with docker's word for their health
    removing    the stages after whose success nothing runs of what ran before
    project     where `info` keeps the compose project that was deployed
    ended       what a failed stage means for what runs, for people, by the stage
    otherwise   the same for every other stage
    """

    param: str
    busy: str = ""
    deployed: str = ""
    latest: str = ""
    refresh: str = ""
    git: tuple[str, ...] = ()
    pulling: tuple[str, ...] = ()
    running: frozenset[str] = frozenset()
    containers: str = ""
    removing: tuple[str, ...] = ()
    project: str = ""
    ended: Mapping[str, str] = field(default_factory=dict)
    otherwise: str = ""
