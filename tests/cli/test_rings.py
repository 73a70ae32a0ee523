"""Procedures that run each other, and alerters about them: planned, applied, cut off anywhere, exported."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from asking import Asker
from shell import Host, Shell, fresh_core, write
from test_crashes import Cut, Killed, cut

from komodo_sync.execution.process import Process

if TYPE_CHECKING:
    from pathlib import Path

    from komodo_sync.simulator import EmbeddedCore

__all__ = ["cut"]

MANIFEST = """\
procedures:
- name: a
  tags: [nightly]
  config: {stages: [{name: s, executions: [{execution: {type: RunProcedure, params: {procedure: b}}}]}]}
- name: b
  config:
    stages:
    - name: s
      executions:
      - execution: {type: RunProcedure, params: {procedure: c}}
      - execution: {type: SendAlert, params: {message: hi, alerters: [all]}}
- name: c
  config: {stages: [{name: s, executions: [{execution: {type: RunProcedure, params: {procedure: a}}}]}]}
alerters:
- name: all
  config: {resources: [procedure/a, procedure/b], except_resources: [alerter/all]}
"""


def test_a_ring_is_made_and_exported(ask: Asker, core: EmbeddedCore, shell: Shell, work: Path) -> None:
    write(work, {"m.yaml": MANIFEST})
    said = shell.good("validate", "--strict", "m.yaml")
    assert "0 errors" in said.out
    plan = shell.good("plan", "m.yaml").out
    assert "which must be there first" in plan
    assert "nothing is left to do" in shell.good("apply", "--yes", "m.yaml").out
    ids = {item["name"]: item["_id"]["$oid"] for item in ask.read("ListFullProcedures", query={}, page=0, limit=0)}
    [stage] = ask.config("Procedure", "procedure", "c")["stages"]
    assert stage["executions"][0]["execution"]["params"] == {"procedure": ids["a"]}
    shell.good("export", "--out", "out")
    assert "No changes" in shell.good("plan", "out").out
    write(work, {"gone.yaml": "absent: [procedure/a, procedure/b, procedure/c, alerter/all]\n"})
    assert "nothing is left to do" in shell.good("apply", "--yes", "gone.yaml").out
    shell.good("apply", "--yes", "out")
    assert "No changes" in shell.good("plan", "m.yaml").out


@pytest.mark.parametrize("owner", ["owner: me\n", "prune: false\n"])
def test_a_crash_after_any_number_of_writes(
    shell: Shell, host: Host, work: Path, monkeypatch: pytest.MonkeyPatch, cut: Cut, owner: str
) -> None:
    write(work, {"m.yaml": MANIFEST, "komodo-sync.yaml": owner})
    with fresh_core(host, monkeypatch):
        cut.reset(None)
        shell.good("apply", "--yes")
        total = cut.seen
    assert total > 7
    # who holds the lock was another process, which is no more
    monkeypatch.setattr(Process, "is_gone", lambda _: True)
    for done in range(total):
        with fresh_core(host, monkeypatch) as core:
            cut.reset(done)
            with pytest.raises(Killed):
                shell("apply", "--yes")
            cut.reset(None)
            assert "othing " in shell.good("apply", "--yes").out, done
            assert shell("plan", "--detailed-exitcode").code == 0
            assert len(Asker(core).read("ListFullProcedures", query={}, page=0, limit=0)) == 3
