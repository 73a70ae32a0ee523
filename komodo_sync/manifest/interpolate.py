"""`${env:NAME}`, `${file:PATH}`, `${var:NAME}` and `${each:NAME}` in the scalars of a manifest, after parsing.

Whatever else looks like `${...}` is somebody else's: compose files are full of it. `$${env:` is the literal `${env:`;
`$${HOME}` is compose's own and stays as it is.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from komodo_sync.manifest.findings import nearest, quoted
from komodo_sync.model.data import Data, field
from komodo_sync.source.codes import Code
from komodo_sync.source.nodes import Form, Interpolated, Mapping, Scalar, Sequence
from komodo_sync.source.text import PLACEHOLDER

if TYPE_CHECKING:
    from collections.abc import Iterator
    from collections.abc import Mapping as MappingOf

    from komodo_sync.manifest.files import Files
    from komodo_sync.manifest.findings import Findings
    from komodo_sync.manifest.lookup import Lookup
    from komodo_sync.source.nodes import Node

_WHOLE = re.compile(r"\$\{(?P<kind>env|file|var|each):(?P<name>[^{}\n]*?)(?::-(?P<default>(?:(?!\$\{)[^}])*))?\}")
_NESTED = re.compile(r"\$\{[^{}]*\$\{")
_NAMES = {
    "env": re.compile(r"[A-Za-z_][A-Za-z0-9_]*"),
    "file": re.compile(r"\S(?:.*\S)?"),
    "var": re.compile(r"[A-Za-z_][A-Za-z0-9_.-]*"),
    "each": re.compile(r"[A-Za-z_][A-Za-z0-9_.-]*"),
}
_SECRET = frozenset(("env", "file"))
SECRET = ("env:", "file:")
"""How what is secret is named."""


class _Reading(Data):
    """What has been read of one scalar so far."""

    parts: list[str] = field(default_factory=list)
    names: list[str] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)
    secret: bool = False
    around: list[str] = field(default_factory=lambda: [""])

    def say(self, text: str, *, opaque: bool = False) -> None:
        """The next part; an `opaque` one is secret or missing."""
        self.parts.append(text)
        if opaque:
            self.around.append("")
        else:
            self.around[-1] += text


class Interpolator(Data, frozen=True):
    """Replaces what a node holds of `${...}`; everything that is wrong with it is reported. `each` are the values of
    one turn of `for_each`; `whose` is the resource that has none, where what it is made of stands elsewhere too."""

    findings: Findings
    files: Files
    lookup: Lookup
    each: MappingOf[str, str] = field(default_factory=dict)
    whose: str = ""

    def node(self, node: Node) -> Node:
        """`node` with every scalar in it interpolated; the very same where there is nothing to do."""
        if isinstance(node, Scalar):
            return self.scalar(node)
        if isinstance(node, Mapping):
            return self.mapping(node)
        assert isinstance(node, Sequence)
        items = [self.node(item) for item in node.items]
        if all(new is old for new, old in zip(items, node.items, strict=True)):
            return node
        return Sequence(node.source, node.line, node.column, items)

    def mapping(self, node: Mapping) -> Mapping:
        """The same of a mapping; its keys hold public values alone."""
        items = [(self.public(key), self.node(value)) for key, value in node.items]
        if all(new[0] is old[0] and new[1] is old[1] for new, old in zip(items, node.items, strict=True)):
            return node
        kept: dict[str, tuple[Scalar, Node]] = {}
        for key, value in items:
            if kept.setdefault(key.text, (key, value))[0] is not key:
                message = f"{quoted(key.text)} stands here twice, once interpolated"
                self.findings.error(Code.DUPLICATE_KEY, key, message, "keep one of them")
        made = Mapping(node.source, node.line, node.column, list(kept.values()))
        made.torn = node.torn
        return made

    def public(self, scalar: Scalar) -> Scalar:
        """A scalar that everybody reads, such as a name: a secret in it is an error."""
        if "${" not in scalar.text:
            return scalar
        found = self.scalar(scalar)
        if found.secret:
            misplaced(self.findings, found)
            return scalar
        return found

    def scalar(self, scalar: Scalar) -> Scalar:
        """One scalar. A path after `!file` is public."""
        text = scalar.text
        if "${" not in text or PLACEHOLDER.search(text) is None or type(scalar) is Interpolated:
            return scalar
        reading, at = _Reading(), 0
        for begin in PLACEHOLDER.finditer(text):
            if begin.start() < at:
                continue
            reading.say(text[at : begin.start()])
            if text.startswith("$$", begin.start()):
                reading.say(begin[0][1:])
                at = begin.end()
                continue
            found = _WHOLE.match(text, begin.start())
            if found is None or not _NAMES[found["kind"]].fullmatch(found["name"]):
                self._malformed(scalar, begin[1], text[begin.start() :])
                return scalar
            value = self._value(scalar, found, reading)
            reading.say(value, opaque=found["kind"] in _SECRET or f"{found['kind']}:{found['name']}" in reading.missing)
            at = found.end()
        reading.say(text[at:])
        made = Interpolated(
            scalar.source,
            scalar.line,
            scalar.column,
            "".join(reading.parts),
            Form.UNTYPED,
            scalar.tag,
            raw=text,
            names=tuple(reading.names),
            missing=tuple(reading.missing),
            secret=reading.secret,
            around=tuple(reading.around),
        )
        if scalar.tag and reading.secret:
            misplaced(self.findings, made)
            return scalar
        return made

    def _value(self, scalar: Scalar, found: re.Match[str], reading: _Reading) -> str:
        kind, name, default = found["kind"], found["name"], found["default"]
        asked = f"{kind}:{name}"
        reading.names.append(asked)
        reading.secret = reading.secret or kind in _SECRET
        if self.lookup.blind and kind in _SECRET:
            reading.missing.append(asked)
            return ""
        value = self._looked_up(scalar, kind, name, reading.missing)
        if not value and default is not None:
            if asked in reading.missing:
                reading.missing.remove(asked)
            return default
        if value is None and kind not in _SECRET:
            self._unknown(scalar, kind, name)
            reading.missing.append(asked)
        return value or ""

    def _looked_up(self, scalar: Scalar, kind: str, name: str, missing: list[str]) -> str | None:
        if kind == "var":
            return self.lookup.vars.get(name)
        if kind == "each":
            return self.each.get(name)
        value = self.lookup.env(name) if kind == "env" else self.files.secret(scalar, name, self.lookup.file)
        if not value:
            missing.append(f"{kind}:{name}")
        return value

    def _unknown(self, scalar: Scalar, kind: str, name: str) -> None:
        known = sorted(self.lookup.vars if kind == "var" else self.each)
        close = nearest(name, known) if known else ""
        if kind == "var":
            message = f"there is no var {quoted(name)}"
            way_out = close or f"add it to vars: in komodo-sync.yaml, or give --var {name}=VALUE"
            self.findings.error(Code.UNKNOWN_VAR, scalar, message, way_out)
        else:
            nothing = f"{self.whose} has no for_each" if self.whose else "there is no for_each here"
            message = f"for_each gives no {quoted(name)}" if known else nothing
            way_out = f"add for_each: {{{name}: [...]}}, or write ${{each:{name}:-default}}"
            self.findings.error(Code.UNKNOWN_EACH, scalar, message, close or way_out)

    def _malformed(self, scalar: Scalar, kind: str, rest: str) -> None:
        example = {"file": "${file:secrets/token}"}.get(kind, f"${{{kind}:NAME}}")
        if _NESTED.match(rest):
            message = f"a ${{{kind}:...}} cannot hold another ${{...}}"
            way_out = f"write {example[:-1]}:-default}} with the default itself"
            self.findings.error(Code.BAD_INTERPOLATION, scalar, message, way_out)
            return
        message = f"${{{kind}:... is not finished, or what it names is no name"
        way_out = f"write {example} or {example[:-1]}:-default}}; $${{{kind}: is the literal text"
        self.findings.error(Code.BAD_INTERPOLATION, scalar, message, way_out)


def asked_in(text: str) -> Iterator[str]:
    """What a text that is well-formed asks for, as `env:NAME`."""
    for begin in PLACEHOLDER.finditer(text):
        found = None if text.startswith("$$", begin.start()) else _WHOLE.match(text, begin.start())
        if found:
            yield f"{found['kind']}:{found['name']}"


def misplaced(findings: Findings, node: Node) -> None:
    """A value from the environment or a file where everybody reads it."""
    findings.error(
        Code.SECRET_MISPLACED,
        node,
        "a secret cannot stand here: names, keys, references and what steers a run are shown",
        "take ${var:NAME} with --var or vars: in komodo-sync.yaml",
    )
