"""What is written as SARIF, against the schema of SARIF 2.1.0 itself. Runs where npm's package is."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from click.testing import CliRunner
from jsonschema.validators import validator_for
from npm import SARIF, unpacked
from test_schemas import BROKEN, ROOT

from komodo_sync.cli.validate import validate
from komodo_sync.model.diagnostic import Diagnostic, Severity, Silenced, Span, Verdict
from komodo_sync.report.sarif import sarif

if TYPE_CHECKING:
    from pathlib import Path

SCHEMA = "lib/schemas/sarif-2.1.0-rtm.5.json"
ODD = Diagnostic("KS001", Severity.WARNING, "", Span("a \udcff/b,ü.yaml", 3, 5, 0), "do\nthis", "\tx: \x1b")
VERDICTS = [
    Verdict(0, 0, ()),
    Verdict(1, 1, (Diagnostic("KS013", Severity.ERROR, "nothing here"), ODD), (Silenced(ODD, "by hand"),)),
]


@pytest.fixture(scope="module")
def checker() -> Any:
    schema = json.loads((unpacked(SARIF) / SCHEMA).read_text(encoding="utf-8"))
    return validator_for(schema)(schema)


def test_the_schema_is_that_of_the_standard(checker: Any) -> None:
    assert "2.1.0" in checker.schema["title"]
    assert not checker.is_valid({"version": "2.1.0"})


@pytest.mark.parametrize("verdict", VERDICTS)
def test_any_verdict(checker: Any, verdict: Verdict) -> None:
    checker.validate(json.loads(sarif(verdict, {"KS001": "A cause."}, version="1.2.3", base="deploy")))


@pytest.mark.parametrize("path", [*BROKEN, ROOT / "examples"], ids=lambda path: path.stem)
def test_what_validate_writes(checker: Any, path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(path.parent if path.is_file() else path)
    result = CliRunner().invoke(validate, ["--format", "sarif", *([path.name] if path.is_file() else [])])
    checker.validate(json.loads(result.stdout))
