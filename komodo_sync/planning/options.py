"""What shapes a plan beside the declared and the observed world."""

from __future__ import annotations

from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Literal

from komodo_sync.model.data import Data, field
from komodo_sync.model.known import Known
from komodo_sync.model.scope import Scope

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from komodo_sync.model.address import Address
    from komodo_sync.model.desired import Omitted
    from komodo_sync.model.plan_key import PlanKey
    from komodo_sync.model.scope import GivenVariable, Visibility


class Limits(Data, frozen=True):
    """How much one apply may do; None: no limit. `failures`: failed deploys after which no further deploy starts."""

    deletes: int | None = None
    delete_percent: float | None = None
    deploys: int | None = None
    failures: int = 3


class Options(Data, frozen=True):
    """owner           whose tag (`owner:NAME`) marks what is ours; empty: nothing is adopted or pruned
    prune           delete what carries our tag and is not declared
    omitted_fields  what becomes of config fields that a manifest does not mention
    protect         patterns of addresses that are never deleted
    timeouts        seconds for which what is done is waited for, by kind or by pattern of addresses
    select, paths   narrow what is changed, as they were written; a narrowed plan deletes nothing
    only            the addresses that `paths` narrow it to; None: all
    selected        the addresses that `select` narrows it to; None: all
    adopt_changes   whether an adoption may change what it adopts
    allow_syncs     whether a resource sync that would fight is no reason to refuse
    deploy          whether deploys and states count
    refresh         whether the Core fetches files anew before the plan
    abandon_old     whether what moves may leave behind what runs on a host that is not reached
    removal         what becomes of what runs of a resource that is deleted
    host            the Core's address, for the plan's header
    target, overlays   which of the settings' targets is meant, and what is laid over the manifests; for the header too
    manifests, variables, env_files, settings, allow_deletes, allow_deploys   what was given; for the scope that the
                    plan records
    known           the addresses that may be acted on where nothing declares them; None: all (`approved`)
    visibility      as whom the Core is to be seen; None: as whoever asks
    plan_key        with which the digests of secrets are made; None: they are not
    saved           the plan is to be kept as an approval, and says what that does not cover
    secrets         what is known to be secret beside what the two worlds tell
    """

    owner: str = ""
    prune: bool = False
    omitted_fields: Omitted = "reset"
    protect: tuple[str, ...] = ()
    timeouts: Mapping[str, float] = field(default_factory=dict)
    select: tuple[str, ...] = ()
    paths: tuple[str, ...] = ()
    only: Collection[Address] | None = None
    selected: Collection[Address] | None = None
    adopt_changes: bool = False
    allow_syncs: bool = False
    deploy: bool = True
    refresh: bool = True
    abandon_old: bool = False
    removal: Literal["destroy", "keep_running"] = "destroy"
    host: str = ""
    target: str = ""
    overlays: tuple[str, ...] = ()
    limits: Limits = field(default_factory=Limits)
    manifests: tuple[str, ...] = ()
    variables: tuple[GivenVariable, ...] = ()
    env_files: tuple[str, ...] = ()
    settings: str = ""
    allow_deletes: int | None = None
    allow_deploys: int | None = None
    known: Collection[Address] | None = None
    visibility: Visibility | None = None
    plan_key: PlanKey | None = None
    saved: bool = False
    secrets: Known = field(default_factory=Known)

    @property
    def scope(self) -> Scope:
        """What a plan records of it."""
        return Scope(
            paths=self.paths,
            select=self.select,
            owner=self.owner,
            prune=self.prune and bool(self.owner) and not self.narrowed,
            deploy=self.deploy,
            omitted_fields=self.omitted_fields,
            target=self.target,
            overlays=self.overlays,
            manifests=self.manifests,
            variables=self.variables,
            env_files=self.env_files,
            settings=self.settings,
            refresh=self.refresh,
            adopt_changes=self.adopt_changes,
            allow_syncs=self.allow_syncs,
            abandon_old=self.abandon_old,
            allow_deletes=self.allow_deletes,
            allow_deploys=self.allow_deploys,
        )

    @property
    def narrowed(self) -> bool:
        """Whether a part alone of the declared world is to be changed."""
        return self.selected is not None or self.only is not None

    def selects(self, address: Address) -> bool:
        """Whether `address` may be changed."""
        return (self.only is None or address in self.only) and (self.selected is None or address in self.selected)

    def protects(self, address: Address) -> bool:
        """Whether a setting keeps `address` from being deleted."""
        return any(fnmatchcase(str(address), pattern) for pattern in self.protect)

    def knows(self, address: Address) -> bool:
        """Whether what nothing declares may be acted on: whoever approved the plan may not have seen it."""
        return self.known is None or address in self.known
