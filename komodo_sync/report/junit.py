"""A Plan and an Outcome as JUnit XML, as CI systems show tests: a case for each resource, or for each step."""

from __future__ import annotations

from collections import Counter
from itertools import groupby
from typing import TYPE_CHECKING
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from komodo_sync.model.finding import AMISS
from komodo_sync.model.outcome import Status
from komodo_sync.report.causes import cause_text
from komodo_sync.report.changes import write_resource
from komodo_sync.report.layout import Page, prose, safe
from komodo_sync.report.outcome import ending

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Sequence

    from komodo_sync.model.outcome import Outcome, StepOutcome
    from komodo_sync.model.plan import Finding, Plan, Resource

_WIDTH = 120
_SILENT = (Status.SKIPPED, Status.NOT_STARTED)


def plan_junit(plan: Plan) -> str:
    """A suite for each kind, a case for each resource: what is as declared passes, what would be changed fails with its
    changes, what is refused is an error. A suite of its own has a case for each finding: a refusal is an error, a
    warning fails nothing and is told in its output; of drift, what does not run as declared fails."""
    root = Element("testsuites", name=f"komodo-sync {plan.subject}")
    for kind, resources in groupby(
        sorted(plan.resources, key=lambda item: item.address), lambda item: item.address.kind
    ):
        suite = SubElement(root, "testsuite", name=safe(kind))
        for resource in resources:
            _resource(suite, resource)
    _findings(root, plan.findings, AMISS if plan.subject == "drift" else frozenset())
    return _written(root)


def outcome_junit(outcome: Outcome) -> str:
    """A suite of the steps, in which a failed one fails and what was not done is skipped; where it was refused, a suite
    of the reasons, each an error; and a suite of what is left, with a case for each resource that still differs and one
    for how it ended."""
    root = Element("testsuites", name="komodo-sync apply")
    suite = SubElement(root, "testsuite", name="steps")
    for result in outcome.results:
        _step(suite, result)
    _findings(root, outcome.refused)
    suite = SubElement(root, "testsuite", name="proof")
    case = SubElement(suite, "testcase", classname="proof", name="everything is as declared")
    if not outcome.complete:
        SubElement(case, "failure", type="incomplete", message=safe(ending(outcome)))
    for resource in outcome.remaining.resources if outcome.remaining is not None else ():
        if resource.changes:
            _resource(suite, resource)
    return _written(root)


def _resource(suite: Element, resource: Resource) -> None:
    case = _case(suite, resource.address.kind, str(resource.address))
    if resource.refused:
        message = "refused: see the findings"
        SubElement(case, "error", type="refused", message=message)
    if resource.changes:
        actions = ", ".join(change.action for change in resource.changes)
        reasons = "; ".join(prose(change.reason) for change in resource.changes if change.reason)
        message = f"{actions}{f': {reasons}' if reasons else ''}"
        if resource.cause is not None:
            message = f"{prose(cause_text(resource.cause))}; {message}"
        page = Page(width=_WIDTH, color=False)
        write_resource(page, resource)
        SubElement(case, "failure", type="drift", message=safe(message)).text = page.text()


def _findings(root: Element, findings: Iterable[Finding], failing: Collection[str] = ()) -> None:
    suite = None
    for finding, name in _named(list(findings)):
        suite = SubElement(root, "testsuite", name="findings") if suite is None else suite
        _finding(suite, finding, name, failing)


def _named(findings: Sequence[Finding]) -> Iterator[tuple[Finding, str]]:
    """Each by a name of its own, as readers of cases expect: its code, where there are more of it what it is about, and
    at last a number."""
    codes = Counter(finding.code for finding in findings)
    seen: Counter[str] = Counter()
    for finding in findings:
        name = finding.code
        if codes[name] > 1 and finding.addresses:
            more = len(finding.addresses) - 1
            name += f": {finding.addresses[0]}{f' and {more} more' if more else ''}"
        seen[name] += 1
        yield finding, name if seen[name] == 1 else f"{name} ({seen[name]})"


def _finding(suite: Element, finding: Finding, name: str, failing: Collection[str]) -> None:
    case = _case(suite, "findings", name)
    allowed = f"to allow it: {finding.override}" if finding.override else ""
    concerned = f"concerns {', '.join(map(str, finding.addresses))}" if finding.addresses else ""
    rows = [prose(row) for row in (finding.message, concerned, allowed, finding.hint) if row]
    if finding.severity == "refusal":
        SubElement(case, "error", type="refused", message=prose(finding.message)).text = "\n".join(rows)
    elif finding.code in failing:
        SubElement(case, "failure", type="drift", message=prose(finding.message)).text = "\n".join(rows)
    else:
        SubElement(case, "system-out").text = "\n".join((f"{finding.severity}:", *rows))


def _step(suite: Element, result: StepOutcome) -> None:
    case = _case(suite, result.step.address.kind, str(result.step))
    rows = [*map(safe, result.told), *([f"next: {prose(result.hint)}"] if result.hint else [])]
    if result.status is Status.FAILED:
        SubElement(case, "failure", type="failed", message=prose(result.message)).text = "\n".join(rows)
    elif result.status in _SILENT:
        SubElement(case, "skipped", message=f"{result.status}: {prose(result.message)}".rstrip(": "))


def _case(suite: Element, group: str, name: str) -> Element:
    return SubElement(suite, "testcase", classname=safe(group), name=safe(name))


def _written(root: Element) -> str:
    for suite in root:
        _count(suite, suite.iter("testcase"))
    _count(root, root.iter("testcase"))
    indent(root)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{tostring(root, encoding="unicode")}\n'


def _count(element: Element, cases: Iterable[Element]) -> None:
    found = list(cases)
    element.set("tests", str(len(found)))
    for word, child in (("failures", "failure"), ("errors", "error")):
        element.set(word, str(sum(case.find(child) is not None for case in found)))
    if element.tag == "testsuite":
        element.set("skipped", str(sum(case.find("skipped") is not None for case in found)))
