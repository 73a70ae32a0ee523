"""What a kind is, beside its fields: its names, the operations that write it, what can be done with it."""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING, Any

from komodo_sync.kinds.shapes import Tagged
from komodo_sync.model.data import Data

if TYPE_CHECKING:
    from collections.abc import Mapping

    from komodo_sync.kinds.folder import FolderOnHost
    from komodo_sync.kinds.images import ImageNames
    from komodo_sync.kinds.lifecycle import Lifecycle
    from komodo_sync.kinds.struct import Field, Struct


class NameRule(Enum):
    """Which names Core keeps as they are; every other name it changes, or refuses, on create and rename.

    DOCKER lower-case letters, digits, `_`, `-`, starting with a letter or digit (stacks, builds); CONTAINER letters,
    digits, `_`, `.`, `-`, starting with a letter or digit (deployments); PATH no space or newline (repos);
    GENERAL no newline (the other resources), none of them with white space around; VARIABLE letters, digits and
    `_`, not starting with a digit, at most 500 (refused otherwise); EXACT anything, kept as it is; ACCOUNT a domain and
    a username, neither of them empty, kept as they are.
    """

    DOCKER = "docker"
    CONTAINER = "container"
    PATH = "path"
    GENERAL = "general"
    VARIABLE = "variable"
    EXACT = "exact"
    ACCOUNT = "account"


class FieldWrite(Data, frozen=True):
    """A field that has a write operation of its own: `operation` with the value under `param`.

    each    one call for each permission of the field, with what it is about under this parameter
    holder  the parameter that names the resource, as `{type, id}`; empty: it is `addressed_by`, with the id alone
    """

    field: str
    operation: str
    param: str
    each: str = ""
    holder: str = ""


class Detail(Data, frozen=True):
    """A field that the list does not tell: `operation` answers it for the one resource that `param` names, as
    `{type, id}`."""

    field: str
    operation: str
    param: str


class Publishing(Data, frozen=True):
    """Ports of the host that a single container publishes: the field that lists them, the one that names its network,
    and the networks on which nothing is published."""

    field: str
    network: str
    idle: frozenset[str]


class Lookup(Data, frozen=True):
    """What is in the Core and declared nowhere, and yet referred to by its name: the operation that lists all of
    it, for admins, and the key of its name there."""

    name: str
    lists: str
    identity: str


class KindSpec(Data, frozen=True, eq=False):
    """One kind of resource.

    name, plural  our words, as in addresses and as keys in manifests
    doc           what it is, in one sentence for people
    core          Core's word in operations, targets and messages
    config        its fields: a Struct, or Tagged where they depend on a `type`
    names         what a name may look like
    identity      what names it, in a manifest and on the wire; its name is the values of these, joined by a slash
    reserved      how names begin that are ours to keep: never declared, observed, pruned or exported
    lists         the operation that answers every resource in full
    admin_only    that operation answers admins alone
    detail        a field that it does not tell
    meta          which of description, tags, template it has beside its config
    flat          in manifests and answers the fields stand beside the name, not under `config`
    body          the parameter that holds the fields in create and update; empty where they stand beside the name
    create ...    the write operations; `update` is empty where each field has an operation of its own (`field_writes`,
                  in the order in which they are sent)
    addressed_by  the parameter that names the resource in its write operations, and whether that must be an id
    by_id_only    rename and delete take an id and no name
    owned         carries our owner tag: can be adopted, pruned, forgotten
    deploys       the execution that makes what runs equal to what is declared; empty where nothing runs
    lifecycle     what runs of it and what brings that about; None where nothing does
    rests_on      the fields that name what it is made from: once that is made anew, so is this
    reached       the list whose `state` says whether Core reaches it; `Ok` is that it does
    states        the list that answers each resource's `state`; empty where there is none
    up            the states in which something of it runs
    stops         what deleting one that is up does to what runs, for people
    renames_running   what a rename does to one that is up, for people; of one with a `machine`: where none is given
    renames_kept  the same where `volumes_as` keeps `{name}`; `{goes}`: runs on, or not; `{volumes}`: what it has still
    held_by_referers   not deleted while anything refers to it: Core would only detach what does
    reach         the flag without which Core does not speak to it, nor to what is on it
    runs          what `run_on_change` runs
    stages        the field of the executions that a run of it makes
    schedule      the fields that say when it runs by itself: the schedule, whether it counts, how it is read
    keeps_books   some of its names keep our books (`komodo_sync.model.marks`), and are not to be declared
    toml          its table names in Komodo's Resource Sync TOML
    sources       the fields that say where its files come from; the first that is given wins
    compose       the field that holds a compose text
    folder        where its files are on its host; None: nowhere, or not under its name
    fills         the field of `KEY=value` lines that fill in each `${KEY}` of that text
    mounts        the field of the volumes that a single container mounts
    publishes     the ports that a single container publishes
    copies        the field of how many of it run where `all_or_nothing` holds
    hosts         the fields that say where it runs; the first that is given wins
    machine       the field that says where Core finds it: two with one value are one machine
    all_or_nothing   what is on it runs or is taken down: nothing is stopped there and stays
    sweeps        words with which a deploy on it removes services gone from its files, too; the first is an argument
    renews        words with which a deploy on it hands no volume without a name on from one container to the next
    runs_as       the field that names it there; an empty one is the resource's own name
    volumes_as    the field after which its volumes are called; an empty one is the resource's own name
    images        what the images are called that it builds; None: it builds none
    order         kinds with a lower number are created first, and deleted last, where no reference decides
    """

    name: str
    plural: str
    core: str
    config: type[Struct] | Tagged
    names: NameRule
    lists: str
    create: str
    delete: str
    identity: tuple[str, ...] = ("name",)
    reserved: tuple[str, ...] = ()
    admin_only: bool = False
    detail: Detail | None = None
    body: str = "config"
    update: str = ""
    rename: str = ""
    field_writes: tuple[FieldWrite, ...] = ()
    addressed_by: str = "id"
    by_id_only: bool = False
    meta: tuple[str, ...] = ("description", "tags", "template")
    flat: bool = False
    owned: bool = True
    deploys: str = ""
    lifecycle: Lifecycle | None = None
    rests_on: tuple[str, ...] = ()
    reached: str = ""
    states: str = ""
    up: frozenset[str] = frozenset()
    stops: str = ""
    renames_running: str = ""
    renames_kept: str = ""
    held_by_referers: bool = False
    reach: str = ""
    runs: str = ""
    stages: str = ""
    schedule: tuple[str, ...] = ()
    keeps_books: bool = False
    toml: tuple[str, ...] = ()
    doc: str = ""
    sources: tuple[str, ...] = ()
    compose: str = ""
    folder: FolderOnHost | None = None
    fills: str = ""
    mounts: str = ""
    publishes: Publishing | None = None
    copies: str = ""
    hosts: tuple[str, ...] = ()
    machine: str = ""
    all_or_nothing: bool = False
    sweeps: tuple[str, ...] = ()
    renews: tuple[str, ...] = ()
    runs_as: str = ""
    volumes_as: str = ""
    images: ImageNames | None = None
    order: int = 0

    def name_of(self, raw: Mapping[str, Any]) -> str:
        """The name of what a full answer tells. Raises KeyError when a part of it is missing."""
        return "/".join([raw[key] for key in self.identity])

    def is_called(self, raw: Mapping[str, Any], name: str) -> bool:
        """Whether an answer tells of the resource of that name."""
        return all(raw.get(key) == part for key, part in self.identity_of(name).items())

    def identity_of(self, name: str) -> dict[str, str]:
        """What a name is made of, by key: only the last part may hold a slash itself."""
        return dict(zip(self.identity, name.split("/", len(self.identity) - 1), strict=False))

    def is_idle(self, name: str, config: Mapping[str, Any]) -> bool:
        """Whether a field speaks of a source of files that `config` does not use: another one wins, or none of that
        sort is given."""
        table = self.fields()
        used = next((source for source in self.sources if config.get(source)), "")
        if name in self.sources:
            return name != used
        shadow = table[name].shadowed_by
        return shadow in self.sources and not (used and table[used].shadowed_by == shadow)

    def fields(self) -> Mapping[str, Field]:
        """The config fields of a kind that has one Struct; empty for a Tagged config."""
        return {} if isinstance(self.config, Tagged) else self.config.fields()


def resource_kind(
    name: str,
    plural: str,
    core: str,
    config: type[Struct] | Tagged,
    *,
    order: int,
    names: NameRule = NameRule.GENERAL,
    deploys: str = "",
    lifecycle: Lifecycle | None = None,
    rests_on: tuple[str, ...] = (),
    reached: str = "",
    states: str = "",
    up: frozenset[str] = frozenset(),
    stops: str = "",
    renames_running: str = "",
    renames_kept: str = "",
    held_by_referers: bool = False,
    reach: str = "",
    runs: str = "",
    stages: str = "",
    schedule: tuple[str, ...] = (),
    doc: str = "",
    sources: tuple[str, ...] = (),
    compose: str = "",
    folder: FolderOnHost | None = None,
    fills: str = "",
    mounts: str = "",
    publishes: Publishing | None = None,
    copies: str = "",
    hosts: tuple[str, ...] = (),
    machine: str = "",
    all_or_nothing: bool = False,
    sweeps: tuple[str, ...] = (),
    renews: tuple[str, ...] = (),
    runs_as: str = "",
    volumes_as: str = "",
    images: ImageNames | None = None,
) -> KindSpec:
    """A kind with the operations that eleven kinds have in common: Create, Update, Rename, Delete and ListFull."""
    return KindSpec(
        name=name,
        plural=plural,
        core=core,
        config=config,
        names=names,
        lists=f"ListFull{core}s",
        create=f"Create{core}",
        update=f"Update{core}",
        rename=f"Rename{core}",
        delete=f"Delete{core}",
        deploys=deploys,
        lifecycle=lifecycle,
        rests_on=rests_on,
        reached=reached,
        states=states,
        up=up,
        stops=stops,
        renames_running=renames_running,
        renames_kept=renames_kept,
        held_by_referers=held_by_referers,
        reach=reach,
        runs=runs,
        stages=stages,
        schedule=schedule,
        toml=(name, plural),
        doc=doc,
        sources=sources,
        compose=compose,
        folder=folder,
        fills=fills,
        mounts=mounts,
        publishes=publishes,
        copies=copies,
        hosts=hosts,
        machine=machine,
        all_or_nothing=all_or_nothing,
        sweeps=sweeps,
        renews=renews,
        runs_as=runs_as,
        volumes_as=volumes_as,
        images=images,
        order=order,
    )
