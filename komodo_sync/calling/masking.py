"""An answer as it may be shown: secret fields, known secret texts and what looks secret are replaced.

A kind says which of its fields are secret; the rest is a guess by names and forms, on the safe side. What was deployed
is text after Core's own interpolation, with its secrets in clear, so it is never shown.
"""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING, Any

from komodo_sync.calling.outside import TOML
from komodo_sync.kinds import BY_CORE, KINDS
from komodo_sync.kinds.shapes import ListShape, StructShape, Tagged
from komodo_sync.masking.addresses import told_of
from komodo_sync.masking.arguments import readings_of, shown_arguments
from komodo_sync.masking.mask import shown, shown_text
from komodo_sync.model.api_keys import is_api_key
from komodo_sync.model.hiding import knowing, without
from komodo_sync.model.known import SHORTEST, Known, is_word
from komodo_sync.model.sealed import HIDDEN
from komodo_sync.model.secrecy import is_reference, looks_secret
from komodo_sync.operations import executions

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator
    from contextlib import AbstractContextManager

    from komodo_sync.kinds.spec import KindSpec
    from komodo_sync.kinds.struct import Field, Struct
    from komodo_sync.masking.shell import Reading
    from komodo_sync.operations import Operation

# what a name that looks secret holds in clear all the same
_OPEN = frozenset({"key", "webhook_base_url"})
_DEPLOYED = frozenset({"deployed_contents"})
# one text, in which docker has put values for names
_COMPOSED = frozenset({"deployed_config"})

# Updates whose logs tell of a variable, line by line; of these the lines that hold no value
_OF_VARIABLES = frozenset({"CreateVariable", "UpdateVariableValue", "DeleteVariable"})
_HARMLESS_LINE = re.compile(
    r"(?:<[^>]*>|\s)*(?:Variable \{|\}|(?:name|variable|description|is_secret)(?:<[^>]*>)*:.*)?"
)
_IN_CLEAR = re.compile(r"^\s*is_secret: false,?$", re.MULTILINE)


class Masker:
    """`secrets` gives texts that are shown nowhere (the values of secret variables, and more); it is asked once, when
    there is a text to show. `known`: what else is known to be secret."""

    def __init__(self, secrets: Callable[[], Collection[str]], known: Known | None = None) -> None:
        self._beside = Known() if known is None else known
        self._known = Known()
        self._known.learn_later("what the Core tells", secrets)

    def answer(self, operation: Operation, value: Any) -> Any:
        """The JSON of an answer to `operation` as it may be shown."""
        with self._knowing():
            return self._node(value, kind_answered(operation))

    def params(self, operation: Operation, value: Any) -> Any:
        """Parameters as they may be shown; a variable's value may be secret whatever it is called."""
        with self._knowing():
            return self._params(operation, value)

    def text(self, text: str) -> str:
        """A text of several lines as it may be shown."""
        with self._knowing():
            return self._without_values(shown_text(text))

    def _knowing(self) -> AbstractContextManager[None]:
        return knowing(self._known.places, self._beside.telling_places)

    def _params(self, operation: Operation, value: Any) -> Any:
        told = self._node(value, None)
        for name, param in operation.params.items():
            spec = BY_CORE.get(param.type.removeprefix("Partial").removesuffix("Config"))
            if spec is not None and isinstance(value.get(name), dict):
                told[name] = self._texts(_fields(spec, value[name]))
        hides = operation.name.endswith(("Variable", "VariableValue")) and value.get("value")
        told |= {name: HIDDEN for name, param in operation.params.items() if param.secret and value.get(name)}
        return {**told, "value": HIDDEN} if hides else told

    def _node(
        self,
        value: Any,
        spec: KindSpec | None,
        *,
        secret: bool = False,
        name: str = "",
        reading: Reading = "text",
    ) -> Any:
        if isinstance(value, list):
            words = zip(shown_arguments(value), readings_of(value), strict=True)
            return [self._node(item, spec, secret=secret, name=name, reading=reading) for item, reading in words]
        if isinstance(value, dict):
            if value.get("operation") in _OF_VARIABLES and isinstance(value.get("logs"), list):
                value = {**value, "logs": [_of_variable(log) for log in value["logs"]]}
            value = _of_execution(value)
            return {key: self._member(value, key, item, spec, secret=secret) for key, item in value.items()}
        if isinstance(value, str):
            hides = secret and value and not is_reference(value)
            return self._texts(told_of(name, value) if hides else shown_text(value, reading))
        return value

    def _member(self, holder: dict[str, Any], key: str, value: Any, spec: KindSpec | None, *, secret: bool) -> Any:
        if spec is not None and key == "config" and not spec.flat and isinstance(value, dict):
            return self._texts(_fields(spec, value))
        if spec is not None and spec.flat and key in spec.fields():
            field = spec.fields()[key]
            hides = bool(field.secret_when and holder.get(field.secret_when))
            told = shown(field, value, secret=hides, name=_named_secret(holder, key))
            return HIDDEN if told.hidden else self._texts(told.value)
        if key in _DEPLOYED:
            return _hidden_texts(value, "contents")
        if key in _COMPOSED:
            return HIDDEN if value else value
        if key in TOML and isinstance(value, str):
            for pattern in (_toml_secrets(), _toml_params()):
                value = pattern.sub(rf"\g<head>'{HIDDEN}'", value)
            return self._without_values(shown_text(value))
        named = _named_secret(holder, key)
        return self._node(value, None, secret=secret or bool(named) or _is_secret_key(key), name=named or key)

    def _texts(self, value: Any) -> Any:
        """What is masked but for the values of variables. Who says a plain word alone says what something is called."""
        if isinstance(value, str):
            return value if is_word(value) else self._without_values(value)
        if isinstance(value, dict):
            return {self._key(key): self._texts(item) for key, item in value.items()}
        return [self._texts(item) for item in value] if isinstance(value, list) else value

    def _key(self, key: str) -> str:
        """A word of the API's mostly."""
        return without(key, self._known.telling_places, self._beside.telling_places)

    def _without_values(self, text: str) -> str:
        return without(text, self._known.places, self._beside.telling_places) if len(text) >= SHORTEST else text


def kind_answered(operation: Operation) -> KindSpec | None:
    """The kind of the resources that the operation answers, in full."""
    spec = BY_CORE.get(operation.returns)
    return spec or next((each for each in KINDS.values() if each.lists == operation.name), None)


def _fields(spec: KindSpec, config: dict[str, Any]) -> dict[str, Any]:
    """A config with its secret fields hidden, and what looks secret in the others."""
    if isinstance(spec.config, Tagged):
        variant = spec.config.all_variants().get(str(config.get("type", "")))
        params = config.get("params")
        told = _struct(variant, params) if variant is not None and isinstance(params, dict) else HIDDEN
        return {**config, "params": told}
    return _struct(spec.config, config, spec.identity if spec.flat else ())


def _struct(struct: type[Struct], values: dict[str, Any], identity: Collection[str] = ()) -> dict[str, Any]:
    """`identity`: keys beside the fields that name what it is."""
    known = struct.spellings()
    found: dict[str, Any] = {}
    for key, value in values.items():
        field = known.get(key)
        if field is None:
            found[key] = HIDDEN if value and key not in identity else value
            continue
        if value is None or _is_short(field, value):
            found[key] = value
            continue
        told = shown(field, value)
        # a default is no secret: it stands in Komodo's documentation
        found[key] = value if told.hidden and value == field.default else HIDDEN if told.hidden else told.value
    return found


def _is_short(field: Field, value: Any) -> bool:
    """Whether it is a list in which a bare text stands for an object: the path of a file."""
    return isinstance(field.shape, ListShape) and not (
        isinstance(value, list) and all(isinstance(item, dict) for item in value)
    )


def _is_secret_key(key: str) -> bool:
    return key not in _OPEN and looks_secret(key)


def _named_secret(holder: dict[str, Any], key: str) -> str:
    """The name that looks secret beside which this is the value; empty for any other."""
    name = holder.get("name") or holder.get("variable")
    if key != "value" or not isinstance(name, str):
        return ""
    return name if looks_secret(name) or is_api_key(name, holder[key]) else ""


def _hidden_texts(value: Any, key: str) -> Any:
    if isinstance(value, list):
        return [_hidden_texts(item, key) for item in value]
    return {**value, key: HIDDEN} if isinstance(value, dict) and value.get(key) else value


def _of_execution(value: dict[str, Any]) -> dict[str, Any]:
    """An execution, as a procedure holds it, without those of its parameters that are secret."""
    operation, params = executions().get(str(value.get("type"))), value.get("params")
    if operation is None or not isinstance(params, dict):
        return value
    hidden = {name: HIDDEN for name, param in operation.params.items() if param.secret and params.get(name)}
    return {**value, "params": {**params, **hidden}} if hidden else value


def _of_variable(log: Any) -> Any:
    """A log without the values that a variable had: nobody knows any more which they were."""
    if not isinstance(log, dict):
        return log
    return {**log, **{part: _without_value(str(log.get(part) or "")) for part in ("stdout", "stderr")}}


def _without_value(text: str) -> str:
    if _IN_CLEAR.search(text):
        return text
    return "\n".join(line if _HARMLESS_LINE.fullmatch(line) else HIDDEN for line in text.split("\n"))


_TEXT = r"\"\"\"(?:.|\n)*?\"\"\"|'''(?:.|\n)*?'''|\"(?:[^\"\\\n]|\\.)*\"|'[^'\n]*'"


@cache
def _toml_params() -> re.Pattern[str]:
    """The same of secret parameters of what a procedure runs, which Core writes into one line after its type."""
    found = [
        rf"{name}\"[^\n]*?\bparams\.{param.name}"
        for name, operation in executions().items()
        for param in operation.params.values()
        if param.secret
    ]
    return re.compile(rf"(?P<head>\btype = \"(?:{'|'.join(found)}) = )(?:{_TEXT})")


@cache
def _toml_secrets() -> re.Pattern[str]:
    """Assignments to secret fields in a TOML of any resource: what leads to the value, and the value."""
    names = sorted({name for spec in KINDS.values() for name in _secret_names(spec.config)})
    return re.compile(
        rf"^(?P<head>[ \t]*(?:[\w.]*\.)?(?:{'|'.join(names)})[ \t]*=[ \t]*)"
        rf"(?:{_TEXT}|[^\n]*)",
        re.MULTILINE,
    )


def _secret_names(config: type[Struct] | Tagged) -> Iterator[str]:
    structs = list(config.all_variants().values()) if isinstance(config, Tagged) else [config]
    for struct in structs:
        for field in struct.fields().values():
            if field.secret:
                yield field.name
            match field.shape:
                # what a procedure runs holds no secret fields of its own
                case Tagged(resolve=None):
                    yield from _secret_names(field.shape)
                case StructShape() | ListShape():
                    yield from _secret_names(field.shape.struct)
                case _:
                    pass
