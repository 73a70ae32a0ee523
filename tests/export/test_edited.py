"""Exporting again over files that people have edited: comments, order and quotes stay, and nothing changes but what
differs."""

from __future__ import annotations

import difflib
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from round_trip import Bench, applied, everything, loaded, put

from komodo_sync.cli.export_folder import Folder
from komodo_sync.export import Exported, export

if TYPE_CHECKING:
    from komodo_sync.export import Split
    from komodo_sync.session import Session

GOLDEN = Path(__file__).parent / "golden"
COMPOSE = "services:\n  web:\n    image: nginx:1.27\n"
SECRET = {"MY_OWN_NAME": "hunter2"}


def again(session: Session, folder: Path, split: Split = "kind") -> Exported:
    """What export would write over the folder."""
    observed, there = everything(session), Folder(folder)
    existing = there.existing(there.load(), observed)
    made = export(observed, observed.resources, split=split, existing=existing)
    there.check(made.files, existing)
    return made


@pytest.fixture
def edited() -> Any:
    """A folder that somebody wrote, and a Core that holds the same."""
    with Bench() as bench:
        folder, core = bench.folder(), bench.core()
        put(folder, {"site.yaml": (GOLDEN / "before.yaml").read_text(), "web/compose.yaml": COMPOSE})
        for kind in ("public",):
            core.writer.write("CreateTag", {"name": kind})
        applied(core, folder, SECRET)
        yield folder, core


def test_what_is_the_same_is_not_touched(edited: tuple[Path, Session]) -> None:
    folder, core = edited
    made = again(core, folder)
    assert list(made.files) == ["tags.yaml"], "the one thing that was declared nowhere"
    put(folder, made.files)
    assert again(core, folder).files == {}


def test_only_what_differs_changes(edited: tuple[Path, Session]) -> None:
    folder, core = edited
    put(folder, again(core, folder).files)
    write = core.writer.write
    write("UpdateServer", {"id": "prod", "config": {"enabled": False, "region": "home: 1"}})
    stages = [
        {"name": "Build", "executions": [
            {"execution": {"type": "DeployStack", "params": {"stack": "db"}}},
            {"execution": {"type": "Sleep", "params": {"duration_ms": 5}}, "enabled": False},
        ]},
        {"name": "Clean", "executions": []},
        {"name": "Last", "executions": [{"execution": {"type": "PullStack", "params": {"stack": "web"}}}]},
    ]  # fmt: skip
    write("UpdateProcedure", {"id": "nightly", "config": {"stages": stages, "schedule": "Every day at 02:00"}})
    environment = "LOG_LEVEL=debug\nPORT=8080\nNEW=1\nDB_PASSWORD=hunter2\n"
    config = {
        "auto_pull": True, "branch": "1.20", "environment": environment, "extra_args": ["--build", "--wait"],
        "pre_deploy": {"command": "echo one\necho three\n", "path": "/srv"}, "links": ["https://x"],
        "file_contents": "services:\n  web:\n    image: nginx:1.28\n", "git_account": "me",
    }  # fmt: skip
    write("UpdateStack", {"id": "web", "config": config})
    write("UpdateStack", {"id": "small", "config": {"links": ["a", "b c"], "branch": "dev", "server_id": ""}})
    write("UpdateStack", {"id": "db", "config": {"file_contents": COMPOSE, "run_directory": "/srv"}})
    target = {"type": "Stack", "id": "web"}
    write("UpdateResourceMeta", {"target": target, "description": "The site\nand more", "tags": []})
    write("CreateStack", {"name": "new", "config": {"server_id": "prod"}})
    write("CreateRepo", {"name": "checkout"})
    made = again(core, folder)
    before = (GOLDEN / "before.yaml").read_text().splitlines(keepends=True)
    after = made.files["site.yaml"].splitlines(keepends=True)
    difference = "".join(difflib.unified_diff(before, after, "before", "after", n=0))
    golden(GOLDEN / "edited.diff", difference)
    assert sorted(made.files) == [
        "repos.yaml",
        "site.yaml",
        "stacks.yaml",
        "stacks/db/compose.yaml",
        "web/compose.yaml",
    ]
    assert made.wanted == ()
    put(folder, made.files)
    assert again(core, folder).files == {}
    assert not Folder(folder).differing(loaded(folder), everything(core))
    assert not Folder(folder).differing(loaded(folder, SECRET), everything(core))


def golden(path: Path, text: str) -> None:
    """`text` is what the file holds. To write it anew, delete the file and run the test twice."""
    if not path.exists():
        path.write_text(text, encoding="utf-8")
        pytest.fail(f"{path.name} was not there; it is now, look at it")
    assert text == path.read_text(encoding="utf-8")


def test_a_secret_in_a_comment_hides_no_change_of_a_line() -> None:
    text = "# was: DB_PASSWORD=hunter2\nA=1 # token=hunter22\nTOKEN=hunter2\n"
    with Bench() as bench:
        core, folder = bench.core(), bench.folder()
        core.writer.write("CreateStack", {"name": "web", "config": {"environment": text}})
        put(folder, again(core, folder).files)
        assert again(core, folder).files == {}
        core.writer.write("UpdateStack", {"id": "web", "config": {"environment": text.replace("A=1", "A=2")}})
        before = (folder / "stacks.yaml").read_text()
        assert again(core, folder).files == {"stacks.yaml": before.replace("A=1", "A=2")}
    assert "hunter" not in before
