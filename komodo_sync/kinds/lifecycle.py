"""What runs of a kind, what brings that about, how that is watched, and which of Core's words mean what."""

from __future__ import annotations

from typing import TYPE_CHECKING

from komodo_sync.model.data import Data, field

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from komodo_sync.kinds.folder import Checkout


TIMEOUT = 1800.0
"""Seconds for which what is done is waited for, where its kind does not take longer."""


class Lifecycle(Data, frozen=True, eq=False):
    """One kind's executions.

    subject     the parameter that names the resource in executions and in the reads of this table
    deploy      what makes what runs equal to what is declared
    first       the same where nothing is there yet, if that is another operation (a clone before any pull)
    start, stop, destroy, pause, resume, restart   the others, where there are such; `resume` starts what is paused
    partly      records of executions that reach a part of it: none of them makes up for a deploy
    stops_partly   records of executions that stop a part of it, or take it down
    writes      records of writes of the files that it is done from
    running     states in which it runs as declared
    ailing      states in which something of it runs, and something else does not
    paused      states from which `resume` leads back
    stopped     states in which its containers are there and do not run
    down        states in which nothing of it is there
    busy        states that pass by themselves
    done_at     the key of its `info` that says when it was done last, in milliseconds; 0 is never
    done_hash, latest_hash   the keys of the commit that was done last, and of the newest one that Core has seen
    lags        whether what is done was looked up a while ago, so that only the record of the last run is sure of it
    refresh     the operation that makes Core look at git again
    timeout     seconds for which one is waited for
    redoes      what it does to what runs, for people
    redoes_first   the same of `first`
    checkout    the checkout on the host that it is done in, which `first` removes and makes anew
    doing       the read that tells what is being done with it; empty where runs may overlap
    revision    the fields that say which commits of which repository there are to be had
    pinned_by   the field that pins one commit
    pulls_from  the fields that name a repository to pull from
    takes_all   the flag with which any file of a commit may be part of it, and not those alone that are told
    taken_down_by   the flag with which a deploy takes all of it down first
    once        a field and its value that, where they are declared, say that it is to end by itself
    uncounted   the field that lists the services that need not run
    swept_by    the fields that may have a deploy also remove services which its files no longer have; see `sweeps` of
                the kind that it runs on
    follows     the flag with which Core deploys it by itself once a build of its image has ended
    unfollowed  states in which it does not do that
    containers  the read that answers its containers, with docker's word for their health
    removing    the stages of a deploy after whose success nothing runs of what ran before
    project     the key of its `info` that names the compose project that was deployed
    means       what a failed stage means for what runs, for people, by the stage
    means_otherwise   the same for every other stage
    verb, noun, made, holds   what it is called for people: it `builds`, a `build`, is `built`, holds what is `built`
    """

    subject: str
    deploy: str
    first: str = ""
    start: str = ""
    stop: str = ""
    destroy: str = ""
    pause: str = ""
    resume: str = ""
    restart: str = ""
    partly: tuple[str, ...] = ()
    stops_partly: tuple[str, ...] = ()
    writes: tuple[str, ...] = ()
    running: frozenset[str] = frozenset()
    ailing: frozenset[str] = frozenset()
    paused: frozenset[str] = frozenset()
    stopped: frozenset[str] = frozenset()
    down: frozenset[str] = frozenset()
    busy: frozenset[str] = frozenset()
    done_at: str = ""
    done_hash: str = ""
    latest_hash: str = ""
    lags: bool = False
    refresh: str = ""
    timeout: float = TIMEOUT
    redoes: str = ""
    redoes_first: str = ""
    checkout: Checkout | None = None
    verb: str = "starts"
    noun: str = "deploy"
    made: str = "deployed"
    holds: str = "deployed"
    doing: str = ""
    revision: tuple[str, ...] = ()
    pinned_by: str = ""
    pulls_from: tuple[str, ...] = ()
    takes_all: str = ""
    taken_down_by: str = ""
    once: tuple[str, str] = ("", "")
    uncounted: str = ""
    swept_by: tuple[str, ...] = ()
    follows: str = ""
    unfollowed: frozenset[str] = frozenset()
    containers: str = ""
    removing: tuple[str, ...] = ()
    project: str = ""
    means: Mapping[str, str] = field(default_factory=dict)
    means_otherwise: str = ""

    @property
    def deploys(self) -> tuple[str, ...]:
        """The operations whose records say that it was deployed as a whole."""
        return (self.deploy, self.first) if self.first else (self.deploy,)

    def takes_down(self, config: Mapping[str, Any]) -> bool:
        """Whether a deploy takes all of it down first."""
        return bool(self.taken_down_by and config.get(self.taken_down_by))

    def may_end(self, config: Mapping[str, Any]) -> frozenset[str] | None:
        """The services that need not run; None: which these are is not known."""
        named = config.get(self.uncounted, ()) if self.uncounted else ()
        known = isinstance(named, (list, tuple)) and all(isinstance(each, str) for each in named)
        return frozenset(named) if known else None

    @property
    def hash_after(self) -> str:
        """The key of the commit that an execution which has just ended pulled."""
        return self.latest_hash if self.lags else self.done_hash

    @property
    def stops(self) -> tuple[str, ...]:
        """The operations whose records say that somebody wanted it, or a part of it, not to run."""
        return (*filter(None, (self.stop, self.destroy, self.pause)), *self.stops_partly)
