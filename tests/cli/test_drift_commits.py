"""Which commits drift names: those that touched the lines of what differs."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from shell import Shell, write
from test_drift import SETTINGS, commit, drift, git

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.usefixtures("core")
SEVERAL = """
stacks:
  - name: a
    config:
      environment:
        ONE: "1"
        TWO: "2"
  # what runs beside it
  - name: b
    config:
      file_contents: |
        services:
          b: {image: b}
      environment:
        THREE: "3"

  - name: c
    description: third
"""


def by_whom(shell: Shell, *words: str) -> dict[str, list[str]]:
    return {address: [record["by"] for record in cause["records"]] for address, cause in drift(shell, *words).items()}


@pytest.fixture
def several(shell: Shell, work: Path) -> Path:
    """Three stacks in one file, each over several lines."""
    write(work, {"komodo-sync.yaml": SETTINGS, "m.yaml": SEVERAL})
    git(work, "init", "-q")
    commit(work)
    shell.good("apply", "--yes")
    return work


def step(world: Path, author: str, old: str, new: str, name: str = "m.yaml") -> None:
    """A commit of `author`."""
    text = (world / name).read_text()
    assert old in text
    write(world, {name: text.replace(old, new, 1)})
    commit(world, author)


def test_of_several_in_one_file_each_names_who_touched_its_lines(shell: Shell, several: Path) -> None:
    step(several, "Gita", '"2"', '"9"')
    step(several, "Zoe", "  # what runs beside it", "  # what runs beside it\n  # and more of it")
    step(several, "Yan", "image: b", "image: caddy")
    assert by_whom(shell) == {"stack/a": ["Gita"], "stack/b": ["Yan"]}
    step(several, "Xi", 'ONE: "1"', 'ONE: "2"')
    assert by_whom(shell)["stack/a"] == ["Xi", "Gita"]
    # what is not committed yet takes nobody's place
    write(several, {"m.yaml": (several / "m.yaml").read_text().replace("third", "fourth")})
    found = drift(shell)
    assert [record["by"] for record in found["stack/b"]["records"]] == ["Yan"]
    assert found["stack/b"]["detail"] == "with changes that are not committed yet"
    assert (found["stack/c"]["records"], found["stack/c"]["detail"]) == ([], "with changes that are not committed yet")


def test_where_lines_only_went_the_commits_of_the_file_are_named(shell: Shell, several: Path) -> None:
    step(several, "Gita", '        TWO: "2"\n', "")
    step(several, "Zoe", "  # what runs beside it", "  # beside it")
    step(several, "Yan", "  - name: c\n    description: third\n", "")
    assert by_whom(shell) == {"stack/a": ["Yan", "Zoe", "Gita"], "stack/c": ["Yan", "Zoe", "Gita"]}


def test_three_are_named_at_most(shell: Shell, several: Path) -> None:
    step(several, "A", '"1"', '"11"')
    step(several, "B", '"2"', '"22"')
    step(several, "C", "- name: a\n", "- name: a\n    description: first\n")
    step(several, "D", "description: first\n", "description: first\n    tags: [x]\n")
    assert by_whom(shell)["stack/a"] == ["D", "C", "B"]


def test_texts_overlays_and_toml_name_who_touched_them(shell: Shell, work: Path) -> None:
    write(
        work,
        {
            "komodo-sync.yaml": f"{SETTINGS}manifests: [m.yaml, t.toml]\ntargets: {{prod: {{overlay: prod}}}}\n",
            "overlays/prod/o.yaml": "stacks:\n  - name: a\n    config: {branch: one}\n"
            "  - name: b\n    config: {branch: one}\n",
            "m.yaml": "stacks:\n  - {name: a, config: {file_contents: !file web.txt}}\n  - {name: b}\n",
            "web.txt": "services: {}\n",
            "t.toml": '[[stack]]\nname = "t"\n[stack.config]\nbranch = "one"\n\n[[stack]]\nname = "u"\n',
        },
    )
    git(work, "init", "-q")
    commit(work)
    shell.good("apply", "--yes", "--target", "prod")
    overlay = "overlays/prod/o.yaml"
    step(work, "Gita", "name: b\n    config: {branch: one}", "name: b\n    config: {branch: two}", overlay)
    step(work, "Zoe", "stacks:", "# all of them\nstacks:", overlay)
    step(work, "Zoe", "stacks:", "# all of them\nstacks:")
    step(work, "Yan", "{}", "{w: {image: w}}", "web.txt")
    step(work, "Xi", '"one"', '"two"', "t.toml")
    step(work, "Zoe", '"u"\n', '"u"\n# the last\n', "t.toml")
    told = by_whom(shell, "--target", "prod")
    assert told == {"stack/a": ["Yan"], "stack/b": ["Gita"], "stack/t": ["Xi"]}


def test_what_was_taken_out_of_a_file_that_was_renamed_since(shell: Shell, several: Path) -> None:
    step(several, "Gita", "  - name: c\n    description: third\n", "")
    git(several, "mv", "m.yaml", "n.yaml")
    commit(several, "Zoe")
    assert by_whom(shell) == {"stack/c": ["Zoe", "Gita"]}
    step(several, "Yan", "image: b", "image: caddy", "n.yaml")
    assert by_whom(shell) == {"stack/b": ["Yan"], "stack/c": ["Zoe", "Gita"]}
