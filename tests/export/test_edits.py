"""Changes of a text in the notations that people use, one by one."""

from __future__ import annotations

from typing import Any

import pytest
from round_trip import Bench, applied, everything, put
from ruamel.yaml import YAML
from test_edited import again

from komodo_sync.export.edits import Edits
from komodo_sync.export.layout import documents
from komodo_sync.export.pairs import Lines
from komodo_sync.export.text import block, inline

CASES = {
    "a plain value keeps its comment": ("a: 1 # why\nb: 2\n", 3, "a: 3 # why\nb: 2\n"),
    "a value that says the same is kept": ("a: True # why\n", True, "a: True # why\n"),
    "a text over several lines": ("a: x # why\nb: 2\n", "y\nz\n", "a: | # why\n  y\n  z\nb: 2\n"),
    "a block in place of a block": ("a: |+ # why\n  x\n\nb: 2\n", "y\nz\n", "a: | # why\n  y\n  z\nb: 2\n"),
    "a block becomes a word": ("a: >\n  x\n  y\nb: 2\n", "z", "a: z\nb: 2\n"),
    "nothing becomes a word": ("a: # why\nb: 2\n", "z", "a: z # why\nb: 2\n"),
    "a list becomes empty": ("a:\n  - x # one\nb: 2\n", [], "a: [] # one\nb: 2\n"),
    "an item goes, with its line": ("a:\n- x # one\n- y # two\n- z\n", ["x", "z"], "a:\n- x # one\n- z\n"),
    "an item goes with its comments": (
        ("a:\n  # list\n\n  # one\n  - x: 1\n    # below one\n  # two,\n  # really\n  - x: 2 # beside\n    y: 2\n"
        "    # below two\n  # three\n  - x: 3\n    # below three\n# end\n"),
        [{"x": 1}, {"x": 3}],
        "a:\n  # list\n\n  # one\n  - x: 1\n    # below one\n  # three\n  - x: 3\n    # below three\n# end\n",
    ),
    "the first item goes with its comments": (
        "a: # all\n  # list\n\n  # one\n  - x\n  # two\n  - y\n  # none\n", ["y"],
        "a: # all\n  # list\n\n  # two\n  - y\n  # none\n",
    ),
    "the last items go with their comments": (
        "a:\n- x\n\n# apart\n\n# two\n- y # 2\n# three\n- z\n  # below\n\n# b\nb: 1\n", ["x"],
        "a:\n- x\n\n# apart\n\n\n# b\nb: 1\n",
    ),
    "what looks like a comment and is a text": (
        'a:\n- "x\n# no"\n- y\n- z\n', ["x # no", "z"], 'a:\n- "x\n# no"\n- z\n',
    ),
    "an item goes with its comments, windows": (
        "a:\r\n- x\r\n# two\r\n- y\r\n  # below\r\n# three\r\n- z\r\n", ["x", "z"], "a:\r\n- x\r\n# three\r\n- z\r\n",
    ),
    "a key goes with its comments": (
        "a:\n  # one\n  x: 1\n  # two\n  y: 2\n    # below\n  # three\n  z: 3\n", {"x": 1, "z": 3},
        "a:\n  # one\n  x: 1\n  # three\n  z: 3\n",
    ),
    "the first keys go with their comments": (
        "a:\n  # one\n  x: 1\n  # two\n  y: 2\n\n  # three\n  z: 3\n", {"w": 0, "z": 3},
        "a:\n  w: 0\n  # three\n  z: 3\n",
    ),
    "the first key behind a dash goes": (
        "a:\n# one\n- x: 1 # x\n  # two\n  y: 2\n- z: 1\n", [{"y": 2}, {"z": 1}],
        "a:\n# one\n- # two\n  y: 2\n- z: 1\n",
    ),
    "an item is put first": ("a:\n  # note\n  - x\n", ["w", "x"], "a:\n  # note\n  - w\n  - x\n"),
    "an item is put between": ("a:\n  - x # one\n  - z\n", ["x", "y", "z"], "a:\n  - x # one\n  - y\n  - z\n"),
    "a list in brackets": ("a: [x, y] # why\n", ["x", "z"], "a: [x, z] # why\n"),
    "a key goes, with its line": ("a:\n  x: 1 # one\n  y: 2\n  z: 3\n", {"x": 1, "z": 3}, "a:\n  x: 1 # one\n  z: 3\n"),
    "the first key goes": ("a:\n  x: 1\n  y: 2 # two\n", {"y": 2}, "a:\n  y: 2 # two\n"),
    "a key is put first": ("a:\n  y: 2 # two\n", {"x": 1, "y": 2}, "a:\n  x: 1\n  y: 2 # two\n"),
    "a key in brackets": ("a: {x: 1} # why\n", {"x": 2, "y: ": "z"}, 'a: {x: 2, "y: ": z} # why\n'),
    "another order that counts": (
        "a:\n  # x\n  x: 1 # one\n\n  # y\n  y: 2\n  z: 3\n  # end\n", Lines({"y": 2, "w": 4, "x": 5}),
        "a:\n\n  # y\n  y: 2\n  w: 4\n  # x\n  x: 5 # one\n  # end\n",
    ),
    "another order in brackets": ("a: {x: 1, 'y': 2} # why\n", Lines({"y": 2, "x": 3}), "a: {'y': 2, x: 3} # why\n"),
    "another order in brackets over lines": (
        "a: {x: 1, # one\n  y: 2}\n", Lines({"y": 2, "x": 1}), "a:\n  y: 2\n  x: 1\n"
    ),
    "another order, windows": (
        "a:\r\n  x: 1 # one\r\n  y: 2\r\n", Lines({"y": 2, "x": 1}), "a:\r\n  y: 2\r\n  x: 1 # one\r\n"
    ),
    "a line of windows among others": ("a: 1\nb: x # why\r\nc: 1\n", "y\n", "a: |\n  y\nb: x # why\r\nc: 1\n"),
    "another order that does not count": ("a:\n  x: 1 # one\n  y: 2\n", {"y": 3, "x": 1}, "a:\n  x: 1 # one\n  y: 3\n"),
    "an anchor stays": ("a: &x 1\nb: *x\n", 3, "a: &x 3\nb: *x\n"),
    "an alias is replaced": ("b: &x 1\na: *x\n", 3, "b: &x 1\na: 3\n"),
    "windows": ("a:\r\n- x # one\r\n- y\r\nb: 2\r\n", ["x", "z\n"], "a:\r\n- x # one\r\n- |\r\n  z\r\nb: 2\r\n"),
    "no newline at the end": ("b: 2\na: 1", "x\ny", "b: 2\na: |-\n  x\n  y"),
    "beyond ascii": ("é: 🦎 # ö\na: ü # 🦎\n", "ß", "é: 🦎 # ö\na: ß # 🦎\n"),
    "nothing beside a url in brackets": ("b: [https://x]\na: # why\nc: 1\n", "z", "b: [https://x]\na: z # why\nc: 1\n"),
    "a url in brackets": ("b: [https://x]\na: 1\n", 2, "b: [https://x]\na: 2\n"),
}  # fmt: skip


@pytest.mark.parametrize("case", CASES)
def test_one_value(case: str) -> None:
    before, tree, after = CASES[case]
    edits = Edits(before)
    [root] = documents(before)
    [(key, value)] = [pair for pair in root.pairs if pair[0].text == "a"]
    edits.set(root, key, value, tree)
    assert edits.result() == after
    assert YAML(typ="safe", pure=True).load(after)["a"] == tree


@pytest.mark.parametrize(
    "text",
    ["x", "", "~", "1.10", "no", " a", "a ", "a: b", "a #b", "<<", "-", "- a", "\u2003", "-\u2003", "\x85", "\u2028",
     "a\nb", "a\nb\n", "\n\na\n", "\n", "\n\n", "\n a\n", "\n\ta\n", "a\n\n\n",
     "\na", "a\n\n", "  a\nb\n", "\ta\nb\n", "a\n\tb\n", "a\r\nb\n", "a\n \n", "a\n   \nb\n", "\x00",
     "ü", "\ufeffa", "---\n", "...\n", "#\n", "a\n...\nb\n", "'", '"', "\\", "%a", "@a", "[", "{a", "]", "&a", "*a",
     "!a", "|"],
)  # fmt: skip
def test_every_text_is_read_back(text: str) -> None:
    reader = YAML(typ="safe")
    tree = {"a": [{"b": text}, text], text or "c": text}
    assert reader.load(block(tree)) == tree
    assert reader.load(f"a: [{inline(text)}, {{b: {inline(tree)}}}]") == {"a": [text, {"b": tree}]}


def test_empty_lines_before_a_text_are_lines() -> None:
    assert block({"a": "\n\n# x\nA=1\n"}).splitlines() == ["a: |2", "", "", "  # x", "  A=1"]


def changed(files: dict[str, str], **config: Any) -> dict[str, str]:
    """What becomes of these files once the Core has other values in stack/web."""
    with Bench() as bench:
        core, folder = bench.core(), bench.folder()
        put(folder, files)
        applied(core, folder)
        core.writer.write("UpdateStack", {"id": "web", "config": config})
        made = dict(again(core, folder).files)
        put(folder, made)
        assert again(core, folder).files == {}
        assert everything(core).resources
        return made


def test_a_file_that_two_share_is_not_changed_for_one() -> None:
    entry = "  - {{name: {}, config: {{file_contents: !file c.yaml}}}} # {}\n"
    both = "stacks:\n" + entry.format("web", "one") + entry.format("api", "two")
    made = changed({"a.yaml": both, "c.yaml": "services: {}\n"}, file_contents="services:\n  x: {}\n")
    assert made == {
        "a.yaml": both.replace("c.yaml", "stacks/web/compose.yaml", 1),
        "stacks/web/compose.yaml": "services:\n  x: {}\n",
    }


def test_a_field_keeps_the_name_that_people_gave_it() -> None:
    text = "servers: [{name: a}, {name: b}]\nstacks:\n- name: web\n  config:\n    server_id: a # here\n"
    made = changed({"a.yaml": text}, server_id="b")
    assert made == {"a.yaml": text.replace("server_id: a", "server_id: b")}


def test_a_value_from_a_shared_mapping_is_said_beside_it() -> None:
    shared = "stacks:\n- name: api\n  config: &base {branch: a}\n"
    text = f"{shared}- name: web\n  config:\n    <<: *base # shared\n    commit: x\n"
    made = changed({"a.yaml": text}, branch="b")
    assert made == {"a.yaml": text.replace("    <<:", "    branch: b\n    <<:")}


def test_an_alias_gives_way_to_what_it_can_no_longer_say() -> None:
    text = "stacks:\n- name: api\n  config: &base {branch: a}\n- name: web\n  config: *base # shared\n"
    made = changed({"a.yaml": text}, branch="b")
    assert made == {"a.yaml": text.replace("*base # shared", "# shared\n    branch: b")}


def test_a_file_with_a_byte_order_mark_keeps_it(tmp_path: Any) -> None:
    from komodo_sync.cli.export_folder import Folder

    text = "\ufeffrepos:\n- name: a # here\n"
    with Bench() as bench:
        core = bench.core()
        put(tmp_path, {"a.yaml": text})
        applied(core, tmp_path)
        core.writer.write("UpdateRepo", {"id": "a", "config": {"branch": "b"}})
        folder = Folder(tmp_path)
        from komodo_sync.export import export

        observed = everything(core)
        made = export(observed, observed.resources, existing=folder.existing(folder.load(), observed))
        folder.write(made.files)
    assert (tmp_path / "a.yaml").read_bytes().decode() == f"{text}  config:\n    branch: b\n"
