"""What the manifests declare."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

from komodo_sync.model.data import Data, field

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from komodo_sync.model.address import Address
    from komodo_sync.model.diagnostic import Span
    from komodo_sync.model.sealed import Sealed, Unknown

Omitted = Literal["reset", "keep"]


class Reference(Data, frozen=True):
    """`target` is named at `pointer` of a resource's config, as in `server_id` or
    `stages/0/executions/1/execution/params/stack`. `place` tells where, which few ever ask."""

    target: Address
    pointer: str
    place: Callable[[], Span]

    @property
    def span(self) -> Span:
        """Where the name is written."""
        return self.place()


class Interpolation(Data, frozen=True):
    """A value that holds `${...}`: at `pointer` of a resource, as in `config/environment/TOKEN`. `names` are what it
    asks for, as `env:TOKEN`, and `missing` those of them that are not there. `secret`: the value is never shown."""

    pointer: str
    names: tuple[str, ...]
    secret: bool
    span: Span
    missing: tuple[str, ...] = ()


def _nowhere(_pointer: str) -> Span | None:
    return None


def _itself(_pointer: str) -> str:
    return ""


class DesiredResource(Data, frozen=True):
    """One declared resource.

    config       the declared fields alone, each in normal form (`komodo_sync.kinds.normal`), references as names,
                 secrets as Sealed, what is missing here as Unknown. For a kind whose config is Tagged:
                 `{"type": ..., "params": {...}}` with the declared params alone. Flat kinds (tags, variables) have
                 their fields here too.
    description, tags, template   None where the manifest says nothing
    references   every name of another resource, also nested ones, with where it stands
    after        declared order beside the references
    clear_keys   for each pairs field (`environment`), the keys whose value the manifest writes in clear, so that a
                 plan may show the live value beside it
    interpolated   every value that holds `${...}`, in the order in which they were read
    origin       the place of a pointer: `""` the resource, `config/server_id`, `tags`, ...; None when not written
    files        every file that it is written in or takes a text from, relative to the root of the manifests, with `/`
    through      what brought the value at a pointer where that is not its own entry: a default, an overlay
    item         of an entry's `for_each` the item that this resource is, as `server=a, port=80`
    """

    address: Address
    span: Span
    config: Mapping[str, Any]
    description: str | Sealed | Unknown | None = None
    tags: tuple[str, ...] | None = None
    template: bool | None = None
    renamed_from: str | None = None
    adopt_from: str | None = None
    protect: bool | None = None
    ignore: tuple[str, ...] = ()
    omitted_fields: Omitted | None = None
    after: tuple[Address, ...] = ()
    deploy: bool = False
    state: str | None = None
    wait: str | None = None
    run_on_change: bool = False
    references: tuple[Reference, ...] = ()
    clear_keys: Mapping[str, frozenset[str]] = field(default_factory=dict)
    interpolated: tuple[Interpolation, ...] = ()
    origin: Callable[[str], Span | None] = _nowhere
    files: Callable[[], frozenset[str]] = frozenset
    through: Callable[[str], str] = _itself
    item: str = ""


class Mention(Data, frozen=True):
    """An address that a manifest names outside of a resource: under `absent` or `forget`."""

    address: Address
    span: Span


class Desired(Data, frozen=True):
    """The declared world. `files` is how many manifests it came from; `failed` is True when something in them could
    not be read, so that what is missing here proves nothing."""

    resources: Mapping[Address, DesiredResource]
    absent: tuple[Mention, ...] = ()
    forget: tuple[Mention, ...] = ()
    files: int = 0
    failed: bool = False
