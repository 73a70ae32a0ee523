"""`${env:}`, `${file:}` and `${var:}`: what they are worth, where they may stand, and what happens without them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from komodo_sync.manifest import Loaded, load
from komodo_sync.manifest.files import Files
from komodo_sync.manifest.findings import Findings
from komodo_sync.manifest.interpolate import Interpolator
from komodo_sync.manifest.lookup import Lookup
from komodo_sync.model.address import Address
from komodo_sync.model.diagnostic import Severity
from komodo_sync.model.sealed import Sealed, Unknown
from komodo_sync.source.nodes import Form, Interpolated, Scalar
from komodo_sync.source.text import PLACEHOLDER, Source

if TYPE_CHECKING:
    from pathlib import Path

ENV = {"TOKEN": "canary", "EMPTY": "", "FLAG": "yes", "NUMBER": "7", "LINES": "canary\nB=2", "DOLLAR": "$canary"}
VARS = {"region": "eu", "blank": "", "on": "on", "ten": "10"}
LOOKUP = Lookup(env=ENV.get, vars=VARS)


def read(folder: Path, config: str, lookup: Lookup = LOOKUP) -> Loaded:
    """One stack with `config` in flow style."""
    (folder / "m.yaml").write_text(f"stacks:\n- name: web\n  config: {config}\n", encoding="utf-8")
    return load([folder], settings=None, root=folder, lookup=lookup)


def config(loaded: Loaded) -> Any:
    assert [item for item in loaded.diagnostics if item.severity == "error"] == []
    return loaded.desired.resources[Address("stack", "web")].config


def errors(loaded: Loaded) -> list[str]:
    return [item.code for item in loaded.diagnostics if item.severity == "error"]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("${var:region}", "eu"),
        ("a-${var:region}-b-${var:ten}", "a-eu-b-10"),
        ("${var:none:-x y}", "x y"),
        ("${var:blank:-full}", "full"),
        ("${var:blank}", ""),
        ("${var:region:-us}", "eu"),
        ("${var:none:-}", ""),
        ("$${var:region}", "${var:region}"),
        ("$$${var:region}", "$${var:region}"),
        ("$${env:TOKEN} ${var:region}", "${env:TOKEN} eu"),
        ("${HOME} $HOME $${HOME} ${HOME:-x} ${var} ${VAR:x}", "${HOME} $HOME $${HOME} ${HOME:-x} ${var} ${VAR:x}"),
        ("[[REGION]]", "[[REGION]]"),
        ("${var:none:-[[X]]}", "[[X]]"),
        ("${var:none:-~}", "~"),
    ],
)
def test_public_values(tmp_path: Path, text: str, value: str) -> None:
    assert config(read(tmp_path, f'{{branch: "{text}"}}')) == {"branch": value}


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("${env:TOKEN}", "canary"),
        ("a-${env:TOKEN}-${var:region}", "a-canary-eu"),
        ("${env:NONE:-default}", "default"),
        ("${env:EMPTY:-default}", "default"),
        ("${env:NONE:-}", ""),
        ("${file:token}", "from a file"),
        ("${file:no/such:-x}", "x"),
    ],
)
def test_secret_values_are_sealed(tmp_path: Path, text: str, value: str) -> None:
    (tmp_path / "token").write_text("from a file\r\n\n")
    found = config(read(tmp_path, f'{{branch: "{text}"}}'))["branch"]
    assert isinstance(found, Sealed)
    assert found == value


@pytest.mark.parametrize("text", ["${env:NONE}", "${env:EMPTY}", "x${env:NONE}", "${file:none}", "${file:empty}"])
def test_what_is_missing_is_unknown_and_no_error(tmp_path: Path, text: str) -> None:
    (tmp_path / "empty").write_text("\n")
    loaded = read(tmp_path, f'{{branch: "{text}", repo: r}}')
    assert isinstance(config(loaded)["branch"], Unknown)
    [told] = loaded.desired.resources[Address("stack", "web")].interpolated
    assert (told.pointer, told.secret, told.missing, told.span.line) == ("config/branch", True, told.names, 3)


def test_flags_and_numbers_are_read_by_their_field(tmp_path: Path) -> None:
    text = """
servers:
- name: s
  config: {enabled: "${env:FLAG}", auto_prune: "${var:on}", cpu_warning: "${env:NUMBER}", cpu_critical: "${var:ten}"}
"""
    (tmp_path / "m.yaml").write_text(text)
    loaded = load([tmp_path], settings=None, root=tmp_path, lookup=LOOKUP)
    found = loaded.desired.resources[Address("server", "s")].config
    assert found == {"enabled": True, "auto_prune": True, "cpu_warning": 7.0, "cpu_critical": 10.0}
    assert [type(found[name]) for name in ("enabled", "auto_prune", "cpu_warning")] == [Sealed, bool, Sealed]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ('{server: "${env:TOKEN}"}', "KS091"),
        ('{server: "${file:none}"}', "KS091"),
        ('{"${env:TOKEN}": x}', "KS091"),
        ('{environment: {"${env:TOKEN}": x}}', "KS091"),
        ('{branch: !file "${env:TOKEN}"}', "KS091"),
        ('{branch: "${var:nobody}"}', "KS092"),
        ('{branch: "${each:server}"}', "KS093"),
        ('{branch: "${env:}"}', "KS090"),
        ('{branch: "${env:A B}"}', "KS090"),
        ('{branch: "${env:A"}', "KS090"),
        ('{branch: "${env:A:-${var:region}}"}', "KS090"),
        ('{branch: "${file:../outside}"}', "KS016"),
        ('{branch: "${file:/etc/passwd}"}', "KS016"),
        ('{branch: "${file:binary}"}', "KS015"),
        ('{auto_pull: "${env:TOKEN}"}', "KS023"),
        ('{"${var:region}": x}', "KS021"),
        ('{environment: {A: 1, "${var:none:-A}": 2}}', "KS008"),
    ],
)
def test_what_is_wrong(tmp_path: Path, text: str, code: str) -> None:
    root = tmp_path / "root"
    root.mkdir()
    (tmp_path / "outside").write_text("canary")
    (root / "binary").write_bytes(b"\xff\x00canary")
    loaded = read(root, text)
    assert code in errors(loaded)
    assert "canary" not in str(loaded.diagnostics)


@pytest.mark.parametrize(
    "entry",
    [
        '{name: "${env:TOKEN}"}',
        '{name: a, tags: ["${env:TOKEN}"]}',
        '{name: a, after: ["stack/${env:TOKEN}"]}',
        '{name: a, deploy: "${env:FLAG}"}',
        '{name: a, ignore: ["${env:TOKEN}"]}',
        '{name: a, renamed_from: "${env:TOKEN}"}',
        '{name: a, adopt_from: "${env:TOKEN}"}',
        '{name: a, state: "${env:TOKEN}"}',
    ],
)
def test_what_steers_a_run_is_no_secret(tmp_path: Path, entry: str) -> None:
    (tmp_path / "m.yaml").write_text(f"stacks: [{entry}]\n")
    loaded = load([tmp_path], settings=None, root=tmp_path, lookup=LOOKUP)
    assert errors(loaded) == ["KS091"]
    assert "canary" not in str(loaded.diagnostics)


@pytest.mark.parametrize(
    "entry",
    [
        '{name: "${var:nobody}"}',
        '{name: "a-${var:nobody}"}, {name: "b-${var:nobody}"}',
        '{name: a, tags: ["${var:nobody}"]}',
        '{name: a, after: ["stack/${var:nobody}"]}',
        '{name: a, ignore: ["${var:nobody}"]}',
        '{name: a, state: "${var:nobody}"}',
        '{name: a, renamed_from: "${var:nobody}"}',
        '{name: a, template: "${var:nobody}"}',
        '{name: a, config: {server: "${var:nobody}", repo: r}}',
        '{name: a, config: {auto_pull: "${var:nobody}"}}',
        '{name: a, config: {environment: {A: "${var:nobody}"}}}',
        '{name: a, config: {file_contents: !file "${var:nobody}/x"}}',
    ],
)
def test_an_unknown_var_is_one_error(tmp_path: Path, entry: str) -> None:
    (tmp_path / "m.yaml").write_text(f"stacks: [{entry}]\nabsent: ['stack/${{var:nobody}}']\n")
    loaded = load([tmp_path], settings=None, root=tmp_path, lookup=LOOKUP)
    assert set(errors(loaded)) == {"KS092"}


def test_a_link_out_of_the_root_is_not_followed(tmp_path: Path) -> None:
    root = tmp_path / "root"
    root.mkdir()
    (tmp_path / "outside").write_text("canary")
    (root / "link").symlink_to(tmp_path / "outside")
    assert errors(read(root, '{branch: "${file:link}"}')) == ["KS016"]


def test_names_keys_and_references_take_vars(tmp_path: Path) -> None:
    (tmp_path / "m.yaml").write_text(
        'stacks: [{name: "web-${var:region}", config: {server: "s-${var:region}", '
        'environment: {"${var:region}_X": "1"}, file_contents: !file "${var:region}/compose.yaml"}}]\n'
        'absent: ["stack/old-${var:region}"]\n'
    )
    (tmp_path / "eu").mkdir()
    (tmp_path / "eu" / "compose.yaml").write_text("services: {a: {image: '${env:TOKEN}'}}\n")
    loaded = load([tmp_path], settings=None, root=tmp_path, lookup=LOOKUP)
    found = loaded.desired.resources[Address("stack", "web-eu")]
    assert found.config["server_id"] == "s-eu"
    assert found.config["environment"] == "eu_X=1\n"
    assert found.config["file_contents"] == "services: {a: {image: '${env:TOKEN}'}}\n"
    assert [item.target for item in found.references] == [Address("server", "s-eu")]
    assert [item.address.name for item in loaded.desired.absent] == ["old-eu"]


def test_a_file_is_never_interpolated(tmp_path: Path) -> None:
    (tmp_path / "x.env").write_text("A=${env:TOKEN}\n")
    assert config(read(tmp_path, "{environment: !file x.env}")) == {"environment": "A=${env:TOKEN}\n"}


def test_pairs_keep_what_is_public(tmp_path: Path) -> None:
    loaded = read(tmp_path, '{environment: {A: "1", T: "${env:TOKEN}", R: "${var:region}"}}')
    found = config(loaded)["environment"]
    assert isinstance(found, Sealed)
    assert found == "A=1\nT=canary\nR=eu\n"
    assert found.pairs == {"A": "1", "T": "canary", "R": "eu"}
    assert isinstance(found.pairs["T"], Sealed)
    assert loaded.desired.resources[Address("stack", "web")].clear_keys == {"environment": {"A", "R"}}
    found = config(read(tmp_path, '{environment: {A: "1", T: "${env:NONE}", D: "${env:DOLLAR}"}}'))["environment"]
    assert isinstance(found, Unknown)
    assert repr(found.pairs) == "{'A': '1', 'T': (unknown here), 'D': (secret)}"


PUBLIC = {"A": "1", "T": "${env:TOKEN}", "R": "${var:region}", "L": "$${env:X}"}
TEXTS = [
    '"# by hand\\n A = 1 # one\\nT=${env:TOKEN}\\nR: ${var:region}\\nL=$${env:X}\\n"',
    "[" + ", ".join(f'{{variable: {key}, value: "{value}"}}' for key, value in PUBLIC.items()) + "]",
]


@pytest.mark.parametrize("text", TEXTS)
def test_lines_and_lists_keep_what_is_public_too(tmp_path: Path, text: str) -> None:
    loaded = read(tmp_path, f"{{environment: {text}}}")
    found = config(loaded)["environment"]
    assert isinstance(found, Sealed)
    assert found.pairs == {"A": "1", "T": "canary", "R": "eu", "L": "${env:X}"}
    assert [key for key, value in found.pairs.items() if isinstance(value, Sealed)] == ["T"]
    assert loaded.desired.resources[Address("stack", "web")].clear_keys == {"environment": {"A", "R", "L"}}
    found = config(read(tmp_path, f"{{environment: {text.replace('TOKEN', 'NONE')}}}"))["environment"]
    assert isinstance(found, Unknown)
    assert repr({key: found.pairs[key] for key in sorted(found.pairs)}) == (
        "{'A': '1', 'L': '${env:X}', 'R': 'eu', 'T': (unknown here)}"
    )


def test_lines_note_what_each_of_them_asks_for(tmp_path: Path) -> None:
    text = "A=1\\nT=${env:TOKEN}-${env:NONE}\\nR=${var:region}\\nU=$${env:X}\\n"
    found = read(tmp_path, f'{{environment: "{text}"}}').desired.resources[Address("stack", "web")].interpolated
    assert [(item.pointer, item.names, item.secret, item.missing) for item in found] == [
        ("config/environment/T", ("env:TOKEN", "env:NONE"), True, ("env:NONE",)),
        ("config/environment/R", ("var:region",), False, ()),
    ]
    found = read(tmp_path, '{environment: "A=${var:region}"}').desired.resources[Address("stack", "web")].interpolated
    assert [(item.pointer, item.names) for item in found] == [("config/environment/A", ("var:region",))]


@pytest.mark.parametrize(
    "text",
    [
        "A=1\\nT=${env:LINES}",  # more lines than are written
        "${env:TOKEN}=1",
        "${env:TOKEN}",
        'K=\\"first\\nT=${env:TOKEN}\\"',  # a value over several lines
        "A=1\\nnothing\\nT=${env:TOKEN}",
        "A=1\\nA=${env:TOKEN}",
        "A=${env:LINES} # ${env:TOKEN}",
        "# ${env:LINES}",
    ],
)
def test_of_lines_that_are_not_what_they_look_like_nothing_is_told(tmp_path: Path, text: str) -> None:
    found = config(read(tmp_path, f'{{environment: "{text}"}}'))["environment"]
    assert isinstance(found, Sealed)
    assert found.pairs is None


def test_what_a_comment_asks_for_hides_no_pair(tmp_path: Path) -> None:
    text = "# B=${env:TOKEN}\\nA=1 # ${env:TOKEN}\\n  // ${env:NONE:-x}\\nT=${env:TOKEN} # ${env:TOKEN}\\n"
    loaded = read(tmp_path, f'{{environment: "{text}"}}')
    found = config(loaded)["environment"]
    assert isinstance(found, Sealed)
    assert found.pairs == {"A": "1", "T": "canary"}
    assert [key for key, value in found.pairs.items() if isinstance(value, Sealed)] == ["T"]
    noted = loaded.desired.resources[Address("stack", "web")].interpolated
    assert [item.pointer.removeprefix("config/environment") for item in noted] == ["", "/A", "", "/T"]
    found = config(read(tmp_path, '{environment: "# B=${env:NONE}\\nA=1\\n"}'))["environment"]
    assert isinstance(found, Unknown)
    assert found.pairs == {"A": "1"}


def test_secret_lines_have_no_public_part(tmp_path: Path) -> None:
    (tmp_path / "m.yaml").write_text("builds: [{name: a, config: {secret_args: 'A=1\n\n  T=${env:TOKEN}'}}]")
    loaded = load([tmp_path], settings=None, root=tmp_path, lookup=LOOKUP)
    found = loaded.desired.resources[Address("build", "a")].config["secret_args"]
    assert isinstance(found, Sealed)
    assert found.pairs is None


def test_a_secret_of_several_lines_makes_no_pairs(tmp_path: Path) -> None:
    loaded = read(tmp_path, '{environment: {A: "${env:LINES}"}}')
    assert errors(loaded) == ["KS030"]
    assert "canary" not in str(loaded.diagnostics)


@pytest.mark.parametrize(
    "text",
    [
        '{extra_args: ["--a", "${env:TOKEN}"]}',
        '{pre_deploy: {command: "${env:TOKEN}"}}',
        '{additional_env_files: ["${env:TOKEN}"]}',
        '{environment: [{variable: A, value: "${env:TOKEN}"}]}',
        '{environment: "A=${env:TOKEN}"}',
        '{extra_args: "${env:TOKEN}"}',
        '{server: s, project_name: "${env:TOKEN}", file_contents: "services: {a: {image: [[X]] ${env:TOKEN}}}"}',
        '{linked_repo: r, branch: "${env:TOKEN}", webhook_enabled: "${env:FLAG}"}',
    ],
)
def test_nothing_that_holds_a_secret_can_be_printed(tmp_path: Path, text: str) -> None:
    loaded = read(tmp_path, text)
    assert errors(loaded) == []
    assert "canary" not in repr(loaded)
    missing = read(tmp_path, text.replace("TOKEN", "NONE"))
    assert errors(missing) == []
    assert "(unknown here)" in repr(config(missing))


def test_a_typed_value_of_a_secret_is_not_told_when_it_is_wrong(tmp_path: Path) -> None:
    for kind in ("deployments: [{name: a, config: {restart: '${env:TOKEN}'}}]",
                 "deployments: [{name: a, config: {replicas: '${env:TOKEN}'}}]",
                 "builds: [{name: a, config: {version: '${env:TOKEN}'}}]",
                 "alerters: [{name: a, config: {alert_types: ['${env:TOKEN}']}}]"):  # fmt: skip
        (tmp_path / "m.yaml").write_text(kind)
        loaded = load([tmp_path], settings=None, root=tmp_path, lookup=LOOKUP)
        assert errors(loaded), kind
        assert "canary" not in str(loaded.diagnostics), kind


def test_a_secret_of_the_wrong_type_tells_its_field(tmp_path: Path) -> None:
    [told] = read(tmp_path, '{auto_pull: "${env:TOKEN}"}').diagnostics
    assert told.message == "auto_pull takes true or false, not a text"
    assert "not shown" in told.help


@pytest.mark.parametrize(
    ("value", "code"), [("'${env:NUMBER}'", "KS091"), ("'${env:NONE}'", "KS091"), ("'${var:nobody}'", "KS092")]
)
def test_a_part_of_a_version_is_public(tmp_path: Path, value: str, code: str) -> None:
    (tmp_path / "m.yaml").write_text(
        f"builds: [{{name: a, config: {{version: {{major: {value}, minor: 1, patch: 2}}}}}}]\n"
    )
    assert errors(load([tmp_path], settings=None, root=tmp_path, lookup=LOOKUP)) == [code]


def test_one_in_another_is_told_as_that(tmp_path: Path) -> None:
    [told] = read(tmp_path, '{branch: "${env:A:-${env:B}}"}').diagnostics
    assert told.code == "KS090"
    assert told.message == "a ${env:...} cannot hold another ${...}"


def test_a_placeholder_in_braces_needs_quotes(tmp_path: Path) -> None:
    [told] = read(tmp_path, "{environment: {A: ${env:TOKEN}}}").diagnostics
    assert told.code == "KS004"
    assert "quotes" in told.help


def scalar(text: str) -> Scalar:
    return Scalar(Source("m.yaml", text), 1, 1, text, Form.TEXT)


def interpolated(text: str) -> tuple[Scalar, Findings]:
    from pathlib import Path

    findings = Findings()
    return Interpolator(findings, Files(Path("/nowhere"), findings), LOOKUP).scalar(scalar(text)), findings


PIECES = st.lists(st.sampled_from(["$", "{", "}", ":", ":-", "env", "ENV:", "a", " ", "\n", "[[X]]", "-"])).map("".join)


@given(st.text() | PIECES)
def test_text_without_our_words_is_never_changed(text: str) -> None:
    if PLACEHOLDER.search(text) is None:
        given_ = scalar(text)
        found, findings = interpolated(text)
        assert found.text == text
        assert type(found) is not Interpolated or found is given_
        assert findings.diagnostics == []


@given(st.text() | PIECES, st.sampled_from(["env", "file", "var", "each"]))
def test_what_is_escaped_is_literal(text: str, word: str) -> None:
    whole = f"{text}${{{word}:{text}"
    escaped = PLACEHOLDER.sub(lambda found: "$" + found[0], whole)
    found, findings = interpolated(escaped)
    assert found.text == whole
    assert findings.diagnostics == []


@given(st.text(), st.text())
def test_a_value_is_put_in_as_it_is(before: str, value: str) -> None:
    from pathlib import Path

    findings = Findings()
    lookup = Lookup(vars={"x": value})
    if PLACEHOLDER.search(before) is None and not before.endswith("$"):
        found = Interpolator(findings, Files(Path("/nowhere"), findings), lookup).scalar(scalar(before + "${var:x}"))
        assert found.text == before + value


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("${evn:TOKEN}", "${env:TOKEN}"),
        ("${ENV:TOKEN}", "${env:TOKEN}"),
        ("${vars:region}", "${var:region}"),
        ("a ${fiel:secrets/x} b", "${file:secrets/x}"),
        ("${envs:A:-b}", "${env:A}"),
    ],
)
def test_what_is_nearly_one_of_ours_is_left_and_told_of(tmp_path: Path, written: str, meant: str) -> None:
    (tmp_path / "m.yaml").write_text(f"stacks: [{{name: a, description: '{written}'}}]\n")
    loaded = load([tmp_path], settings=None, root=tmp_path)
    [found] = loaded.diagnostics
    assert (found.code, found.severity, found.help) == ("KS090", Severity.WARNING, f"did you mean {meant}?")
    [stack] = loaded.desired.resources.values()
    assert stack.description == written


@pytest.mark.parametrize(
    "written",
    ["${HOME}", "${VAR:-x}", "${VAR:?x}", "${ENV:+x}", "$${evn:A}", "${ver:0:7}", "${item:x}", "${each}", "${env}"],
)
def test_what_compose_and_shells_write_is_not_spoken_of(tmp_path: Path, written: str) -> None:
    (tmp_path / "m.yaml").write_text(f"# ${{evn:A}}\nstacks: [{{name: a, description: '{written}'}}]\n")
    assert load([tmp_path], settings=None, root=tmp_path).diagnostics == ()
