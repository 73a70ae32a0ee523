"""As much of a compose file as the embedded Core needs: its services, and whether a deploy is told to go wrong."""

from __future__ import annotations

import re
from typing import Any

_PLAIN = re.compile(r"[\w./:@\-\[\]{}$]+")
_TOLD = re.compile(r"^[ \t]*x-simulate:[ \t]*[\"']?(\w+)(?::([0-9.]+))?", re.MULTILINE)
_LIVES = frozenset({"exit", "unhealthy", "starting"})


class BrokenComposeError(Exception):
    """The text is not a compose file."""


def told(text: str) -> tuple[str, float]:
    """What the first `x-simulate:` in the text says, a word and seconds: `fail`, `slow:2`, `exit:30`, `unhealthy`,
    `starting:20`; empty when there is none."""
    found = _TOLD.search(text)
    return (found[1], float(found[2] or 0)) if found else ("", 0.0)


def told_services(text: str) -> dict[str, tuple[str, float]]:
    """What `x-simulate:` says of each service: of its own, or of the whole text; only what becomes of a container that
    came up."""
    if "x-simulate" not in text:
        return {}
    found, whole = {}, re.search(r"^x-simulate:.*", text, re.MULTILINE)
    for name, body in _parsed(text):
        own = body.get("x-simulate")
        word, seconds = told(f"x-simulate: {own}" if own is not None else whole[0] if whole else "")
        if word in _LIVES:
            found[name] = (word, seconds)
    return found


def services(text: str, project: str) -> list[dict[str, Any]]:
    """The services in order, as Core answers them. Raises BrokenComposeError."""
    found = []
    for name, body in _services(text):
        container = body.get("container_name") or f"{project}-{name}"
        found.append(
            {
                "service_name": name,
                "container_name": str(container),
                "image": str(body.get("image") or ""),
                "image_digest": None,
            }
        )
    return found


def _services(text: str) -> list[tuple[str, dict[str, Any]]]:
    if not text.strip():
        return []
    quick = _block_style(text)
    found = _parsed(text) if quick is None else quick
    # of several with one name the last one counts
    return list(dict(found).items())


def _parsed(text: str) -> list[tuple[str, dict[str, Any]]]:
    from ruamel.yaml import YAML
    from ruamel.yaml.error import YAMLError

    try:
        # ruamel's C parser refuses `{image: nginx:1}`, which docker takes
        document = YAML(typ="safe", pure=True).load(text)
    except (YAMLError, ValueError, TypeError, RecursionError) as error:
        raise BrokenComposeError(str(error)) from None
    if not isinstance(document, dict):
        raise BrokenComposeError("invalid type, expected a map")
    declared = document.get("services")
    if declared is None:
        return []
    if not isinstance(declared, dict):
        raise BrokenComposeError("services: invalid type, expected a map")
    if any(not isinstance(one.get("image") or "", str) for one in declared.values() if isinstance(one, dict)):
        raise BrokenComposeError("image: invalid type, expected a string")
    return [(str(name), body if isinstance(body, dict) else {}) for name, body in declared.items()]


def _block_style(text: str) -> list[tuple[str, dict[str, Any]]] | None:
    """The services of a file written in the usual plain style, without the cost of a parser; None for any other."""
    found: list[tuple[str, dict[str, Any]]] = []
    inside, step = False, 0
    for line in text.split("\n"):
        body = line.strip()
        if not body or body.startswith("#"):
            continue
        indent = len(line) - len(line.lstrip(" "))
        key, colon, value = body.partition(":")
        if indent == 0:
            if not colon or value.strip() or body[0] in "{[&*?|>!%@`\"'-":
                return None
            inside = key == "services"
            continue
        if not inside:
            continue
        step = step or indent
        if indent == step:
            if value.strip() or not colon or not re.fullmatch(r"[\w.-]+", key):
                return None
            found.append((key, {}))
        elif indent < step or not found:
            return None
        elif indent == 2 * step and key in ("image", "container_name"):
            plain = value.strip()
            if not colon or not _PLAIN.fullmatch(plain) or plain[0] in "[{@":
                return None
            found[-1][1][key] = plain
        elif indent == 2 * step and key in ("<<", "extends"):
            return None
    return found
