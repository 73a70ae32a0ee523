"""What validate found, for machines: JSON as its schema says, SARIF 2.1.0, workflow commands of GitHub."""

# ruff: noqa: E501  one line a case
from __future__ import annotations

import json
import re
from pathlib import Path
from urllib.parse import unquote

import jsonschema
from hypothesis import given
from hypothesis import strategies as st
from plan_strategies import built
from rendered import rendered
from test_markdown import ACTING

from komodo_sync.model.diagnostic import Diagnostic, Severity, Silenced, Span, Verdict
from komodo_sync.report.diagnostics import silenced_text
from komodo_sync.report.diagnostics_json import diagnostics_json
from komodo_sync.report.diagnostics_markdown import verdict_markdown
from komodo_sync.report.github import github
from komodo_sync.report.sarif import sarif

SCHEMA = json.loads((Path(__file__).parents[2] / "schemas" / "diagnostics.schema.json").read_text())
CHECKER = jsonschema.Draft202012Validator(SCHEMA)

WRONG = Diagnostic(
    "KS021", Severity.ERROR, "unknown key `a,b: 100%`", Span("a b/m,1.yaml", 3, 5, 4), "did\nyou?", "  a: b"
)
LESS = Diagnostic("KS043", Severity.WARNING, "no manifest declares server/prod", Span("m.yaml", 1, 1))
NOWHERE = Diagnostic("KS013", Severity.ERROR, "nothing")
VERDICT = Verdict(2, 1, (NOWHERE, WRONG, LESS), (Silenced(LESS, "made by hand"),))

texts = st.text(max_size=12)
spans = built(Span, texts, st.integers(1, 99), st.integers(1, 99), st.integers(0, 9))
codes = st.sampled_from(["KS001", "KS043"])
diagnostics = built(Diagnostic, codes, st.sampled_from(Severity), texts, st.none() | spans, texts, texts)
verdicts = built(
    Verdict,
    st.integers(0, 9),
    st.integers(0, 9),
    st.lists(diagnostics, max_size=3).map(tuple),
    st.lists(built(Silenced, diagnostics, texts), max_size=2).map(tuple),
)


def test_json() -> None:
    document = json.loads(diagnostics_json(VERDICT))
    CHECKER.validate(document)
    assert document["summary"] == {"resources": 2, "files": 1, "errors": 2, "warnings": 1, "silenced": 1}
    assert document["diagnostics"][0]["place"] is None
    assert document["diagnostics"][1] == {
        "code": "KS021",
        "severity": "error",
        "message": "unknown key `a,b: 100%`",
        "place": {"file": "a b/m,1.yaml", "line": 3, "column": 5, "length": 4},
        "help": "did\nyou?",
        "excerpt": "  a: b",
    }
    assert document["silenced"][0]["reason"] == "made by hand"


@given(verdicts)
def test_any_verdict_is_as_the_schema_says_and_ascii(verdict: Verdict) -> None:
    text = diagnostics_json(verdict)
    assert text.isascii()
    CHECKER.validate(json.loads(text))


def test_sarif() -> None:
    log = json.loads(sarif(VERDICT, {"KS021": "A key."}, version="1.2.3", base="deploy"))
    assert log["version"] == "2.1.0"
    [run] = log["runs"]
    driver = run["tool"]["driver"]
    assert (driver["name"], driver["version"]) == ("komodo-sync", "1.2.3")
    assert [(rule["id"], rule["shortDescription"]["text"]) for rule in driver["rules"]] == [
        ("KS013", "KS013"), ("KS021", "A key."), ("KS043", "KS043"),
    ]  # fmt: skip
    nowhere, wrong, less, silenced = run["results"]
    assert "locations" not in nowhere
    assert (wrong["ruleId"], wrong["ruleIndex"], wrong["level"]) == ("KS021", 1, "error")
    assert wrong["message"]["text"] == "unknown key `a,b: 100%`\ndid\nyou?"
    place = wrong["locations"][0]["physicalLocation"]
    assert place["artifactLocation"]["uri"] == "deploy/a%20b/m%2C1.yaml"
    assert place["region"] == {"startLine": 3, "startColumn": 5, "endColumn": 9, "snippet": {"text": "  a: b"}}
    assert less["level"] == "warning"
    assert "suppressions" not in less
    assert silenced["suppressions"] == [{"kind": "inSource", "justification": "made by hand"}]


@given(verdicts)
def test_every_finding_is_a_result_of_a_rule_that_is_there(verdict: Verdict) -> None:
    [run] = json.loads(sarif(verdict, {}, version="1"))["runs"]
    rules = [rule["id"] for rule in run["tool"]["driver"]["rules"]]
    found = [*verdict.diagnostics, *(item.diagnostic for item in verdict.silenced)]
    assert [rules[result["ruleIndex"]] for result in run["results"]] == [item.code for item in found]
    for item, result in zip(found, run["results"], strict=True):
        if item.span:
            uri = result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]
            assert unquote(uri, errors="surrogatepass") == item.span.file


def test_a_file_whose_name_is_no_text_has_an_address_too() -> None:
    verdict = Verdict(0, 1, (Diagnostic("KS001", Severity.ERROR, "m", Span("a\udcff.yaml", 1, 1)),))
    assert "a%FF.yaml" in sarif(verdict, {}, version="1")


def test_github() -> None:
    assert github(VERDICT, base="deploy").splitlines() == [
        "::error title=KS013::nothing",
        "::error file=deploy/a b/m%2C1.yaml,line=3,col=5,endColumn=9,title=KS021::unknown key `a,b: 100%25`%0Ahelp: did%0Ayou?",
        "::warning file=deploy/m.yaml,line=1,col=1,title=KS043::no manifest declares server/prod",
    ]


@given(verdicts)
def test_a_finding_is_one_command_whatever_it_says(verdict: Verdict) -> None:
    lines = re.split("[\r\n]", github(verdict))
    assert len(lines) == len(verdict.diagnostics) + 1
    for item, line in zip(verdict.diagnostics, lines, strict=False):
        head, data = re.fullmatch(r"::(?:error|warning) ([^:]*)::(.*)", line, re.DOTALL).groups()  # type: ignore[union-attr]
        back = data.replace("%0D", "\r").replace("%0A", "\n").replace("%25", "%")
        assert back == (f"{item.message}\nhelp: {item.help}" if item.help else item.message)
        assert len(head.split(",")) == (1 if item.span is None else 4 + bool(item.span.length))


def test_markdown() -> None:
    assert (
        verdict_markdown(VERDICT, base="deploy")
        == """\
## Komodo validate: **2 errors**, 1 warning, 1 silenced, 2 resources in 1 file

- ❌ error `KS013`: nothing

- ❌ `deploy/a b/m,1.yaml:3:5` error `KS021`: unknown key `a,b: 100%`
  ```yaml
  a: b
  ```
  - help: did you?

- ⚠️ `deploy/m.yaml:1:1` warning `KS043`: no manifest declares `server/prod`
"""
    )
    assert verdict_markdown(Verdict(0, 0, ())) == "## Komodo validate: no errors\n"


@given(verdicts, st.sampled_from([500, 65_536]))
def test_markdown_of_any_verdict_is_harmless_and_keeps_its_room(verdict: Verdict, room: int) -> None:
    text = verdict_markdown(verdict, max_bytes=room)
    assert len(text.encode("utf-8", "surrogatepass")) <= room
    page = rendered(text)
    assert page.tags <= {"h2", "ul", "li", "p", "strong", "em", "code", "pre"}
    assert not page.open
    assert len(page.headings) == 1
    assert not ACTING.search("".join(page.text))


def test_findings_that_have_no_room_are_counted_and_errors_come_first() -> None:
    many = Verdict(9, 1, (*[LESS] * 400, *[WRONG] * 400))
    text = verdict_markdown(many, max_bytes=20_000)
    assert len(text.encode()) <= 20_000
    assert "KS043" not in text
    assert re.search(r"\*\d{3} more findings, not told here for want of room\.\*\n$", text)


def test_what_is_silenced_is_one_line() -> None:
    text = silenced_text(Silenced(Diagnostic("KS043", Severity.WARNING, "a\x1b[2Jb", Span("m", 1, 2)), "c"))
    assert text == "m:1:2: silenced[KS043]: a\ufffd[2Jb, because c"
