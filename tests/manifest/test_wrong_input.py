"""Every mistake has its code, its place and its way out; one table, one line a mistake."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

from komodo_sync.errors import InputError
from komodo_sync.manifest import Loaded, load
from komodo_sync.model.diagnostic import Severity
from komodo_sync.source.codes import Code

if TYPE_CHECKING:
    from pathlib import Path

Write = Callable[..., Loaded]

ALERTER = "alerters: [{name: a, config: {resources: [%s]}}]\n"
RUN = "procedures: [{name: p, config: {stages: [{name: s, executions: [{%s}]}]}}]\n"
STACK = "stacks:\n- name: web\n  config:\n"

# ruff: noqa: E501  one line a mistake
# name of the case, manifest, code, line, column, words of the message, words of the help
YAML = [
    ("unknown kind", "stakcs: []\nbuilds: []\n", "KS020", 1, 1, "stakcs", "did you mean stacks?"),
    ("singular kind", "stack: []\nbuilds: []\n", "KS020", 1, 1, "stack", "write stacks"),
    ("kind with a hyphen", "resource-syncs: []\nbuilds: []\n", "KS020", 1, 1, "resource-syncs", "write resource_syncs"),
    ("no such var", STACK + "    repo: ${var:REPO}\n", "KS092", 4, 11, "there is no var `REPO`", "--var REPO=VALUE"),
    ("half of a var", STACK + "    repo: ${var:REPO\n", "KS090", 4, 11, "is not finished", "write ${var:NAME}"),
    ("a secret name", "stacks: [{name: '${env:A}'}]\n", "KS091", 1, 17, "a secret cannot stand here", "${var:NAME}"),
    ("no list", "stacks: {name: web}\n", "KS023", 1, 1, "stacks takes a list", "- name"),
    ("a number for a list", "stacks: 5\n", "KS023", 1, 1, "stacks takes a list, not a number", "- name"),
    ("null list", "stacks:\n", "KS024", 1, 1, "not null", "[]"),
    ("a misspelt target", ALERTER % "stak/web", "KS031", 1, 43, "an item of resources is no resource", "did you mean stack?"),
    ("a misspelt type of target", ALERTER % "{type: Stak, id: web}", "KS031", 1, 43, "an item of resources", "did you mean Stack?"),
    ("a target without a kind", ALERTER % "web", "KS031", 1, 43, "an item of resources", "write stack/web"),
    ("a misspelt permission", "user_groups: [{name: g, permissions: [{target: stacks/web, level: Read}]}]\n", "KS031", 1, 48, "is no resource", "did you mean stack?"),
    ("an operation that no procedure runs", RUN % "execution: {type: GetStack, params: {stack: a}}", "KS029", 1, 84, "no type `GetStack`", "GetStack only reads"),
    ("a write that no procedure runs", RUN % "execution: {type: UpdateStack}", "KS029", 1, 84, "no type `UpdateStack`", "changes what the Core holds"),
    ("a misspelt execution", RUN % "execution: {type: RunBild, params: {}}", "KS029", 1, 84, "no type `RunBild`", "did you mean RunBuild?"),
    ("no execution around it", RUN % "type: Sleep, params: {duration_ms: 1}", "KS028", 1, 66, "type and params belong under execution", "write execution: {type"),
    ("an execution of no type", RUN % "execution: {params: {stack: a}}", "KS028", 1, 77, "type is missing", "and 58 more"),
    ("a missing parameter", RUN % "execution: {type: DeployStack, params: {services: [a]}}", "KS028", 1, 105, "stack is missing", "add stack"),
    ("a misspelt parameter", RUN % "execution: {type: Sleep, params: {duration_ms: 1, duratoin: 1}}", "KS021", 1, 116, "duratoin", "did you mean duration_ms?"),
    ("a parameter of another type", RUN % "execution: {type: Sleep, params: {duration_ms: soon}}", "KS023", 1, 113, "duration_ms takes a whole number", ""),
    ("arguments that are a list", RUN % "execution: {type: RunAction, params: {action: a, args: [1]}}", "KS023", 1, 121, "args takes a mapping, not a list", "args: {name: value}"),
    ("a variable that is a list", RUN % "execution: {type: RunStackService, params: {stack: a, service: b, env: {A: [1]}}}", "KS023", 1, 141, "env takes a text, not a list", ""),
    ("a variable that is null", RUN % "execution: {type: RunStackService, params: {stack: a, service: b, env: {A: null}}}", "KS024", 1, 141, "A is null", 'write ""'),
    ("absent of half an account", "absent: [git_account/github.com]\n", "KS031", 1, 10, "names no git_account", "git_account/domain/username"),
    ("absent of an account without a name", "absent: ['registry_account/docker.io/']\n", "KS031", 1, 10, "names no registry_account", ""),
    ("absent that is a text", "absent: variable/OLD\n", "KS023", 1, 1, "absent takes a list", "- kind/name below it"),
    ("manifest is a list", "- name: web\n", "KS023", 1, 1, "not a list", "stacks:"),
    ("a resource that is a text", "stacks: [web]\n", "KS023", 1, 10, "a stack is a mapping", "- name"),
    ("unknown key beside", "stacks:\n- name: web\n  depoly: true\n", "KS021", 3, 3, "depoly", "did you mean deploy?"),
    ("config key beside", "stacks:\n- name: web\n  server: s\n", "KS021", 3, 3, "server", "belongs under config"),
    ("unknown key in config", STACK + "    file_contentss: x\n", "KS021", 4, 5, "file_contentss", "file_contents?"),
    ("unknown key deeper", STACK + "    pre_deploy: {cmd: x}\n", "KS021", 4, 18, "cmd", "command"),
    ("duplicate key", STACK + "    repo: a\n    repo: b\n", "KS008", 5, 5, "first in line 4", "keep one"),
    ("alias and name", STACK + "    server: a\n    server_id: a\n", "KS027", 5, 5, "same field", "keep server_id"),
    ("no name", "stacks:\n- description: x\n", "KS028", 2, 3, "has no name", "add name"),
    ("empty name", "stacks:\n- name: ''\n", "KS028", 2, 9, "is empty", "give it a name"),
    ("null name", "stacks:\n- name:\n", "KS024", 2, 8, "name is null", "leave the key out"),
    ("name that is a list", "stacks:\n- name: [a]\n", "KS023", 2, 9, "name takes a text", "write name"),
    ("config that is a text", "stacks:\n- name: web\n  config: x\n", "KS023", 3, 11, "config takes a mapping", "below it"),
    ("config that is null", "stacks:\n- name: web\n  config:\n", "KS024", 3, 10, "not null", "leave config out"),
    ("null field", STACK + "    repo: null\n", "KS024", 4, 11, "repo is null", "quotes"),
    ("empty field", STACK + "    repo:\n", "KS024", 4, 10, "repo is null", "leave the key out"),
    ("text that is a list", STACK + "    repo: [a]\n", "KS023", 4, 11, "repo takes a text, not a list", ""),
    ("flag that is a text", STACK + "    auto_pull: maybe\n", "KS023", 4, 16, "true or false", "write true or false"),
    ("flag in quotes", STACK + "    auto_pull: 'true'\n", "KS023", 4, 16, "true or false", "take the quotes off"),
    ("flag of one letter", STACK + "    auto_pull: y\n", "KS023", 4, 16, "true or false", ""),
    ("flag that is 1", STACK + "    auto_pull: 1\n", "KS023", 4, 16, "true or false", ""),
    ("list that is a mapping", STACK + "    links: {a: b}\n", "KS023", 4, 12, "a list of texts", ""),
    ("null in a list", STACK + "    links: [a, ]\n    file_paths: [~]\n", "KS024", 5, 18, "an item of file_paths", '""'),
    ("list item that is a list", STACK + "    links: [[a]]\n", "KS023", 4, 13, "links takes a text for each item, not a list", "write a text after each dash of links"),
    ("int with a leading zero", "deployments:\n- name: a\n  config: {replicas: 010}\n", "KS023", 3, 22, "a whole number", ""),
    ("int with an underscore", "deployments:\n- name: a\n  config: {replicas: 1_0}\n", "KS023", 3, 22, "a whole number", ""),
    ("int in quotes", "deployments:\n- name: a\n  config: {replicas: '1'}\n", "KS023", 3, 22, "a whole number", "quotes off"),
    ("int that is a float", "deployments:\n- name: a\n  config: {replicas: 1.0}\n", "KS023", 3, 22, "a whole number", ""),
    ("negative int", "deployments:\n- name: a\n  config: {replicas: -1}\n", "KS025", 3, 22, "cannot be -1", "from 0"),
    ("huge int", "deployments:\n- name: a\n  config: {replicas: 99999999999}\n", "KS025", 3, 22, "99999999999", "from 0"),
    ("float that is a word", "servers:\n- name: a\n  config: {mem_warning: high}\n", "KS023", 3, 25, "a number", ""),
    ("float infinity", "servers:\n- name: a\n  config: {mem_warning: .inf}\n", "KS023", 3, 25, "a number", ""),
    ("unknown enum", "deployments:\n- name: a\n  config: {restart: allways}\n", "KS026", 3, 21, "allways", "did you mean always?"),
    ("enum in capitals", "deployments:\n- name: a\n  config: {restart: Always}\n", "KS026", 3, 21, "Always", "did you mean always?"),
    ("bad version", "builds:\n- name: a\n  config: {version: 1.x}\n", "KS032", 3, 21, "no version", "1.2.3"),
    ("version of four", "builds:\n- name: a\n  config: {version: 1.2.3.4}\n", "KS032", 3, 21, "no version", "1.2.3"),
    ("unknown variant", "deployments:\n- name: a\n  config: {image: {type: image}}\n", "KS029", 3, 26, "no type", "did you mean Image?"),
    ("no variant", "builders:\n- name: a\n  config: {params: {}}\n", "KS028", 3, 11, "type is missing", "one of Url"),
    ("variant with a stray key", "builders:\n- name: a\n  config: {type: Url, address: x}\n", "KS021", 3, 23, "address", "params"),
    ("params that are a text", "builders:\n- name: a\n  config: {type: Url, params: x}\n", "KS023", 3, 31, "params takes a mapping", ""),
    ("variant that is a text", "deployments:\n- name: a\n  config: {image: nginx}\n", "KS023", 3, 19, "type and params", "{type"),
    ("required key", STACK + "    config_files: [{services: [a]}]\n", "KS028", 4, 20, "path is missing", "add path"),
    ("unknown execution", "procedures:\n- name: a\n  config:\n    stages: [{name: s, executions: [{execution: {type: DeployStak}}]}]\n",
     "KS029", 4, 56, "DeployStak", "did you mean DeployStack?"),
    ("unknown parameter", "procedures:\n- name: a\n  config:\n    stages: [{name: s, executions: [{execution: {type: RunBuild, params: {build: x, built: x}}}]}]\n",
     "KS021", 4, 85, "built", "build"),
    ("target that is none", "alerters:\n- name: a\n  config: {resources: [web]}\n", "KS031", 3, 24, "no resource", "stack/web"),
    ("env value of two lines", STACK + '    environment: {A: "x\\ny"}\n', "KS030", 4, 19, "several lines", ""),
    ("env value with a comment", STACK + "    environment: {A: 'x #y'}\n", "KS030", 4, 19, "` #`", ""),
    ("env key with an equals sign", STACK + "    environment: {'A=B': x}\n", "KS030", 4, 19, "something else", "no =, :"),
    ("env value that is null", STACK + "    environment:\n      A:\n", "KS024", 5, 9, "A is null", '""'),
    ("env value that is a list", STACK + "    environment: {A: [x]}\n", "KS023", 4, 22, "a text for each key", "write A: text"),
    ("env as a list of texts", STACK + "    environment: [A=x]\n", "KS023", 4, 19, "KEY=value", "a mapping"),
    ("file that is not there", STACK + "    file_contents: !file nope.yaml\n", "KS015", 4, 20, "nope.yaml", "relative to the file"),
    ("file without a path", STACK + "    file_contents: !file\n", "KS015", 4, 20, "this !file names no file", "write !file PATH"),
    ("file that can be none", STACK + '    file_contents: !file "a\\0b"\n', "KS015", 4, 20, "can be no path", "write !file PATH"),
    ("file outside", STACK + "    file_contents: !file ../../etc/passwd\n", "KS016", 4, 20, "outside", "inside"),
    ("file that is a reference", STACK + "    server: !file x\n", "KS017", 4, 13, "a name, not a !file", "write the name"),
    ("file that is a flag", STACK + "    auto_pull: !file x\n", "KS023", 4, 16, "not a !file", ""),
    ("another tag", STACK + "    repo: !env X\n", "KS009", 4, 11, "!env", "!file"),
    ("duplicate", "stacks:\n- name: web\n- name: web\n", "KS040", 3, 9, "first in m.yaml:2:9", "keep one"),
    ("name that Komodo would change", "stacks:\n- name: My Stack\n", "KS042", 2, 9, "`my_stack`", "write name: my_stack"),
    ("name of nothing", "stacks:\n- name: ___\n", "KS042", 2, 9, "leave no name", "a letter"),
    ("name that is an id", "servers:\n- name: 0123456789abcdef01234567\n", "KS042", 2, 9, "an id", "another name"),
    ("variable of two lines", "variables:\n- name: A\n  value: |\n    hunter2\n    b\n", "KS033", 3, 10, "refuses a line end in value (at character 8)", "on one line"),
    ("variable that is long", f"variables: [{{name: A, value: {10_001 * 'x'}}}]\n", "KS033", 1, 30, "more than 10000 bytes in value; these are 10001", "shorten it"),
    ("variable name", "variables:\n- name: A-B\n", "KS042", 2, 9, "digits and _", "another name"),
    ("after nobody", "stacks:\n- name: web\n  after: [stack/bd]\n- name: db\n", "KS046", 3, 11, "stack/bd", "did you mean stack/db?"),
    ("after a bare name", "stacks:\n- name: web\n  after: [db]\n- name: db\n", "KS031", 3, 11, "no address", "write stack/db"),
    ("after an unknown kind", "stacks:\n- name: web\n  after: [stak/db]\n- name: db\n", "KS031", 3, 11, "no address", "stack"),
    ("after itself", "stacks:\n- name: web\n  after: [stack/web]\n", "KS045", 3, 11, "stack/web -> stack/web", "after"),
    ("after in a circle", "stacks:\n- {name: a, after: [stack/b]}\n- {name: b, after: [stack/c]}\n- {name: c, after: [stack/a]}\n",
     "KS045", 2, 21, "stack/a -> stack/b -> stack/c -> stack/a", "after"),
    ("a procedure that runs itself",
     "procedures:\n- name: a\n  config: {stages: [{name: s, executions: [{execution: {type: RunProcedure, params: {procedure: a}}}]}]}\n",
     "KS044", 3, 97, "procedure/a -> procedure/a", "take the reference out"),
    ("a circle of references with after in it",
     ("procedures:\n- name: a\n  config: {stages: [{name: s, executions: [{execution: {type: RunProcedure, params: {procedure: b}}}]}]}\n"
     "- {name: b, after: [stack/web]}\nstacks:\n- {name: web, after: [procedure/a]}\n"),
     "KS045", 4, 21, "procedure/a -> procedure/b -> stack/web -> procedure/a", "after"),
    ("bad absent", "absent: [web]\n", "KS031", 1, 10, "`web`", "kind/name"),
    ("absent of an unknown kind", "absent: [stak/web]\n", "KS031", 1, 10, "`stak/web`", "did you mean stack?"),
    ("absent and declared", "stacks: [{name: web}]\nabsent: [stack/web]\n", "KS048", 2, 10, "declared in m.yaml:1:10", "one of them"),
    ("absent and forget", "absent: [stack/web]\nforget: [stack/web]\n", "KS048", 2, 10, "absent and under forget", "one of them"),
    ("forget a variable", "forget: [variable/X]\n", "KS048", 1, 10, "no owner", "leave it out"),
    ("renamed from itself", "stacks:\n- {name: web, renamed_from: web}\n", "KS049", 2, 10, "from itself", "renamed_from"),
    ("renamed twice", "stacks:\n- {name: a, renamed_from: x}\n- {name: b, renamed_from: x}\n", "KS049", 3, 10, "stack/x", "one of them"),
    ("swap", "stacks:\n- {name: a, renamed_from: b}\n- {name: b, renamed_from: a}\n", "KS049", 3, 10, "circle", "third name"),
    ("ignore of nothing", "stacks:\n- name: web\n  ignore: [config.comit]\n", "KS021", 3, 12, "comit", "config.commit"),
    ("state of nothing", "stacks:\n- name: web\n  state: up\n", "KS026", 3, 10, "`up`", "running"),
    ("another owner's tag", "stacks:\n- name: web\n  tags: [public, 'owner:me']\n", "KS036", 3, 18, "`owner:me` is a tag that we keep", "`owner: me` in komodo-sync.yaml"),
    ("the tag protected", "servers:\n- name: web\n  tags: [protected]\n", "KS036", 3, 10, "`protected`", "`protect: true` gives it"),
    ("an owner's tag declared", "tags: [{name: 'owner:me'}]\n", "KS036", 1, 15, "`owner:me`", "`adopt_from: me`"),
    ("an owner's tag renamed", "tags: [{name: x, renamed_from: 'owner:'}]\n", "KS036", 1, 32, "`owner:`", "`owner: NAME`"),
    ("deploy of a server", "servers:\n- name: web\n  deploy: true\n", "KS021", 3, 3, "deploy", ""),
    ("tag with a config", "tags:\n- name: web\n  config: {}\n", "KS021", 3, 3, "config", "color"),
    ("colour of nothing", "tags:\n- name: web\n  color: Blu\n", "KS026", 3, 10, "`Blu`", "did you mean Blue?"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "code", "line", "column", "message", "way_out"),
    [case[1:] for case in YAML],
    ids=[case[0] for case in YAML],
)
def test_a_mistake_in_yaml(
    read: Write, text: str, code: str, line: int, column: int, message: str, way_out: str
) -> None:
    loaded = read(text)
    [found] = [item for item in loaded.diagnostics if item.severity is Severity.ERROR]
    assert found.span is not None
    assert (found.code, str(found.span)) == (code, f"m.yaml:{line}:{column}"), found
    assert message in found.message
    assert way_out in found.help
    assert loaded.desired.failed


TOML = [
    ("unknown table", "[[stak]]\nname = 'a'\n", "KS020", 1, 1, "[[stak]]", "did you mean stack?"),
    ("hyphen", "[[resource-sync]]\nname = 'a'\n", "KS020", 1, 1, "[[resource-sync]]", "write [[resource_sync]]"),
    ("text that is a float", "[[stack]]\nname = 'a'\nconfig.branch = 1.10\n", "KS023", 3, 17, "a text, not a number", "quotes"),
    ("flag that is a text", "[[stack]]\nname = 'a'\nconfig.auto_pull = 'true'\n", "KS023", 3, 20, "true or false", "quotes off"),
    ("version that is a float", "[[build]]\nname = 'a'\nconfig.version = 1.10\n", "KS032", 3, 18, "a number", '"1.10.0"'),
    ("unknown key", "[[stack]]\nname = 'a'\n[stack.config]\nauto_pul = false\n", "KS021", 4, 1, "auto_pul", "auto_pull?"),
    ("the tag protected", "[[stack]]\nname = 'a'\ntags = ['x', 'protected']\n", "KS036", 3, 14, "`protected`", "`protect: true`"),
    ("an owner's tag", "[[build]]\nname = 'a'\ntags = ['owner:me']\n", "KS036", 3, 9, "`owner:me`", "`owner: me`"),
    ("after nobody", "[[stack]]\nname = 'a'\nafter = ['b']\n", "KS046", 3, 10, "`b`", "declare it"),
    ("after both", "[[stack]]\nname='a'\nafter=['b']\n[[stack]]\nname='b'\n[[deployment]]\nname='b'\n", "KS047", 3, 8, "a stack and a deployment", "YAML"),
    ("absent", "absent = ['stack/a']\n", "KS020", 1, 1, "[[absent]]", ""),
    ("one table", "[stack]\nname = 'a'\n", "KS023", 1, 2, "stack takes a list", "write [[stack]]"),
    ("syntax", "[[stack]\nname = 'a'\n", "KS005", 1, 8, "name is not closed", "[[table]]"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "code", "line", "column", "message", "way_out"),
    [case[1:] for case in TOML],
    ids=[case[0] for case in TOML],
)
def test_a_mistake_in_toml(
    read: Write, text: str, code: str, line: int, column: int, message: str, way_out: str
) -> None:
    loaded = read(text, name="m.toml")
    [found] = [item for item in loaded.diagnostics if item.severity is Severity.ERROR]
    assert found.span is not None
    assert (found.code, str(found.span)) == (code, f"m.toml:{line}:{column}"), found
    assert message in found.message
    assert way_out in found.help


def test_every_mistake_of_every_file_is_found_in_one_run(read: Write) -> None:
    loaded = read(
        files={
            "a.yaml": "stacks:\n- name: web\n  config: {repoo: x, auto_pull: 3}\n- name: web\n",
            "b/c.yml": "stacks:\n- name: web\n",
            "d.toml": "[[stak]]\nname = 'x'\n[[stak]]\nname = 'y'\n",
            "e.yaml": "a: b: c\n",
        }
    )
    assert [f"{item.span} {item.code}" for item in loaded.diagnostics] == [
        "a.yaml:3:12 KS021",
        "a.yaml:3:33 KS023",
        "a.yaml:4:9 KS040",
        "b/c.yml:2:9 KS040",
        "d.toml:1:1 KS020",
        "d.toml:3:1 KS020",
        "e.yaml:1:5 KS004",
    ]


def test_two_names_that_become_one(read: Write) -> None:
    loaded = read("stacks:\n- name: my_stack\n- name: My Stack\n")
    assert [item.code for item in loaded.diagnostics] == ["KS041", "KS042"]
    assert "m.yaml:2:9" in loaded.diagnostics[0].message


def test_tags_that_are_only_like_those_that_we_keep_are_anybody_s(read: Write) -> None:
    loaded = read(
        "tags: [{name: owner}, {name: unprotected}]\nstacks: [{name: a, tags: [owner, Protected, owners:x]}]\n"
    )
    assert loaded.diagnostics == ()


def test_a_target_that_nobody_declares_is_pointed_at(read: Write) -> None:
    loaded = read("alerters:\n- name: a\n  config: {resources: [{type: Stack, id: web}, {id: db, type: Stack}]}\n")
    assert [(item.code, str(item.span)) for item in loaded.diagnostics] == [
        ("KS043", "m.yaml:3:42"),
        ("KS043", "m.yaml:3:53"),
    ]


def test_a_reference_to_nothing_declared_is_a_warning(read: Write) -> None:
    loaded = read("servers: [{name: prod}]\nstacks:\n- name: web\n  config: {server: prdo, repo: a/b}\n")
    [found] = loaded.diagnostics
    assert (found.code, found.severity, str(found.span)) == ("KS043", Severity.WARNING, "m.yaml:4:20")
    assert "did you mean prod?" in found.help
    assert not loaded.desired.failed


def test_one_warning_for_each_missing_name(read: Write) -> None:
    loaded = read(
        files={
            "b.yaml": "repos:\n- {name: api, config: {server: prod}}\n- {name: db, config: {server: prod}}\n",
            "a.yaml": "repos:\n- {name: web, config: {server: prod, builder: prod}}\n",
        }
    )
    assert [(item.code, str(item.span), item.message) for item in loaded.diagnostics] == [
        ("KS043", "a.yaml:2:32", "no manifest declares server/prod (named 3 times, here first)"),
        ("KS043", "a.yaml:2:47", "no manifest declares builder/prod"),
    ]
    assert [len(item.references) for item in loaded.desired.resources.values()] == [2, 1, 1]


def test_no_secret_stands_in_an_excerpt(read: Write) -> None:
    loaded = read(
        "variables:\n- {name: A, value: [hunter2], is_secret: true}\n- name: B\n  is_secret: yes\n  value: [hunter2]\n"
        "builds:\n- name: b\n  config:\n    secret_args:\n      ONE: 'hunter2 #x'\n      TWO: [hunter2]\n    webhook_secret: [hunter2]\n"
    )
    assert len(loaded.diagnostics) == 5
    assert "hunter2" not in str(loaded.diagnostics)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("- name: A\n  is_secret: yess\n", "  is_secret: yess"),
        ("- is_secret: 'yess'\n  name: A\n", "- is_secret: 'yess'"),
        ("- {name: A, val: hunter2, is_secret: yess}\n", "(secret)"),
        ("- name: A\n  is_secret: yess  # hunter2\n", "  is_secret: (secret)"),
        ("- name: A\n  is_secret: [yess]\n", "  is_secret: (secret)"),
    ],
)
def test_a_flag_is_no_secret_where_it_stands_alone(read: Write, text: str, shown: str) -> None:
    told = [item for item in read(f"variables:\n{text}").diagnostics if item.code == "KS023"]
    assert [item.excerpt for item in told] == [shown]


MISTYPED_BESIDE_A_SECRET = [
    ("variables: [{name: X, value: hunter2secret, is_secrt: true}]", "is_secrt", "did you mean is_secret?"),
    ("variables: [{name: X, is_secret: true, value: hunter2secret, descripton: a}]", "descripton", "description?"),
    ("variables: [{name: X, value: is_secrt, is_secrt: true}]", "is_secrt", "did you mean is_secret?"),
    ('{"variables":[{"name":"X","value":"hunter2secret","is_secrt":true}]}', "is_secrt", "did you mean is_secret?"),
    ("stacks: [{name: w, config: {webhook_secret: hunter2secret, gitacount: a}}]", "gitacount", "git_account?"),
    ("stacks: [{name: w, config: {environment: {A_TOKEN: hunter2secret}, autopul: a}}]", "autopul", "auto_pull?"),
    ("stacks: [{name: w, config: {webhook_secret: hunter2secret}, repo: a}]", "repo", "repo belongs under config"),
    ("stacks: [{name: w, config: {webhook_secret: hunter2secret, foo: a}}]", "foo", "one of "),
    (
        "builders: [{name: b, config: {type: Aws, params: {secrets: [hunter2secret], regoin: a}}}]",
        "regoin",
        "did you mean region?",
    ),
    ("git_accounts: [{domain: a.b, token: hunter2secret, usernam: c}]", "usernam", "did you mean username?"),
]


@pytest.mark.parametrize(("text", "key", "way_out"), MISTYPED_BESIDE_A_SECRET)
def test_a_key_that_is_mistyped_beside_a_secret_is_named_and_the_secret_is_not(
    read: Write, text: str, key: str, way_out: str
) -> None:
    [found] = [item for item in read(text).diagnostics if item.code == "KS021"]
    assert found.message == f"unknown key `{key}`"
    assert way_out in found.help
    assert "hunter2" not in found.message + found.help + found.excerpt


@pytest.mark.parametrize(
    "text",
    [
        "variables: [{name: X, value: [a, hunter2secret: x], hunter2: b}]",
        "stacks: [{name: w, config: {token: {hunter2: x}, hunter2: y}}]",
        "builders: [{name: b, config: {type: Aws, params: {secrets: {hunter2: x}, hunter2: y}}}]",
    ],
)
def test_a_key_that_is_like_none_is_not_named_where_it_may_be_a_piece_of_a_secret(read: Write, text: str) -> None:
    found = [item for item in read(text).diagnostics if item.code == "KS021"]
    assert found
    assert "hunter2" not in "".join(item.message + item.help + item.excerpt for item in found)


def test_nothing_to_read(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    for path, words in ((tmp_path / "empty", "no manifests"), (tmp_path / "none", "no such file")):
        with pytest.raises(InputError) as caught:
            load([path], settings=None, root=tmp_path)
        [found] = caught.value.diagnostics
        assert found.code == "KS013"
        assert words in found.message


def test_a_path_that_is_missing_beside_one_that_is_there(tmp_path: Path) -> None:
    (tmp_path / "m.yaml").write_text("stacks: []\n")
    loaded = load([tmp_path / "m.yaml", tmp_path / "none"], settings=None, root=tmp_path)
    assert [item.code for item in loaded.diagnostics] == ["KS013"]
    assert loaded.desired.failed


def test_a_folder_that_cannot_be_read_is_an_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "m.yaml").write_text("stacks: []\n")
    (tmp_path / "closed").mkdir()
    listed = os.scandir

    def refuse(path: str) -> object:
        if str(path).endswith("closed"):
            raise PermissionError(13, "Permission denied", str(path))
        return listed(path)

    monkeypatch.setattr(os, "scandir", refuse)
    loaded = load([tmp_path], settings=None, root=tmp_path)
    assert [(item.code, str(item.span)) for item in loaded.diagnostics] == [("KS001", "closed:1:1")]
    assert loaded.desired.failed


ALONE = [
    ("empty.yaml", b"", "KS014"),
    ("comment.yaml", b"# nothing\n", "KS014"),
    ("empty.toml", b"", "KS014"),
    ("binary.yaml", b"a\x00", "KS002"),
    ("latin.yaml", b"a: \xfc\n", "KS003"),
    ("other.yaml", b"global:\n  scrape: 1\nrules: []\n", "KS014"),
    ("other.toml", b"[tool.ruff]\nx = 1\n", "KS020"),
    ("deep.yaml", b"stacks: " + b"[" * 100 + b"]" * 100, "KS006"),
]


@pytest.mark.parametrize(("name", "data", "code"), ALONE, ids=[case[0] for case in ALONE])
def test_a_file_of_a_folder_that_is_no_manifest(tmp_path: Path, name: str, data: bytes, code: str) -> None:
    (tmp_path / name).write_bytes(data)
    loaded = load([tmp_path], settings=None, root=tmp_path)
    assert [item.code for item in loaded.diagnostics] == [code]
    assert loaded.diagnostics[0].help


def test_every_code_is_used_once_and_says_its_cause() -> None:
    assert len({code.value for code in Code}) == len(Code)
    assert all(code.cause.endswith(".") and len(code.cause) > 20 for code in Code)
