"""Compose texts that docker is sure not to read: what is deployed with one fails, and what moves is down by then."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from komodo_sync.kinds.compose_text import flaw_of
from komodo_sync.kinds.mentions import UNREAD, held_open, variables_in, without_glued
from komodo_sync.model.plan import Finding
from komodo_sync.planning.deploys.subject import listing
from komodo_sync.planning.deploys.texts.interpolated import interpolated

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from komodo_sync.kinds.spec import KindSpec
    from komodo_sync.model.address import Address
    from komodo_sync.planning.deploys.subject import Subject, World

_COMPOSES = re.compile(r"\$\{(?:[^{}]|\{[^{}]*\})*\}")
"""What compose fills in."""

_NOTHING = frozenset(("", "~", "null", "Null", "NULL"))


def malformed(subjects: Iterable[Subject], world: World) -> Iterator[Finding]:
    """A refusal for each that is to be deployed, and whose text is no compose text whatever stands for its variables; a
    warning where it is one only with what stands for some of them, so that nobody here reads it."""
    for subject in subjects:
        spec, address, plain = subject.spec, subject.address, bool(subject.config.get(UNREAD))
        written, read = (_text(spec, config) for config in (subject.config, interpolated(subject, world).config))
        why = _wrong_with(read, plain=plain) if read else ""
        if why and read != written:
            # a value may have lines of its own, so that those behind it are others
            told = f"with the values of its variables in it, {why.partition(' (')[0]}"
            why = _wrong_with(written, plain=plain) or told
        if why:
            message = f"{address} would be deployed, and its {spec.compose} is no compose text: {why}"
            hint = "mend it (`komodo-sync validate` says more); if nothing of it is to run, declare `state: down`"
            yield Finding("malformed-compose", "refusal", message, "", (address,), hint)
        elif not plain and (names := variables_in(read)) and flaw_of(held_open(read)) is not None:
            yield _unread(address, spec, sorted(names))


def _unread(address: Address, spec: KindSpec, names: list[str]) -> Finding:
    told = listing([f"[[{name}]]" for name in names])
    message = (
        f"{address} would be deployed, and what its services lose or leave by that cannot be told: its {spec.compose} "
        f"is YAML only with what stands for {told}, which is a secret or not known here"
    )
    hint = "write what is YAML into the text, and leave values alone to variables"
    return Finding("compose-unread", "warning", message, "", (address,), hint)


def _text(spec: KindSpec, config: Mapping[str, Any]) -> str:
    """Its compose text, where that is what is deployed; else nothing."""
    used = next((name for name in spec.sources if config.get(name)), "") if spec.compose else ""
    text = config.get(used) if used and used == spec.compose else ""
    return text if isinstance(text, str) else ""


def _wrong_with(text: str, *, plain: bool) -> str:
    """Why docker cannot read it, in no words of its own; empty where it may. `plain`: it reads the text as it stands,
    `[[NAME]]` and all."""
    known = text if plain else without_glued(text)
    flaw, is_open = flaw_of(known), not plain and "[[" in known
    if flaw is None:
        return "" if is_open else _misplaced(known)
    # what comes before the first line with an open place reads as it stands
    open_line = known.rfind("\n", 0, known.index("[[")) + 1 if is_open else len(known) + 1
    if flaw >= open_line or flaw_of(_COMPOSES.sub("x", known)) is None:
        return ""
    line = known.count("\n", 0, min(flaw, len(known.rstrip()))) + 1
    return f"no well-formed YAML (its line {line})"


def _misplaced(text: str) -> str:
    """What is well-formed, and has no place for services."""
    import yaml
    from yaml.cyaml import CBaseLoader

    try:
        root: Any = yaml.compose(text, Loader=CBaseLoader)
    except (yaml.YAMLError, RecursionError, UnicodeEncodeError, ValueError):
        return ""  # several documents, or aliases
    if root is None:
        return ""
    if root.id != "mapping":
        return "it is a list" if root.id == "sequence" else "it is a text without services"
    services = next((value for key, value in root.value if key.value == "services"), None)
    if services is None or services.id == "mapping" or (services.id == "scalar" and _is_open(services.value)):
        return ""
    return (
        f"its services are a {'list' if services.id == 'sequence' else 'text'}, and no names with what each of them is"
    )


def _is_open(value: str) -> bool:
    return value in _NOTHING or "$" in value
