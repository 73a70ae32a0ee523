"""The normalisers of the planner, each made wrong in the ways in which one would get it wrong."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from komodo_sync.kinds import names, normal
from komodo_sync.kinds.shapes import (
    EnumShape,
    FloatShape,
    ListShape,
    PairsShape,
    StructShape,
    TargetsShape,
    TextListShape,
    TextShape,
)
from komodo_sync.kinds.spec import NameRule
from komodo_sync.model.data import replace

SPACE = names.WHITE_SPACE
Mutant = tuple[Any, str, Callable[[], Any]]
"""A module, the name of a function in it, and what makes the wrong function."""


def shaped(shape: type, change: Callable[[Any, Any, Callable[..., Any]], Any]) -> Callable[..., Any]:
    """`_normal` with `change(shape, value, original)` for one shape."""
    original = normal._normal
    return lambda of, value: change(of, value, original) if isinstance(of, shape) else original(of, value)


def on_text(change: Callable[[Any, str], Any]) -> Callable[..., Any]:
    """`_normal` that changes texts of pairs."""
    return shaped(PairsShape, lambda of, value, do: change(of, value) if isinstance(value, str) else do(of, value))


def rewired(shape: type, **flags: Any) -> Callable[..., Any]:
    """`_normal` that reads one shape as if it were declared otherwise."""
    return shaped(shape, lambda of, value, do: do(replace(of, **flags), value))


def split_by(
    text: str, *, comma: str = ",", comment: str = " #", marks: bool = True, space: str | None = SPACE
) -> list[str]:
    """`split_list`, with each of its rules to be broken."""
    items: list[str] = []
    for line in text.split("\n"):
        kept = line.strip(space)
        if marks and (not kept or kept.startswith("#")):
            continue
        kept = kept.split(comment, 1)[0] if comment else kept
        items += [part for part in (piece.strip(space) for piece in kept.split(comma)) if part or not marks]
    return items


def name_rule(rule: NameRule, change: Callable[[str], str]) -> Callable[..., str]:
    original = names.normal_name
    return lambda of, name: change(name) if of is rule else original(of, name)


def refusing(change: Callable[[NameRule, str], str | None]) -> Callable[..., str]:
    original = names.refusal

    def mutant(rule: NameRule, name: str) -> str:
        told = change(rule, name)
        return original(rule, name) if told is None else told

    return mutant


def docker(name: str, *, kept: str = "a-z0-9_-", lead: str = r"^[^a-z0-9]+") -> str:
    return re.sub(lead, "", re.sub(f"[^{kept}]", "_", name.strip(SPACE).lower()))


def container(name: str, *, kept: str = "A-Za-z0-9_.-", lead: str = r"^[^A-Za-z0-9]+") -> str:
    return re.sub(lead, "", re.sub(f"[^{kept}]", "_", name.strip(SPACE)))


def lines(shape: PairsShape, value: list[Any], *, lead: str = "  ", between: str = "", end: str = "\n") -> str:
    """`pairs_text`, with each of its rules to be broken."""
    rows = [f"{lead}{item[shape.key]}{between or shape.separator}{item[shape.value]}" for item in value]
    return "\n".join(rows) + end if rows else ""


def rounded(shape: FloatShape, value: Any) -> float:
    return float(f"{float(value):.3g}")


def missing_parts(value: Any) -> Any:
    return f"{value['major']}.{value['minor']}.{value['patch']}" if isinstance(value, dict) else str(value)


def versions_by_text(value: Any) -> str:
    parts = [str(part) for part in value.values()] if isinstance(value, dict) else str(value).split(".")
    return ".".join([*parts, "0", "0"][:3])


def unnamed(struct: Any, value: Any) -> dict[str, Any]:
    """`normal_struct` that knows no aliases."""
    fields = struct.fields()
    return {
        name: normal.normalise(field, value[name]) if name in value else field.default for name, field in fields.items()
    }


def unfilled(struct: Any, value: Any) -> dict[str, Any]:
    """`normal_struct` that fills in no defaults."""
    spellings = struct.spellings()
    return {
        spellings[key].name: normal.normalise(spellings[key], item) for key, item in value.items() if key in spellings
    }


def unchecked(struct: Any, value: Any, original: Any = normal.normal_struct) -> dict[str, Any]:
    """`normal_struct` that keeps keys which Core does not know."""
    spellings = struct.spellings()
    return {**{key: item for key, item in value.items() if key not in spellings}, **original(struct, value)}


def renaming(rule: NameRule, change: Callable[[str], str]) -> Mutant:
    return names, "normal_name", lambda: name_rule(rule, change)


def refused(change: Callable[[NameRule, str], str | None]) -> Mutant:
    return names, "refusal", lambda: refusing(change)


ALLOWED = ""
MUTANTS: dict[str, Mutant] = {
    "a file is not trimmed": (
        normal,
        "trimmed_text",
        lambda: lambda text: text if text.endswith("\n") else text + "\n",
    ),
    "a file gets no newline": (normal, "trimmed_text", lambda: lambda text: text.rstrip(SPACE)),
    "a file is trimmed in front": (
        normal,
        "trimmed_text",
        lambda: lambda text: (kept := text.strip(SPACE)) and kept + "\n",
    ),
    "a blank file is a newline": (normal, "trimmed_text", lambda: lambda text: text.rstrip(SPACE) + "\n"),
    "a file loses newlines alone": (
        normal,
        "trimmed_text",
        lambda: lambda text: (kept := text.rstrip("\n")) and kept + "\n",
    ),
    "a file loses spaces alone": (
        normal,
        "trimmed_text",
        lambda: lambda text: (kept := text.rstrip(" \n")) and kept + "\n",
    ),
    "a file loses ascii space alone": (
        normal,
        "trimmed_text",
        lambda: lambda text: (kept := text.rstrip(" \t\r\n\x0b\x0c")) and kept + "\n",
    ),
    "a file loses what Python calls space": (
        normal,
        "trimmed_text",
        lambda: lambda text: (kept := text.rstrip()) and kept + "\n",
    ),
    "every text is a file": (normal, "_normal", lambda: rewired(TextShape, trimmed=True)),
    "no text is a file": (normal, "_normal", lambda: rewired(TextShape, trimmed=False)),
    "a list is not split at commas": (normal, "split_list", lambda: lambda text: split_by(text, comma="\n")),
    "a list keeps comments": (normal, "split_list", lambda: lambda text: split_by(text, comment="")),
    "a list cuts at every #": (normal, "split_list", lambda: lambda text: split_by(text, comment="#")),
    "a list keeps blanks and # lines": (normal, "split_list", lambda: lambda text: split_by(text, marks=False)),
    "a list is not trimmed": (normal, "split_list", lambda: lambda text: split_by(text, space="\x00")),
    "a list is trimmed as Python does": (normal, "split_list", lambda: lambda text: split_by(text, space=None)),
    "a list is not split at lines": (normal, "split_list", lambda: lambda text: split_by(text.replace("\n", " "))),
    "blank arguments stay": (normal, "_normal", lambda: rewired(TextListShape, drops_blank=False)),
    "blanks go from every list": (normal, "_normal", lambda: rewired(TextListShape, drops_blank=True)),
    "only empty arguments go": (
        normal,
        "_list",
        lambda: (
            lambda of, value: [
                item
                for item in (normal.split_list(value) if isinstance(value, str) else value)
                if item or not of.drops_blank
            ]
        ),
    ),
    "lists are sorted": (normal, "_list", lambda: lambda of, value, do=normal._list: sorted(do(of, value))),
    "repeated items go": (
        normal,
        "_list",
        lambda: lambda of, value, do=normal._list: list(dict.fromkeys(do(of, value))),
    ),
    "a version is not padded": (normal, "version_text", lambda: missing_parts),
    "a version keeps its leading zeros": (normal, "version_text", lambda: versions_by_text),
    "a version object is not read": (
        normal,
        "version_text",
        lambda: lambda value, do=normal.version_text: do(str(value)),
    ),
    "pairs are not indented": (normal, "pairs_text", lambda: lambda of, value: lines(of, value, lead="")),
    "pairs are joined by =": (normal, "pairs_text", lambda: lambda of, value: lines(of, value, between="=")),
    "pairs are joined by ' = ' always": (
        normal,
        "pairs_text",
        lambda: lambda of, value: lines(of, value, between=" = "),
    ),
    "pairs are joined by ': ' always": (normal, "pairs_text", lambda: lambda of, value: lines(of, value, between=": ")),
    "pairs get no newline": (normal, "pairs_text", lambda: lambda of, value: lines(of, value, end="")),
    "no pairs are a newline": (normal, "pairs_text", lambda: lambda of, value: lines(of, value) or "\n"),
    "a text of pairs gets no newline": (normal, "_normal", lambda: on_text(lambda _, text: text)),
    "a text of pairs is trimmed": (
        normal,
        "_normal",
        lambda: on_text(lambda _, text: (kept := text.rstrip(SPACE)) and kept + "\n"),
    ),
    "an empty text of pairs is a newline": (
        normal,
        "_normal",
        lambda: on_text(lambda _, text: text if text.endswith("\n") else text + "\n"),
    ),
    "a text of pairs always gets a newline": (normal, "_normal", lambda: on_text(lambda _, text: text and text + "\n")),
    "a single is not rounded": (normal, "_float", lambda: lambda _, value: float(value)),
    "a double is rounded": (normal, "_normal", lambda: rewired(FloatShape, bits=32)),
    "a number has three digits": (normal, "_float", lambda: rounded),
    "another spelling of a word stays": (normal, "_normal", lambda: shaped(EnumShape, lambda _, value, __: value)),
    "words have no case": (normal, "_normal", lambda: shaped(EnumShape, lambda _, value, __: value.lower())),
    "the short form is not spelled out": (
        normal,
        "_objects",
        lambda: (
            lambda of, value, do=normal._objects: (
                list(value) if of.short and any(isinstance(item, str) for item in value) else do(of, value)
            )
        ),
    ),
    "one object is no list": (
        normal,
        "_objects",
        lambda: lambda of, value, do=normal._objects: value if isinstance(value, dict) else do(of, value),
    ),
    "objects in lists are not filled": (
        normal,
        "_objects",
        lambda: (
            lambda of, value, do=normal._objects: (
                list(value)
                if all(isinstance(item, dict) for item in value) and isinstance(value, list)
                else do(of, value)
            )
        ),
    ),
    "an object is not filled": (normal, "_normal", lambda: shaped(StructShape, lambda _, value, __: dict(value))),
    "nothing is filled": (normal, "normal_struct", lambda: unfilled),
    "a variant is not filled": (normal, "normal_tagged", lambda: lambda _, value: dict(value)),
    "aliases are not known": (normal, "normal_struct", lambda: unnamed),
    "unknown keys stay": (normal, "normal_struct", lambda: unchecked),
    "a container's name is kept": (normal, "_normal", lambda: rewired(TextShape, container_name=False)),
    "a blank container's name is made": (
        normal,
        "_text",
        lambda: (
            lambda of, value, do=normal._text: (
                names.normal_name(NameRule.CONTAINER, value) if of.container_name else do(of, value)
            )
        ),
    ),
    "a target's kind is small": (
        normal,
        "_normal",
        lambda: shaped(TargetsShape, lambda _, value, __: [{**item, "type": item["type"].lower()} for item in value]),
    ),
    "a list of objects is no list": (normal, "_normal", lambda: rewired(ListShape, single=False, short="")),
    "null is the default": (
        normal,
        "normalise",
        lambda: lambda field, value, do=normal.normalise: field.default if value is None else do(field, value),
    ),
    "docker: capitals": renaming(NameRule.DOCKER, lambda name: container(name, kept="A-Za-z0-9_-")),
    "docker: dots": renaming(NameRule.DOCKER, lambda name: docker(name, kept="a-z0-9_.-")),
    "docker: spaces go": renaming(NameRule.DOCKER, lambda name: docker(name.replace(" ", ""))),
    "docker: dashes": renaming(NameRule.DOCKER, lambda name: docker(name, kept="a-z0-9_")),
    "docker: the lead stays": renaming(NameRule.DOCKER, lambda name: docker(name, lead="^$")),
    "docker: not trimmed": renaming(NameRule.DOCKER, lambda name: re.sub("[^a-z0-9_-]", "_", name.lower())),
    "docker: before 2.3": renaming(NameRule.DOCKER, lambda name: re.sub(r"[ .,\n&]", "_", name.lower()).strip()),
    "container: small": renaming(NameRule.CONTAINER, docker),
    "container: no dots": renaming(NameRule.CONTAINER, lambda name: container(name, kept="A-Za-z0-9_-")),
    "container: spaces stay": renaming(NameRule.CONTAINER, lambda name: container(name, kept="A-Za-z0-9_. -")),
    "container: the lead stays": renaming(NameRule.CONTAINER, lambda name: container(name, lead="^$")),
    "path: spaces stay": renaming(NameRule.PATH, lambda name: name.strip(SPACE)),
    "path: docker's rule": renaming(NameRule.PATH, docker),
    "path: container's rule": renaming(NameRule.PATH, container),
    "path: no dots": renaming(NameRule.PATH, lambda name: re.sub("[ \n.]", "_", name)),
    "path: newlines stay": renaming(NameRule.PATH, lambda name: name.strip(SPACE).replace(" ", "_")),
    "path: not trimmed": renaming(NameRule.PATH, lambda name: re.sub("[ \n]", "_", name)),
    "general: docker's rule": renaming(NameRule.GENERAL, docker),
    "general: not trimmed": renaming(NameRule.GENERAL, lambda name: name.replace("\n", "_")),
    "general: spaces go": renaming(NameRule.GENERAL, lambda name: name.replace(" ", "_")),
    "general: newlines stay": renaming(NameRule.GENERAL, lambda name: name.strip(SPACE)),
    "variable: docker's rule": renaming(NameRule.VARIABLE, docker),
    "tag: trimmed": renaming(NameRule.EXACT, lambda name: name.strip(SPACE)),
    "tag: docker's rule": renaming(NameRule.EXACT, docker),
    "an empty name may be": refused(lambda _, name: None if name else ALLOWED),
    "an id may be a name": refused(lambda rule, name: ALLOWED if len(name) == 24 else None),
    "a variable may start with a digit": refused(
        lambda rule, name: ALLOWED if name[:1].isdigit() and rule is NameRule.VARIABLE else None
    ),
    "a variable may have a dash": refused(
        lambda rule, name: ALLOWED if "-" in name and rule is NameRule.VARIABLE else None
    ),
    "a variable has capitals alone": refused(
        lambda rule, name: "no" if rule is NameRule.VARIABLE and name != name.upper() else None
    ),
    "a long variable may be": refused(lambda rule, name: ALLOWED if len(name) > 500 else None),
    "names are refused at random": refused(lambda rule, name: "no" if len(name) > 3 else None),
}

_NAMES = "no name was recorded with"
UNFOUND: dict[str, str] = {
    "a file loses what Python calls space": "no file was recorded that ends in one of \\x1c to \\x1f",
    "a blank container's name is made": "no custom_name of white space alone was recorded",
    "null is the default": "no field was recorded as null whose default is another value",
    "docker: the lead stays": f"{_NAMES} a mark in front",
    "docker: not trimmed": f"{_NAMES} white space around it",
    "docker: before 2.3": f"{_NAMES} a mark that the older rule kept",
    "container: no dots": f"{_NAMES} a dot, for a deployment",
    "container: the lead stays": f"{_NAMES} a mark in front",
    "path: container's rule": f"{_NAMES} a mark that a path keeps and a container's name does not",
    "path: newlines stay": f"{_NAMES} a newline",
    "path: not trimmed": f"{_NAMES} white space around it",
    "general: docker's rule": f"{_NAMES} capitals, spaces or marks, for a kind of the general rule",
    "general: not trimmed": f"{_NAMES} white space around it",
    "general: spaces go": f"{_NAMES} a space, for a kind of the general rule",
    "general: newlines stay": f"{_NAMES} a newline",
    "tag: trimmed": f"{_NAMES} white space around it",
    "tag: docker's rule": f"{_NAMES} capitals, spaces or marks, for a tag",
    "a variable has capitals alone": f"{_NAMES} small letters, for a variable",
    "a long variable may be": "no variable was refused for its length",
}
"""Mutants that the recordings cannot tell from the truth, and what is not recorded: they rest on the API's facts."""
