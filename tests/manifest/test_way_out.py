"""Every finding says what to do next and shows its line with a caret below what it means."""

# ruff: noqa: E501  the tables
from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

import pytest
from test_one_error import UNREAD
from test_rules import FOUND, REFUSED
from test_wrong_input import TOML, YAML

from komodo_sync.kinds import KINDS
from komodo_sync.kinds.shapes import ListShape, StructShape, Tagged
from komodo_sync.manifest import Loaded
from komodo_sync.manifest.resources import KEYS_BESIDE
from komodo_sync.model.sealed import HIDDEN
from komodo_sync.report.diagnostics import diagnostics_text

if TYPE_CHECKING:
    from komodo_sync.kinds.spec import KindSpec
    from komodo_sync.kinds.struct import Field
    from komodo_sync.model.diagnostic import Diagnostic

Write = Callable[..., Loaded]

WRONG_YAML = (
    "~", "'x'", "x", "''", "5", "-5", "99999999999999999999", "1.5", "true", "'true'", "[]", "[~]", "[x]", "['']", "[[x]]", "[{x: y}]",
    "[{}]", "{}", "{x: y}", "{x: ~}", "{x: [y]}", "{x: {y: z}}", '{x: "y\\nz"}', "{'x=y': z}", "{type: ~}", "{type: x}", "{type: [x]}", "{params: {}}",
    "[{type: ~, params: ~}]", "[stack/x]", "[x/y]", "[{type: Stack}]", "[{type: x, id: y}]", "!file nope", "!file /etc/passwd", "!env X",
    "'${env:X}'", "'${env:X'", "'${var:X}'", "'${each:X}'", "'${file:nope}'", "['${env:X}']", "{x: '${var:X}'}",
)  # fmt: skip
WRONG_TOML = (
    "''", "'x'", "'5'", "5", "-5", "1.5", "true", "'true'", "2020-01-01", "[]", "[1]", "[true]", "[[1]]", "['x']", "{}", "{x = 1}",
    "{x = [1]}", "{type = 1}", "{type = 'x'}", "{type = 'Image', params = 1}", "[{}]", "[{x = 1}]",
)  # fmt: skip


def _inner(item: Field) -> dict[str, Field]:
    match item.shape:
        case StructShape() | ListShape():
            return dict(item.shape.struct.fields())
        case _:
            return {}


def yaml_cases(spec: KindSpec) -> Iterator[str]:
    """Each field of a kind with each wrong value, one resource for each; fields inside of fields too."""
    head = f"{spec.plural}:\n"
    indent = "  " if spec.flat else "    "
    start = "- name: a%d\n" if spec.flat else "- name: a%d\n  config:\n"
    for wrong in WRONG_YAML:
        entries = [f"- name: b{number}\n  {word}: {wrong}\n" for number, word in enumerate(KEYS_BESIDE[spec.name])]
        fields = spec.fields()
        for number, (name, item) in enumerate(fields.items()):
            entries.append(start % number + f"{indent}{name}: {wrong}\n")
            for inner in _inner(item):
                text = f"{{{inner}: {wrong}}}"
                value = f"[{text}]" if isinstance(item.shape, ListShape) else text
                entries.append(start % number + f"{indent}{name}: {value}\n")
        if isinstance(spec.config, Tagged):
            entries.append(f"- name: a\n  config: {wrong}\n")
            for word, variant in spec.config.all_variants().items():
                entries.append(f"- name: a\n  config: {{type: {word}, params: {wrong}}}\n")
                entries += [
                    f"- name: a\n  config: {{type: {word}, params: {{{field}: {wrong}}}}}\n"
                    for field in variant.fields()
                ]
        yield head + "".join(entries)
        yield f"{spec.plural}: {wrong}\n"
        yield f"{head}- name: {wrong}\n"
        yield f"{head}- {wrong}\n"
        yield f"{head}- name: a\n  config: {wrong}\n"


def toml_cases(spec: KindSpec) -> Iterator[str]:
    for wrong in WRONG_TOML:
        beside = [f"{word} = {wrong}\n" for word in KEYS_BESIDE[spec.name]]
        inside = [f"config.{name} = {wrong}\n" for name in spec.fields()]
        lines = [*beside, *inside, f"config = {wrong}\n"]
        yield "".join(f"[[{spec.name}]]\nname = 'a{number}'\n{line}" for number, line in enumerate(lines))
        yield f"[[{spec.name}]]\nname = {wrong}\n"
        yield f"[{spec.name}]\nname = {wrong}\n"
        yield f"{spec.name} = {wrong}\n"


def check(found: Diagnostic) -> None:
    shown = diagnostics_text([found])
    assert found.help.strip(), shown
    assert "^" in shown or found.excerpt.endswith(HIDDEN), shown


@pytest.mark.parametrize("spec", KINDS.values(), ids=list(KINDS))
def test_whatever_is_written_into_a_field_of_yaml(read: Write, spec: KindSpec) -> None:
    codes = set()
    for text in yaml_cases(spec):
        for found in read(text).diagnostics:
            check(found)
            codes.add(found.code)
    assert len(codes) > 10


@pytest.mark.parametrize("spec", [spec for spec in KINDS.values() if spec.toml], ids=lambda spec: spec.name)
def test_whatever_is_written_into_a_field_of_toml(read: Write, spec: KindSpec) -> None:
    codes = set()
    for text in toml_cases(spec):
        for found in read(text, name="m.toml").diagnostics:
            check(found)
            codes.add(found.code)
    assert len(codes) > 3


MISTAKES = [*(("m.yaml", case[1]) for case in (*YAML, *FOUND, *REFUSED)), *(("m.toml", case[1]) for case in TOML)]


@pytest.mark.parametrize(("name", "text"), [*MISTAKES, *(("m.yaml", text + "\n") for text in UNREAD)])
def test_every_mistake_that_is_known(read: Write, name: str, text: str) -> None:
    diagnostics = read(text, name=name).diagnostics
    assert diagnostics
    for found in diagnostics:
        check(found)
