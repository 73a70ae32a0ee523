"""yaml-language-server, as editors run it, over the examples and over what is broken. Runs where node is,
and the server from npm's registry."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from language_server import CUSTOM_TAGS, LanguageServer
from npm import LANGUAGE_SERVER, installed
from test_schemas import BROKEN, EXAMPLES, NOT_OVERLAID, NOT_REUSED, OVERLAID, REUSED, ROOT, SETTINGS_RIGHT

if TYPE_CHECKING:
    from collections.abc import Iterator

SCRIPT = Path("yaml-language-server/bin/yaml-language-server")

pytestmark = pytest.mark.xdist_group("yaml-language-server")


def script() -> Path:
    """The server's script."""
    return installed(LANGUAGE_SERVER) / SCRIPT


@pytest.fixture(scope="module")
def server() -> Iterator[LanguageServer]:
    with LanguageServer(script(), ROOT / "schemas" / "manifest.schema.json") as running:
        yield running


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_examples_have_no_problem(server: LanguageServer, path: Path) -> None:
    assert server.problems(path.read_text()) == []


@pytest.mark.parametrize("path", BROKEN, ids=lambda path: path.stem)
def test_what_is_broken_is_marked_as_an_error_for_the_right_reason(server: LanguageServer, path: Path) -> None:
    text = path.read_text()
    place, _, words = text.splitlines()[1].removeprefix("# editor: ").partition(" ")
    [problem] = server.problems(text)
    start = problem["range"]["start"]
    assert (f"{start['line'] + 1}:{start['character'] + 1}", problem["severity"]) == (place, 1)
    assert problem["message"].startswith(words)


def test_the_settings_of_the_examples_have_no_problem() -> None:
    with LanguageServer(script(), ROOT / "schemas" / "settings.schema.json") as server:
        assert server.problems((ROOT / "examples" / "komodo-sync.yaml").read_text()) == []
        assert server.problems("prune: perhaps\n")


@pytest.mark.parametrize("text", REUSED)
def test_defaults_and_for_each_have_no_problem(server: LanguageServer, text: str) -> None:
    assert server.problems(text) == []


@pytest.mark.parametrize("text", NOT_REUSED)
def test_wrong_defaults_and_for_each_are_marked(server: LanguageServer, text: str) -> None:
    assert server.problems(text)


def test_overlays_have_a_schema_of_their_own() -> None:
    with LanguageServer(script(), ROOT / "schemas" / "overlay.schema.json") as server:
        assert [server.problems(text) for text in OVERLAID] == [[] for _ in OVERLAID]
        assert all(server.problems(text) for text in NOT_OVERLAID)


def test_settings_with_defaults_and_targets_have_no_problem() -> None:
    with LanguageServer(script(), ROOT / "schemas" / "settings.schema.json") as server:
        assert [server.problems(text) for text in SETTINGS_RIGHT] == [[] for _ in SETTINGS_RIGHT]


HOVERS = [
    ("auto_pull: yes", "Pull images before each deploy. Default: true"),
    ("branch: dev", "The branch to check out. Default: main"),
    ("server: prod", 'The server on which it runs. Default: ""'),
    ("links: [a]", "Links shown on its page. Default: []"),
    ("environment: {A: 1}", 'The environment file, as KEY=value lines or a mapping. Default: ""'),
    ("environment: A=1", 'The environment file, as KEY=value lines or a mapping. Default: ""'),
]


@pytest.mark.parametrize(("line", "words"), HOVERS)
def test_a_hover_tells_what_a_field_is_for_and_its_default(server: LanguageServer, line: str, words: str) -> None:
    shown = server.hover(f"stacks:\n  - name: web\n    config:\n      {line}\n", 3, 8)
    assert words in shown
    assert "||" not in shown


def test_a_hover_over_a_resource_s_own_key_tells_its_default(server: LanguageServer) -> None:
    shown = server.hover("stacks:\n  - name: web\n    deploy: true\n", 2, 6)
    assert "Deploy it when what is declared and what runs differ. Default: false" in shown


def test_the_editor_page_names_the_tag() -> None:
    assert CUSTOM_TAGS[0] in (ROOT / "docs" / "editor.md").read_text()
