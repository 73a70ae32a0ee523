"""Targets: what each says instead of the settings' own, and that none is guessed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from komodo_sync.errors import RefusedError, UsageError
from komodo_sync.settings import Limits, Settings, find_connection, read_settings, with_target

if TYPE_CHECKING:
    from pathlib import Path

TEXT = """\
core: {url: https://base.example.com}
manifests: [stacks]
owner: base
protect: [server/*]
limits: {deletes: 5, deploys: 10}
timeouts: {stack: 1m, build: 1h}
vars: {region: eu, size: small}
targets:
  prod:
    core: {url: https://prod.example.com}
    manifests: [stacks, prod]
    owner: prod
    prune: true
    omitted_fields: keep
    protect: ["*/db"]
    limits: {deletes: 1}
    delete: keep_running
    timeouts: {stack: 2m}
    vars: {size: big}
    overlay: [eu, prod]
  plain: {}
"""


def settings(tmp_path: Path, text: str = TEXT) -> Settings:
    path = tmp_path / "komodo-sync.yaml"
    path.write_text(text)
    return read_settings(path)


def test_what_a_target_says_wins(tmp_path: Path) -> None:
    found = with_target(settings(tmp_path), "prod")
    assert (found.core_url, found.owner, found.manifests) == ("https://prod.example.com", "prod", ("stacks", "prod"))
    assert (found.prune, found.omitted_fields, found.delete, found.protect) == (True, "keep", "keep_running", ("*/db",))
    assert found.limits == Limits(deletes=1, deploys=10)
    assert found.timeouts == {"stack": 120, "build": 3600}
    assert found.vars == {"region": "eu", "size": "big"}
    assert (found.overlays, found.target) == (("eu", "prod"), "prod")
    assert found.spans["owner"].line == 12


def test_what_it_does_not_say_is_as_ever(tmp_path: Path) -> None:
    base = settings(tmp_path)
    found = with_target(base, "plain")
    assert (found.core_url, found.owner, found.limits, found.vars) == (base.core_url, "base", base.limits, base.vars)
    assert (found.overlays, found.target, base.target) == ((), "plain", "")


@pytest.mark.parametrize(
    ("text", "name", "hint"),
    [
        (TEXT, "prd", "did you mean prod? there are plain, prod"),
        (TEXT, "x", "there are plain, prod"),
        ("owner: a\n", "x", "komodo-sync.yaml has no targets"),
    ],
)
def test_an_unknown_target_names_those_that_there_are(tmp_path: Path, text: str, name: str, hint: str) -> None:
    with pytest.raises(UsageError) as caught:
        with_target(settings(tmp_path, text), name)
    assert hint in str(caught.value.hint)


def connect(found: Settings, url: str) -> str:
    return find_connection(url=url, key="K", secret="S", environment={}, settings=found).url


def test_the_core_is_asserted_per_target(tmp_path: Path) -> None:
    base = settings(tmp_path)
    assert connect(base, "https://base.example.com") == "https://base.example.com"
    assert connect(with_target(base, "prod"), "https://prod.example.com") == "https://prod.example.com"
    with pytest.raises(RefusedError) as caught:
        connect(with_target(base, "prod"), "https://base.example.com")
    assert "komodo-sync.yaml:10:12" in caught.value.detail
    with pytest.raises(RefusedError):
        connect(base, "https://prod.example.com")


def test_without_a_target_no_core_is_taken_that_only_targets_name(tmp_path: Path) -> None:
    text = "targets: {prod: {core: {url: 'https://a'}}, dev: {core: {url: 'https://b'}}, x: {}}\n"
    found = settings(tmp_path, text)
    with pytest.raises(UsageError) as caught:
        connect(found, "https://a")
    assert caught.value.hint == "--target dev or --target prod"
    assert connect(with_target(found, "x"), "https://a") == "https://a"
