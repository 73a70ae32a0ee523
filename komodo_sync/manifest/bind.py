"""Nodes to the values of fields, by the shape of each field. Whatever is wrong is reported, and binding goes on."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any, assert_never
from unicodedata import category

from komodo_sync.kinds.normal import normalise
from komodo_sync.kinds.shapes import (
    EnumShape,
    FlagShape,
    FloatShape,
    GrantsShape,
    IntShape,
    JsonShape,
    ListShape,
    PairsShape,
    StructShape,
    Tagged,
    TargetGrantsShape,
    TargetsShape,
    TextListShape,
    TextShape,
    VersionShape,
)
from komodo_sync.manifest.findings import choices, quoted
from komodo_sync.manifest.grants import bind_grants
from komodo_sync.manifest.interpolate import misplaced
from komodo_sync.manifest.lists import (
    bind_json,
    bind_objects,
    bind_tagged,
    bind_targets,
    bind_texts,
    bind_version,
    is_unwrapped,
)
from komodo_sync.manifest.pair_fields import bind_pairs, opaque_text
from komodo_sync.manifest.scalars import NOTHING, alone, bare, flag_of, float_of, int_of, shut, text_of
from komodo_sync.model.address import Address
from komodo_sync.model.data import Data, field
from komodo_sync.model.desired import Interpolation, Reference
from komodo_sync.model.sealed import Sealed, Unknown
from komodo_sync.source.codes import Code
from komodo_sync.source.nodes import NULL_WORDS, Form, Interpolated, Mapping, Scalar

if TYPE_CHECKING:
    from collections.abc import Mapping as MappingOf

    from komodo_sync.kinds.struct import Field, Struct
    from komodo_sync.manifest.files import Files
    from komodo_sync.manifest.findings import Findings
    from komodo_sync.source.nodes import Node


_TEXT = Form.TEXT


class Binder(Data):
    """Binds the values of one resource and remembers what they refer to.

    `secret`: every value of the resource is secret (a secret variable's), so no source line may be shown.
    `prefix` leads from the resource to what is bound now, and `public` says that no secret may stand there.
    """

    findings: Findings
    files: Files
    secret: bool = False
    references: list[Reference] = field(default_factory=list)
    clear_keys: dict[str, frozenset[str]] = field(default_factory=dict)
    interpolated: list[Interpolation] = field(default_factory=list)
    prefix: str = ""
    public: bool = False

    def struct(self, struct: type[Struct], mapping: Mapping, path: str) -> dict[str, Any]:
        """The declared fields by name, each in normal form. `path` is where the struct stands, with a final slash."""
        spellings = struct.spellings()
        if "type" not in spellings and is_unwrapped(self, struct, mapping):
            return {}
        result: dict[str, Any] = {}
        given: dict[str, Scalar] = {}
        for key, node in mapping.items:
            item = spellings.get(key.text)
            if item is None:
                self.unknown_key(key, spellings)
                continue
            name = item.name
            if name in given:
                first = given[name].text
                self.findings.error(
                    Code.TWO_SPELLINGS,
                    key,
                    f"{key.text} and {first} are the same field, and both are given",
                    f"keep {name if name in (key.text, first) else first}",
                    secret=self.secret or item.secret,
                )
                continue
            given[name] = key
            value = self.value(item, node, path + name)
            if value is not NOTHING:
                result[name] = value
        if len(given) < len(spellings) and not mapping.torn:
            for name in required_fields(struct):  # type: ignore[arg-type] # a class is hashable
                if name not in given:
                    self.findings.error(Code.MISSING_KEY, mapping, f"{name} is missing", f"add {name}")
        return result

    def unknown_key(self, key: Scalar, words: MappingOf[str, Any]) -> None:
        """`key` is none of `words`."""
        self.findings.unknown_key(key, words, choices(key.text, list(words)), secret=self.secret)

    def value(self, item: Field, node: Node, path: str) -> Any:
        """The value of a field in normal form, sealed when the field is secret; NOTHING when it was reported."""
        if item.plain and type(node) is Scalar and node.form <= _TEXT and not node.tag:
            # most values are such texts, and end here
            text = node.text
            if "${" not in text and text not in NULL_WORDS:
                return self.reference(item.ref, text, node, path) if item.ref else text
        if node.reported:
            return NOTHING
        if type(node) is Scalar and node.is_null:
            if item.nullable:
                return None
            self.wrong(item, Code.NULL, node, f"{item.name} is null", "leave the key out, or put quotes around a text")
            return NOTHING
        if type(node) is Interpolated:
            return self._interpolated(item, node, path)
        bound = self._bound(item, node, path)
        if bound is NOTHING:
            return NOTHING
        value = bound if item.as_written else normalise(item, bound)
        return shut(item, node, value) if item.secret and isinstance(value, str) else value

    def _bound(self, item: Field, node: Node, path: str) -> Any:
        shape = item.shape
        match shape:
            case TextShape():
                text = self.text(item, node)
                if text is NOTHING or (shape.longest and self._refused(item, shape, text, node)):
                    return NOTHING
                if not item.ref:
                    return text
                return self.reference(item.ref, text, node, path)
            case FlagShape():
                return self._typed(item, node, flag_of, "true or false")
            case PairsShape():
                return bind_pairs(self, item, shape, node, path)
            case TextListShape():
                return bind_texts(self, item, shape, node, path)
            case EnumShape():
                return self.enum(item, shape.values, node, shape.aliases)
            case IntShape():
                return self._int(item, shape, node)
            case FloatShape():
                return self._typed(item, node, float_of, "a number")
            case VersionShape():
                return bind_version(self, item, node)
            case StructShape():
                mapping = self._mapping(item, node)
                return NOTHING if mapping is None else self.struct(shape.struct, mapping, path + "/")
            case ListShape():
                return bind_objects(self, item, shape, node, path)
            case Tagged():
                return bind_tagged(self, shape, node, path + "/", item.name)
            case TargetsShape():
                return bind_targets(self, item, node, path)
            case GrantsShape() | TargetGrantsShape():
                return bind_grants(self, item, shape, node, path)
            case JsonShape():
                return bind_json(self, item, shape, node, path)
            case _:  # pragma: no cover
                assert_never(shape)

    def text(self, item: Field, node: Node) -> Any:
        """A text, written here or in the file that a `!file` names."""
        if not isinstance(node, Scalar):
            return self.mistyped(item, node, "a text", f"write {item.name}: text, without brackets, braces or a dash")
        if node.tag:
            if item.ref:
                self.wrong(item, Code.FILE_MISPLACED, node, f"{item.name} is a name, not a !file", "write the name")
                return NOTHING
            content = self.files.read(node)
            return NOTHING if content is None else content
        text = text_of(node)
        if text is None:
            return self.mistyped(item, node, "a text", "put it in quotes")
        return text

    def _refused(self, item: Field, shape: TextShape, text: str, node: Node) -> bool:
        """Whether Core would refuse the text, which is then reported without telling what it is."""
        control = next((index for index, character in enumerate(text) if category(character) == "Cc"), None)
        if control is not None:
            which = "a line end" if text[control] in "\r\n" else "a control character"
            message = f"the Core refuses {which} in {item.name} (at character {control + 1})"
            way_out = "write it on one line; a text of several lines can travel as base64, or as a file on the server"
        elif (size := len(text.encode())) > shape.longest:
            message = f"the Core refuses more than {shape.longest} bytes in {item.name}; these are {size}"
            way_out = "shorten it, or keep it in a file on the server"
        else:
            return False
        self.wrong(item, Code.UNWRITABLE_TEXT, node, message, way_out)
        return True

    def part(self, item: Field, node: Node, path: str) -> Any:
        """A text inside the value of a field: Sealed where it is secret, Unknown where it is missing."""
        if type(node) is not Interpolated:
            return self.text(item, node)
        if not self.may_stand(item, node, path):
            return NOTHING
        if node.missing:
            return NOTHING if self.public or item.ref else Unknown(around=node.around)
        text = self.text(item, node)
        return Sealed(text, around=node.around) if node.secret and text is not NOTHING else text

    def word(self, item: Field, values: tuple[str, ...], node: Node, path: str) -> Any:
        """One of `values` inside the value of a field, as `part`."""
        if type(node) is not Interpolated:
            return self.enum(item, values, node, {})
        found = self.part(item, node, path)
        if not isinstance(found, str | Sealed):
            return found
        return NOTHING if self.enum(item, values, node, {}) is NOTHING else found

    def _interpolated(self, item: Field, node: Interpolated, path: str) -> Any:
        if not self.may_stand(item, node, path):
            return NOTHING
        if isinstance(item.shape, PairsShape) and (found := opaque_text(self, item, node, path)) is not None:
            return found
        if node.missing:
            return NOTHING if self.public or item.ref else Unknown(around=() if item.secret else node.around)
        bound = self._bound(item, node, path)
        if bound is NOTHING:
            return NOTHING
        value = normalise(item, bound)
        return shut(item, node, value) if node.secret or (item.secret and isinstance(value, str)) else value

    def may_stand(self, item: Field, node: Interpolated, path: str) -> bool:
        """Notes what is interpolated, and reports a secret where everybody reads it."""
        if node.secret and (item.ref or self.public):
            misplaced(self.findings, node)
            return False
        self.interpolated.append(Interpolation(self.prefix + path, node.names, node.secret, node.span(), node.missing))
        return True

    def reference(self, kind: str, name: str, node: Node, path: str) -> str:
        if name:
            self.references.append(Reference(Address(kind, name), path, node.span))
        return name

    def _typed(self, item: Field, node: Node, read: Any, wanted: str) -> Any:
        value = read(node) if isinstance(node, Scalar) and not node.tag else None
        if value is not None:
            return value
        quotes = isinstance(node, Scalar) and node.form == Form.TEXT and not node.tag
        quoted_only = quotes and isinstance(node, Scalar) and read(bare(node)) is not None
        return self.mistyped(item, node, wanted, "take the quotes off" if quoted_only else f"write {wanted}")

    def _int(self, item: Field, shape: IntShape, node: Node) -> Any:
        value = self._typed(item, node, int_of, "a whole number")
        if value is not NOTHING and not shape.minimum <= value <= shape.maximum:
            limits = f"write a number from {shape.minimum} to {shape.maximum}"
            self.wrong(item, Code.OUT_OF_RANGE, node, f"{item.name} cannot be {value}", limits)
            return NOTHING
        return value

    def enum(self, item: Field, values: tuple[str, ...], node: Node, aliases: MappingOf[str, str]) -> Any:
        if not isinstance(node, Scalar) or node.tag or node.form > Form.TEXT:
            return self.mistyped(
                item, node, f"one of {', '.join(values[:12])}", "write it as a text, in quotes where it is TOML"
            )
        word = node.text
        if word in values or word in aliases:
            return word
        self.wrong(item, Code.UNKNOWN_VALUE, node, f"{item.name} cannot be {quoted(word)}", choices(word, values))
        return NOTHING

    def _mapping(self, item: Field, node: Node) -> Mapping | None:
        if isinstance(node, Mapping):
            return node
        self.mistyped(item, node, "a mapping", "write key: value below it")
        return None

    def mistyped(self, item: Field, node: Node, wanted: str, way_out: str) -> Any:
        self.wrong(item, Code.WRONG_TYPE, node, f"{item.name} takes {wanted}, not {node.what}", way_out)
        return NOTHING

    def wrong(self, item: Field, code: Code, node: Node, message: str, way_out: str) -> None:
        public = isinstance(item.shape, FlagShape) and alone(node)
        self.findings.error(code, node, message, way_out, secret=item.secret or (self.secret and not public))


@cache
def required_fields(struct: type[Struct]) -> tuple[str, ...]:
    return tuple(name for name, item in struct.fields().items() if item.required)
