"""What is right comes out as it was meant: values, names, places, secrets."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest

from komodo_sync.kinds import KINDS
from komodo_sync.manifest import Loaded, load
from komodo_sync.model.address import Address
from komodo_sync.model.sealed import Sealed
from komodo_sync.settings import read_settings

if TYPE_CHECKING:
    from pathlib import Path

    from komodo_sync.model.desired import DesiredResource

Read = Callable[..., Loaded]


def only(loaded: Loaded) -> DesiredResource:
    assert loaded.diagnostics == ()
    [resource] = loaded.desired.resources.values()
    return resource


def config(read: Read, kind: str, text: str) -> dict[str, Any]:
    loaded = read(f"{KINDS[kind].plural}:\n- name: a\n  config: {text}\n")
    assert [item for item in loaded.diagnostics if item.severity == "error"] == []
    [resource] = loaded.desired.resources.values()
    return dict(resource.config)


# ruff: noqa: E501  one line a value
VALUES = [
    ("stack", "{branch: 1.10}", {"branch": "1.10"}),
    ("stack", "{commit: 0123456}", {"commit": "0123456"}),
    ("stack", "{branch: no, repo: true}", {"branch": "no", "repo": "true"}),
    ("stack", "{branch: 'null'}", {"branch": "null"}),
    ("deployment", "{restart: no}", {"restart": "no"}),
    ("deployment", "{termination_signal: 9}", None),
    ("deployment", "{termination_signal: 15}", {"termination_signal": "SIGTERM"}),
    ("deployment", "{replicas: 3, termination_timeout: -1}", {"replicas": 3, "termination_timeout": -1}),
    ("deployment", "{image: {type: Build, params: {build: x, version: 1.10}}}",
     {"image": {"type": "Build", "params": {"build_id": "x", "version": "1.10.0"}}}),
    ("deployment", "{ports: {8080: 80}, volumes: {/a: '/b:ro'}}", {"ports": "8080: 80\n", "volumes": "/a: /b:ro\n"}),
    ("server", "{mem_warning: 80, cpu_warning: 90.55}", {"mem_warning": 80.0, "cpu_warning": 90.55}),
    ("build", "{version: 1.10, auto_increment_version: OFF}", {"version": "1.10.0", "auto_increment_version": False}),
    ("build", "{version: {major: 1, minor: 2, patch: 3}}", {"version": "1.2.3"}),
    ("build", "{image_registry: {domain: ghcr.io, account: me}}",
     {"image_registry": [{"domain": "ghcr.io", "account": "me", "organization": ""}]}),
    ("build", "{labels: {a.b: c, d: 'true'}}", {"labels": "a.b: c\nd: true\n"}),
    ("stack", "{server: s, swarm_id: w}", {"server_id": "s", "swarm_id": "w"}),
    ("stack", "{environment: {PORT: 8080, DEBUG: no, A: '', B: ' x '}}", {"environment": 'PORT=8080\nDEBUG=no\nA=\nB=" x "\n'}),
    ("stack", "{environment: [{variable: A, value: 1}]}", {"environment": "  A = 1\n"}),
    ("stack", '{environment: "# hi\\nA = 1"}', {"environment": "# hi\nA = 1\n"}),
    ("stack", "{environment: {A: 'x ${HOST} [[B]]'}}", {"environment": "A=x ${HOST} [[B]]\n"}),
    ("stack", "{file_paths: [1, yes, 1.0]}", {"file_paths": ["1", "yes", "1.0"]}),
    ("stack", "{file_paths: 'a, b # c'}", {"file_paths": ["a", "b"]}),
    ("stack", '{file_contents: "services: {}\\n\\n  "}', {"file_contents": "services: {}\n"}),
    ("stack", "{pre_deploy: {command: 'make '}}", {"pre_deploy": {"path": "", "command": "make\n", "shell_mode": False}}),
    ("stack", "{config_files: [a, {path: b, service: [c], req: restart}]}",
     {"config_files": [{"path": "a", "services": [], "requires": "None"}, {"path": "b", "services": ["c"], "requires": "Restart"}]}),
    ("builder", "{type: Server, params: {servers: [a]}}", {"type": "Server", "params": {"server_ids": ["a"]}}),
    ("builder", "{type: Url}", {"type": "Url", "params": {}}),
    ("alerter", "{resources: [stack/web, {type: Server, id: prod}]}",
     {"resources": [{"type": "Stack", "id": "web"}, {"type": "Server", "id": "prod"}]}),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "text", "wanted"), VALUES, ids=[f"{case[0]} {case[1]}" for case in VALUES])
def test_a_value(read: Read, kind: str, text: str, wanted: dict[str, Any] | None) -> None:
    if wanted is None:
        assert read(f"{KINDS[kind].plural}:\n- name: a\n  config: {text}\n").desired.failed
    else:
        assert config(read, kind, text) == wanted


@pytest.mark.parametrize("word", ["true", "True", "TRUE", "yes", "Yes", "YES", "on", "On", "ON"])
def test_true_in_every_usual_case(read: Read, word: str) -> None:
    assert config(read, "stack", f"{{reclone: {word}}}") == {"reclone": True}


@pytest.mark.parametrize("word", ["false", "False", "FALSE", "no", "No", "NO", "off", "Off", "OFF"])
def test_false_in_every_usual_case(read: Read, word: str) -> None:
    assert config(read, "stack", f"{{reclone: {word}}}") == {"reclone": False}


def test_what_stands_beside_config(read: Read) -> None:
    resource = only(
        read(
            """
            stacks:
              - name: web
                description: 2024
                tags: [b, a, b]
                template: no
                renamed_from: old
                adopt_from: others
                protect: yes
                ignore: [config.server, description, config.commit]
                config: {project_name: old}
                omitted_fields: keep
                deploy: on
                state: stopped
                wait: healthy
            """
        )
    )
    assert resource.address == Address("stack", "web")
    assert (resource.description, resource.tags, resource.template) == ("2024", ("b", "a"), False)
    assert (resource.renamed_from, resource.adopt_from, resource.protect) == ("old", "others", True)
    assert resource.ignore == ("config.server_id", "description", "config.commit")
    assert (resource.omitted_fields, resource.deploy, resource.state, resource.wait) == (
        "keep",
        True,
        "stopped",
        "healthy",
    )
    assert resource.config == {"project_name": "old"}


def test_what_is_not_said_is_none(read: Read) -> None:
    resource = only(read("stacks: [{name: web}]"))
    assert (resource.description, resource.tags, resource.template, resource.protect) == (None, None, None, None)
    assert (resource.deploy, resource.state, resource.after, resource.references) == (False, None, (), ())


def test_flat_kinds_and_secrets(read: Read) -> None:
    loaded = read(
        """
        variables:
          - {name: REGION, value: 010, description: Where}
          - {name: TOKEN, value: hunter2, is_secret: true}
        tags: [{name: public, color: Blue}]
        builds:
          - name: b
            config: {webhook_secret: hunter2, secret_args: {A: hunter2}}
        alerters:
          - name: a
            config: {endpoint: {type: Slack, params: {url: 'https://hunter2'}}}
        """
    )
    assert loaded.diagnostics == ()
    resources = loaded.desired.resources
    assert resources[Address("variable", "REGION")].config == {"value": "010"}
    assert resources[Address("variable", "REGION")].description == "Where"
    assert resources[Address("variable", "TOKEN")].config == {"value": Sealed("hunter2"), "is_secret": True}
    assert resources[Address("tag", "public")].config == {"color": "Blue"}
    build = resources[Address("build", "b")]
    assert build.config == {"webhook_secret": Sealed("hunter2"), "secret_args": Sealed("A=hunter2\n")}
    assert build.clear_keys == {}
    assert resources[Address("alerter", "a")].config["endpoint"]["params"]["url"] == Sealed("https://hunter2")
    assert "hunter2" not in repr(loaded)


def test_references_and_their_places(read: Read) -> None:
    loaded = read(
        """\
        servers: [{name: s}, {name: t}]
        stacks:
          - name: web
            config: {server: s, repo: a/b}
        builders:
          - name: b
            config: {type: Server, params: {server_ids: [s, t]}}
        procedures:
          - name: p
            config:
              stages:
                - name: one
                  executions:
                    - execution: {type: DeployStack, params: {stack: web}}
        alerters:
          - name: a
            config: {resources: [stack/web]}
        """
    )
    assert loaded.diagnostics == ()
    found = {
        str(address): [
            (str(item.target), item.pointer, f"{item.span.line}:{item.span.column}") for item in resource.references
        ]
        for address, resource in loaded.desired.resources.items()
        if resource.references
    }
    assert found == {
        "stack/web": [("server/s", "server_id", "4:22")],
        "builder/b": [("server/s", "params/server_ids/0", "7:50"), ("server/t", "params/server_ids/1", "7:53")],
        "procedure/p": [("stack/web", "stages/0/executions/0/execution/params/stack", "14:62")],
        "alerter/a": [("stack/web", "resources/0", "17:26")],
    }


def test_the_place_of_everything(read: Read) -> None:
    loaded = read(
        """\
        stacks:
          - name: web
            tags: [a]
            config:
              server: s
              environment:
                PORT: 1
              pre_deploy: {command: x}
              config_files:
                - path: f
        deployments:
          - name: d
            config: {image: {type: Image, params: {image: x}}}
        variables:
          - {name: V, value: x}
        """
    )
    places = {
        ("stack", "web", ""): "2:5",
        ("stack", "web", "tags"): "3:5",
        ("stack", "web", "config/server_id"): "5:7",
        ("stack", "web", "config/environment/PORT"): "7:9",
        ("stack", "web", "config/pre_deploy/command"): "8:20",
        ("stack", "web", "config/config_files/0/path"): "10:11",
        ("stack", "web", "config/config_files/0"): "10:11",
        ("stack", "web", "config/repo"): None,
        ("stack", "web", "description"): None,
        ("deployment", "d", "config/image/params/image"): "13:44",
        ("variable", "V", "config/value"): "15:15",
    }
    for (kind, name, pointer), wanted in places.items():
        span = loaded.desired.resources[Address(kind, name)].origin(pointer)
        assert (span and f"{span.line}:{span.column}") == wanted, pointer


def test_after_absent_and_forget(read: Read) -> None:
    loaded = read(
        """
        stacks:
          - {name: web, after: [stack/db, server/s]}
          - {name: db}
        servers: [{name: s}]
        absent: [variable/OLD]
        forget: [stack/legacy]
        """
    )
    assert loaded.diagnostics == ()
    assert loaded.desired.resources[Address("stack", "web")].after == (Address("stack", "db"), Address("server", "s"))
    assert [item.address for item in loaded.desired.absent] == [Address("variable", "OLD")]
    assert [str(item.span) for item in loaded.desired.forget] == ["m.yaml:7:10"]


def test_a_chain_of_renames_is_fine(read: Read) -> None:
    assert read("repos:\n- {name: b, renamed_from: a}\n- {name: c, renamed_from: b}\n").diagnostics == ()


def test_clear_keys_are_those_that_are_written(read: Read) -> None:
    loaded = read(
        "stacks:\n- name: a\n  config: {environment: {A: 1, B: 2}}\n- name: b\n  config:\n    environment: |\n      # x\n      C = 1\n      D: 2\n"
    )
    found = [item.clear_keys for item in loaded.desired.resources.values()]
    assert found == [{"environment": frozenset("AB")}, {"environment": frozenset("CD")}]


def test_resource_sync_toml(read: Read) -> None:
    loaded = read(
        '''\
        [[stack]]
        name = "web"
        deploy = true
        after = ["db"]
        tags = ["x"]
        [stack.config]
        server = "s"
        repo = "a/b"
        environment = """
        A = \\d
        """

        [[deployments]]
        name = "db"
        [deployments.config]
        image.type = "Image"
        image.params.image = "pg"

        [[server]]
        name = "s"
        config.mem_warning = 80

        [[procedure]]
        name = "p"
        [[procedure.config.stage]]
        name = "1"
        executions = [ { execution.type = "RunBuild", execution.params.build = "b", enabled = false } ]

        [[build]]
        name = "b"
        ''',
        name="m.toml",
    )
    assert loaded.diagnostics == ()
    resources = loaded.desired.resources
    web = resources[Address("stack", "web")]
    assert web.config == {"server_id": "s", "repo": "a/b", "environment": "A = \\d\n"}
    assert (web.deploy, web.after, str(web.span)) == (True, (Address("deployment", "db"),), "m.toml:1:1")
    assert resources[Address("deployment", "db")].config == {"image": {"type": "Image", "params": {"image": "pg"}}}
    assert resources[Address("server", "s")].config == {"mem_warning": 80.0}
    [stage] = resources[Address("procedure", "p")].config["stages"]
    assert stage["executions"] == [{"execution": {"type": "RunBuild", "params": {"build": "b"}}, "enabled": False}]
    span = resources[Address("procedure", "p")].origin("config/stages/0/executions/0/enabled")
    assert str(span) == "m.toml:27:77"


def test_every_kind_has_its_key(read: Read) -> None:
    defaults = {"builder": "  config: {type: Url}\n"}
    names = {spec.name: "\n  ".join(f"{word}: a" for word in spec.identity) for spec in KINDS.values()}
    text = "".join(f"{spec.plural}:\n- {names[spec.name]}\n{defaults.get(spec.name, '')}" for spec in KINDS.values())
    loaded = read(text)
    assert loaded.diagnostics == ()
    assert [address.kind for address in loaded.desired.resources] == list(KINDS)


def test_files_are_read_beside_the_manifest_and_never_interpolated(read: Read) -> None:
    loaded = read(
        files={
            "a/m.yaml": "stacks:\n- name: web\n  config: {file_contents: !file c.yaml, environment: !file .env}\n",
            "a/c.yaml": "services: {x: {image: '${env:TAG}'}}\n",
            "a/.env": "A=${file:x}",
        }
    )
    assert only(loaded).config == {
        "file_contents": "services: {x: {image: '${env:TAG}'}}\n",
        "environment": "A=${file:x}\n",
    }
    assert loaded.files == 1


def test_which_files_are_manifests(read: Read, tmp_path: Path) -> None:
    named = "stacks: [{name: %s}]\n"
    loaded = read(
        files={
            "a.yaml": named % "a",
            "sub/b.yml": named % "b",
            "sub/c.toml": "[[stack]]\nname = 'c'\n",
            "sub/d.json": named % "d",
            ".hidden/e.yaml": named % "e",
            "overlays/prod/f.yaml": named % "f",
            "komodo-sync.yaml": "owner: x\n",
            "compose.yaml": "services: {x: {image: y, build: !reset null}}\n",
            "broken/compose.yaml": "services:\n  x: 1\ntest",
            "files.yaml": "stacks: [{name: g, config: {file_contents: !file app/values.yaml}}]\n",
            "app/values.yaml": "services: {any: {image: thing}}\nanything: goes\n",
        }
    )
    assert [str(item.span) for item in loaded.diagnostics] == []
    assert sorted(address.name for address in loaded.desired.resources) == ["a", "b", "c", "g"]
    assert loaded.files == 4
    assert loaded.addresses_under([tmp_path / "sub"]) == {Address("stack", "b"), Address("stack", "c")}
    assert loaded.addresses_under([tmp_path / "a.yaml"]) == {Address("stack", "a")}


def test_links_stay_inside(tmp_path: Path) -> None:
    (tmp_path / "outside.yaml").write_text("stacks: [{name: x}]\n")
    root = tmp_path / "root"
    root.mkdir()
    (root / "m.yaml").write_text("stacks: [{name: a, config: {file_contents: !file link}}]\n")
    (root / "link").symlink_to(tmp_path / "outside.yaml")
    (root / "l.yaml").symlink_to(tmp_path / "outside.yaml")
    loaded = load([root], settings=None, root=root)
    assert [(item.code, str(item.span)) for item in loaded.diagnostics] == [
        ("KS016", "l.yaml:1:1"),
        ("KS016", "m.yaml:1:44"),
    ]


def test_a_link_to_itself_is_an_error_at_its_name(tmp_path: Path) -> None:
    (tmp_path / "m.yaml").write_text("stacks: [{name: a, config: {file_contents: !file text}}]\n")
    (tmp_path / "text").symlink_to("text")
    (tmp_path / "self.yaml").symlink_to("self.yaml")
    loaded = load([tmp_path], settings=None, root=tmp_path)
    assert [(item.code, str(item.span)) for item in loaded.diagnostics] == [
        ("KS015", "m.yaml:1:44"),
        ("KS001", "self.yaml:1:1"),
    ]


@pytest.mark.parametrize("with_settings", [True, False])
def test_a_path_through_a_link_to_itself_leads_nowhere(tmp_path: Path, with_settings: bool) -> None:
    (tmp_path / "m.yaml").write_text("stacks: [{name: a}]\n")
    (tmp_path / "komodo-sync.yaml").write_text("")
    (tmp_path / "loop").symlink_to("loop")
    settings = read_settings(tmp_path / "komodo-sync.yaml") if with_settings else None
    loaded = load([tmp_path / "loop", tmp_path / "m.yaml"], settings=settings, root=tmp_path)
    assert [(item.code, str(item.span)) for item in loaded.diagnostics] == [("KS013", "loop:1:1")]


def test_a_folder_of_other_things_declares_nothing_by_mistake(tmp_path: Path) -> None:
    (tmp_path / "compose.yaml").write_text("services: {}\n")
    loaded = load([tmp_path], settings=None, root=tmp_path)
    assert [(item.code, str(item.span)) for item in loaded.diagnostics] == [("KS013", ".:1:1")]
    assert loaded.desired.failed


def test_a_manifest_that_names_itself_stays_one(tmp_path: Path) -> None:
    (tmp_path / "m.yaml").write_text("stacks: [{name: a, config: {file_contents: !file m.yaml}}]\n")
    loaded = load([tmp_path], settings=None, root=tmp_path)
    assert list(loaded.desired.resources) == [Address("stack", "a")]


def test_a_file_is_read_once_however_it_is_named(tmp_path: Path) -> None:
    (tmp_path / "m.yaml").write_text("stacks: [{name: a}]\n")
    loaded = load([tmp_path, tmp_path / "m.yaml", tmp_path / "." / "m.yaml"], settings=None, root=tmp_path)
    assert loaded.diagnostics == ()
    assert loaded.files == 1


def test_aliases_share_a_config(read: Read) -> None:
    loaded = read("stacks:\n- name: a\n  config: &c {repo: r, branch: x}\n- name: b\n  config: {<<: *c, branch: y}\n")
    assert [dict(item.config) for item in loaded.desired.resources.values()] == [
        {"repo": "r", "branch": "x"},
        {"branch": "y", "repo": "r"},
    ]


def test_a_text_of_a_file_in_another_encoding_is_to_be_saved_anew(tmp_path: Path) -> None:
    (tmp_path / "m.yaml").write_text("stacks: [{name: a, config: {file_contents: !file text}}]\n")
    (tmp_path / "text").write_bytes("services: {}\n".encode("utf-16"))
    loaded = load([tmp_path], settings=None, root=tmp_path)
    assert [(item.code, item.message, item.help) for item in loaded.diagnostics] == [
        ("KS015", "`text`: the file is UTF-16", "save it as UTF-8"),
    ]
