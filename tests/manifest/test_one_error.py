"""One mistake is told once, whatever follows from it; and none is held back by another one."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from komodo_sync.manifest import Loaded

Write = Callable[..., Loaded]


UNREAD = """
stacks: [{<<: *x}]
stacks: [{<<: [*x]}]
stacks: [{<<: 5}]
<<: *x
stacks: [*x]
stacks: [{name: *x}]
stacks: [{name: a, config: *x}]
stacks: [{name: a, config: {auto_pull: *x}}]
stacks: [{name: a, config: {environment: *x}}]
stacks: [{name: a, config: {environment: {A: *x}}}]
stacks: [{name: a, config: {config_files: [*x]}}]
stacks: [{name: a, config: {config_files: [{<<: *x}]}}]
stacks: [{name: a, [b]: c}]
stacks: [{name: a, deploy: !!int 5}]
builders: [{name: a, config: {type: *x}}]
builders: [{name: a, config: {<<: *x}}]
alerters: [{name: a, config: {resources: [*x]}}]
procedures: [{name: a, config: {stages: *x}}]
""".strip().splitlines()


@pytest.mark.parametrize("text", UNREAD)
def test_what_cannot_be_read_is_not_wrong_in_another_way_too(read: Write, text: str) -> None:
    [found] = read(text + "\n").diagnostics
    assert found.code in ("KS009", "KS010", "KS011", "KS012")


def test_beside_what_cannot_be_read_all_else_is_checked(read: Write) -> None:
    loaded = read("stacks:\n- <<: *x\n  nam: web\n  tags: [a]\n  config: {repoo: a/b}\n")
    assert [f"{item.span} {item.code}" for item in loaded.diagnostics] == [
        "m.yaml:2:7 KS010",
        "m.yaml:3:3 KS021",
        "m.yaml:5:12 KS021",
    ]


@pytest.mark.parametrize("merged", ["*x", "[*x]"])
def test_an_unknown_alias_that_is_merged_is_no_wrong_merge_too(read: Write, merged: str) -> None:
    loaded = read(f"stacks:\n- <<: {merged}\n  name: web\n")
    assert [item.code for item in loaded.diagnostics] == ["KS010"]


def test_after_is_checked_in_a_second_declaration_too(read: Write) -> None:
    loaded = read("stacks:\n- name: web\n- name: web\n  after: [db]\n- name: db\n")
    assert [f"{item.span} {item.code}" for item in loaded.diagnostics] == ["m.yaml:3:9 KS040", "m.yaml:4:11 KS031"]


def test_a_tag_is_told_as_it_is_written(read: Write) -> None:
    [found] = read("stacks:\n- name: web\n  config: {repo: !!int 5}\n").diagnostics
    assert "the tag !!int means" in found.message


@pytest.mark.parametrize(("text", "line"), [("stacks: {{{\n", 1), ("stacks:\n- name: [a\n\n\n", 2)])
def test_what_is_never_closed_is_told_in_the_last_line_with_text(read: Write, text: str, line: int) -> None:
    [found] = read(text).diagnostics
    assert found.span is not None
    assert found.span.line == line
    assert found.excerpt
    assert "never closed" in found.message
    assert found.help
