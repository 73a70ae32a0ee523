"""A small declared world with one resource for each action, and the Core that it meets."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from asking import Asker

SETTINGS = "owner: me\nprune: true\n"
WEB = """\
stacks:
  - name: web
    description: The site
    tags: [public]
    config:
      server: prod
      file_contents: |
        services:
          web:
            image: nginx:1.27
      environment:
        LOG_LEVEL: debug
        PORT: 8080
"""
REST = """\
servers:
  - {name: prod, config: {address: 'https://prod:8120', enabled: true}}
repos:
  - {name: site, renamed_from: page, config: {server: prod, repo: acme/site}}
  - {name: same, config: {repo: acme/same}}
  - {name: found, config: {repo: acme/found}}
builds:
  - {name: app, after: [stack/web], config: {linked_repo: site}}
variables:
  - {name: REGION, value: eu}
"""
FILES = {"komodo-sync.yaml": SETTINGS, "stacks/web.yaml": WEB, "rest.yaml": REST}
ACTIONS = {
    "tag/owner:me": [],
    "tag/public": ["create"],
    "server/prod": [],
    "variable/REGION": ["create"],
    "repo/site": ["rename", "update"],
    "repo/same": [],
    "repo/found": ["adopt"],
    "build/app": ["create"],
    "stack/web": ["update"],
    "stack/gone": ["delete"],
}


def populate(ask: Asker) -> None:
    """The Core before: what is ours and what is not, some of it as declared."""
    ask.write("CreateTag", name="owner:me")
    ask.write("CreateServer", name="prod", config={"address": "https://prod:8120", "enabled": True})
    old = {"server_id": "prod", "environment": "LOG_LEVEL=info\nPORT=8080\n", "auto_pull": False}
    ask.write("CreateStack", name="web", config=old)
    ask.write("CreateStack", name="gone", config={"server_id": "prod"})
    ask.write("CreateStack", name="theirs")
    ask.write("CreateRepo", name="page", config={"repo": "acme/site"})
    ask.write("CreateRepo", name="same", config={"repo": "acme/same"})
    ask.write("CreateRepo", name="found", config={"repo": "acme/found"})
    mark(ask, "Repo", "found", tags=[], description="by hand")
    for kind, name in (("Server", "prod"), ("Stack", "web"), ("Stack", "gone"), ("Repo", "page"), ("Repo", "same")):
        mark(ask, kind, name)


def mark(ask: Asker, kind: str, name: str, tags: tuple[str, ...] | list[str] = ("owner:me",), **meta: str) -> None:
    """Gives a resource tags, and a description."""
    ask.write("UpdateResourceMeta", target={"type": kind, "id": name}, tags=list(tags), **meta)


def names(ask: Asker, plural: str) -> list[str]:
    """What the Core has of a kind."""
    return sorted(item["name"] for item in ask.read(f"ListFull{plural}", query={}, page=0, limit=0))
