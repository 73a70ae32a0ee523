"""A secret at any place of any manifest is shown nowhere, and where it is missing nothing else is wrong."""

from __future__ import annotations

import json
from copy import deepcopy
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from manifest_texts import manifests
from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from komodo_sync.manifest import Loaded, load
from komodo_sync.manifest.lookup import Lookup
from komodo_sync.planning.explain import explain
from komodo_sync.report.diagnostics import diagnostics_text
from komodo_sync.report.explanation import explanation_text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ruamel.yaml.comments import CommentedMap

SECRETS = st.sampled_from(["hunter2", "4711", "yes", "stack/hunter2", "hunter2\nB=hunter2", "1.4711"])


def leaves(tree: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """The path of every scalar."""
    if isinstance(tree, dict | list):
        for key, value in tree.items() if isinstance(tree, dict) else enumerate(tree):
            yield from leaves(value, (*path, key))
    else:
        yield path


def put(tree: Any, path: tuple[Any, ...], value: str) -> Any:
    result = deepcopy(tree)
    at = result
    for part in path[:-1]:
        at = at[part]
    at[path[-1]] = value
    return result


def read(tree: Any, environment: dict[str, str]) -> Loaded:
    with TemporaryDirectory() as folder:
        Path(folder, "m.yaml").write_text(json.dumps(tree), encoding="utf-8")
        lookup = Lookup(env=environment.get)
        return load([Path(folder)], settings=None, root=Path(folder), lookup=lookup)


def errors(loaded: Loaded) -> set[str]:
    return {item.code for item in loaded.diagnostics if item.severity == "error"}


def tree_of(text: str) -> CommentedMap | None:
    try:
        found = YAML(typ="safe", pure=True).load(text)
        json.dumps(found)
    except (YAMLError, TypeError, ValueError):
        return None
    return found if isinstance(found, dict) else None


@given(manifests(), st.data(), SECRETS, st.sampled_from(["${env:S}", "a ${env:S}"]))
def test_a_secret_anywhere(text: str, data: st.DataObject, secret: str, form: str) -> None:
    tree = tree_of(text)
    assume(tree is not None)
    places = list(leaves(tree))
    assume(places)
    place = data.draw(st.sampled_from(places))
    before = errors(read(tree, {}))
    changed = put(tree, place, form)
    known = read(changed, {"S": secret})
    word = secret.rpartition("/")[2].partition("\n")[0]
    if word != "yes":
        shown = repr(known) + diagnostics_text(known.diagnostics)
        for item in known.desired.resources.values():
            shown += explanation_text(explain(item, "reset"), color=False, width=200)
        assert word not in shown
    missing = errors(read(changed, {}))
    # where no secret may stand, as in a name, other resources may be missing something now
    assert missing <= before or "KS091" in missing


MISTAKEN = [
    "git_accounts: [{domain: github.com, username: me, tokne: %s}]",
    "git_accounts:\n- domain: github.com\n  username: me\n  tokn: %s",
    "variables: [{name: DB_PASSWORD, val: %s}]",
    "builds: [{name: b, config: {secretargs: {B: %s}}}]",
    "builds:\n- name: b\n  config:\n    secretargs:\n      B: %s",
    "git_accounts:\n  - %s",
    "git_accounts: [%s]",
    "git_accounts: %s",
    'stacks: [{name: b, after: ["https://u:%s@h"]}]',
    'stacks: [{name: b, after: ["token=%s", "server/https://u:%s@h"]}]',
    'stacks: [{name: b, config: {server: "https://u:%s@h"}}]',
    'stacks: [{name: b, config: {"token=%s": 1}}]',
    'stacks: [{name: b, ignore: ["token=%s"]}]',
    'absent: ["token=%s"]',
]


@pytest.mark.parametrize("text", MISTAKEN)
def test_a_secret_behind_a_word_that_is_mistaken_is_in_no_finding(tmp_path: Path, text: str) -> None:
    (tmp_path / "m.yaml").write_text(text.replace("%s", "aCANARYb"), encoding="utf-8")
    loaded = load([tmp_path], settings=None, root=tmp_path, lookup=Lookup())
    assert loaded.diagnostics
    assert "CANARY" not in repr(loaded.diagnostics)
