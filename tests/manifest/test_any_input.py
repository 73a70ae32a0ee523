"""Whatever is written, reading it ends with findings, never with a traceback, and a finding never shows a secret."""

# ruff: noqa: E501  one line a case
from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import given, settings
from hypothesis import strategies as st

from komodo_sync.errors import InputError
from komodo_sync.kinds import KINDS
from komodo_sync.manifest import Loaded, load
from komodo_sync.manifest.lookup import Lookup
from komodo_sync.model.diagnostic import Severity
from komodo_sync.planning.explain import explain
from komodo_sync.report.diagnostics import diagnostics_text
from komodo_sync.report.explanation import explanation_text
from komodo_sync.settings import read_settings

WORDS = st.sampled_from(
    ["", "~", "a", "stack/a", "a b", "no", "010", "1", "-1", "1.5", "1.2.3", "!file m.yaml", "!file x", "'#'", "${env:A}", "{}", "[]",
     "[a, [b]]", "{type: Server, params: {servers: [a]}}", "{type: Image}", "{a: b}", "[{name: a, executions: [{execution: {type: RunProcedure, params: {procedure: a}}}]}]",
     "[{path: a}, b]", "{A: 'x #y', B: ~}", "[stack/a, {type: Stack, id: a}]", "*x", "&x a", "{s: [a, 1], t: [b]}", "[{s: a}, {s: b}]",
     "x-${each:s}", "'${var:v}${var:none}'", "!file '${each:s}.yaml'", "'${env:SECRET}'", "{A: '${env:SECRET}', B: '${each:s}'}"]
)  # fmt: skip
FIELDS = sorted({word for spec in KINDS.values() for word in spec.fields()} | {"type", "params", "server", "nothing"})
BESIDE = [
    "name",
    "description",
    "tags",
    "template",
    "renamed_from",
    "ignore",
    "after",
    "deploy",
    "protect",
    "config",
    "value",
    "is_secret",
    "for_each",
]


def read(text: str, name: str) -> Loaded:
    with TemporaryDirectory() as folder:
        Path(folder, name).write_text(text, encoding="utf-8")
        return load([Path(folder)], settings=None, root=Path(folder))


@st.composite
def manifests(draw: st.DrawFn) -> str:
    lines = []
    for kind in draw(
        st.lists(st.sampled_from([spec.plural for spec in KINDS.values()]), min_size=1, max_size=3, unique=True)
    ):
        lines.append(f"{kind}:")
        for _ in range(draw(st.integers(0, 3))):
            lines.append(f"- name: {draw(WORDS) or 'a'}")
            lines += [f"  {word}: {draw(WORDS)}" for word in draw(st.lists(st.sampled_from(BESIDE), max_size=3))]
            lines.append("  config:")
            lines += [f"    {word}: {draw(WORDS)}" for word in draw(st.lists(st.sampled_from(FIELDS), max_size=4))]
    return "\n".join(lines) + "\n"


@settings(deadline=None)
@given(manifests())
def test_any_yaml_ends_with_findings(text: str) -> None:
    loaded = read(text, "m.yaml")
    errors = [item for item in loaded.diagnostics if item.severity is Severity.ERROR]
    assert loaded.desired.failed == bool(errors)
    assert all(item.span and item.span.line <= text.count("\n") + 1 for item in loaded.diagnostics)
    assert diagnostics_text(loaded.diagnostics).count("[KS") == len(loaded.diagnostics)


SECRET = "hunter2"
LOOKUP = Lookup(env={"A": "yes", "SECRET": SECRET}.get, vars={"v": "stack/a"})


@st.composite
def defaults(draw: st.DrawFn) -> str:
    lines = ["defaults:"]
    for kind in draw(st.lists(st.sampled_from([spec.plural for spec in KINDS.values()]), max_size=3, unique=True)):
        lines.append(f"  {kind}:")
        lines += [f"    {word}: {draw(WORDS)}" for word in draw(st.lists(st.sampled_from(BESIDE), max_size=3))]
        lines.append("    config:")
        lines += [f"      {word}: {draw(WORDS)}" for word in draw(st.lists(st.sampled_from(FIELDS), max_size=3))]
    return "\n".join(lines) + "\n"


@settings(deadline=None)
@given(st.none() | defaults(), st.none() | defaults(), manifests(), manifests())
def test_any_layers_end_with_findings(settings_text: str | None, above: str | None, text: str, overlay: str) -> None:
    with TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "overlays" / "o").mkdir(parents=True)
        (folder / "komodo-sync.yaml").write_text(settings_text or "", encoding="utf-8")
        (folder / "m.yaml").write_text((above or "") + text, encoding="utf-8")
        (folder / "overlays" / "o" / "o.yaml").write_text(overlay, encoding="utf-8")
        try:
            found = read_settings(folder / "komodo-sync.yaml")
        except InputError:
            return
        loaded = load([], settings=found, root=folder, lookup=LOOKUP, overlays=["o"])
    errors = [item for item in loaded.diagnostics if item.severity is Severity.ERROR]
    assert loaded.desired.failed == bool(errors)
    assert SECRET not in repr(loaded)
    assert SECRET not in diagnostics_text(loaded.diagnostics)
    for item in loaded.desired.resources.values():
        shown = explanation_text(explain(item, "reset"), color=False, width=200)
        assert SECRET not in shown


@settings(deadline=None)
@given(
    st.sampled_from(["webhook_secret", "passkey", "secret_args"]),
    st.sampled_from(["[%s]", "{A: [%s]}", "{a: '%s #x'}", "!file %s", "|\n      %s\n    x: y"]),
)
def test_no_finding_shows_a_secret(field: str, form: str) -> None:
    secret = "hunter2"
    for kind in ("builds", "stacks", "servers"):
        loaded = read(f"{kind}:\n- name: a\n  config:\n    {field}: {form % secret}\n", "m.yaml")
        shown = [item for item in loaded.diagnostics if item.code != "KS015"]  # the path of a file is no secret
        assert secret not in repr(shown)
        assert secret not in repr(loaded.desired)


@settings(deadline=None)
@given(
    st.lists(
        st.tuples(
            st.sampled_from(
                [
                    "[[stack]]",
                    "[[builders]]",
                    "[stack.config]",
                    "name = 'a'",
                    "config.server = 1",
                    "after = ['a']",
                    "tags = 3",
                    "[[stak]]",
                    "config = {}",
                    "type = 'Url'",
                    "stack = 1",
                ]
            )
        ),
        max_size=6,
    )
)
def test_any_toml_ends_with_findings(lines: list[tuple[str]]) -> None:
    loaded = read("\n".join(line for [line] in lines) + "\n", "m.toml")
    assert loaded.desired.failed == any(item.severity is Severity.ERROR for item in loaded.diagnostics)
