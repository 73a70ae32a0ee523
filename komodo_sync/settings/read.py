"""Finding and reading komodo-sync.yaml."""

from __future__ import annotations

from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING, Any

from komodo_sync.errors import InputError, SettingsError
from komodo_sync.model.data import replace
from komodo_sync.model.diagnostic import Diagnostic, Severity, Span
from komodo_sync.settings.address import host_problem
from komodo_sync.settings.document import FILE_NAME, Limits, Settings, Target, owner_problem
from komodo_sync.settings.fields import Reader
from komodo_sync.source.codes import Code
from komodo_sync.source.nodes import Mapping, Scalar, Sequence
from komodo_sync.source.text import SourceError, read_source
from komodo_sync.source.yaml import parse_yaml

if TYPE_CHECKING:
    from collections.abc import Iterator

    from komodo_sync.source.nodes import Node

_BOTH = (
    *("core", "manifests", "owner", "prune", "omitted_fields", "protect", "limits", "timeouts", "delete", "vars"),
    "defaults",
)
_KEYS = (*_BOTH, "targets")
_LIMITS = ("deletes", "delete_percent", "deploys", "failures")
_READ_WITH = frozenset(("manifests", "vars", "defaults", "overlay"))
"""What manifests are read with: where one of these is wrong, what is found in them may only follow from it."""
_TARGET_KEYS = (*_BOTH, "overlay")


def locate_settings(start: Path) -> Path | None:
    """The nearest komodo-sync.yaml in `start` or above it, as far as the repository's root (the folder with `.git`)."""
    start = start.absolute()
    folders = [start, *start.parents]
    root = next((index for index, folder in enumerate(folders) if (folder / ".git").exists()), len(folders))
    for folder in folders[: root + 1]:
        if (folder / FILE_NAME).is_file():
            return folder / FILE_NAME
    return None


def find_settings(file: Path | None, start: Path) -> Settings | None:
    """The settings in `file`, else those that lie nearest to `start`; None when there are none.

    Raises InputError with everything that is wrong in them.
    """
    if file is not None and not file.exists():
        span = Span(str(file), 1, 1)
        message = "there is no such file"
        raise InputError(
            [Diagnostic(Code.SETTINGS_MISSING.value, Severity.ERROR, message, span, "check the path after --settings")]
        )
    path = file or locate_settings(start)
    return None if path is None else read_settings(path)


def read_settings(path: Path) -> Settings:
    """One settings file. Raises InputError with everything that is wrong in it.

    Its values stand in a file that is named from its own folder, as manifests are; what is wrong with it stands in a
    file that is named from the working directory.
    """
    try:
        source = read_source(path, path.name)
        documents, diagnostics = parse_yaml(source)
    except SourceError as cause:
        raise InputError([_from_here(cause.diagnostic, path)]) from None
    reader = Reader()
    reader.diagnostics += diagnostics
    if len(documents) > 1:
        reader.error(
            Code.WRONG_TYPE, documents[1], "settings are one document", "keep what stands before the second ---"
        )
    found = _settings(documents[0] if documents else Mapping(source, 1, 1), path.absolute(), reader)
    if reader.diagnostics:
        found_wrong = [_from_here(item, path) for item in reader.diagnostics]
        usable = None if reader.amiss & _READ_WITH else found
        if usable is not None and "targets" in reader.amiss:
            usable = replace(usable, targets={})  # one of them may say other than was meant
        raise SettingsError(sorted(found_wrong, key=lambda item: item.sort_key), usable)
    return replace(found, spans={word: replace(span, file=_shown(path)) for word, span in found.spans.items()})


def _settings(root: Node, file: Path, reader: Reader) -> Settings:
    values = _values(root, "", _KEYS, reader)
    values["limits"] = Limits(**values.get("limits", {}))
    return Settings(root=file.parent, file=file, spans=reader.spans, **values)


def _values(root: Node, name: str, known: tuple[str, ...], reader: Reader) -> dict[str, Any]:
    """Fields of Settings by name, with `limits` as a mapping: what is written, and nothing else."""
    values: dict[str, Any] = {}
    for word, node, path in reader.pairs(root, name, known):
        mark = len(reader.diagnostics)
        match word:
            case "core":
                values["core_url"] = _core(node, path, reader)
            case "manifests" | "protect":
                values[word] = reader.texts(node, path)
                (_check_pattern if word == "protect" else _check_paths)(node, values[word], reader)
            case "owner":
                values[word] = _owner(node, path, reader)
            case "prune":
                values[word] = reader.flag(node, path)
            case "omitted_fields":
                values[word] = reader.word(node, path, ("reset", "keep"))
            case "delete":
                values[word] = reader.word(node, path, ("destroy", "keep_running"))
            case "limits":
                values[word] = _limits(node, path, reader)
            case "timeouts":
                values[word] = dict(_timeouts(node, path, reader))
            case "vars":
                values[word] = reader.text_map(node, path)
            case "defaults":
                values[word] = (node,)  # what it says is read with the manifests
            case "overlay":
                one = isinstance(node, Scalar)
                values["overlays"] = (reader.text(node, path),) if one else reader.texts(node, path)
            case _:
                values[word] = {
                    name: Target(name, _values(target, inner, _TARGET_KEYS, reader))
                    for name, target, inner in reader.pairs(node, path, ())
                }
        if len(reader.diagnostics) > mark:
            reader.amiss.add(word)
    return values


def _core(node: Node, path: str, reader: Reader) -> str:
    url = ""
    for _, value, inner in reader.pairs(node, path, ("url",)):
        url = reader.text(value, inner)
        problem = host_problem(url) if url else ""
        if problem:
            reader.error(
                Code.BAD_URL, value, f"{inner} is no address of a Core: {problem}", "write https://komodo.example.com"
            )
    return url


def _owner(node: Node, path: str, reader: Reader) -> str:
    name = reader.text(node, path)
    problem = owner_problem(name) if name else ""
    if problem:
        reader.error(Code.WRONG_TYPE, node, f"{path} {problem}", "write a short name, as platform")
    return name


def _limits(node: Node, path: str, reader: Reader) -> dict[str, int]:
    given: dict[str, int] = {}
    for word, value, inner in reader.pairs(node, path, _LIMITS):
        number = reader.number(value, inner, 100 if word == "delete_percent" else 1_000_000)
        if number is not None:
            given[word] = number
    return given


def _timeouts(node: Node, path: str, reader: Reader) -> Iterator[tuple[str, float]]:
    """By kind, or by pattern of addresses: of what can be deployed or run alone, as nothing else is waited for."""
    from komodo_sync.kinds import KINDS

    waited = [name for name, spec in KINDS.items() if spec.lifecycle is not None]
    keys = {key.text: key for key, _ in getattr(node, "items", ())} if isinstance(node, Mapping) else {}
    for word, value, inner in reader.pairs(node, path, ()):
        kind, slash, name = word.partition("/")
        if kind in waited or (kind == "*" and slash):
            if slash and not name:
                what = f"`{word}` matches no address"
                reader.error(Code.BAD_PATTERN, keys[word], what, f"write {kind}, or {kind}/name")
            elif (seconds := reader.duration(value, inner)) is not None:
                yield word, seconds
            continue
        close = get_close_matches(kind, waited, 1)
        way_out = (
            f"did you mean {close[0]}{slash}{name}?" if close else f"write a kind, or kind/name, of {', '.join(waited)}"
        )
        said = f"nothing of a {kind} is waited for" if kind in KINDS else f"unknown key `{word}`"
        reader.error(Code.UNKNOWN_KEY, keys[word], said, way_out)


def _check_pattern(node: Node, patterns: tuple[str, ...], reader: Reader) -> None:
    from komodo_sync.kinds import KINDS

    for pattern in patterns:
        kind, slash, name = pattern.partition("/")
        if not (slash and name and (kind in KINDS or kind == "*")):
            reader.error(
                Code.BAD_PATTERN,
                _item(node, pattern),
                f"`{pattern}` matches no address",
                "write kind/name, as in server/*",
            )


def _check_paths(node: Node, paths: tuple[str, ...], reader: Reader) -> None:
    if isinstance(node, Sequence) and not node.items:
        what = "an empty list of manifests would declare nothing"
        reader.error(Code.WRONG_TYPE, node, what, "leave manifests out: then the settings' folder is meant")
    for path in paths:
        if Path(path).is_absolute() or ".." in Path(path).parts:
            reader.error(
                Code.FILE_OUTSIDE,
                _item(node, path),
                f"`{path}` lies outside the settings' folder",
                "move the settings up, or the files in",
            )


def _item(node: Node, text: str) -> Node:
    return next((item for item in getattr(node, "items", []) if getattr(item, "text", None) == text), node)


def _from_here(item: Diagnostic, path: Path) -> Diagnostic:
    return item if item.span is None else replace(item, span=replace(item.span, file=_shown(path)))


def _shown(path: Path) -> str:
    try:
        return path.absolute().relative_to(Path.cwd()).as_posix()
    except ValueError:
        return path.as_posix()
