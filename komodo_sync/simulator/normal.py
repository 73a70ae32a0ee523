"""From what a request says to what is stored and answered, one function for each shape of field.

Written from the recordings and independent of the normal forms that manifests and plans use: both only share the
facts of `kinds`. A value that does not fit raises MalformedError, an enum that is no string UnreadableError.
"""

from __future__ import annotations

import re
import struct as binary
from typing import TYPE_CHECKING, Any

from komodo_sync.kinds.shapes import (
    EnumShape,
    FlagShape,
    FloatShape,
    IntShape,
    JsonShape,
    ListShape,
    PairsShape,
    StructShape,
    Tagged,
    TargetsShape,
    TextListShape,
    TextShape,
    VersionShape,
)
from komodo_sync.operations import enums, executions
from komodo_sync.simulator import fitting
from komodo_sync.simulator.failures import MalformedError, RefusalError, UnreadableError
from komodo_sync.simulator.jsontext import Doubled
from komodo_sync.simulator.parameters import read_parameters
from komodo_sync.simulator.whitespace import trim, trim_end

if TYPE_CHECKING:
    from collections.abc import Mapping

    from komodo_sync.kinds.shapes import Shape
    from komodo_sync.kinds.struct import Field, Struct

_NUMBER = re.compile(r"[+-]?[0-9]+\Z")
_SIGNALS = {"1": "SIGHUP", "2": "SIGINT", "3": "SIGQUIT", "15": "SIGTERM"}
I32 = range(-(2**31), 2**31)


def read_partial(struct: type[Struct], sent: Any) -> dict[str, Any]:
    """The fields that a partial config gives, by name. Unknown keys are ignored, null means not given."""
    values = _by_field(struct, sent)
    return {
        name: read(item.shape, value)
        for name, (item, value) in values.items()
        # a list that may be written as its one item knows no null
        if value is not None or item.nullable or (isinstance(item.shape, ListShape) and item.shape.single)
    }


def read_whole(struct: type[Struct], sent: Any) -> dict[str, Any]:
    """Every field of a nested object: what is not given has its default, null does not fit."""
    values = _by_field(struct, sent)
    whole = {}
    for name, item in struct.fields().items():
        if name in values:
            value = values[name][1]
            answer = None if value is None and item.nullable else read(item.shape, value)
        elif item.required:
            raise MalformedError(f"missing field `{name}`")
        else:
            answer = default(item)
        if not (item.omitted and answer == default(item)):
            whole[name] = answer
    return whole


def defaults(struct: type[Struct]) -> dict[str, Any]:
    """An object for which nothing was given, as it is answered."""
    return {name: default(item) for name, item in struct.fields().items() if not item.omitted}


def default(item: Field) -> Any:
    """A field's default as it is answered."""
    match item.shape:
        case VersionShape():
            return read_version(item.default)
        case StructShape(struct=nested):
            return defaults(nested)
        case Tagged() as tagged if tagged.default:
            return {"type": tagged.default, "params": defaults(tagged.variants[tagged.default])}
        case _:
            return list(item.default) if isinstance(item.default, (list, tuple)) else item.default


def read(shape: Shape, sent: Any) -> Any:
    """One value as it is stored."""
    match shape:
        case TextShape(trimmed=trimmed):
            return file_text(fitting.text(sent)) if trimmed else fitting.text(sent)
        case PairsShape() as pairs:
            return _pairs(pairs, sent)
        case FlagShape():
            return fitting.flag(sent)
        case IntShape(minimum=minimum, maximum=maximum):
            # a Core also takes what makes no sense below 0
            return read_int(sent, I32.start if maximum == I32.stop - 1 else minimum, maximum)
        case FloatShape(bits=bits):
            return _float(sent, bits)
        case EnumShape(values=values, aliases=aliases):
            return read_enum(sent, values, aliases)
        case TextListShape() as texts:
            return _texts(texts, sent)
        case VersionShape():
            return read_version(sent)
        case StructShape(struct=nested):
            return read_whole(nested, sent)
        case ListShape() as items:
            return _items(items, sent)
        case Tagged() as tagged:
            return _tagged(tagged, sent)
        case TargetsShape():
            return [read_target(item) for item in fitting.items(sent)]
        case JsonShape(mapping=mapping, texts=texts):
            found = fitting.mapping(sent) if mapping else sent
            return {key: fitting.text(each) for key, each in found.items()} if texts else found


def file_text(text: str) -> str:
    """Trailing white space cut, one newline added; nothing but white space is empty."""
    kept = trim_end(text)
    return f"{kept}\n" if kept else ""


def check_pairs(text: str, context: str) -> None:
    """500 `context` unless every line assigns something; lines are counted from 0 after the text was trimmed."""
    for number, line in enumerate(trim(text).split("\n")):
        kept = trim(line)
        if not kept or kept.startswith(("#", "//")):
            continue
        kept = kept.split(" #", 1)[0]
        if "=" not in kept and ":" not in kept:
            raise RefusalError(context, f"line {number} missing assignment character ('=' or ':')")


def split_list(text: str) -> list[str]:
    """A list given as one text: lines and commas part entries, `#` lines and ` #` comments are dropped."""
    found = []
    for line in text.split("\n"):
        kept = trim(line)
        if not kept.startswith("#"):
            found += [entry for part in kept.split(" #", 1)[0].split(",") if (entry := trim(part))]
    return found


def read_version(sent: Any) -> dict[str, int]:
    """`1.2.3` (missing parts are 0, further parts are dropped), or an object of all three."""
    if isinstance(sent, dict):
        missing = next((part for part in ("major", "minor", "patch") if part not in sent), None)
        if missing:
            raise MalformedError(f"missing field `{missing}`")
        return {part: read_int(sent[part], I32.start, I32.stop - 1) for part in ("major", "minor", "patch")}
    if not isinstance(sent, str):
        raise MalformedError(f"invalid type: {fitting.what(sent)}, expected a version string or object")
    parts = [*sent.split(".")[:3], "0", "0"][:3]
    if not all(_NUMBER.match(part) and int(part) in I32 for part in parts):
        raise MalformedError(f"failed to parse version {sent}")
    return dict(zip(("major", "minor", "patch"), map(int, parts), strict=True))


def read_enum(sent: Any, values: tuple[str, ...], aliases: Mapping[str, str]) -> str:
    """One of the values; case-sensitive."""
    if not isinstance(sent, str) and not (isinstance(sent, dict) and sent):
        raise UnreadableError("expected value")
    if not isinstance(sent, str):
        raise MalformedError(f"invalid type: {fitting.what(sent)}, expected an enum")
    word = aliases.get(sent, sent)
    if word not in values:
        raise MalformedError(f"unknown variant `{sent}`, expected one of {', '.join(f'`{value}`' for value in values)}")
    return word


def read_int(sent: Any, minimum: int, maximum: int) -> int:
    """A whole number within bounds."""
    if isinstance(sent, bool) or not isinstance(sent, int):
        raise MalformedError(f"invalid type: {fitting.what(sent)}, expected an integer")
    if not minimum <= sent <= maximum:
        raise MalformedError(f"invalid value: integer `{sent}`, expected one between {minimum} and {maximum}")
    return sent


def read_target(sent: Any) -> dict[str, str]:
    """`{type, id}`, stored as it is given."""
    if not isinstance(sent, dict):
        raise MalformedError(f"invalid type: {fitting.what(sent)}, expected a resource target")
    for part in ("type", "id"):
        if part not in sent:
            raise MalformedError(f"missing field `{part}`")
    if sent["type"] not in enums()["ResourceTargetVariant"]:
        raise MalformedError(f"unknown variant `{sent['type']}`")
    return {"type": sent["type"], "id": fitting.text(sent["id"])}


def _by_field(struct: type[Struct], sent: Any) -> dict[str, tuple[Field, Any]]:
    if isinstance(sent, list):
        # an object may be written as the list of its values, in the order of its fields
        if len(sent) > len(struct.fields()):
            raise UnreadableError("trailing characters")
        sent = dict(zip(struct.fields(), sent, strict=False))
    if not isinstance(sent, dict):
        raise MalformedError(f"invalid type: {fitting.what(sent)}, expected an object")
    spellings = struct.spellings()
    found: dict[str, tuple[Field, Any]] = {}
    for key, value in sent.items():
        item = spellings.get(key)
        if item is None:
            continue
        if item.name in found or (isinstance(sent, Doubled) and key in sent.doubled):
            raise MalformedError(f"duplicate field `{item.name}`")
        found[item.name] = (item, value)
    return found


def _pairs(shape: PairsShape, sent: Any) -> str:
    if isinstance(sent, str):
        return sent if not sent or sent.endswith("\n") else f"{sent}\n"
    lines = []
    for item in fitting.items(sent):
        if not isinstance(item, dict):
            raise MalformedError(f"invalid type: {fitting.what(item)}, expected an object")
        for part in (shape.key, shape.value):
            if part not in item:
                raise MalformedError(f"missing field `{part}`")
        key = item[shape.key]
        key = read_enum(key, enums()["TerminationSignal"], _SIGNALS) if shape.key == "signal" else fitting.text(key)
        lines.append(f"  {key}{shape.separator}{fitting.text(item[shape.value])}\n")
    return "".join(lines)


def _float(sent: Any, bits: int) -> float:
    if isinstance(sent, bool) or not isinstance(sent, (int, float)):
        raise MalformedError(f"invalid type: {fitting.what(sent)}, expected a number")
    return float(sent) if bits == 64 else _single(float(sent))


def _single(number: float) -> float:
    """The number in single precision, in the fewest digits that give it back."""
    try:
        packed = binary.pack("<f", number)
    except OverflowError:
        return number
    [single] = binary.unpack("<f", packed)
    for digits in range(1, 10):
        short = float(f"{single:.{digits}g}")
        if binary.pack("<f", short) == packed:
            return short
    return number


def _texts(shape: TextListShape, sent: Any) -> list[str]:
    if isinstance(sent, str) and shape.from_text:
        texts = split_list(sent)
    else:
        texts = [
            fitting.text(item) if not shape.values else read_enum(item, shape.values, {})
            for item in fitting.items(sent)
        ]
    # only spaces count as blank here: other white space was seen to be kept
    return [text for text in texts if text.strip(" ")] if shape.drops_blank else texts


def _items(shape: ListShape, sent: Any) -> list[dict[str, Any]]:
    if isinstance(sent, dict) and shape.single:
        return [read_whole(shape.struct, sent)]
    return [
        read_whole(shape.struct, {shape.short: item} if isinstance(item, str) and shape.short else item)
        for item in fitting.items(sent)
    ]


def _tagged(shape: Tagged, sent: Any) -> dict[str, Any]:
    kind, params = tag_of(sent)
    if shape.resolve is not None:
        operation = executions().get(kind)
        if operation is None:
            raise MalformedError(f"unknown variant `{kind}`, expected an execution")
        return {"type": kind, "params": read_parameters(operation, params)}
    if kind not in shape.variants:
        raise MalformedError(f"unknown variant `{kind}`, expected one of {', '.join(shape.variants)}")
    return {"type": kind, "params": read_whole(shape.variants[kind], params)}


def tag_of(sent: Any) -> tuple[str, Any]:
    """The `type` and the `params` of a tagged object; both are required."""
    if not isinstance(sent, dict):
        raise MalformedError(f"invalid type: {fitting.what(sent)}, expected an adjacently tagged object")
    for part in ("type", "params"):
        if part not in sent:
            raise MalformedError(f"missing field `{part}`")
    return fitting.text(sent["type"]), sent["params"]
