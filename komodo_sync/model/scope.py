"""What a plan rests on: which Core, what was asked, and what the key could see."""

from __future__ import annotations

from komodo_sync.model.data import Data


class CoreFacts(Data, frozen=True):
    """The Core that was looked at: `host` without credentials."""

    host: str
    version: str


class GivenVariable(Data, frozen=True):
    """A `--var`. `value` is None where its name or its text looks like a secret: then it is recorded nowhere."""

    name: str
    value: str | None


class Scope(Data, frozen=True):
    """What was asked: the paths and selection that narrow the run, and the settings that shape it.

    manifests      the PATHs that are the manifests, where there is no komodo-sync.yaml
    variables      what `--var` gave; env_files   the files of `--env-file`, not what they hold
    settings       the file of `--settings`; empty: the komodo-sync.yaml that is found
    refresh        False: without fetching files anew
    adopt_changes, allow_syncs, abandon_old, allow_deletes, allow_deploys   what was allowed beside the settings
    """

    paths: tuple[str, ...] = ()
    select: tuple[str, ...] = ()
    owner: str = ""
    prune: bool = False
    deploy: bool = True
    omitted_fields: str = "reset"
    target: str = ""
    overlays: tuple[str, ...] = ()
    manifests: tuple[str, ...] = ()
    variables: tuple[GivenVariable, ...] = ()
    env_files: tuple[str, ...] = ()
    settings: str = ""
    refresh: bool = True
    adopt_changes: bool = False
    allow_syncs: bool = False
    abandon_old: bool = False
    allow_deletes: int | None = None
    allow_deploys: int | None = None

    @property
    def narrowed(self) -> bool:
        """Whether a part alone of the declared world was to be changed."""
        return bool(self.paths or self.select)


class Visibility(Data, frozen=True):
    """What the key could see. `refreshed`: of how many resources the Core fetched the files anew for it."""

    user: str
    admin: bool
    kinds: tuple[str, ...]
    refreshed: int = 0
