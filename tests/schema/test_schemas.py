"""The schemas that editors use: made from the kinds, true to what validate accepts, strict about what it refuses."""

# ruff: noqa: E501  one line a case
from __future__ import annotations

import json
import re
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

import jsonschema
import pytest
from click.testing import CliRunner
from editor import documents
from hypothesis import given
from manifest_texts import manifests

from komodo_sync.cli.schema import DOCUMENTS, schema, schemas
from komodo_sync.errors import InputError
from komodo_sync.kinds import KINDS
from komodo_sync.kinds.shapes import ListShape, Shape, StructShape, Tagged
from komodo_sync.manifest import Loaded, load
from komodo_sync.manifest.resources import KEYS_BESIDE
from komodo_sync.manifest.schema import DOCS
from komodo_sync.model.diagnostic import Severity
from komodo_sync.settings import read_settings
from komodo_sync.settings.read import _KEYS, _LIMITS, _TARGET_KEYS

if TYPE_CHECKING:
    from komodo_sync.kinds.struct import Struct

ROOT = Path(__file__).parents[2]
BROKEN = sorted((Path(__file__).parent / "broken").glob("*.yaml"))
EXAMPLES = sorted(
    path for path in (ROOT / "examples").rglob("*.yaml") if path.name not in ("komodo-sync.yaml", "compose.yaml")
)


def validator(name: str) -> jsonschema.Draft202012Validator:
    found = json.loads((ROOT / "schemas" / f"{name}.schema.json").read_text(encoding="utf-8"))
    jsonschema.Draft202012Validator.check_schema(found)
    return jsonschema.Draft202012Validator(found)


MANIFEST, SETTINGS, OVERLAY = validator("manifest"), validator("settings"), validator("overlay")


def complaints(checker: jsonschema.Draft202012Validator, text: str) -> list[str]:
    return [error.message for document in documents(text) for error in checker.iter_errors(document)]


def errors(text: str) -> list[str]:
    with TemporaryDirectory() as folder:
        Path(folder, "m.yaml").write_text(text, encoding="utf-8")
        loaded: Loaded = load([Path(folder)], settings=None, root=Path(folder))
    return [f"{item.span}: {item.message}" for item in loaded.diagnostics if item.severity is Severity.ERROR]


@pytest.mark.parametrize("name", DOCUMENTS)
def test_the_schema_that_is_checked_in_is_the_one_that_is_generated(name: str) -> None:
    assert (ROOT / "schemas" / f"{name}.schema.json").read_text(encoding="utf-8") == schemas()[name]()
    assert {path.name for path in (ROOT / "schemas").iterdir()} == {f"{word}.schema.json" for word in DOCUMENTS}


def test_the_command_prints_one_schema_or_writes_all(tmp_path: Path) -> None:
    runner = CliRunner()
    assert runner.invoke(schema, ["manifest"]).stdout == schemas()["manifest"]()
    assert runner.invoke(schema, ["--write", str(tmp_path)]).stdout == ""
    assert {path.name: path.read_text() for path in tmp_path.iterdir()} == {
        f"{name}.schema.json": make() for name, make in schemas().items()
    }


def test_every_field_says_what_it_is_for() -> None:
    seen: set[type[Struct]] = set()

    def silent(struct: type[Struct]) -> list[str]:
        if struct in seen:
            return []
        seen.add(struct)
        found = [] if struct.__doc__ else [struct.__name__]
        for item in struct.fields().values():
            found += [] if item.doc.endswith(".") else [f"{struct.__name__}.{item.name}"]
            found += inside(item.shape)
        return found

    def inside(shape: Shape) -> list[str]:
        match shape:
            case StructShape() | ListShape():
                return silent(shape.struct)
            case Tagged():
                return [word for variant in shape.all_variants().values() for word in silent(variant)]
            case _:
                return []

    for spec in KINDS.values():
        assert spec.doc.endswith("."), spec.name
        assert inside(spec.config if isinstance(spec.config, Tagged) else StructShape(spec.config)) == []
    assert len(seen) > 80


def test_every_key_beside_a_config_says_what_it_is_for() -> None:
    keys = {word for words in KEYS_BESIDE.values() for word in words}
    assert set(DOCS) - keys == {"name", "domain", "username", "config", "absent", "forget", "for_each", "defaults"}
    assert keys <= set(DOCS)


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_examples_are_accepted(path: Path) -> None:
    assert complaints(MANIFEST, path.read_text()) == []


def test_the_example_settings_are_accepted() -> None:
    assert complaints(SETTINGS, (ROOT / "examples" / "komodo-sync.yaml").read_text()) == []


RIGHT = [
    "stacks: []",
    "stacks: [{name: a}]\n---\nbuilds: [{name: b}]",
    "stacks: [{name: 010, config: {branch: 1.10, commit: 0123456, auto_pull: No, run_build: on}}]",
    "stacks: [{name: a, config: {swarm: s, links: a, config_files: [x, {path: y, service: [a], req: restart}]}}]",
    "stacks: [{name: a, config: {environment: {A: 1, B: true, C: ''}, additional_env_files: [x, {path: y, track: no}]}}]",
    "stacks: [{name: a, config: {environment: 'A=1'}}, {name: b, config: {environment: [{variable: A, value: b}]}}]",
    "deployments: [{name: A.b, config: {restart: no, termination_signal: 15, ports: {80: 8080}, replicas: 2}}]",
    "deployments: [{name: a, config: {image: {type: Build, params: {build: b, version: 1.2}}}}]",
    "deployments: [{name: a, config: {image: {type: Build, params: {build: b, version: {major: 1, minor: 0, patch: 2}}}}}]",
    "builds: [{name: a, config: {version: 1, image_registry: {domain: x}}}, {name: b, config: {image_registry: [{}]}}]",
    "builders: [{name: a, config: {type: Aws, params: {git_providers: [{accounts: [{username: x}]}]}}}]",
    "alerters: [{name: a, config: {endpoint: {type: Ntfy, params: {email: ~}}, resources: [{type: Server, id: s}]}}]",
    "alerters: [{name: a, config: {endpoint: {type: Custom}, alert_types: [None, Test], resources: [server/s]}}]",
    "servers: [{name: Any name, config: {cpu_warning: 85, mem_warning: 1e1}}]",
    "variables: [{name: A, value: 1, is_secret: yes, description: 2}]",
    "procedures: [{name: a, config: {stages: [{name: s, executions: [{execution: {type: None}}]}]}}]",
    "procedures: [{name: a, config: {stage: [{name: s, execution: [{execution: {type: Sleep, params: {duration_ms: 5}}}]}]}}]",
    "stacks: [{name: a, tags: [1, x], protect: true, ignore: [config.branch], omitted_fields: keep, state: down}]",
    "absent: [variable/OLD]\nforget: [stack/a/b]",
]  # fmt: skip


@pytest.mark.parametrize("text", RIGHT)
def test_what_is_right_is_accepted(text: str) -> None:
    assert errors(text) == []
    assert complaints(MANIFEST, text) == []


LATER = [
    "stacks: [{name: '${each:server}-web', config: {auto_pull: '${env:PULL:-true}', repo: '${var:repo}'}}]",
    "deployments: [{name: a, config: {replicas: '${var:n}', restart: '${var:restart}', ports: {'80': '${var:p}'}}}]",
    "alerters: [{name: a, config: {resources: ['${var:what}']}}]",
]


@pytest.mark.parametrize("text", LATER)
def test_what_is_interpolated_may_stand_wherever_a_scalar_may(text: str) -> None:
    assert complaints(MANIFEST, text) == []


REUSED = [
    "defaults: {stacks: {tags: [1], deploy: yes, config: {server: a, pre_deploy: {path: b}}}}",
    "defaults: {builders: {config: {params: {region: a}}}, variables: {is_secret: yes}, git_accounts: {domain: a}}",
    "stacks: [{name: 'a-${each:s}-${each:t}', for_each: {s: [a, 1], t: []}}]",
    "stacks: [{name: 'a-${each:s}', for_each: [{s: a, t: 1}, {s: b, t: 2}]}]",
    "builders: [{name: a, config: {params: {region: b}}}]\ndefaults: {builders: {config: {type: Aws}}}",
]
NOT_REUSED = [
    "defaults: {stacks: {name: a}}", "defaults: {stacks: {renamed_from: a}}", "defaults: {stacks: {for_each: {a: [b]}}}",
    "defaults: {stack: {}}", "defaults: {stacks: {config: {branch: ~}}}", "defaults: {stacks: []}",
    "stacks: [{name: a, for_each: [b]}]", "stacks: [{name: a, for_each: {b: c}}]", "stacks: [{name: a, for_each: {}}]",
    "stacks: [{name: a, for_each: {b: [~]}}]", "stacks: [{name: a, for_each: {b c: [d]}}]",
]  # fmt: skip


@pytest.mark.parametrize("text", REUSED)
def test_defaults_and_for_each_are_accepted(text: str) -> None:
    assert errors(text) == []
    assert complaints(MANIFEST, text) == []


@pytest.mark.parametrize("text", NOT_REUSED)
def test_wrong_defaults_and_for_each_are_refused(text: str) -> None:
    if "defaults" in text:  # those of no resource are looked at when there is one
        text += "\nstacks: [{name: a}]" if "stacks: [{" not in text else ""
    assert errors(text)
    assert complaints(MANIFEST, text)


OVERLAID = [
    "stacks: [{name: a, description: ~, tags: ~, for_each: ~, config: {server: ~, environment: {A: ~}, links: []}}]",
    "builders: [{name: a, config: {params: {region: ~}}}]\nalerters: [{name: b, config: {endpoint: ~}}]",
    "variables: [{name: A, value: ~, description: null}]\nabsent: [stack/x]",
]
NOT_OVERLAID = [
    "stacks: [{name: ~}]", "stacks: [{config: {}}]", "stacks: [{name: a, config: {links: [~]}}]", "defaults: {}",
    "procedures: [{name: a, config: {stages: [{name: ~}]}}]", "stacks: [{name: a, config: {brnch: ~}}]",
]  # fmt: skip


@pytest.mark.parametrize("text", OVERLAID)
def test_null_is_accepted_in_an_overlay(text: str) -> None:
    assert complaints(OVERLAY, text) == []
    assert complaints(MANIFEST, text)


@pytest.mark.parametrize("text", NOT_OVERLAID)
def test_what_no_overlay_says_is_refused(text: str) -> None:
    assert complaints(OVERLAY, text)


def test_a_file_is_a_text(tmp_path: Path) -> None:
    text = "stacks: [{name: a, config: {file_contents: !file compose.yaml, environment: !file .env}}]"
    assert complaints(MANIFEST, text) == []


@pytest.mark.parametrize("path", BROKEN, ids=lambda path: path.stem)
def test_what_is_broken_is_refused(path: Path) -> None:
    text = path.read_text()
    assert re.match(r"# why: .+\n# editor: \d+:\d+ .+\n", text)
    assert complaints(MANIFEST, text)
    assert errors(text)


@given(manifests())
def test_what_validate_accepts_the_schema_accepts(text: str) -> None:
    if not errors(text):
        assert complaints(MANIFEST, text) == []
        assert complaints(OVERLAY, text) == []


def test_settings_know_the_keys_that_are_read() -> None:
    found = SETTINGS.schema["properties"]
    assert set(found) == set(_KEYS)
    assert set(found["limits"]["properties"]) == set(_LIMITS)
    assert set(SETTINGS.schema["$defs"]["settings_target"]["properties"]) == set(_TARGET_KEYS)
    assert set(found["core"]["properties"]) == {"url"}


SETTINGS_RIGHT = [
    "core: {url: https://komodo.example.com}\nmanifests: [stacks, builds/*.yaml]\nowner: 7\nprune: Yes",
    "omitted_fields: keep\nprotect: [server/*, '*/db']\nlimits: {deletes: 0, delete_percent: 100}\ndelete: keep_running",
    "timeouts: {stack: 90, build: 1.5h, stack/web: 30m, 'stack/api-*': 20s, '*/db': 1}\ntargets: {a: {timeouts: {repo: 1m}}}",
    "vars: {a: 1, b: ''}\ntargets: {prod: {core: {url: https://a.example}, owner: b, overlay: c, vars: {d: e}}}",
    "targets: {prod: {overlay: [a, b], prune: no, limits: {deploys: 1}, manifests: [x], defaults: {stacks: {}}}}",
    "defaults: {stacks: {deploy: yes, tags: [a], config: {server: b, environment: {A: 1}}}, builders: {config: {type: Url}}}",
]
SETTINGS_WRONG = [
    "onwer: a", "owner:", "owner: ''", "prune: perhaps", "prune: 'x'", "omitted_fields: drop", "protect: [web]", "limits: {deletes: -1}",
    "limits: {delete_percent: 101}", "limits: {files: 3}", "core: https://a.example", "manifests: stacks", "vars: {a: [b]}",
    "timeouts: {server: 5m}",
    "timeouts: {stakc: 5m}", "timeouts: {web: 5m}", "timeouts: {stack/: 5m}", "timeouts: {stack: 5 m}", "timeouts: {stack: 0}",
    "timeouts: 5m", "targets: {prod: {targets: {}}}", "targets: {prod: {prune: maybe}}", "targets: {prod: {overlay: [~]}}", "targets: [prod]", "delete: yes",
]  # fmt: skip


def accepts(text: str, tmp_path: Path) -> bool:
    path = tmp_path / "komodo-sync.yaml"
    path.write_text(text)
    try:
        read_settings(path)
    except InputError:
        return False
    return True


@pytest.mark.parametrize("text", SETTINGS_RIGHT)
def test_right_settings_are_accepted(text: str, tmp_path: Path) -> None:
    assert accepts(text, tmp_path)
    assert complaints(SETTINGS, text) == []


@pytest.mark.parametrize("text", SETTINGS_WRONG)
def test_wrong_settings_are_refused(text: str, tmp_path: Path) -> None:
    assert not accepts(text, tmp_path)
    assert complaints(SETTINGS, text)


def test_defaults_are_what_the_core_answers() -> None:
    fields: dict[str, Any] = MANIFEST.schema["$defs"]["StackConfig"]["properties"]
    assert fields["branch"]["default"] == "main"
    assert fields["auto_pull"]["default"] is True
    assert fields["server"] == fields["server_id"]
    assert "default" not in MANIFEST.schema["$defs"]["Stage"]["properties"]["name"]
