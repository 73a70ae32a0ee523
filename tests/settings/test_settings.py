"""komodo-sync.yaml: found, read strictly, every key with its place."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from komodo_sync.errors import InputError
from komodo_sync.manifest import load
from komodo_sync.model.address import Address
from komodo_sync.settings import Limits, Settings, Target, find_settings, locate_settings, read_settings

if TYPE_CHECKING:
    from pathlib import Path

WHOLE = """\
core: {url: https://komodo.example.com}
manifests: [stacks, builds/*.yaml]
owner: platform
prune: true
omitted_fields: keep
protect: [server/*, "*/db"]
limits: {deletes: 5, delete_percent: 30, deploys: 10, failures: 2}
timeouts: {build: 3h, stack/web: 90, 'stack/api-*': 1.5m, '*/db': 20s}
delete: keep_running
vars: {region: eu, port: 010, empty: ""}
targets:
  prod: {core: {url: https://prod.example.com}, owner: prod, overlay: prod, vars: {a: b}}
"""


def settings(tmp_path: Path, text: str) -> Settings:
    path = tmp_path / "komodo-sync.yaml"
    path.write_text(text)
    return read_settings(path)


def test_every_key(tmp_path: Path) -> None:
    found = settings(tmp_path, WHOLE)
    assert found.root == tmp_path
    assert found.core_url == "https://komodo.example.com"
    assert found.manifests == ("stacks", "builds/*.yaml")
    assert (found.owner, found.prune, found.omitted_fields, found.delete) == ("platform", True, "keep", "keep_running")
    assert found.protect == ("server/*", "*/db")
    assert found.limits == Limits(5, 30, 10, 2)
    assert found.timeouts == {"build": 10800, "stack/web": 90, "stack/api-*": 90, "*/db": 20}
    assert found.vars == {"region": "eu", "port": "010", "empty": ""}
    given = {"core_url": "https://prod.example.com", "owner": "prod", "overlays": ("prod",), "vars": {"a": "b"}}
    assert found.targets == {"prod": Target("prod", given)}
    places = {word: (span.line, span.column) for word, span in found.spans.items()}
    assert places["core.url"] == (1, 8)
    assert places["limits.deletes"] == (7, 10)
    assert places["targets.prod.owner"] == (12, 49)


@pytest.mark.parametrize("text", ["", "# nothing\n", "{}\n"])
def test_defaults(tmp_path: Path, text: str) -> None:
    found = settings(tmp_path, text)
    assert (found.owner, found.prune, found.omitted_fields, found.delete) == ("", False, "reset", "destroy")
    assert found.limits == Limits(None, None, None, 3)
    assert found.manifest_paths() == [tmp_path / "."]


WRONG = [
    ("own: x\n", "KS021", 1, 1, "did you mean owner?"),
    ("owner: x\nowner: y\n", "KS008", 2, 1, "keep one"),
    ("owner:\n", "KS024", 1, 1, "leave the key out"),
    ("owner: [x]\n", "KS023", 1, 8, "a text"),
    ("owner: ''\n", "KS023", 1, 8, "leave it out"),
    ("owner: ' x'\n", "KS023", 1, 8, "short name"),
    ('owner: "a\\n"\n', "KS023", 1, 8, "short name"),
    (f"owner: {'x' * 101}\n", "KS023", 1, 8, "short name"),
    ("prune: maybe\n", "KS023", 1, 8, "true or false"),
    ("prune: 'true'\n", "KS023", 1, 8, "true or false"),
    ("omitted_fields: drop\n", "KS026", 1, 17, "reset, keep"),
    ("delete: yes\n", "KS026", 1, 9, "destroy, keep_running"),
    ("limits: {delete: 5}\n", "KS021", 1, 10, "did you mean deletes?"),
    ("limits: {deletes: -1}\n", "KS023", 1, 19, "from 0"),
    ("limits: {deletes: 1e3}\n", "KS023", 1, 19, "from 0"),
    ("limits: {delete_percent: 101}\n", "KS023", 1, 26, "from 0 to 100"),
    ("limits: 5\n", "KS023", 1, 9, "key: value"),
    ("core: https://x\n", "KS023", 1, 7, "key: value"),
    ("core: {url: komodo.example.com}\n", "KS051", 1, 13, "https://"),
    ("core: {url: 'https://u:p@x'}\n", "KS051", 1, 13, "https://"),
    ("manifests: stacks\n", "KS023", 1, 12, "a list"),
    ("manifests: [../other]\n", "KS016", 1, 13, "settings up"),
    ("manifests: [/etc]\n", "KS016", 1, 13, "settings up"),
    ("protect: [server]\n", "KS052", 1, 11, "server/*"),
    ("protect: [servr/*]\n", "KS052", 1, 11, "server/*"),
    ("timeouts: {stakc: 5m}\n", "KS021", 1, 12, "did you mean stack?"),
    ("timeouts: {stakc/web: 5m}\n", "KS021", 1, 12, "did you mean stack/web?"),
    ("timeouts: {web: 5m}\n", "KS021", 1, 12, "kind/name, of repo"),
    ("timeouts: {server/one: 5m}\n", "KS021", 1, 12, "kind/name, of repo"),
    ("timeouts: {stack/: 5m}\n", "KS052", 1, 12, "write stack, or stack/name"),
    ("timeouts: {stack: 5 minutes}\n", "KS023", 1, 19, "90s, 30m or 2h"),
    ("timeouts: {stack: 0}\n", "KS023", 1, 19, "90s, 30m or 2h"),
    ("timeouts: {stack: 9000h}\n", "KS023", 1, 19, "up to a year"),
    ("timeouts: 30m\n", "KS023", 1, 11, "key: value"),
    ("vars: {a: [b]}\n", "KS023", 1, 11, "a text"),
    ("targets: {prod: {own: x}}\n", "KS021", 1, 18, "owner"),
    ("- owner: x\n", "KS023", 1, 1, "key: value"),
    ("owner: x\n---\nowner: y\n", "KS023", 3, 1, "second ---"),
    ("owner: a: b\n", "KS004", 1, 9, "quote"),
]


@pytest.mark.parametrize(("text", "code", "line", "column", "way_out"), WRONG, ids=[case[0] for case in WRONG])
def test_a_mistake(tmp_path: Path, text: str, code: str, line: int, column: int, way_out: str) -> None:
    with pytest.raises(InputError) as caught:
        settings(tmp_path, text)
    [found] = caught.value.diagnostics
    assert found.span is not None
    assert (found.code, found.span.line, found.span.column) == (code, line, column)
    assert way_out in found.help


def test_all_mistakes_at_once(tmp_path: Path) -> None:
    with pytest.raises(InputError) as caught:
        settings(tmp_path, "own: x\nprune: 3\nlimits: {deletes: x}\n")
    assert [item.code for item in caught.value.diagnostics] == ["KS021", "KS023", "KS023"]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("omitted_fields: drop", "omitted_fields takes one of reset, keep"),
        ("limits: {deletes: -1}", "limits.deletes takes a whole number from 0 to 1000000"),
        ("limits: {deletes: [1]}", "limits.deletes takes a whole number from 0 to 1000000, not a list"),
        ("prune: 'true'", "prune takes true or false, not a text"),
        ("core: https://x", "core takes a mapping, not a text"),
        ("- a", "the settings take a mapping, not a list"),
        ("manifests: []", "an empty list of manifests would declare nothing"),
    ],
)
def test_a_mistake_is_told_in_one_sentence(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(InputError) as caught:
        settings(tmp_path, text + "\n")
    assert [item.message for item in caught.value.diagnostics] == [said]


def test_they_are_found_upwards_to_the_root_of_the_repository(tmp_path: Path) -> None:
    inner = tmp_path / "repo" / "a" / "b"
    inner.mkdir(parents=True)
    (tmp_path / "komodo-sync.yaml").write_text("owner: outside\n")
    assert locate_settings(inner) == tmp_path / "komodo-sync.yaml"
    (tmp_path / "repo" / ".git").mkdir()
    assert locate_settings(inner) is None
    (tmp_path / "repo" / "komodo-sync.yaml").write_text("owner: inside\n")
    found = find_settings(None, inner)
    assert found is not None
    assert (found.owner, found.root) == ("inside", tmp_path / "repo")
    (inner / "komodo-sync.yaml").write_text("owner: nearest\n")
    assert locate_settings(inner) == inner / "komodo-sync.yaml"


def test_a_file_that_was_named_must_be_there(tmp_path: Path) -> None:
    with pytest.raises(InputError) as caught:
        find_settings(tmp_path / "none.yaml", tmp_path)
    assert caught.value.diagnostics[0].code == "KS050"


def test_the_manifests_are_those_that_the_settings_name(tmp_path: Path) -> None:
    for name in ("stacks/a", "builds/b", "builds/deep/c", "other/d"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / f"{name}.yaml").write_text(f"stacks: [{{name: {name[-1]}}}]\n")
    found = settings(tmp_path, "manifests: [stacks, builds/*.yaml]\n")
    loaded = load([], settings=found, root=tmp_path)
    assert loaded.diagnostics == ()
    assert set(loaded.desired.resources) == {Address("stack", "a"), Address("stack", "b")}
    narrowed = load([tmp_path / "stacks"], settings=found, root=tmp_path)
    assert set(narrowed.desired.resources) == set(loaded.desired.resources)
    outside = load([tmp_path / "other"], settings=found, root=tmp_path)
    assert [item.code for item in outside.diagnostics] == ["KS013"]


def test_a_pattern_that_finds_nothing_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text("stacks: []\n")
    loaded = load([], settings=settings(tmp_path, "manifests: [a.yaml, b/*.yaml]\n"), root=tmp_path)
    assert [(item.code, str(item.span)) for item in loaded.diagnostics] == [("KS013", "b/*.yaml:1:1")]
