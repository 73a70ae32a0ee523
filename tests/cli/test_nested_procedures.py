"""A procedure that runs another one: what the inner one stops is told before an apply stops it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from deploying import apply, stack, state
from shell import Shell, write

if TYPE_CHECKING:
    from pathlib import Path

    from asking import Asker

pytestmark = pytest.mark.usefixtures("core")

PROCEDURES = """\
procedures:
  - name: outer
    run_on_change: %s
    config:
      schedule: every day at 03:00
      stages: [{name: all, executions: [{execution: {type: RunProcedure, params: {procedure: inner}}}]}]
      failure_alert: %s
  - name: inner
    config: {stages: [{name: web, executions: [{execution: {type: %s, params: {stack: web}}}]}]}
"""


def declare(work: Path, operation: str, *, runs: bool, alert: bool = True) -> None:
    texts = (str(each).lower() for each in (runs, alert))
    write(work, {"m.yaml": stack(deploy="true") + PROCEDURES % (*texts, operation)})


def planned(shell: Shell) -> str:
    return " ".join(shell.good("plan", ".").out.split())


def test_a_run_tells_what_the_inner_one_stops(shell: Shell, work: Path, ask: Asker) -> None:
    declare(work, "DeployStack", runs=True)
    assert "Stops: nothing" in planned(shell)
    apply(shell)
    assert state(ask) == "running"
    declare(work, "DestroyStack", runs=True, alert=False)
    told = planned(shell)
    assert "Stops: 2 resources $ run procedure/outer: stops: DestroyStack web (in procedure/inner)" in told
    apply(shell)
    assert state(ask) == "down"


def test_a_change_of_the_inner_one_tells_what_the_schedule_of_the_outer_one_stops(shell: Shell, work: Path) -> None:
    declare(work, "DeployStack", runs=False)
    apply(shell)
    declare(work, "DestroyStack", runs=False)
    assert (
        "Stops: 1 resource ~ update procedure/inner: stops: DestroyStack web by the schedule of "
        "procedure/outer; not by this apply but at its time: every day at 03:00"
    ) in planned(shell)
