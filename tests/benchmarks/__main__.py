"""`make bench`: what a plan costs, side by side with bare httpx in one run, as ratios; and how it grows.

    python tests/benchmarks [--runs 5] [--sizes 10,100,1000,10000]

A size of N means N stacks, N builds and N repos. Nothing here is asserted: read the figures.
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE))

from world import fill_core, request, write_manifests  # noqa: E402

KEY, SECRET = "K_bench", "S_bench"
BIN = Path(sys.executable).parent / "komodo-sync"


@dataclass(frozen=True)
class Run:
    """One whole process: wall seconds, peak memory in MB."""

    seconds: float
    megabytes: float


def run(command: list[str], folder: Path, environment: dict[str, str]) -> Run:
    """Runs a command to its end; its output goes nowhere. Raises RuntimeError if it fails."""
    started = time.perf_counter()
    with subprocess.Popen(command, cwd=folder, env=environment, stdout=subprocess.DEVNULL) as process:
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    seconds = time.perf_counter() - started
    if process.returncode:
        raise RuntimeError(f"{command} ended with {process.returncode}")
    return Run(seconds, usage.ru_maxrss / 1024)


def median(runs: list[Run]) -> Run:
    """The middle of several runs."""
    return Run(statistics.median(run.seconds for run in runs), max(run.megabytes for run in runs))


def serve(state: Path) -> tuple[subprocess.Popen[str], str]:
    """`komodo-sync simulate` on a free port, ready to answer, with its address."""
    command = [str(BIN), "simulate", "--port", "0", "--state", str(state), "--key", KEY, "--secret", SECRET]
    process = subprocess.Popen(command, stderr=subprocess.PIPE, text=True)
    assert process.stderr is not None
    for line in process.stderr:
        address = next((word for word in line.split() if word.startswith("http://")), "")
        if address:
            urllib.request.urlopen(f"{address}/version", timeout=10).read()
            return process, address.rstrip("/")
    raise RuntimeError("simulate did not start")


def requests_of_a_plan(folder: Path, state: Path) -> int:
    """How many requests one plan makes."""
    import httpx

    from komodo_sync.client.reader import Reader
    from komodo_sync.client.transport import Transport
    from komodo_sync.client.writer import Writer
    from komodo_sync.manifest import load
    from komodo_sync.model.sealed import Sealed
    from komodo_sync.session import Session, plan, plan_options
    from komodo_sync.simulator import EmbeddedCore

    with EmbeddedCore.open(state, key=KEY, secret=SECRET) as core:
        through = httpx.WSGITransport(app=core.app)
        with Transport("http://core", Sealed(core.key), Sealed(core.secret), through=through) as transport:
            loaded = load([folder], settings=None, root=folder)
            planned = plan(Session(Reader(transport), Writer(transport), ""), loaded, plan_options(None, loaded))
        assert not planned.plan.has_changes, planned.plan.summary
        return len(core.requests)


def list_seconds(state: Path) -> float:
    """What the embedded Core itself takes to answer ListFullStacks."""
    from komodo_sync.simulator import EmbeddedCore

    with EmbeddedCore.open(state, key=KEY, secret=SECRET) as core:
        timings = []
        for _ in range(5):
            started = time.perf_counter()
            request(core, "/read", "ListFullStacks", {"query": {}, "page": 0, "limit": 0})
            timings.append(time.perf_counter() - started)
    return statistics.median(timings)


def bench(size: int, runs: int, scratch: Path) -> None:
    """One row of the table."""
    folder, state = scratch / f"manifests-{size}", scratch / f"core-{size}.db"
    folder.mkdir()
    write_manifests(folder, size)
    fill_core(state, size, KEY, SECRET)
    count, listed = requests_of_a_plan(folder, state), list_seconds(state)
    process, url = serve(state)
    environment = {**os.environ, "KOMODO_CLI_HOST": url, "KOMODO_CLI_KEY": KEY, "KOMODO_CLI_SECRET": SECRET}
    lists = ["ListFullServers", "ListFullBuilders", "ListFullRepos", "ListFullBuilds", "ListFullStacks"]
    lists += ["ListFullSwarms", "ListTags", "ListVariables"]
    plan = [str(BIN), "plan", "--quiet", str(folder)]
    bare = [sys.executable, str(HERE / "bare.py"), url, KEY, SECRET, *lists]
    try:
        pairs = [(run(plan, folder, environment), run(bare, folder, environment)) for _ in range(runs)]
    finally:
        process.terminate()
        process.wait(10)
    checks = [run([str(BIN), "validate", "--quiet", str(folder)], folder, environment) for _ in range(runs)]
    ours, theirs, check = median([pair[0] for pair in pairs]), median([pair[1] for pair in pairs]), median(checks)
    ratio = statistics.median(pair[0].seconds / pair[1].seconds for pair in pairs)
    print(
        f"{size:>7} {count:>9} {ours.seconds:>8.2f} {theirs.seconds:>8.2f} {ratio:>6.2f} {ours.megabytes:>8.0f}"
        f" {check.seconds:>9.2f} {listed * 1000:>9.1f}",
        flush=True,
    )


def validate_stacks(runs: int, scratch: Path) -> None:
    """`validate` of 10,000 stacks, in one file of some 7 MB."""
    folder = scratch / "stacks-alone"
    folder.mkdir()
    write_manifests(folder, 10_000)
    for path in folder.glob("*.yaml"):
        if not path.name.startswith(("stacks", "base")):
            path.unlink()
    size = sum(path.stat().st_size for path in folder.glob("*.yaml")) / 1e6
    result = median(
        [run([str(BIN), "validate", "--quiet", str(folder)], folder, dict(os.environ)) for _ in range(runs)]
    )
    print(f"validate 10,000 stacks ({size:.1f} MB): {result.seconds:.2f} s, {result.megabytes:.0f} MB")


def main() -> None:
    """Prints the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--sizes", default="10,100,1000,10000")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="komodo-sync-bench-") as name:
        scratch = Path(name)
        version = median([run([str(BIN), "--version"], scratch, dict(os.environ)) for _ in range(options.runs)])
        print(f"--version: {version.seconds * 1000:.0f} ms")
        validate_stacks(options.runs, scratch)
        print("whole processes, seconds (medians); N stacks, N builds and N repos, unchanged:")
        print(f"{'N':>7} {'requests':>9} {'plan':>8} {'bare':>8} {'ratio':>6} {'MB':>8} {'validate':>9} {'list ms':>9}")
        for size in map(int, options.sizes.split(",")):
            bench(size, options.runs, scratch)


main()
