"""The words behind an operation -> its parameters: `param=value`, `param=@FILE`, `param.key=value`, `{JSON}`,
`@FILE`, names."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from komodo_sync.calling.configs import check_config, field_of, kind_of_config
from komodo_sync.calling.subjects import subject_of
from komodo_sync.calling.values import FLAGS, QUERY, as_json, check, from_text, nearest
from komodo_sync.errors import UsageError
from komodo_sync.kinds.shapes import EnumShape, FlagShape, PairsShape, TextShape, VersionShape
from komodo_sync.model.data import Unshown
from komodo_sync.operations import Param

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from komodo_sync.calling.subjects import Subject
    from komodo_sync.operations import Operation

    ReadStdin = Callable[[], str]

STDIN = "-"


class Given(Unshown, frozen=True):
    """What was asked for: `params` without the one that names the subject, whose values are `names` (several, with
    wildcards perhaps). `subject`: None where there is no such parameter."""

    params: Mapping[str, Any]
    names: tuple[str, ...]
    subject: Subject | None


def read_given(operation: Operation, words: Sequence[str], stdin: ReadStdin) -> Given:
    """The parameters that `words` give, checked against the catalogue. Raises UsageError."""
    subject = subject_of(operation)
    params: dict[str, Any] = {}
    names: list[str] = []
    for word in words:
        whole = _whole(word, stdin)
        if whole is not None:
            for key, value in whole.items():
                _put(params, _param(operation, key, subject).name, value)
        elif "=" in word and _is_name(word.partition("=")[0]):
            _read(operation, subject, word, params, stdin)
        else:
            names.append(word)
    if names and subject is None:
        lists = "query" in operation.params and operation.params["query"].type == "ResourceQuery"
        hint = f"write query.names={','.join(names)}" if lists else _takes(operation)
        raise UsageError(f"{operation.name} takes no names: {names[0]}", hint=hint)
    if subject is not None and subject.param in params:
        check(subject.param, "str", params[subject.param])
        names.insert(0, params.pop(subject.param))
    _check(operation, params, names, subject)
    return Given(params, tuple(dict.fromkeys(names)), subject)


def _whole(word: str, stdin: ReadStdin) -> dict[str, Any] | None:
    """All parameters, where a word is a JSON object or a file that holds one."""
    if word.startswith("{"):
        text, name = word, "this object"
    elif word.startswith("@") and "=" not in word:
        text, name = _text_of(word, "@FILE", stdin), word
    else:
        return None
    found = as_json(name, text, 'write all parameters as one object: \'{"stack": "web"}\', or @FILE that holds it')
    if not isinstance(found, dict):
        raise UsageError(f"{name} holds no parameters", hint='write an object: {"stack": "web"}')
    return found


def _is_name(text: str) -> bool:
    """Whether what stands before `=` is a parameter's name, with keys perhaps: a regex or a path is none."""
    return bool(text) and text.replace(".", "").replace("_", "").isalnum() and not text[0].isdigit()


def _read(operation: Operation, subject: Subject | None, word: str, params: dict[str, Any], stdin: ReadStdin) -> None:
    place, _, text = word.partition("=")
    name, dot, key = place.partition(".")
    param = _param(operation, name, subject)
    if text.startswith("@@"):
        text = text[1:]
    elif text.startswith("@"):
        text = _text_of(text, place, stdin)
    if not dot:
        _put(params, param.name, from_text(param, param.type, text))
        return
    inside = params.setdefault(param.name, {})
    if not isinstance(inside, dict):
        raise UsageError(f"{param.name} is given as a whole, and {place} beside it", hint="leave one of them out")
    _put(inside, key, _member(param, key, text), param.name)


def _put(into: dict[str, Any], name: str, value: Any, within: str = "") -> None:
    if name in into:
        where = f"{within}.{name}" if within else name
        raise UsageError(f"{where} is given twice", hint="leave one of them out")
    into[name] = value


def _param(operation: Operation, name: str, subject: Subject | None) -> Param:
    """The parameter of that name; the subject also by `id`, `name` or its kind's name."""
    if name in operation.params:
        return operation.params[name]
    if subject is not None and subject.kind is not None and name in ("id", "name", subject.kind.name):
        return operation.params[subject.param]
    hint = nearest(name, operation.params) if operation.params else _takes(operation)
    raise UsageError(f"{operation.name} has no parameter {name}", hint=hint)


def _takes(operation: Operation) -> str:
    if not operation.params:
        return f"{operation.name} takes no parameters"
    told = [f"{param.name}{'' if param.required else ' (may be left out)'}" for param in operation.params.values()]
    return f"{operation.name} takes {', '.join(told)}"


def _member(param: Param, key: str, text: str) -> Any:
    """The value of one key of an object: as its field says where it is known, else JSON or the text itself."""
    if param.type == "ResourceQuery":
        if key not in QUERY:
            raise UsageError(f"{param.name} has no key {key}", hint=nearest(key, QUERY))
        return from_text(Param(f"{param.name}.{key}", QUERY[key], False, None), QUERY[key], text)
    spec = kind_of_config(param.type)
    field = field_of(spec, key) if spec else None
    if field is not None and isinstance(field.shape, (TextShape, PairsShape, EnumShape, VersionShape)):
        return text
    if field is not None and isinstance(field.shape, FlagShape) and text.lower() in FLAGS:
        return FLAGS[text.lower()]
    try:
        return as_json(f"{param.name}.{key}", text)
    except UsageError:
        return text


def _text_of(word: str, name: str, stdin: ReadStdin) -> str:
    """The text of `@FILE`, or of stdin for `@-`. Raises UsageError."""
    path = word[1:]
    if path == STDIN:
        return stdin()
    try:
        return Path(path).read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError:
        raise UsageError(f"{name}: {path} is not UTF-8", hint="save it as UTF-8") from None
    except (OSError, ValueError) as cause:
        reason = (getattr(cause, "strerror", None) or "it fails").lower()
        raise UsageError(
            f"{name}: {path or 'the file'} cannot be read: {reason}",
            hint="check the path; a value that begins with @ is written @@",
        ) from None


def _check(operation: Operation, params: Mapping[str, Any], names: Sequence[str], subject: Subject | None) -> None:
    missing = [
        param.name
        for param in operation.params.values()
        if param.required and param.name not in params and not (names and subject and subject.param == param.name)
    ]
    if missing:
        way = f"add {' '.join(f'{name}=...' for name in missing)}"
        if subject is not None and subject.param in missing and subject.kind is not None:
            way = f"name the {subject.kind.name.replace('_', ' ')}: {operation.name} NAME"
        raise UsageError(f"{operation.name} needs {' and '.join(missing)}", hint=way)
    if subject is not None and subject.kind is not None and "" in names:
        kind = subject.kind.name.replace("_", " ")
        raise UsageError(f"an empty text names no {kind}", hint=f"name the {kind}: {operation.name} NAME")
    for name, value in params.items():
        param = operation.params[name]
        check(name, param.type, value)
        spec = kind_of_config(param.type)
        if spec is not None and isinstance(value, dict):
            check_config(name, spec, value)
    if len(names) > 1 and subject is not None and not subject.many and subject.param != "pattern":
        raise UsageError(f"{operation.name} does one at a time, and {len(names)} are named", hint="run it for each")
