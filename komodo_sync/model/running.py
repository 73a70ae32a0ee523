"""What a Core knows of what runs: facts, from which the planner decides. Texts in here may hold secrets in clear (files
are kept as they were deployed, after variables were put in), so that nothing of it has a repr."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from komodo_sync.model.data import Data, Unshown, field

if TYPE_CHECKING:
    from collections.abc import Mapping

    from komodo_sync.model.address import Address


class FetchedFile(Unshown, frozen=True):
    """A file as git or the host has it now. `requires`: what a difference asks for (Redeploy, Restart, None), of these
    `services` alone where any are named."""

    path: str
    contents: str
    services: tuple[str, ...] = ()
    requires: str = "Redeploy"


class Event(Data, frozen=True):
    """Something that was done to a resource: `at` in milliseconds; `by` the id of who had it done, and `user` the name;
    of a failed one the `stage` at which it ended; the `commit` that it says it took."""

    operation: str
    at: int
    by: str = ""
    stage: str = ""
    commit: str = ""
    user: str = ""


class History(Unshown, frozen=True):
    """What the Updates of a resource say.

    good      the last whole deploy (build, pull, run) that succeeded
    failed    the newest one that failed, whole or in part, if that came after the good one
    stopped   who first stopped it or took it down, if that came after every deploy and start
    gone      whether the last thing that was done to it, and succeeded, was to take all of it down
    made      that it was created, where nothing was ever deployed
    changed   the fields of its config that are other than they were at the good deploy, as before and after;
              None: it was changed, and in which fields is not told
    called    its name at the good deploy, where it was renamed since; empty: as now
    """

    good: Event | None = None
    failed: Event | None = None
    stopped: Event | None = None
    gone: bool = False
    made: Event | None = None
    changed: Mapping[str, tuple[Any, Any]] | None = field(default_factory=dict)
    called: str = ""


class Running(Unshown, frozen=True):
    """What is known of one resource beside its config.

    deployed     texts of the files that were deployed last, by path; None: never, or not by Komodo
    fetched      those files as they are now; None: nobody has looked, or there are none but the config's own
    unreadable   what could not be fetched, and why
    missing      files that are declared and not there
    deployed_hash, latest_hash   the commit that is deployed (built, checked out), and the newest one
    done_at      when it was built or pulled last, in milliseconds; 0 is never
    seen_at      since when at the latest the files are known as they are told here, in milliseconds; 0 is not known
    refusal      why its files were not fetched anew, where that was asked for
    """

    deployed: Mapping[str, str] | None = None
    fetched: tuple[FetchedFile, ...] | None = None
    unreadable: tuple[tuple[str, str], ...] = ()
    missing: tuple[str, ...] = ()
    deployed_hash: str = ""
    latest_hash: str = ""
    done_at: int = 0
    seen_at: int = 0
    refusal: str = ""
    history: History | None = None


class Live(Unshown, frozen=True):
    """What is known of what runs, of everything whose state or deploy is declared.

    resources   by live address
    variables   when the value of a variable was changed last, in milliseconds, where that was after some deploy
    servers     Core's word for whether it reaches each server; `Ok` is that it does
    silence     why it does not reach a server, where it says so
    bare        servers that are reached and show no container at all, of those that somebody was to be asked about
    refreshed   whose files were fetched anew
    complete    False: the key may not see who changed variables
    """

    resources: Mapping[Address, Running] = field(default_factory=dict)
    variables: Mapping[str, int] = field(default_factory=dict)
    servers: Mapping[str, str] = field(default_factory=dict)
    silence: Mapping[str, str] = field(default_factory=dict)
    bare: frozenset[str] = frozenset()
    refreshed: frozenset[Address] = frozenset()
    complete: bool = True
