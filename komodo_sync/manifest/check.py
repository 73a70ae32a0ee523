"""The rules that no file can break alone: names, duplicates, references, order."""

from __future__ import annotations

from typing import TYPE_CHECKING

from komodo_sync.kinds import KINDS
from komodo_sync.kinds.names import normal_name, refusal
from komodo_sync.manifest.cycles import check_cycles
from komodo_sync.manifest.findings import nearest, quoted
from komodo_sync.manifest.rules import check_rules
from komodo_sync.model.address import Address
from komodo_sync.model.data import replace
from komodo_sync.model.desired import Desired, DesiredResource
from komodo_sync.model.diagnostic import Severity
from komodo_sync.source.codes import Code

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from komodo_sync.manifest.findings import Findings
    from komodo_sync.manifest.resources import Declared
    from komodo_sync.manifest.tables import Mentions
    from komodo_sync.model.desired import Omitted
    from komodo_sync.model.diagnostic import Span
    from komodo_sync.source.nodes import Scalar

_DEPLOYABLE = [spec.name for spec in KINDS.values() if spec.states]


def check(
    written: Sequence[Declared], mentions: Mentions, findings: Findings, files: int, omitted: Omitted = "reset"
) -> Desired:
    """Every rule; then the declared world, with `failed` set when anything at all was an error. `omitted`: what the
    settings say of fields that are not mentioned."""
    declared = _unique(written, findings)
    stored = {address: normal_name(KINDS[address.kind].names, address.name) for address in declared}
    for address, item in declared.items():
        _name(item, stored[address], findings)
    _collisions(declared, stored, findings)
    resources, order = _after(declared, findings)
    for item in written if len(written) > len(declared) else ():
        if declared[item.resource.address] is not item:
            for word in item.after:
                _dependency(word, declared, findings)
    _references(declared, findings)
    check_cycles(declared, order, findings)
    _renames(declared, findings)
    _mentions(mentions, resources, findings)
    findings.extend(check_rules(declared, omitted))
    return Desired(
        resources=resources,
        absent=tuple(mention for mention, _ in mentions["absent"]),
        forget=tuple(mention for mention, _ in mentions["forget"]),
        files=files,
        failed=any(item.severity == "error" for item in findings.diagnostics),
    )


def _unique(items: Iterable[Declared], findings: Findings) -> dict[Address, Declared]:
    result: dict[Address, Declared] = {}
    for item in items:
        address = item.resource.address
        first = result.setdefault(address, item)
        if first is not item:
            _report_twice(first, item, findings)
    return result


def _report_twice(first: Declared, item: Declared, findings: Findings) -> None:
    address, place = item.resource.address, first.name.span()
    if item.resource.item and place == item.name.span():
        message = f"{address} is declared twice, for {first.resource.item} and for {item.resource.item}"
        way_out = "put every ${each:...} that tells the items apart into the name"
    else:
        message, way_out = f"{address} is declared twice, first in {place}", "keep one of them, or give it another name"
    findings.error(Code.DUPLICATE_RESOURCE, item.name, message, way_out)


def _name(item: Declared, kept: str, findings: Findings) -> None:
    address = item.resource.address
    if kept != address.name:
        message = (
            f"the Core would store this {address.kind} as {quoted(kept)}" if kept else "the Core would leave no name"
        )
        way_out = f"write name: {kept}" if kept else "begin it with a letter or a digit"
        if item.resource.item:
            way_out = f"of for_each it is {item.resource.item}: write what stays as it is"
        findings.error(Code.NAME_CHANGES, item.name, message, way_out)
        return
    if address.name.startswith(KINDS[address.kind].reserved):
        message = f"{address} is komodo-sync's own: there it keeps who applies, and what was applied last"
        findings.error(Code.NAME_RESERVED, item.name, message, "choose another name")
        return
    reason = refusal(KINDS[address.kind].names, address.name)
    if reason:
        findings.error(
            Code.NAME_CHANGES, item.name, f"the Core would refuse this name: {reason}", "choose another name"
        )


def _collisions(declared: Mapping[Address, Declared], stored: Mapping[Address, str], findings: Findings) -> None:
    first: dict[Address, Declared] = {}
    for address, item in declared.items():
        kind, name = address
        other = first.setdefault(address if stored[address] == name else Address(kind, stored[address]), item)
        if other is not item:
            message = (
                f"the Core would store this {kind} and {quoted(other.name.text)} in {other.name.span()} under one name"
            )
            findings.error(Code.NAME_COLLISION, item.name, message, "give one of them another name")


def _after(
    declared: Mapping[Address, Declared], findings: Findings
) -> tuple[dict[Address, DesiredResource], dict[Address, dict[Address, Scalar]]]:
    """The resources with their `after` as addresses, and for each of them where it was written."""
    resources: dict[Address, DesiredResource] = {}
    order: dict[Address, dict[Address, Scalar]] = {}
    for address, item in declared.items():
        if not item.after:
            resources[address] = item.resource
            continue
        places = {}
        for word in item.after:
            target = _dependency(word, declared, findings)
            if target is not None:
                places[target] = word
        order[address] = places
        resources[address] = replace(item.resource, after=tuple(places))
    return resources, order


def _dependency(word: Scalar, declared: Mapping[Address, Declared], findings: Findings) -> Address | None:
    if word.source.name.lower().endswith(".toml"):
        return _bare_dependency(word, declared, findings)
    kind, _, name = word.text.partition("/")
    if not name or kind not in KINDS:
        named = [address for address in declared if address.name == word.text]
        way_out = f"write {named[0]}" if len(named) == 1 else nearest(kind, list(KINDS)) if name else ""
        message = f"{quoted(word.text)} is no address"
        findings.error(Code.BAD_ADDRESS, word, message, way_out or "write kind/name, as in stack/db")
        return None
    if Address(kind, name) not in declared:
        close = nearest(word.text, [str(address) for address in declared if address.kind == kind])
        message = f"no manifest declares {kind}/{name}"
        way_out = close if close.startswith("did") else "declare it, or leave it out"
        findings.error(Code.AFTER_UNDECLARED, word, message, way_out)
        return None
    return Address(kind, name)


def _bare_dependency(word: Scalar, declared: Mapping[Address, Declared], findings: Findings) -> Address | None:
    """In Resource Sync TOML a name alone: of a stack or a deployment."""
    found = [Address(kind, word.text) for kind in _DEPLOYABLE if Address(kind, word.text) in declared]
    if len(found) == 1:
        return found[0]
    if found:
        message = f"{quoted(word.text)} is {' and '.join(f'a {item.kind}' for item in found)}"
        findings.error(
            Code.AFTER_AMBIGUOUS, word, message, "declare this resource in YAML, where after takes stack/name"
        )
        return None
    close = nearest(word.text, [item.name for item in declared if item.kind in _DEPLOYABLE])
    message = f"no manifest declares a {' or '.join(_DEPLOYABLE)} of the name {quoted(word.text)}"
    way_out = close if close.startswith("did") else "declare it, or leave it out"
    findings.error(Code.AFTER_UNDECLARED, word, message, way_out)
    return None


def _references(declared: Mapping[Address, Declared], findings: Findings) -> None:
    """A name that no manifest declares may live in the Core alone: one warning for it, until somebody can ask the
    Core."""
    missing: dict[Address, list[tuple[Declared, Span]]] = {}
    kinds: dict[str, list[str]] = {}
    for address, item in declared.items():
        kinds.setdefault(address.kind, []).append(address.name)
        for reference in item.resource.references:
            if reference.target not in declared and reference.target.kind in KINDS:
                missing.setdefault(reference.target, []).append((item, reference.span))
    for target, places in missing.items():
        item, place = min(places, key=lambda each: each[1])
        often = f" (named {len(places)} times, here first)" if len(places) > 1 else ""
        close = nearest(target.name, kinds.get(target.kind, []))
        way_out = f"{close} " if close.startswith("did") else ""
        findings.diagnostics.append(
            item.source(place).diagnostic(
                Code.DANGLING,
                f"no manifest declares {target}{often}",
                place.line,
                place.column,
                length=place.length,
                help=f"{way_out}else it must be in the Core, where plan will look for it",
                severity=Severity.WARNING,
            )
        )


def _renames(declared: Mapping[Address, Declared], findings: Findings) -> None:
    """Two cannot take the same old name, and names cannot go round in a circle. A chain is fine."""
    sources: dict[Address, Address] = {}
    for address, item in declared.items():
        old = item.resource.renamed_from
        if not old:
            continue
        source = Address(address.kind, old)
        if source == address:
            findings.error(
                Code.BAD_RENAME, item.name, f"{address} cannot be renamed from itself", "take renamed_from out"
            )
        elif source in sources:
            message = f"{source} is renamed to {sources[source]} and to {address}"
            findings.error(Code.BAD_RENAME, item.name, message, "keep renamed_from in one of them")
        else:
            sources[source] = address
    for source in sorted(sources):
        seen, at = [source], sources[source]
        while at in sources and at not in seen:
            seen.append(at)
            at = sources[at]
        if at == min(seen) == source:
            drawn = " -> ".join(str(address) for address in [*seen, source])
            item = declared[sources[source]]
            findings.error(
                Code.BAD_RENAME,
                item.name,
                f"names go round in a circle: {drawn}",
                "rename one of them to a third name first",
            )


def _mentions(listed: Mentions, resources: Mapping[Address, DesiredResource], findings: Findings) -> None:
    """What is to go cannot be declared too, nor be wanted gone and kept running at once."""
    seen: dict[Address, str] = {}
    for word, mentions in listed.items():
        for mention, node in mentions:
            resource = resources.get(mention.address)
            if resource is not None:
                message = f"{mention.address} stands under {word} and is declared in {resource.span}"
                findings.error(Code.CONTRADICTION, node, message, "take one of them out")
            elif seen.setdefault(mention.address, word) != word:
                message = f"{mention.address} stands under {seen[mention.address]} and under {word}"
                findings.error(Code.CONTRADICTION, node, message, "take one of them out")
