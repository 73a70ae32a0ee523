"""A crash between any two calls leaves a state from which the next apply converges."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from asking import Asker
from cuts import Cut, Killed, cut
from shell import Host, Shell, fresh_core, write
from worlds import FILES, mark, names, populate

from komodo_sync.execution.process import Process

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["cut"]
JOB = """\
stacks:
  - name: job
    description: With a deploy
    deploy: true
    config: {server: prod, file_contents: "services: {job: {image: busybox}}", environment: {A: 1}}
"""


@pytest.mark.parametrize("parallelism", ["1", "8"])
@pytest.mark.parametrize("owner", [True, False])
def test_a_crash_after_any_number_of_writes(
    shell: Shell, host: Host, work: Path, monkeypatch: pytest.MonkeyPatch, cut: Cut, parallelism: str, owner: bool
) -> None:
    files = dict(FILES)
    if not owner:
        files["komodo-sync.yaml"] = "prune: false\n"
    write(work, files)
    # with an owner the lock is taken first and given back last
    total = 12 if owner else 7
    for done in range(total):
        with fresh_core(host, monkeypatch) as core:
            ask = Asker(core)
            populate(ask)
            mark(ask, "Repo", "found", tags=["by-hand"], description="")
            cut.reset(done)
            with pytest.raises(Killed):
                shell("apply", "--yes", "--parallelism", parallelism)
            assert cut.seen == done
            cut.reset(None)
            # it was another process, which is no more
            monkeypatch.setattr(Process, "is_gone", lambda _: True)
            said = shell.good("apply", "--yes")
            held = owner and done > 0
            everything = owner and done == total - 1
            assert ("Nothing to do" if everything else "nothing is left to do") in said.out, done
            assert ("took over the lock of owner me: process " in said.err) == (held and not everything), done
            assert shell("plan", "--detailed-exitcode").code == 0
            assert names(ask, "Stacks") == (["theirs", "web"] if owner else ["gone", "theirs", "web"])
            assert names(ask, "Repos") == ["found", "same", "site"]
    with fresh_core(host, monkeypatch) as core:
        populate(Asker(core))
        mark(Asker(core), "Repo", "found", tags=["by-hand"], description="")
        cut.reset(None)
        shell.good("apply", "--yes")
        assert cut.seen == total


def test_a_crash_while_an_approved_plan_is_done_is_finished_by_that_plan(
    shell: Shell, host: Host, work: Path, monkeypatch: pytest.MonkeyPatch, cut: Cut
) -> None:
    """A create that was cut off, a rename without its update, a deploy that never began: the approval covers what is
    left of it, and nothing else has to be approved."""
    write(work, {**FILES, "job.yaml": JOB})
    monkeypatch.setattr(Process, "is_gone", lambda _: True)
    done, total = 0, None
    while total is None or done < total:
        with fresh_core(host, monkeypatch) as core:
            ask = Asker(core)
            populate(ask)
            mark(ask, "Repo", "found", tags=[], description="")
            cut.reset(None)
            if total is None:
                shell.good("plan", "--out", "plan.json")
                shell.good("apply", "--plan", "plan.json")
                total = cut.seen
                continue
            cut.reset(done)
            with pytest.raises(Killed):
                shell("apply", "--plan", "plan.json", "--parallelism", "1")
            cut.reset(None)
            said = shell.good("apply", "--plan", "plan.json")
            assert "nothing is left to do" in said.out or "Nothing to do" in said.out, done
            assert shell("plan", "--detailed-exitcode").code == 0, done
            done += 1
