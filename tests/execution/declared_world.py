"""What the machine declares: stacks wherever they may run and come from, and what builds, clones and follows them."""

from __future__ import annotations

from dataclasses import dataclass, field

SERVERS = ("one", "two")
SWARM = "sw"
NAMES = ("db", "web", "api")


@dataclass(frozen=True)
class Stack:
    """What is declared of one stack. `on`: a server or the swarm; `broken`: its deploy fails; `source`: its file is in
    the manifest, in a repository, in one that it builds its images from too, or in a linked one; `called`: its name, if
    that is not the one under which it began, and `was` the one before it."""

    image: str = "nginx:1"
    value: int = 1
    on: str = "one"
    state: str = "running"
    broken: bool = False
    source: str = "text"
    after: str = ""
    called: str = ""
    was: str = ""

    @property
    def kept(self) -> str:
        """The state that is declared: on a swarm nothing is stopped."""
        return "down" if self.on == SWARM and self.state == "stopped" else self.state

    def compose(self) -> str:
        return ("x-simulate: fail\n" if self.broken else "") + f"services:\n  app:\n    image: {self.image}\n"


@dataclass
class Declared:
    """Everything. `app`: what the deployment is called, `app_was` before; `follows`: Komodo deploys it by itself after
    its build; `note`, `roll`: what the action and the procedure say, each of which runs after a change."""

    stacks: dict[str, Stack] = field(default_factory=dict)
    app: str = "app"
    app_was: str = ""
    follows: bool = False
    note: int = 1
    roll: int = 1

    def manifest(self) -> str:
        servers = [
            f"  - {{name: {name}, config: {{address: 'https://{name}:8120', enabled: true}}}}" for name in SERVERS
        ]
        lines = ["servers:", *servers, "stacks:"]
        for name, each in sorted(self.stacks.items()):
            lines += self._stack(name, each)
        return "\n".join(lines) + "\n" + self._rest()

    def _stack(self, name: str, each: Stack) -> list[str]:
        lines = [f"  - name: {each.called or name}", "    deploy: true", f"    state: {each.kept}"]
        if each.was:
            lines.append(f"    renamed_from: {each.was}")
        if each.after in self.stacks:
            lines.append(f"    after: [stack/{self.stacks[each.after].called or each.after}]")
        lines += ["    config:", f"      {'swarm' if each.on == SWARM else 'server'}: {each.on}"]
        lines.append(f"      environment: {{A: {each.value}}}")
        return [*lines, *_SOURCES.get(each.source, _text(each))]

    def _rest(self) -> str:
        return f"""swarms:
  - {{name: {SWARM}, config: {{servers: [one, two]}}}}
builders:
  - {{name: big, config: {{type: Server, params: {{servers: [one]}}}}}}
repos:
  - {{name: files, deploy: true, config: {{server: two, repo: me/app}}}}
builds:
  - {{name: img, deploy: true, config: {{builder: big, repo: me/code}}}}
deployments:
  - name: {self.app}
    deploy: true
    state: running
    {f"renamed_from: {self.app_was}" if self.app_was else "description: its first name"}
    config:
      server: one
      redeploy_on_build: {"true" if self.follows else "false"}
      image: {{type: Build, params: {{build: img}}}}
actions:
  - {{name: note, run_on_change: true, config: {{file_contents: 'log({self.note})'}}}}
procedures:
  - name: roll
    run_on_change: true
    config:
      stages:
        - name: round {self.roll}
          executions: [{{execution: {{type: RunAction, params: {{action: note}}}}}}]
"""


def _text(each: Stack) -> list[str]:
    return ["      file_contents: |", *(f"        {line}" for line in each.compose().splitlines())]


_SOURCES = {
    "git": ["      repo: me/app"],
    "built": ["      repo: me/app", "      run_build: true"],
    "linked": ["      linked_repo: files"],
}
FROM_GIT = frozenset(_SOURCES)
