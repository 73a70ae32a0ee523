"""`komodo-sync convert`, as somebody uses it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from shell import write

if TYPE_CHECKING:
    from pathlib import Path

    from shell import Shell

TOML = r'''# Our whole world.

## web things
[[stack]] # the site
name = "web"   # its name
tags = [
  # first
  "a", # is a
  "b",
]
deploy = true
after = ["db"]
[stack.config]
server_id = "prod" # where
# run_directory = "x"

file_contents = """
services:
  web:
    image: "a\b"
""" # compose
environment = """
A=1
B = 2
"""
additional_env_files = [
  # the one
  "x.env",
  { path = "y.env", track = false }, # y
]
extra_args = "--quiet-pull, --wait"

##

[[stack]]
name = "db"
config.server = "prod"
config.environment = "A=1\nB=2"
# below db

[[alerters]]
name = "ops"
config.resources = [
  { type = "Stack", id = "web" }, # web
]
[alerters.config.endpoint]
type = "Slack"
params = { url = "http://x" }

# the end
'''
YAML = r"""# Our whole world.

stacks:
  ## web things
  # the site
  - name: web  # its name
    tags:
      # first
      - a  # is a
      - b
    deploy: true
    after: [stack/db]
    config:
      server: prod  # where
      # run_directory = "x"
      file_contents: !file stacks/web/compose.yaml  # compose
      environment: |
        A=1
        B = 2
      additional_env_files:
        # the one
        - x.env
        - path: y.env
          track: false  # y
      extra_args: [--quiet-pull, --wait]

  - name: db
    config:
      server: prod
      environment:
        A: 1
        B: 2
      # below db

alerters:
  - name: ops
    config:
      resources:
        - stack/web  # web
      endpoint:
        type: Slack
        params:
          url: http://x

# the end
"""
COMPOSE = 'services:\n  web:\n    image: "a\\b"\n'


def test_a_file_becomes_a_manifest_and_files_beside(shell: Shell, work: Path) -> None:
    write(work, {"sync/all.toml": TOML})
    said = shell.good("convert", "sync", "--out", "out")
    assert said.out.splitlines() == ["out/all.yaml", "out/stacks/web/compose.yaml"]
    assert (work / "out/all.yaml").read_text() == YAML
    assert (work / "out/stacks/web/compose.yaml").read_text() == COMPOSE
    assert said.err == "3 resources of 1 TOML file, 2 files written\n"
    assert (work / "sync/all.toml").read_text() == TOML
    assert shell.good("validate", "out", "-q").out == ""


def test_one_file_is_printed(shell: Shell, work: Path) -> None:
    write(work, {"all.toml": TOML})
    said = shell.good("convert", "all.toml")
    indented = "".join(f"        {line}\n" for line in COMPOSE.splitlines())
    inline = f"file_contents: |  # compose\n{indented}"
    assert said.out == YAML.replace("file_contents: !file stacks/web/compose.yaml  # compose\n", inline)
    assert said.err == ""


def test_several_files_need_a_place(shell: Shell, work: Path) -> None:
    write(work, {"a.toml": '[[repo]]\nname = "a"\n', "b.toml": '[[repo]]\nname = "b"\n'})
    said = shell("convert", "a.toml", "b.toml")
    assert said.code == 64
    assert "--out DIR" in said.err
    assert said.out == ""


def test_nothing_is_overwritten(shell: Shell, work: Path) -> None:
    write(work, {"a.toml": '[[repo]]\nname = "a"\n', "out/a.yaml": "repos: []  # mine\n"})
    said = shell("convert", "a.toml", "--out", "out")
    assert said.code == 1
    assert "out/a.yaml is in the way" in said.err
    assert "--force" in said.err
    assert (work / "out/a.yaml").read_text() == "repos: []  # mine\n"
    shell.good("convert", "a.toml", "--out", "out", "--force")
    assert (work / "out/a.yaml").read_text() == "repos:\n  - name: a\n"
    assert shell.good("convert", "a.toml", "--out", "out").out == "", "it is there already"


def test_folders_keep_their_shape(shell: Shell, work: Path) -> None:
    write(work, {f"sync/{path}.toml": f'[[repo]]\nname = "{path[0]}"\n' for path in ("a/x", "b/x", "komodo-sync")})
    said = shell.good("convert", "sync", "--out", "out")
    assert said.out.splitlines() == ["out/a/x.yaml", "out/b/x.yaml", "out/komodo-sync_.yaml"]
    assert shell.good("convert", "sync/a/x.toml", "sync/b/x.toml", "--out", "two").out.splitlines() == [
        "two/a/x.yaml",
        "two/b/x.yaml",
    ]
    said = shell("convert", "sync/a", "sync/b", "--out", "three")
    assert said.code == 64
    assert "would both become x.yaml" in said.err


def test_wrong_toml_is_told_at_its_line_and_nothing_is_written(shell: Shell, work: Path) -> None:
    write(work, {"a.toml": '[[repo]]\nname = "a"\nconfig.branhc = "x"\n'})
    said = shell("convert", "a.toml", "--out", "out")
    assert said.code == 1
    assert "a.toml:3:8: error[KS021]: unknown key `branhc`" in said.err
    assert not (work / "out").exists()


def test_what_is_no_toml_is_refused(shell: Shell, work: Path) -> None:
    write(work, {"a.yaml": "repos: []\n", "empty/b.yaml": "repos: []\n"})
    assert shell("convert", "a.yaml").code == 64
    assert shell("convert", "empty").code == 64
    assert shell("convert").code == 64
    assert shell("convert", "nowhere.toml").code == 1


def test_secrets_stay_what_they_are_and_are_told(shell: Shell, work: Path) -> None:
    text = '[[build]]\nname = "a"\nconfig.webhook_secret = "hook-1"\nconfig.secret_args = "KEY=args-2"\n'
    write(work, {"a.toml": text + '[[variable]]\nname = "V"\nis_secret = true\nvalue = "${env:V_VALUE}"\n'})
    said = shell.good("convert", "a.toml", "--out", "out")
    assert (work / "out/a.yaml").read_text() == (
        "builds:\n  - name: a\n    config:\n      webhook_secret: hook-1\n      secret_args:\n        KEY: args-2\n"
        "\nvariables:\n  - name: V\n    is_secret: true\n    value: ${env:V_VALUE}\n"
    )
    assert "hook-1" not in said.all
    assert "args-2" not in said.all
    assert "out/a.yaml:4 may hold a secret in clear (webhook_secret)" in said.err


def test_an_environment_with_comments_or_placeholders_stays_a_text(shell: Shell, work: Path) -> None:
    write(work, {"a.toml": '[[stack]]\nname = "a"\nconfig.environment = """\n# why\nA=1\nB=${env:B}\n"""\n'})
    assert shell.good("convert", "a.toml").out == (
        "stacks:\n  - name: a\n    config:\n      environment: |\n        # why\n        A=1\n        B=${env:B}\n"
    )


def test_beside_the_toml_it_says_what_to_do_next(shell: Shell, work: Path) -> None:
    write(work, {"sync/a.toml": '[[repo]]\nname = "a"\n'})
    assert "remove the TOML files from sync" in shell.good("convert", "sync", "--out", "sync").err
    assert shell("validate", "sync").code == 1
    (work / "sync/a.toml").unlink()
    shell.good("validate", "sync")
