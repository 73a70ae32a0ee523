"""Exporting again over files in which a value is said in another way than an export would: what is the same stays as it
is written, beside what changes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from round_trip import Bench, Silent, everything, put

from komodo_sync.cli.export_folder import Folder
from komodo_sync.execution.stop import StopFlag
from komodo_sync.export import export
from komodo_sync.manifest.lookup import Lookup
from komodo_sync.planning import Options
from komodo_sync.session import apply, plan
from komodo_sync.settings import read_settings

if TYPE_CHECKING:
    from pathlib import Path

    from komodo_sync.session import Session

ENV = {"TOKEN": "hunter2", "DSN": "postgres://u:hunter2@h/db", "BRANCH": "dev"}
SETTINGS = "vars: {level: debug, region: eu}\nmanifests: [m]\n"


class Site:
    """A folder that somebody wrote, with settings above it, and a Core that holds just that."""

    def __init__(
        self,
        bench: Bench,
        text: str,
        settings: str = SETTINGS,
        environment: dict[str, str] | None = None,
        overlay: str = "",
        files: dict[str, str] | None = None,
    ) -> None:
        self.overlays = ("prod",) if overlay else ()
        self.told: list[str] = []
        self.environment = ENV if environment is None else environment
        self.core: Session = bench.core()
        self.root: Path = bench.folder()
        put(self.root, {"komodo-sync.yaml": settings, "m/a.yaml": text})
        put(self.root, {"overlays/prod/a.yaml": overlay} if overlay else {})
        put(self.root, files or {})
        self.core.writer.write("CreateServer", {"name": "prod"})
        declared = self._folder().load(secrets=True)
        assert declared is not None
        options = Options(deploy=False)
        made = plan(self.core, declared, options)
        outcome = apply(
            self.core, made, declared, options, parallelism=1, verify=True, listener=Silent(), stop=StopFlag()
        )
        assert outcome.complete

    def _folder(self) -> Folder:
        settings = read_settings(self.root / "komodo-sync.yaml")
        return Folder(self.root / "m", settings, Lookup(env=self.environment.get), self.overlays)

    def change(self, kind: str, name: str, **config: Any) -> None:
        self.core.writer.write(f"Update{kind}", {"id": name, "config": config})

    def exported(self) -> str:
        """The manifest after an export of its resources over it. A second export finds nothing to do."""
        for _ in range(2):
            observed, folder = everything(self.core), self._folder()
            existing = folder.existing(folder.load(), observed)
            declared = [address for address in observed.resources if address in existing.declared]
            made = export(observed, declared, existing=existing)
            put(self.root / "m", made.files)
            self.told = [f"{item.address} {item.field}: {item.reason}" for item in made.omissions]
        assert made.files == {}
        return (self.root / "m/a.yaml").read_text()

    def left(self) -> dict[Any, Any]:
        """What a plan would change, with every secret set."""
        folder = self._folder()
        declared = folder.load(secrets=True)
        assert declared is not None
        return folder.differing(declared, everything(self.core))


@pytest.fixture
def bench() -> Any:
    with Bench() as made:
        yield made


STACK = "stacks:\n  - name: web\n    config:\n      repo: a/b\n"

PAIRS = {
    "a number in quotes": ('PORT: "8080"', "PORT=8080"),
    "a number with a zero": ("PORT: 0080", "PORT=0080"),
    "a word in quotes": ("FLAG: 'yes'", "FLAG=yes"),
    "a public value": ("LOG: ${var:level} # why", "LOG=debug"),
    "a part of one": ("LOG: very-${var:level}", "LOG=very-debug"),
    "a default": ("LOG: ${var:none:-info}", "LOG=info"),
    "a secret": ("TOKEN: ${env:TOKEN}", "TOKEN=hunter2"),
    "a secret that does not look like one": ("DSN: ${env:DSN}", "DSN=postgres://u:hunter2@h/db"),
    "a secret with a default": ("DSN: ${env:DSN:-}", "DSN=postgres://u:hunter2@h/db"),
    "a secret in clear": ("TOKEN: abc", "TOKEN=abc"),
    "an escape": ("LOG: $${env:X}", "LOG=${env:X}"),
    "a value over two lines": ("LOG: a\n          b", "LOG=a b"),
}


@pytest.mark.parametrize("case", PAIRS)
def test_a_value_of_an_environment(bench: Bench, case: str) -> None:
    written, line = PAIRS[case]
    text = f"{STACK}      environment:\n        A: 1   # one\n        {written}\n"
    site = Site(bench, text)
    assert site.exported() == text
    site.change("Stack", "web", environment=f"A=2\n{line}\n")
    assert site.exported() == text.replace("A: 1", "A: 2")
    assert site.left() == {}


@pytest.mark.parametrize("case", PAIRS)
def test_a_value_of_an_environment_in_braces(bench: Bench, case: str) -> None:
    written, line = PAIRS[case]
    if "${" in written or "\n" in written:
        key, _, value = written.partition(" #")[0].partition(": ")
        written = f'{key}: "{" ".join(value.split())}"'
    text = f"{STACK}      environment: {{A: 1, {written}}}   # all\n"
    site = Site(bench, text)
    site.change("Stack", "web", environment=f"A=2\n{line}\n")
    assert site.exported() == text.replace("A: 1", "A: 2")


def test_a_value_from_outside_stays_whatever_the_core_has(bench: Bench) -> None:
    text = f"{STACK}      branch: ${{env:BRANCH:-main}}\n      environment: {{DSN: '${{env:DSN:-}}', A: 1}}\n"
    site = Site(bench, text)
    assert site.exported() == text
    site.change("Stack", "web", branch="other", environment="DSN=postgres://u:hunter3@h/db\nA=2\n")
    assert site.exported() == text.replace("A: 1", "A: 2")


def test_a_secret_in_clear_that_is_another_now_is_replaced_by_a_placeholder(bench: Bench) -> None:
    site = Site(bench, f"{STACK}      environment:\n        TOKEN: abc   # old\n        A: 1\n")
    site.change("Stack", "web", environment="TOKEN=hunter2\nA=1\n")
    made = site.exported()
    assert "        TOKEN: ${env:STACK_WEB_TOKEN}   # old\n        A: 1\n" in made
    assert "hunter2" not in made


def test_a_public_value_that_is_another_now_is_written_out(bench: Bench) -> None:
    site = Site(bench, f"{STACK}      environment:\n        LOG: ${{var:level}} # why\n        A: 1\n")
    site.change("Stack", "web", environment="LOG=info\nA=1\n")
    assert "        LOG: info # why\n        A: 1\n" in site.exported()


LINES = """\
      environment: |   # by hand
        # how loud
        LOG=${var:level}
        TOKEN=${env:TOKEN}   # secret

        DSN = ${env:DSN}
        A=1
"""


def test_lines_keep_their_placeholders_and_comments(bench: Bench) -> None:
    text = STACK + LINES
    site = Site(bench, text)
    assert site.exported() == text
    held = "# how loud\nLOG=debug\nTOKEN=hunter2   # secret\n\nDSN = postgres://u:hunter2@h/db\nA=2\nB=3\nAPI_KEY=hunter4\n"
    site.change("Stack", "web", environment=held)
    made = site.exported()
    assert made == text.replace("A=1\n", "A=2\n        B=3\n        API_KEY=${env:STACK_WEB_API_KEY}\n")
    assert "hunter" not in made


def test_a_line_that_is_gone_goes(bench: Bench) -> None:
    site = Site(bench, STACK + LINES)
    site.change("Stack", "web", environment="LOG=debug\nDSN = postgres://u:hunter2@h/db\nA=1\n")
    made = site.exported()
    assert "        LOG=${var:level}\n        DSN = ${env:DSN}\n        A=1\n" in made
    assert "TOKEN" not in made


def test_an_order_that_is_another_is_taken_over_and_every_line_keeps_its_comments(bench: Bench) -> None:
    text = f"{STACK}      environment:\n        # a\n        A: 1\n        B: 2   # b\n        # end\n"
    site = Site(bench, text)
    site.change("Stack", "web", environment="B=2\nA=1\n")
    assert (
        site.exported() == f"{STACK}      environment:\n        B: 2   # b\n        # a\n        A: 1\n        # end\n"
    )
    assert site.left() == {}


LISTED = """\
      environment:
        - {variable: DSN, value: "${env:DSN}"}   # where
        - variable: A
          value: 1
"""
TAKEN = {
    "a mapping": "      environment:\n        DSN: ${env:DSN}\n        A: 1\n",
    "in brackets": "      environment: {DSN: '${env:DSN}', A: 1}\n",
    "a list": LISTED,
    "a merge key": "      environment:\n        <<: {DSN: '${env:DSN}'}\n        A: 1\n",
}
LIVE = {
    "a comment": "# note\nDSN=postgres://u:hunter2@h/db\nA=2\n",
    "another order": "A=2\nDSN=postgres://u:hunter2@h/db\n",
    "a key before it": "X=1\nDSN=postgres://u:hunter2@h/db\nA=2\n",
    "another order in the way of a secret": "Z=1\nA=2\nDSN=hunter2\n",
}


@pytest.mark.parametrize("written", TAKEN)
@pytest.mark.parametrize("case", LIVE)
def test_what_is_taken_from_outside_is_never_written_out(bench: Bench, written: str, case: str) -> None:
    site = Site(bench, STACK + TAKEN[written])
    site.change("Stack", "web", environment=LIVE[case])
    made = site.exported()
    assert "hunter2" not in made
    assert "${env:DSN}" in made or written == "a merge key"


LAID_OUT = {
    "another order": "A=1\nDSN=postgres://u:hunter2@h/db\n",
    "a comment": "# note\nDSN=postgres://u:hunter2@h/db\nA=1\n",
    "other spaces": "DSN = postgres://u:hunter2@h/db\n\nA=1\n",
}
TEXT = "      environment: |\n        DSN=${env:DSN}\n        A=1\n"


@pytest.mark.parametrize("written", ["a mapping", "in brackets", "a list", "a text"])
@pytest.mark.parametrize("case", LAID_OUT)
def test_lines_that_are_laid_out_otherwise_around_a_secret_are_taken_over(
    bench: Bench, written: str, case: str
) -> None:
    site = Site(bench, STACK + (TAKEN | {"a text": TEXT})[written])
    held = LAID_OUT[case]
    # a list of objects is sent with spaces around the =
    site.change("Stack", "web", environment=held.replace("=", " = ") if written == "a list" else held)
    made = site.exported()
    assert "hunter2" not in made
    assert "${env:DSN}" in made
    assert site.left() == {}


def test_lines_around_a_secret_that_is_another_or_not_set_here_stay(bench: Bench) -> None:
    text = STACK + TAKEN["a mapping"]
    site = Site(bench, text)
    site.change("Stack", "web", environment="A=1\nDSN=another\n")
    assert site.exported() == text
    site.change("Stack", "web", environment=LAID_OUT["another order"])
    site.environment = {}
    assert site.exported() == text


ARGS = "      extra_args:\n        - --quiet   # q\n        - --z=${env:TOKEN}   # t\n        - --last\n"
ITEMS = {
    "put before": (["--new", "--quiet", "--z=hunter2", "--last"], "- --new\n", "- --quiet   # q\n"),
    "gone before": (["--z=hunter2", "--last"], "", "- --z=${env:TOKEN}   # t\n"),
    "in its place": (["--quiet", "--z=hunter3", "--end"], "- --end\n", "- --z=${env:TOKEN}   # t\n"),
    "moved": (["--z=hunter2", "--quiet", "--last"], "- --z=${env:TOKEN}\n", "- --quiet   # q\n"),
}


@pytest.mark.parametrize("case", ITEMS)
def test_an_item_that_is_taken_from_outside_stays_wherever_it_stands(bench: Bench, case: str) -> None:
    live, *parts = ITEMS[case]
    site = Site(bench, STACK + ARGS)
    site.change("Stack", "web", extra_args=live)
    made = site.exported()
    assert "hunter" not in made
    assert [part for part in parts if part not in made] == []


def test_an_item_that_could_be_the_secret_is_not_written_out(bench: Bench) -> None:
    site = Site(bench, f"{STACK}      links: ['${{env:TOKEN}}', b]\n")
    site.change("Stack", "web", links=["x", "hunter2", "b"])
    made = site.exported()
    assert "hunter2" not in made
    assert "${env:TOKEN}" in made
    assert ", b]" in made


def test_an_argument_that_is_taken_from_outside_is_never_written_out(bench: Bench) -> None:
    text = """\
procedures:
  - name: p
    config:
      stages:
        - name: s
          executions:
            - execution: {type: RunAction, params: {action: act, args: {a: "${env:TOKEN}", b: 1}}}   # kept
actions:
  - name: act
  - name: other
"""

    def stage(name: str, **params: Any) -> dict[str, Any]:
        return {"name": name, "executions": [{"execution": {"type": "RunAction", "params": params}}]}

    site = Site(bench, text)
    site.change("Procedure", "p", stages=[stage("s", action="other", args={"a": "hunter2", "b": 1})])
    assert site.exported() == text.replace("action: act", "action: other")
    new = stage("n", action="act", args={"a": "x"})
    site.change("Procedure", "p", stages=[new, stage("s", action="act", args={"a": "hunter2", "b": 2})])
    assert "hunter2" not in site.exported()


def test_another_value_under_the_key_of_a_secret_is_seen(bench: Bench) -> None:
    text = """\
procedures:
  - name: p
    config:
      stages:
        - name: s
          executions:
            - execution: {type: RunAction, params: {action: act, args: {a: "${env:TOKEN}"}}}
            - execution: {type: RunAction, params: {action: act, args: {a: plain}}}
actions:
  - name: act
"""
    site = Site(bench, text)
    one, two = (
        {"execution": {"type": "RunAction", "params": {"action": "act", "args": {"a": value}}}}
        for value in ("hunter2", "new")
    )
    site.change("Procedure", "p", stages=[{"name": "s", "executions": [one, two]}])
    made = site.exported()
    assert "hunter2" not in made
    assert "plain" not in made


@pytest.mark.parametrize(
    "written", ["{B: '${env:TOKEN}', A: 1}", "{A: 1}", "|\n        A=1", "|\n        A=1\n        B=${env:TOKEN}"]
)
def test_lines_that_are_secret_as_a_whole_stay_or_are_asked_for(bench: Bench, written: str) -> None:
    text = f"builds:\n  - name: web\n    config:\n      secret_args: {written}\n      branch: x\n"
    site = Site(bench, text)
    assert site.exported() == text
    site.change("Build", "web", secret_args="A=hunter3\nB=hunter2\n", branch="y")
    made = site.exported()
    assert "hunter" not in made
    if "TOKEN" in written:
        assert made == text.replace("branch: x", "branch: y")
    else:
        assert "secret_args: ${env:BUILD_WEB_SECRET_ARGS}\n" in made


def test_what_stands_in_a_list_of_pairs_stays(bench: Bench) -> None:
    site = Site(bench, STACK + LISTED)
    assert site.exported() == STACK + LISTED
    site.change("Stack", "web", environment="DSN=postgres://u:hunter2@h/db\nA=2\nB=3\n")
    added = "          value: 2\n        - variable: B\n          value: 3\n"
    assert site.exported() == STACK + LISTED.replace("          value: 1\n", added)


HELD = "# c\nAPI_TOKEN=abc\nQUOTED='a b'\nA=1\n"


def test_a_secret_that_stands_in_clear_already_stays_beside_what_changes(bench: Bench) -> None:
    for text in ("!file .env", "|\n" + "".join(f"        {line}\n" for line in HELD.splitlines())):
        site = Site(bench, f"{STACK}      environment: {text}", files={"m/.env": HELD})
        before = site.exported()
        site.change("Stack", "web", environment=HELD.replace("A=1", "A=2"))
        assert site.exported() == before.replace("A=1", "A=2")
        if text.startswith("!file"):
            assert (site.root / "m/.env").read_text() == HELD.replace("A=1", "A=2")
        assert site.left() == {}
        site.change("Stack", "web", environment=HELD.replace("abc", "hunter2"))
        assert "API_TOKEN=${env:STACK_WEB_API_TOKEN}\n" in site.exported()


def test_a_secret_over_several_lines_is_another_one_if_any_of_them_is(bench: Bench) -> None:
    lines = ("API_TOKEN='abc", "def'", "A=1")
    text = f"{STACK}      environment: |\n" + "".join(f"        {line}\n" for line in lines)
    site = Site(bench, text)
    site.change("Stack", "web", environment="API_TOKEN='abc\nhunter2'\nA=1\n")
    assert "hunter2" not in site.exported()


INHERITED = """\
vars: {level: debug, region: eu}
manifests: [m]
defaults:
  stacks:
    config: {server: prod, environment: {BASE: 1, LOG: x}, pre_deploy: {path: /srv}}
"""


def test_what_comes_from_a_default_is_not_written_out(bench: Bench) -> None:
    text = f"{STACK}      environment:\n        A: 1\n        LOG: y\n      pre_deploy: {{command: echo}}\n"
    site = Site(bench, text, INHERITED)
    assert site.exported() == text
    site.change(
        "Stack",
        "web",
        environment="BASE=1\nLOG=y\nA=2\nNEW=3\n",
        pre_deploy={"path": "/srv", "command": "echo two"},
        branch="dev",
    )
    made = site.exported()
    after = text.replace("A: 1\n", "A: 2\n        NEW: 3\n").replace("command: echo", "command: echo two")
    assert made == after.replace("repo: a/b\n", "repo: a/b\n      branch: dev\n")
    assert site.left() == {}


MERGED = """\
stacks:
  - name: one
    config:
      repo: a/b
      environment: &common {BASE: 1, LOG: debug}
      pre_deploy: &command {path: /srv, command: echo}
  - name: web
    config:
      repo: a/b
      environment:
        <<: *common   # all of it
        A: 1
      pre_deploy:
        <<: *command
        command: true
"""


def test_what_a_merge_key_brings_stays(bench: Bench) -> None:
    site = Site(bench, MERGED)
    assert site.exported() == MERGED
    site.change("Stack", "web", environment="A=2\nBASE=1\nLOG=debug\n", pre_deploy={"path": "/srv", "command": "false"})
    after = MERGED.replace("        A: 1", "        A: 2").replace("command: true", "command: 'false'")
    assert site.exported() == after
    assert site.left() == {}


def test_what_a_merge_key_brings_and_the_core_has_no_more_goes(bench: Bench) -> None:
    site = Site(bench, MERGED)
    site.change("Stack", "web", environment="A=1\nBASE=1\n", pre_deploy={"path": "", "command": "true"})
    made = site.exported()
    assert "        A: 1\n        BASE: 1\n" in made
    assert "path: ''" in made
    assert site.left() == {}


def test_what_a_merge_key_brings_whole_is_written_out_whole(bench: Bench) -> None:
    text = """\
stacks:
  - name: one
    config: &all
      repo: a/b
      environment: {A: 1, B: 2}
  - name: web
    config:
      <<: *all
      branch: x   # ours
"""
    site = Site(bench, text)
    site.change("Stack", "web", environment="A=2\nB=2\n")
    after = text + "      environment:\n        A: 2\n        B: 2\n"
    assert site.exported() == after
    assert site.left() == {}


def test_a_default_of_a_part_is_taken_back_where_the_core_has_komodo_s_own(bench: Bench) -> None:
    text = f"{STACK}      pre_deploy: {{command: echo}}\n"
    site = Site(bench, text, INHERITED)
    site.change("Stack", "web", pre_deploy={"path": "", "command": "echo"})
    assert site.exported() == text.replace("command: echo", "command: echo, path: ''")
    assert site.left() == {}


def test_what_is_inherited_whole_is_not_written_for_its_order(bench: Bench) -> None:
    site = Site(bench, STACK, INHERITED)
    site.change("Stack", "web", environment="LOG=x\nBASE=1\n")
    assert site.exported() == STACK
    site.change("Stack", "web", environment="BASE=1\nLOG=y\n")
    assert site.exported() == f"{STACK}      environment:\n        LOG: y\n"


OVERLAY = """\
stacks:
  - name: web
    description: for prod
    config:
      branch: prod
      environment: {B: 3}
      pre_deploy: {path: /prod}
"""


def test_what_an_overlay_says_is_not_written_below_it(bench: Bench) -> None:
    text = f"{STACK}      branch: base\n      environment: {{A: 1, B: 2}}\n      pre_deploy: {{command: echo}}\n"
    site = Site(bench, text, overlay=OVERLAY)
    assert site.exported() == text
    site.change("Stack", "web", branch="live", commit="c", environment="A=9\nB=8\n", pre_deploy={"path": "/prod"})
    target = {"type": "Stack", "id": "web"}
    site.core.writer.write("UpdateResourceMeta", {"target": target, "description": "by hand"})
    made = site.exported()
    after = text.replace("branch: base\n", "branch: base\n      commit: c\n").replace("A: 1", "A: 9")
    assert made == after.replace("command: echo", "command: ''")
    assert sorted(site.told) == [
        "stack/web branch: it differs, and an overlay says it: change overlays/prod/a.yaml:5:7",
        "stack/web description: it differs, and an overlay says it: change overlays/prod/a.yaml:3:5",
    ]
    [left] = site.left().values()
    assert left == {"description", "config/branch", "config/environment"}


def test_parts_of_lists_stay(bench: Bench) -> None:
    text = """\
procedures:
  - name: p
    config:
      stages:
        - name: ${var:region}   # where
          executions:
            - execution: {type: Sleep, params: {duration_ms: 5}}   # short
            - {execution: {type: Sleep, params: {duration_ms: 6}}, enabled: yes}
        - name: "2"
stacks:
  - name: web
    config:
      repo: a/b
      links: ["https://${var:region}", b]
      extra_args:
        - --region=${var:region}   # one
        - '--wait'   # two
      config_files:
        - {path: "a-${var:region}", requires: Restart}
        - path: b
"""
    site = Site(bench, text)
    assert site.exported() == text

    def sleeps(number: int) -> dict[str, Any]:
        return {"execution": {"type": "Sleep", "params": {"duration_ms": number}}, "enabled": True}

    stages = [{"name": "eu", "executions": [sleeps(5), sleeps(7)]}, {"name": "2"}, {"name": "3"}]
    site.change("Procedure", "p", stages=stages)
    site.change(
        "Stack",
        "web",
        links=["https://eu", "c"],
        extra_args=["--region=eu", "--wait", "--three"],
        config_files=[{"path": "a-eu", "requires": "Restart"}, {"path": "b", "requires": "Redeploy"}],
    )
    made = site.exported()
    after = text.replace("duration_ms: 6", "duration_ms: 7").replace(
        '- name: "2"\n', "- name: \"2\"\n        - name: '3'\n"
    )
    after = after.replace(", b]", ", c]").replace("# two\n", "# two\n        - --three\n")
    assert made == after.replace("- path: b\n", "- path: b\n          requires: Redeploy\n")
    assert site.left() == {}


WORDS = st.text("abcXYZ019._/-", min_size=1, max_size=6)
FORMS = ("plain", "single", "double", "var", "env")


def said(form: str, key: str, value: str) -> str:
    """A value in one of the ways in which a manifest may say it."""
    if form in ("var", "env"):
        return f'"${{{form}:{key}}}"'
    return {"plain": value, "single": f"'{value}'", "double": f'"{value}"'}[form]


@st.composite
def environments(draw: st.DrawFn) -> tuple[dict[str, str], dict[str, str], dict[str, str]]:
    """Keys with their values, the form of each, and the values that some of them have later."""
    keys = draw(st.lists(st.sampled_from("ABCDEFGH"), unique=True, min_size=1, max_size=6))
    held = {f"K_{key}": draw(WORDS.filter(lambda word: word not in ("-", "."))) for key in keys}
    forms = {key: draw(st.sampled_from(FORMS)) for key in held}
    later = {key: value if draw(st.booleans()) else draw(WORDS) for key, value in held.items()}
    return held, forms, later


@given(environments(), st.booleans())
def test_whatever_changes_in_an_environment_the_rest_stays_as_it_is_written(
    world: tuple[dict[str, str], dict[str, str], dict[str, str]], flow: bool
) -> None:
    held, forms, later = world
    values = {key: said(forms[key], key, value) for key, value in held.items()}
    if flow:
        body = f" {{{', '.join(f'{key}: {value}' for key, value in values.items())}}}   # all\n"
    else:
        body = "\n" + "".join(f"        {key}: {value}   # {key}\n" for key, value in values.items())
    public = ", ".join(f'{key}: "{value}"' for key, value in held.items())
    with Bench() as made:
        site = Site(made, f"{STACK}      environment:{body}", f"manifests: [m]\nvars: {{{public}}}\n", held)
        site.change("Stack", "web", environment="".join(f"{key}={value}\n" for key, value in later.items()))
        text = site.exported()
    for key, value in values.items():
        if forms[key] == "env" or later[key] == held[key]:
            assert f"{key}: {value}" + (f"   # {key}\n" if not flow else "") in text
        else:
            assert f"{key}: {value}" + ("," if flow else "   #") not in text or value.strip("'\"") == later[key]
    assert text.endswith("   # all\n") or not flow
