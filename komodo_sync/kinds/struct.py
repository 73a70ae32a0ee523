"""How a kind's fields are declared: a class of annotated defaults, read once into a table of Fields.

class Command(Struct):
    path: Text = ""
    command: FileText = ""

class StackConfig(Struct):
    server_id: Annotated[Text, Ref("server"), Alias("server"), DEPLOYS] = ""
"""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, cast, get_args, get_origin, get_type_hints

from komodo_sync.kinds.shapes import (
    FlagShape,
    FloatShape,
    IntShape,
    PairsShape,
    Shape,
    StructShape,
    Tagged,
    TextListShape,
    TextShape,
    VersionShape,
)
from komodo_sync.model.data import Data

if TYPE_CHECKING:
    from collections.abc import Mapping


class Ref(Data, frozen=True):
    """The field names a resource of `kind` (or, in a list, several): a name in manifests, an id or a name on the
    wire, an id in answers. An empty text refers to nothing."""

    kind: str


class Alias:
    """Other spellings that Core takes on write, never answers, and refuses beside the name itself."""

    __slots__ = ("names",)

    def __init__(self, *names: str) -> None:
        self.names = names


class CountedWhile(Data, frozen=True):
    """Core changes the value by itself while the flag `switch` is on: set on create, not compared afterwards."""

    switch: str


class SecretWhen(Data, frozen=True):
    """The value is secret while the flag `switch` is on."""

    switch: str


class OnlyWith:
    """The value means nothing while each of the fields `switches` is off or empty."""

    __slots__ = ("switches",)

    def __init__(self, *switches: str) -> None:
        self.switches = switches


class ShadowedBy(Data, frozen=True):
    """The value means nothing while the field `other` is given."""

    other: str


class ImpliedBy(Data, frozen=True):
    """The flag counts as on while the flag `switch` is on."""

    switch: str


class Holds(Data, frozen=True):
    """A text that is not empty has to hold `part`."""

    part: str


class Consequence(Data, frozen=True):
    """What a change of the field's value does at once or at the next deploy, beyond the value itself.

    `kind` is that of a plan's Effect; `text` may name `{before}` and `{after}`, and is told only where the field had a
    value before if it names that. `when`: a flag beside it, without which nothing happens. `of`: the `type` that the
    value has then, where it has several.
    """

    kind: str
    text: str
    when: str = ""
    of: str = ""


class Since(Data, frozen=True):
    """The Core version that first knew the field."""

    version: str


class Beside(Data, frozen=True):
    """The text is the content of a file, which people keep beside their manifests under such a name."""

    name: str


class Doc(Data, frozen=True):
    """One sentence for people: the editor's hover, `explain`, the reference."""

    text: str


class Marker(Data, frozen=True):
    """A property that a field has or has not."""

    name: str


SECRET = Marker("secret")
"""The whole value is secret: it is never shown."""
ADDRESS = Marker("address")
"""What is secret of the value is an address: its host is shown."""
DEPLOYS = Marker("deploys")
"""A change reaches the containers at the next deploy."""
REQUIRED = Marker("required")
"""There is no default."""
KEPT = Marker("kept")
"""Never reset when a manifest does not mention it: a variable's value."""
NULLABLE = Marker("nullable")
"""`null` is a value of its own, and the default."""
OMITTED = Marker("omitted")
"""Core leaves the key out of its answer when the value is the default."""
ALWAYS_SENT = Marker("always_sent")
"""Sent on create even when it is the default, because Core puts in something else when it is missing."""

Text = Annotated[str, TextShape()]
ContainerName = Annotated[str, TextShape(container_name=True)]
LongText = Annotated[str, TextShape(multiline=True)]
FileText = Annotated[str, TextShape(trimmed=True, multiline=True)]
CommandText = Annotated[str, TextShape(script=True)]
CodeText = Annotated[str, TextShape(trimmed=True, multiline=True, code=True)]
ScriptText = Annotated[str, TextShape(trimmed=True, multiline=True, script=True)]
Flag = Annotated[bool, FlagShape()]
Int = Annotated[int, IntShape()]
Float = Annotated[float, FloatShape()]
Float32 = Annotated[float, FloatShape(bits=32)]
TextList = Annotated[tuple[str, ...], TextListShape()]
EnvText = Annotated[str, PairsShape(separator=" = ", written="=")]
CheckedEnvText = Annotated[str, PairsShape(separator=" = ", written="=", validated=True)]
LabelsText = Annotated[str, PairsShape(separator=": ", written=": ")]
VersionText = Annotated[str, VersionShape()]
"""In normal form `1.2.3`."""

_SHAPES: tuple[type, ...] = get_args(Shape)


class Field(Data, frozen=True, dict=True):
    """One field of a Struct. `default` is in normal form, as Core answers it when nothing was sent."""

    name: str
    shape: Shape
    default: Any
    aliases: tuple[str, ...] = ()
    ref: str = ""
    secret: bool = False
    address: bool = False
    deploys: bool = False
    required: bool = False
    kept: bool = False
    counted_while: str = ""
    secret_when: str = ""
    consequence: Consequence | None = None
    only_with: tuple[str, ...] = ()
    shadowed_by: str = ""
    implied_by: str = ""
    holds: str = ""
    always_sent: bool = False
    nullable: bool = False
    omitted: bool = False
    since: str = ""
    beside: str = ""
    doc: str = ""

    @cached_property
    def spellings(self) -> tuple[str, ...]:
        """Every key that names this field: its name, then its aliases."""
        return (self.name, *self.aliases)

    @cached_property
    def plain(self) -> bool:
        """Whether a text of this field is its own normal form, and no secret."""
        return isinstance(self.shape, TextShape) and self.as_written and not self.secret

    @cached_property
    def as_written(self) -> bool:
        """Whether a text or flag of this field is its own normal form."""
        shape = self.shape
        return isinstance(shape, FlagShape) or (
            isinstance(shape, TextShape) and not (shape.trimmed or shape.container_name or shape.longest)
        )


class Struct:
    """Base of every declaration; subclasses are never instantiated, `fields()` is what they are for.

    A field whose default is an object (a StructShape, a Tagged) is declared with `...`: the object's own defaults.
    """

    _table: ClassVar[dict[str, Field] | None] = None
    _spellings: ClassVar[dict[str, Field] | None] = None

    @classmethod
    def fields(cls) -> dict[str, Field]:
        """The fields by name, in declared order."""
        if "_table" not in cls.__dict__ or cls._table is None:
            hints = get_type_hints(cls, include_extras=True)
            cls._table = {
                name: _field(name, hint, getattr(cls, name, None))
                for name, hint in hints.items()
                if not name.startswith("_")
            }
        return cls._table

    @classmethod
    def spellings(cls) -> dict[str, Field]:
        """The fields by every key that names them."""
        if "_spellings" not in cls.__dict__ or cls._spellings is None:
            cls._spellings = {word: item for item in cls.fields().values() for word in item.spellings}
        return cls._spellings

    @classmethod
    def of(cls, name: str, fields: Mapping[str, Field], doc: str = "") -> type[Struct]:
        """A Struct made of `fields`, for declarations that come from data."""
        return type(name, (cls,), {"_table": dict(fields), "__doc__": doc})

    @classmethod
    def defaults(cls) -> dict[str, Any]:
        """The normal form of an object for which nothing was given."""
        return {name: item.default for name, item in cls.fields().items()}


def _field(name: str, hint: Any, declared: Any) -> Field:
    if get_origin(hint) is not Annotated:
        raise TypeError(f"field {name} has no shape")
    marks = hint.__metadata__
    shapes = cast("list[Shape]", [mark for mark in marks if isinstance(mark, _SHAPES)])
    if len(shapes) != 1:
        raise TypeError(f"field {name} needs one shape, has {len(shapes)}")
    [shape] = shapes
    markers = {mark.name for mark in marks if isinstance(mark, Marker)}
    return Field(
        name=name,
        shape=shape,
        default=_default(shape, declared),
        aliases=tuple(word for mark in marks if isinstance(mark, Alias) for word in mark.names),
        ref=next((mark.kind for mark in marks if isinstance(mark, Ref)), ""),
        secret="secret" in markers,
        address="address" in markers,
        deploys="deploys" in markers,
        required="required" in markers,
        kept="kept" in markers,
        counted_while=next((mark.switch for mark in marks if isinstance(mark, CountedWhile)), ""),
        consequence=next((mark for mark in marks if isinstance(mark, Consequence)), None),
        secret_when=next((mark.switch for mark in marks if isinstance(mark, SecretWhen)), ""),
        only_with=tuple(word for mark in marks if isinstance(mark, OnlyWith) for word in mark.switches),
        shadowed_by=next((mark.other for mark in marks if isinstance(mark, ShadowedBy)), ""),
        implied_by=next((mark.switch for mark in marks if isinstance(mark, ImpliedBy)), ""),
        holds=next((mark.part for mark in marks if isinstance(mark, Holds)), ""),
        always_sent="always_sent" in markers,
        nullable="nullable" in markers,
        omitted="omitted" in markers,
        since=next((mark.version for mark in marks if isinstance(mark, Since)), ""),
        beside=next((mark.name for mark in marks if isinstance(mark, Beside)), ""),
        doc=next((mark.text for mark in marks if isinstance(mark, Doc)), ""),
    )


def _default(shape: Shape, declared: Any) -> Any:
    """What Core answers for an omitted field: lists as lists, an object with its own defaults."""
    if isinstance(shape, StructShape):
        return shape.struct.defaults()
    if isinstance(shape, Tagged):
        return shape.default_value()
    if isinstance(declared, tuple | dict):
        return list(declared) if isinstance(declared, tuple) else dict(declared)
    return declared
