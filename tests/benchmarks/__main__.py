"""`make bench`: what a plan costs, side by side with bare httpx in one run, as ratios; and how it grows.

    python tests/benchmarks [--runs 7] [--sizes 10,100,1000,3000,10000,30000]

A size is how many resources there are in all, a third of them stacks, builds and repos each, all as declared. Every
figure is of whole cold processes, the median of several runs after one that does not count. What is compared is run in
turn, A B C A B C ..., and its ratio is the median of the ratios within each turn, so that it holds when the machine's
speed drifts. Nothing here is asserted: read the figures.
"""

from __future__ import annotations

import argparse
import multiprocessing
import os
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE))

from inside import KEY, SECRET, list_seconds, requests_of_a_plan  # noqa: E402
from world import fill_core, write_manifests  # noqa: E402

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

Result = TypeVar("Result")
OWNER = "bench"
BIN = Path(sys.executable).parent / "komodo-sync"
LISTS = (
    *("ListFullServers", "ListFullBuilders", "ListFullRepos", "ListFullBuilds", "ListFullStacks", "ListFullSwarms"),
    *("ListTags", "ListVariables"),
)


@dataclass(frozen=True)
class Run:
    """One whole process: wall seconds, seconds of processor, peak memory in MB."""

    seconds: float
    processor: float
    megabytes: float


@dataclass(frozen=True)
class Command:
    """What is run, and with which variables beside our own environment."""

    words: list[str]
    variables: dict[str, str] = field(default_factory=dict)


def run(command: Command, folder: Path) -> Run:
    """Runs a command to its end; its output goes nowhere. Raises RuntimeError if it fails."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("KOMODO_")}
    environment |= command.variables
    started = time.perf_counter()
    with subprocess.Popen(command.words, cwd=folder, env=environment, stdout=subprocess.DEVNULL) as process:
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    seconds = time.perf_counter() - started
    if process.returncode:
        raise RuntimeError(f"{command.words[:3]} ended with {process.returncode}")
    return Run(seconds, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024)


def in_turn(commands: Sequence[Command], folder: Path, runs: int) -> list[list[Run]]:
    """The runs of each command, taken in turn after one turn that does not count."""
    turns = [[run(command, folder) for command in commands] for _ in range(runs + 1)]
    return [list(column) for column in zip(*turns[1:], strict=True)]


def median(runs: Sequence[Run]) -> Run:
    """The middle of several runs, figure by figure; of the memory the most."""
    return Run(
        statistics.median(each.seconds for each in runs),
        statistics.median(each.processor for each in runs),
        max(each.megabytes for each in runs),
    )


def beside(ours: Sequence[Run], theirs: Sequence[Run]) -> str:
    """`theirs` in wall seconds, and the middle of the ratios to it, turn by turn: of wall seconds and of processor."""
    turns = list(zip(ours, theirs, strict=True))
    wall = statistics.median(one.seconds / other.seconds for one, other in turns)
    processor = statistics.median(one.processor / other.processor for one, other in turns)
    return f"{median(theirs).seconds:>7.2f} {wall:>6.2f} {processor:>6.2f}"


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


def apart(function: Callable[..., Result], *arguments: object) -> Result:
    """What `function` answers in a process of its own: what this one has in memory would count as that of every
    command that it starts."""
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        return pool.apply(function, arguments)


def pruned(folder: Path) -> Path:
    """Settings for the manifests in `folder`, with an owner who prunes. They stand outside it."""
    path = folder.parent / f"{folder.name}-settings" / "komodo-sync.yaml"
    path.parent.mkdir(exist_ok=True)
    (path.parent / "manifests").symlink_to(folder, target_is_directory=True)
    path.write_text(f"owner: {OWNER}\nprune: true\nmanifests: [manifests]\n")
    return path


def bench(resources: int, runs: int, scratch: Path) -> None:
    """One row of the table."""
    size = -(-resources // 3)
    folder, state = scratch / f"manifests-{size}", scratch / f"core-{size}.db"
    folder.mkdir()
    write_manifests(folder, size)
    apart(fill_core, state, size, KEY, SECRET, OWNER)
    count, listed = apart(requests_of_a_plan, folder, state), apart(list_seconds, state)
    pruning = apart(requests_of_a_plan, folder, state, OWNER)
    process, url = serve(state)
    variables = {"KOMODO_CLI_HOST": url, "KOMODO_CLI_KEY": KEY, "KOMODO_CLI_SECRET": SECRET}
    fetch = [sys.executable, str(HERE / "bare.py")]
    commands = [
        Command([str(BIN), "plan", "--quiet", str(folder)], variables),
        Command([*fetch, "plain", url, KEY, SECRET, *LISTS]),
        Command([*fetch, "lean", url, KEY, SECRET, *LISTS]),
        Command([str(BIN), "validate", "--quiet", str(folder)]),
        Command([str(BIN), "plan", "--quiet", "--settings", str(pruned(folder))], variables),
    ]
    try:
        plans, plain, lean, checks, prunes = in_turn(commands, folder, runs)
    finally:
        process.terminate()
        process.wait(10)
    plan, check = median(plans), median(checks)
    print(
        f"{resources:>9} {count:>8} {plan.seconds:>7.2f} {plan.processor:>7.2f} {plan.megabytes:>6.0f}"
        f" {beside(plans, plain)} {beside(plans, lean)} {check.seconds:>9.2f} {check.megabytes:>6.0f}"
        f" {listed * 1000:>8.1f} {pruning:>8} {median(prunes).seconds:>8.2f} {median(prunes).megabytes:>6.0f}",
        flush=True,
    )


LIMITS = """\
limits   requests the same in every row; ratio to bare at most 2 at 1,000 resources and 3 at 10,000; plan at most
         400 MB; list ms at most 50 for 1,000 stacks, which is in a row of 3,000. Asserted nowhere: a busy machine
         misses them, the ratios less so
medians  of {runs} turns after one that does not count; in each turn every command runs once, one after the other.
         Seconds are each command's median, a ratio is the median of the turns' own ratios, MB is the most of all
pruning  the same world with owner and prune set: every kind is listed, with the states"""

HEADER = (
    f"{'resources':>9} {'requests':>8} {'plan s':>7} {'cpu s':>7} {'MB':>6} {'bare s':>7} {'ratio':>6} {'of cpu':>6}"
    f" {'lean s':>7} {'ratio':>6} {'of cpu':>6} {'validate':>9} {'MB':>6} {'list ms':>8}"
    f" {'pruning:':>8} {'plan s':>8} {'MB':>6}"
)


def version(runs: int, scratch: Path) -> None:
    """`--version`, beside an interpreter that does nothing."""
    ours, nothing = in_turn([Command([str(BIN), "--version"]), Command([sys.executable, "-c", ""])], scratch, runs)
    figures = f"{median(ours).seconds * 1000:.0f} ms (python alone {median(nothing).seconds * 1000:.0f} ms)"
    print(f"--version: {figures}; limit 150 ms")


def validate_stacks(runs: int, scratch: Path) -> None:
    """`validate` of 10,000 stacks."""
    folder = scratch / "stacks-alone"
    folder.mkdir()
    write_manifests(folder, 10_000)
    for path in folder.glob("*.yaml"):
        if not path.name.startswith(("stacks", "base")):
            path.unlink()
    size = sum(path.stat().st_size for path in folder.glob("*.yaml")) / 1e6
    [timed] = in_turn([Command([str(BIN), "validate", "--quiet", str(folder)])], folder, runs)
    figures = f"{median(timed).seconds:.2f} s, {median(timed).megabytes:.0f} MB"
    print(f"validate 10,000 stacks ({size:.1f} MB): {figures}; limit 2 s")


def deploys(size: int, runs: int, scratch: Path) -> None:
    """A plan with `deploy: true` on every stack, all of which run as declared, beside the same plan without deploys."""
    folder, state = scratch / "deploys", scratch / "deploys.db"
    folder.mkdir()
    write_manifests(folder, size, deploy=True)
    apart(partial(fill_core, deploy=True), state, size, KEY, SECRET, OWNER)
    requests = apart(requests_of_a_plan, folder, state)
    process, url = serve(state)
    variables = {"KOMODO_CLI_HOST": url, "KOMODO_CLI_KEY": KEY, "KOMODO_CLI_SECRET": SECRET}
    words = [str(BIN), "plan", "--quiet", str(folder)]
    commands = [Command(words, variables), Command([*words, "--no-deploy"], variables)]
    try:
        with_deploys, without = in_turn(commands, folder, runs)
    finally:
        process.terminate()
        process.wait(10)
    one, other = median(with_deploys), median(without)
    print(
        f"deploy: true on all of {size:,} stacks: {requests} requests (one for each hundred to decide), "
        f"{one.seconds:.2f} s, {one.megabytes:.0f} MB; with --no-deploy {other.seconds:.2f} s, {other.megabytes:.0f} MB"
    )


def main() -> None:
    """Prints the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, default=7)
    parser.add_argument("--sizes", default="10,100,1000,3000,10000,30000")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="komodo-sync-bench-") as name:
        scratch = Path(name)
        version(options.runs, scratch)
        validate_stacks(options.runs, scratch)
        deploys(1000, options.runs, scratch)
        print("a third stacks, builds and repos each; bare, lean: the same lists fetched with httpx (see bare.py)")
        print("list ms: how long the embedded Core takes to answer ListFullStacks")
        print(LIMITS.format(runs=options.runs))
        print(HEADER)
        for size in map(int, options.sizes.split(",")):
            bench(size, options.runs, scratch)


if __name__ == "__main__":
    main()
