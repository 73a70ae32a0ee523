"""The shapes that a field can have, as facts: what may be written, what Core keeps, what it is worth when omitted.

Data only. Reading manifests, normal forms, masking, diffs, schema and the embedded Core each match over these classes
exhaustively, with functions of their own. Source of the shapes: the API's deserializers (Core 2.3.2) and the
recorded exchanges.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from komodo_sync.model.data import Data, field

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from komodo_sync.kinds.struct import Struct


class TextShape(Data, frozen=True):
    """A string, kept as it is. `trimmed`: trailing whitespace is cut and one newline added (Core's `file_contents`
    fields and every command); text of whitespace alone becomes empty. `multiline`: shown as a diff of lines.
    `container_name`: Core makes a container's name of it, unless it is blank. `longest`: Core refuses more bytes than
    that, and every control character, a line end among them; 0: it takes any text. `script`: a shell reads it;
    `code`: it is a TypeScript."""

    trimmed: bool = False
    multiline: bool = False
    container_name: bool = False
    longest: int = 0
    script: bool = False
    code: bool = False


class PairsShape(Data, frozen=True):
    """`KEY<separator>value` lines in one string; a newline is added at the end if it is missing, nothing else changes.

    On the wire also a list of `{<key>: ..., <value>: ...}` objects, which Core writes as `  key<separator>value`
    lines. In a manifest also a mapping, written by us as `key<written>value` lines in its order.
    `validated`: Core refuses a line that has neither `=` nor `:`. `secret_values`: every value is secret. `mounts`: a
    value is where something is in a container, a path or a port, which is no secret whatever the key is called.
    `joined`: what stands between key and value where people write them as one word (`3000:80`), and may write one key
    many times; empty: they are told as `KEY = value`, of which the last one counts.
    """

    separator: str
    written: str
    key: str = "variable"
    value: str = "value"
    validated: bool = False
    secret_values: bool = False
    mounts: bool = False
    joined: str = ""


class FlagShape(Data, frozen=True):
    """A boolean."""


class IntShape(Data, frozen=True):
    """A whole number between `minimum` and `maximum`."""

    minimum: int = 0
    maximum: int = 2**31 - 1


class FloatShape(Data, frozen=True):
    """A number; with `bits` 32 Core rounds it to single precision."""

    bits: int = 64


class EnumShape(Data, frozen=True):
    """One of `values`, case-sensitive; `aliases` are other spellings that Core takes and answers as the value."""

    values: tuple[str, ...]
    aliases: Mapping[str, str] = field(default_factory=dict)


class TextListShape(Data, frozen=True):
    """A list of strings, order and duplicates kept. `from_text`: the wire also takes one string, which Core splits
    at newlines and commas (blank entries, `#` lines and ` #` comments dropped). `drops_blank`: Core drops blank
    entries. `values`: if not empty, each item is one of these. `is_set`: order and duplicates mean nothing."""

    from_text: bool = True
    is_set: bool = False
    drops_blank: bool = False
    values: tuple[str, ...] = ()


class VersionShape(Data, frozen=True):
    """`1.2.3`, on the wire also `{major, minor, patch}` (all three), answered as the object. Missing parts are 0."""


class StructShape(Data, frozen=True):
    """A nested object with fields of its own; what is missing gets its default, whatever is stored."""

    struct: type[Struct]


class ListShape(Data, frozen=True):
    """A list of objects. `short`: a bare string stands for an object with that field alone. `single`: one object
    stands for a list of it."""

    struct: type[Struct]
    short: str = ""
    single: bool = False


class Tagged(Data, frozen=True):
    """`{type: <variant>, params: {...}}`: one Struct for each variant; `default` is the variant of an omitted value.

    `resolve` gives the variants where they are many (a procedure's executions), so that they are built only when
    they are needed. `elsewhere` says of a word that is no variant what it is, in words that follow it; empty where it
    is nothing.
    """

    variants: Mapping[str, type[Struct]] = field(default_factory=dict)
    default: str = ""
    resolve: Callable[[], Mapping[str, type[Struct]]] | None = None
    elsewhere: Callable[[str], str] | None = None

    def all_variants(self) -> Mapping[str, type[Struct]]:
        """Every variant's Struct by its `type`."""
        return self.variants if self.resolve is None else self.resolve()

    def default_value(self) -> Value:
        """The normal form of an omitted value, None when there is none."""
        if not self.default:
            return None
        return {"type": self.default, "params": self.all_variants()[self.default].defaults()}


class TargetsShape(Data, frozen=True):
    """A list of `{type: Stack, id: ...}` resource targets (an alerter's). Core stores the ids that it is given and
    never turns names into ids, so we do."""


class GrantsShape(Data, frozen=True):
    """What may be done with all resources of a kind: `{level, specific}` by Core's word for the kind. The level alone
    stands for one without specific permissions. Core keeps what is taken away at the level None. `struct` has the
    fields of a permission."""

    struct: type[Struct]


class TargetGrantsShape(Data, frozen=True):
    """What may be done with single resources: a list of `{target: {type, id}, level, specific}`. A manifest may name
    many by a wildcard or `\\regex\\`; Core has one for each. `struct` has the fields of a permission."""

    struct: type[Struct]


class JsonShape(Data, frozen=True):
    """JSON, kept as it is: any value; with `mapping` an object, with `texts` an object whose values are texts."""

    mapping: bool = False
    texts: bool = False


Shape = (
    TextShape
    | PairsShape
    | FlagShape
    | IntShape
    | FloatShape
    | EnumShape
    | TextListShape
    | VersionShape
    | StructShape
    | ListShape
    | Tagged
    | TargetsShape
    | GrantsShape
    | TargetGrantsShape
    | JsonShape
)
Value = Any
"""A field's value in normal form: str, bool, int, float, None, list, dict, or Sealed in place of a secret str."""
