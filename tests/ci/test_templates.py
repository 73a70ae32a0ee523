"""The files for other systems: as their public schemas have it, and what they run, run."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from ruamel.yaml import YAML
from runner import TOP, read_yaml

if TYPE_CHECKING:
    from collections.abc import Mapping

BIN = Path(sys.executable).parent
SCHEMAS = {
    "action.yml": "github-actions",
    "ci/gitlab-ci.yml": "gitlab-ci",
    "ci/gitea.yaml": "github-workflows",
    "ci/woodpecker.yaml": "woodpecker-ci",
    "ci/compose.yaml": "compose-spec",
}


def checked(path: Path, schema: str) -> None:
    """check-jsonschema brings the public schemas along: nothing is fetched."""
    command = [BIN / "check-jsonschema", "--builtin-schema", f"vendor.{schema}", path]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("name", SCHEMAS)
def test_the_public_schema_takes_it(name: str) -> None:
    checked(TOP / name, SCHEMAS[name])


def documented() -> list[tuple[str, str]]:
    """The YAML of docs/ci.md with the heading that it stands under."""
    text = (TOP / "docs/ci.md").read_text()
    found = []
    for match in re.finditer(r"^```yaml\n(.*?)^```$", text, re.MULTILINE | re.DOTALL):
        heading = re.findall(r"^#+ (.*)$", text[: match.start()], re.MULTILINE)[-1]
        found.append((heading, match[1]))
    return found


DOCUMENTED = {
    "GitHub Actions": "github-workflows",
    "With an approval": "github-workflows",
    "GitLab": "gitlab-ci",
    "pre-commit": "",
}


def test_every_documented_file_is_checked() -> None:
    assert [heading for heading, _ in documented()] == list(DOCUMENTED)


@pytest.mark.parametrize(("heading", "text"), documented())
def test_what_is_documented_is_right(heading: str, text: str, tmp_path: Path) -> None:
    path = tmp_path / "file.yaml"
    path.write_text(text)
    if DOCUMENTED[heading]:
        checked(path, DOCUMENTED[heading])
    else:
        command = [BIN / "pre-commit", "validate-config", path]
        subprocess.run(command, check=True, capture_output=True, timeout=120)
    inputs = read_yaml(TOP / "action.yml")["inputs"]
    for job in (read_yaml(path).get("jobs") or {}).values():
        for step in job["steps"]:
            if step.get("uses", "").startswith("OWNER/komodo-sync@"):
                assert set(step["with"]) <= set(inputs)
        if job.get("timeout-minutes"):
            assert "pull_request_target" not in text


def test_links_of_the_page_lead_somewhere() -> None:
    page = TOP / "docs/ci.md"
    for link in re.findall(r"\]\(([^)]*)\)", page.read_text()):
        file, _, anchor = link.partition("#")
        there = page.parent / file if file else page
        assert there.exists(), link
        said = re.findall(r"^#+ (.*)$", there.read_text(), re.MULTILINE) if anchor else []
        headings = {re.sub(r"[^\w -]", "", found.lower()).replace(" ", "-") for found in said}
        assert not anchor or anchor in headings, link


def test_nothing_is_installed_by_a_bare_name() -> None:
    """Whoever takes a name at the package index would run with an admin's key."""
    for name in ("ci/gitlab-ci.yml", "ci/gitea.yaml", "docs/ci.md"):
        found = re.findall(r"KOMODO_SYNC_PACKAGE: (.*)", (TOP / name).read_text())
        assert found, name
        for words in found:
            assert re.fullmatch(r"git\+https://[\w.]+/OWNER/komodo-sync@v\d+\.\d+\.\d+", words), name
    text = (TOP / "ci/woodpecker.yaml").read_text()
    [place] = re.findall(r"--branch v\d+\.\d+\.\d+ https://[\w.]+/OWNER/komodo-sync (\S+)$", text, re.MULTILINE)
    assert re.findall(r"pip install .* (\S+)$", text, re.MULTILINE) == [place]


PIP = """#!/bin/sh
[ "$1" = install ] || { mkdir -p "$3/bin" && cp "$0" "$3/bin/pip"; exit; }
while [ "$1" != --constraint ]; do shift; done
cat "$2" "$3/pyproject.toml"
"""
"""Stands for python and for pip: tells of what is to be installed, and with what."""


@pytest.mark.parametrize("name", ["gitlab-ci.yml", "gitea.yaml", "woodpecker.yaml"])
def test_what_is_installed_is_a_tag_with_its_libraries(work: Path, tmp_path: Path, name: str) -> None:
    theirs = tmp_path / "OWNER@x"
    (theirs / "ci").mkdir(parents=True)
    git(theirs, "init", "-q")
    for version in ("1", "2"):
        (theirs / "ci/constraints.txt").write_text(f"a=={version}\n")
        (theirs / "pyproject.toml").write_text(f"the {version}\n")
        git(theirs, "add", ".")
        git(theirs, "commit", "-qm", version)
        git(theirs, "tag", f"v0.{version}.0")
    file: Any = read_yaml(TOP / "ci" / name)
    if name.startswith("gitlab"):
        script = "\n".join(file[".komodo-sync"]["before_script"])
    elif name.startswith("gitea"):
        [script] = [step["run"] for step in file["jobs"]["komodo"]["steps"] if "pip" in step.get("run", "")]
    else:
        script = "\n".join(file["steps"][0]["commands"][:-1]).replace("/tmp/komodo-sync", str(tmp_path / "source"))
        script = script.replace("https://github.com/OWNER/komodo-sync", theirs.as_uri())
    stand_ins = tmp_path / "bin"
    stand_ins.mkdir()
    for each in ("python", "pip"):
        (stand_ins / each).write_text(PIP)
        (stand_ins / each).chmod(0o755)
    done = sh(
        work, script, shell="sh", PATH=f"{stand_ins}:{os.environ['PATH']}", CI_PROJECT_DIR=str(work),
        RUNNER_TEMP=str(tmp_path), GITHUB_PATH=str(tmp_path / "path"),
        KOMODO_SYNC_PACKAGE=f"git+{theirs.as_uri()}@v0.1.0",
    )  # fmt: skip
    assert done.stdout == "a==1\nthe 1\n", done.stderr


# what they run


@pytest.fixture
def work(tmp_path: Path) -> Path:
    folder = tmp_path / "work"
    folder.mkdir()
    (folder / "komodo-sync.yaml").write_text("owner: me\n")
    (folder / "m.yaml").write_text("stacks: [{name: web}]\n")
    return folder


def sh(folder: Path, script: str, shell: str = "bash", **more: str) -> subprocess.CompletedProcess[str]:
    environment = {key: value for key, value in os.environ.items() if not key.startswith(("KOMODO_", "GITHUB_", "CI"))}
    environment |= {"PATH": f"{BIN}:{os.environ['PATH']}", "KOMODO_CLI_HOST": f"sim:{folder.parent / 'core.db'}"}
    command = [shell, "-e", "-c", script]
    return subprocess.run(
        command, cwd=folder, env={**environment, **more}, capture_output=True, text=True, timeout=300, check=False
    )


def git(folder: Path, *words: str) -> str:
    command = ["git", "-c", "user.name=t", "-c", "user.email=t@example.com", *words]
    return subprocess.run(command, cwd=folder, check=True, capture_output=True, text=True).stdout.strip()


def test_the_jobs_for_gitlab(work: Path) -> None:
    jobs = read_yaml(TOP / "ci/gitlab-ci.yml")
    git(work, "init", "-q")
    git(work, "add", ".")
    git(work, "commit", "-qm", "x")

    def job(name: str) -> subprocess.CompletedProcess[str]:
        assert jobs[name]["extends"] == ".komodo-sync"
        return sh(work, "\n".join(jobs[name]["script"]), KOMODO_SYNC_ARGS="--no-deploy")

    for name in ("komodo-validate", "komodo-plan", "komodo-apply", "komodo-drift"):
        done = job(name)
        assert done.returncode == 0, done.stdout + done.stderr
    for name in ("komodo-plan", "komodo-apply", "komodo-drift"):
        artifacts = jobs[name]["artifacts"]
        for path in (*artifacts["paths"], artifacts["reports"]["junit"]):
            assert (work / path).exists(), path
    # what the jobs leave in the folder is no change of it
    (work / "m.yaml").write_text("stacks: [{name: web, description: new}]\n")
    done = job("komodo-drift")
    assert done.returncode == 2
    assert "changed in git" in done.stdout, done.stdout
    # an apply does what was planned, and nothing else
    assert job("komodo-apply").returncode == 4


def test_gitlab_validates_with_what_it_plans_with(work: Path) -> None:
    job = read_yaml(TOP / "ci/gitlab-ci.yml")["komodo-validate"]
    (work / "m.yaml").write_text("stacks: [{name: '${var:NAME}'}]\n")
    assert sh(work, "\n".join(job["script"]), KOMODO_SYNC_ARGS="").returncode == 1
    done = sh(work, "\n".join(job["script"]), KOMODO_SYNC_ARGS="--var NAME=web --no-deploy --allow-deletes 3")
    assert done.returncode == 0, done.stdout + done.stderr


def test_a_fork_of_gitlab_is_validated_alone() -> None:
    jobs = read_yaml(TOP / "ci/gitlab-ci.yml")
    assert jobs["komodo-plan"]["rules"][0] == {"if": "$KOMODO_CLI_KEY == null", "when": "never"}
    assert "merge_request" not in str(jobs["komodo-apply"]["rules"])
    assert jobs["komodo-apply"]["resource_group"]
    assert jobs["komodo-apply"]["environment"]
    assert jobs["komodo-apply"]["needs"] == [{"job": "komodo-plan", "optional": True}]


def test_the_steps_for_gitea(work: Path, tmp_path: Path) -> None:
    steps = {step.get("name"): step for step in read_yaml(TOP / "ci/gitea.yaml")["jobs"]["komodo"]["steps"]}
    assert "secrets" not in str([step.get("run") for step in steps.values()])
    for name in ("Validate", "Plan", "Apply", "Drift"):
        done = sh(work, steps[name]["run"], RUNNER_TEMP=str(tmp_path))
        assert done.returncode == 0, done.stdout + done.stderr
    # what was done, or failed, stands on the run's page as what was planned does
    for name, heading in (("Plan", "## Komodo plan"), ("Apply", "## ✅ Komodo apply"), ("Drift", "## Komodo drift")):
        sh(work, steps[name]["run"], RUNNER_TEMP=str(tmp_path), GITHUB_STEP_SUMMARY=str(tmp_path / name))
        assert heading in (tmp_path / name).read_text()
    assert "env.KOMODO_CLI_KEY != ''" in steps["Plan"]["if"]
    assert steps["Apply"]["if"] == "github.event_name == 'push'"


def test_the_steps_for_woodpecker(work: Path) -> None:
    steps = read_yaml(TOP / "ci/woodpecker.yaml")["steps"]
    assert [step["name"] for step in steps] == ["validate", "plan", "apply", "drift"]
    for step in steps:
        script = "\n".join(line for line in step["commands"] if not line.startswith(("pip ", "git clone ")))
        done = sh(work, script, shell="sh")
        assert done.returncode == 0, done.stdout + done.stderr
    assert steps[2]["when"] == [{"event": "push"}]


def test_the_hook(work: Path, tmp_path: Path) -> None:
    """With the language `system`, so that nothing is installed: what is run is the entry as it stands."""
    hooks, home = tmp_path / "hooks", {"PRE_COMMIT_HOME": str(tmp_path / "home"), "HOME": str(tmp_path)}
    hooks.mkdir()
    (hooks / ".pre-commit-hooks.yaml").write_bytes((TOP / ".pre-commit-hooks.yaml").read_bytes())
    subprocess.run([BIN / "pre-commit", "validate-manifest", hooks / ".pre-commit-hooks.yaml"], check=True)
    for folder in (hooks, work):
        git(folder, "init", "-q")
        git(folder, "add", ".")
        git(folder, "commit", "-qm", "x")
    rev = git(hooks, "rev-parse", "HEAD")
    hook = {"id": "komodo-sync-validate", "language": "system"}
    config = {"repos": [{"repo": hooks.as_uri(), "rev": rev, "hooks": [hook]}]}
    with (work / ".pre-commit-config.yaml").open("w") as file:
        YAML(typ="safe").dump(config, file)
    git(work, "add", ".")
    unreachable: Mapping[str, str] = {"KOMODO_CLI_HOST": "http://127.0.0.1:1", **home}
    good = sh(work, "pre-commit run", **unreachable)
    assert good.returncode == 0, good.stdout + good.stderr
    assert "Passed" in good.stdout
    (work / "m.yaml").write_text("stacks: [{nam: web}]\n")
    git(work, "add", ".")
    bad = sh(work, "pre-commit run", **unreachable)
    assert bad.returncode == 1
    assert "m.yaml:1:11: error[KS" in bad.stdout
    # what is deleted is no file that a hook is given, and others may need it
    (work / "m.yaml").write_text("servers: [{name: one}]\n")
    (work / "web.yaml").write_text("stacks: [{name: web, config: {server: one}}]\n")
    (work / "komodo-sync.yaml").write_text("owner: me\nmanifests: [web.yaml, m.yaml]\n")
    git(work, "add", ".")
    git(work, "commit", "-qm", "y")
    git(work, "rm", "-q", "m.yaml")
    gone = sh(work, "pre-commit run", **unreachable)
    assert gone.returncode == 1, gone.stdout + gone.stderr
    assert "m.yaml" in gone.stdout


def test_the_hook_installs_this_package() -> None:
    [hook] = read_yaml(TOP / ".pre-commit-hooks.yaml")
    assert (hook["language"], hook["entry"]) == ("python", "komodo-sync validate")
    project = (TOP / "pyproject.toml").read_text()
    assert 'komodo-sync = "komodo_sync.cli:main"' in project


# containers


def instructions(text: str) -> list[tuple[str, str]]:
    joined = re.sub(r"\\\n\s*", "", "\n".join(line for line in text.splitlines() if not line.startswith("#")))
    return [tuple(line.split(" ", 1)) for line in joined.splitlines() if line.strip()]  # type: ignore[misc]


def test_the_image_is_small_pinned_and_nobodys() -> None:
    found = instructions((TOP / "Dockerfile").read_text())
    words = [word for word, _ in found]
    assert set(words) <= {"ARG", "FROM", "WORKDIR", "RUN", "COPY", "ENV", "USER", "ENTRYPOINT", "CMD"}
    given = dict(found)
    assert re.fullmatch(r"PYTHON=python:3\.\d+\.\d+-slim-\w+@sha256:[0-9a-f]{64}", given["ARG"])
    assert words.count("FROM") == 2, "what builds it is not in it"
    assert given["USER"] == "10001:10001"
    assert words.index("USER") < words.index("ENTRYPOINT")
    assert "USER" not in words[: len(words) - 1 - words[::-1].index("FROM")]
    assert json.loads(given["ENTRYPOINT"]) == ["komodo-sync"]
    assert not any(word == "ARG" and re.search("(?i)secret|token|password", text) for word, text in found)
    for _, text in (item for item in found if item[0] == "RUN"):
        assert "rm -rf /var/lib/apt/lists/*" in text or "apt-get" not in text
        assert "--no-cache-dir" in text or "pip install" not in text
        done = subprocess.run(["sh", "-n", "-c", text], capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr


def test_the_image_has_all_that_it_copies() -> None:
    allowed = {line[1:] for line in (TOP / ".dockerignore").read_text().splitlines() if line.startswith("!")}
    for word, text in instructions((TOP / "Dockerfile").read_text()):
        if word == "COPY" and not text.startswith("--from"):
            for source in text.split()[:-1]:
                assert source.removeprefix("./") in allowed
                assert (TOP / source).exists()


def test_what_the_image_and_the_action_install_is_pinned_whole() -> None:
    lines = [line for line in (TOP / "ci/constraints.txt").read_text().splitlines() if line[0] != "#"]
    pins = {canonicalize_name(name): version for name, version in (line.split("==") for line in lines)}
    wanted, seen = ["komodo-sync"], set()
    while wanted:
        for text in metadata.requires(wanted.pop()) or ():
            need = Requirement(text)
            name = canonicalize_name(need.name)
            if name in seen or (need.marker and not need.marker.evaluate({"extra": "", "sys_platform": "linux"})):
                continue
            seen.add(name)
            wanted.append(name)
            assert need.specifier.contains(pins[name]), name
    assert pins.keys() >= seen
    for file in ("Dockerfile", "action.yml", "ci/gitlab-ci.yml", "ci/gitea.yaml", "ci/woodpecker.yaml"):
        text = re.sub(r"\\\n\s*|>-\n\s*|\n\s*(?=--constraint)", " ", (TOP / file).read_text())
        installing = [line for line in text.splitlines() if re.search(r"pip\"? install --", line)]
        assert installing
        assert all("--constraint" in line for line in installing)


def test_the_core_to_try_is_for_this_machine_alone() -> None:
    file: Any = read_yaml(TOP / "ci/compose.yaml")
    for service in file["services"].values():
        assert re.fullmatch(r"[\w./-]+:\d+(\.\d+)+", service["image"]), "pinned to a release"
        for port in service.get("ports", ()):
            assert port.startswith("127.0.0.1:")
