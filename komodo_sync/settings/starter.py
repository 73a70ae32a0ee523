"""The first settings and the first manifest of somebody who begins."""

from __future__ import annotations

import json
import re

SCHEMAS = ".komodo-schemas"
"""Where the schemas for editors lie, beside the settings."""
MANIFESTS = "manifests"
"""Where the first manifests lie, beside the settings."""

_PLAIN = re.compile(r"[A-Za-z][A-Za-z0-9_./-]*(?::[A-Za-z0-9_./-]+)*")
_WORDS = frozenset(("true", "false", "yes", "no", "on", "off", "null"))

_SETTINGS = """\
# yaml-language-server: $schema={schemas}/settings.schema.json
# komodo-sync finds this file from here and from every folder below.

{core}manifests: [{manifests}]   # all that is declared
owner: {owner}{gap}  # what is created or adopted gets the tag owner:{word}
prune: false             # true: delete what carries that tag and is declared no more
"""
_CORE = "core: {{url: {url}}}   # asserted, never followed: another Core in use is refused\n"
_NO_CORE = "# core: {url: https://komodo.example.com}   # asserted, never followed: another Core in use is refused\n"

_EXAMPLE = """\
# yaml-language-server: $schema=../{schemas}/manifest.schema.json
# An example: change it to what you have, or take it out.

servers:
  - name: example
    description: A server that is switched off until its address is right
    config:
      address: https://server.example.com:8120
      enabled: false

stacks:
  - name: hello
    description: Says hello on port 8080
    config:
      server: example
      environment:
        PORT: 8080
      file_contents: |
        services:
          hello:
            image: nginxdemos/hello
            ports:
              - ${{PORT}}:80
"""


def starter_settings(owner: str, url: str) -> str:
    """The text of a komodo-sync.yaml. Without `url` the line for it is a comment."""
    core = _CORE.format(url=_scalar(url)) if url else _NO_CORE
    word = " ".join(owner.split())
    gap = " " * max(0, 16 - len(_scalar(owner)))
    return _SETTINGS.format(schemas=SCHEMAS, core=core, manifests=MANIFESTS, owner=_scalar(owner), gap=gap, word=word)


def starter_manifest() -> str:
    """The text of a first manifest, which harms nothing when it is applied as it is."""
    return _EXAMPLE.format(schemas=SCHEMAS)


def _scalar(text: str) -> str:
    """`text` as YAML reads it again. JSON's strings are YAML's."""
    return text if _PLAIN.fullmatch(text) and text.lower() not in _WORDS else json.dumps(text, ensure_ascii=False)
