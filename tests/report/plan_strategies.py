"""Plans and outcomes of any content, hostile texts among it."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from komodo_sync.model.address import Address
from komodo_sync.model.approval import Approval, Grounds, KeyedSides, Topic
from komodo_sync.model.cause import Cause, Record
from komodo_sync.model.outcome import Outcome, Status, StepOutcome
from komodo_sync.model.plan import (
    SECRET,
    UNKNOWN,
    Action,
    Change,
    CoreFacts,
    Diff,
    DiffEntry,
    Effect,
    FieldChange,
    Finding,
    Plan,
    Resource,
    Scope,
    Shown,
    Step,
    Summary,
    Visibility,
)
from komodo_sync.model.scope import GivenVariable

HOSTILE = (
    "\x1b[2J",
    "\r",
    "\n",
    "\x9b1;1H",
    "\u202e",
    "\u2028",
    "\x00",
    "\x7f",
    "\u200b",
    "例え",
    "é",
    " " * 50,
    "\\x1b",
)
MARKUP = (
    "`",
    "```",
    "~~~",
    "@all",
    "@org/team",
    "#12",
    "GH-7",
    "org/repo#3",
    "0123abcdef",
    "https://evil.example/",
    "www.evil.example",
    "me@evil.example",
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "<!--",
    "-->",
    "</details>",
    "</code>",
    "![x](https://evil.example)",
    "[a](javascript:alert(1))",
    "[a]: https://evil.example",
    "**",
    "_a_",
    "$x$",
    "$$",
    ":tada:",
    "|",
    "\\",
    "&#64;all",
    "&lt;b&gt;",
    "# ",
    "> ",
    "- ",
    "1. ",
    "---",
    "::error::",
    "%0A",
    "]]>",
    "'\"><a href=x>",
)


def built(
    made: type[Any], *arguments: st.SearchStrategy[Any], **named: st.SearchStrategy[Any]
) -> st.SearchStrategy[Any]:
    """`made` of these: `st.builds` would ask for the types of its fields, whose names are known to a type checker."""
    return st.builds(lambda *each, **by_name: made(*each, **by_name), *arguments, **named)


texts = st.one_of(
    st.text(max_size=12),
    st.lists(st.sampled_from((*HOSTILE, *MARKUP, "a", "b c", " ", "-> ", "'\"")), max_size=6).map("".join),
)
values = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**70), 2**70) | st.floats(allow_nan=False, allow_infinity=False) | texts,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=3),
    max_leaves=5,
)
shown = st.sampled_from((SECRET, UNKNOWN)) | built(Shown, values)
kinds = st.sampled_from(("stack", "resource_sync", "variable"))
addresses = built(Address, kinds, texts.filter(bool))
actions = st.sampled_from(Action)
steps = built(Step, addresses, actions)


def tuples(of: st.SearchStrategy[object], most: int = 3) -> st.SearchStrategy[tuple[object, ...]]:
    return st.lists(of, max_size=most).map(tuple)


entries = built(DiffEntry, texts, st.none() | shown, st.none() | shown)
lines = st.builds(str.__add__, st.sampled_from((" ", "+", "-", "@@ ", "")), texts)
kinds_of_diffs = st.sampled_from(("scalar", "lines", "keyed", "items"))
diffs = built(Diff, kinds_of_diffs, tuples(lines), tuples(entries), texts, st.sampled_from(("", ":")))
fields = built(FieldChange, texts, shown, shown, diffs, texts, st.booleans(), st.booleans(), tuples(texts))
effects = built(Effect, st.sampled_from(("stops", "keeps", "exposes")) | texts, texts, texts)
digests = st.sampled_from(("", f"sha256:{'0a' * 32}", f"hmac-sha256:{'f1' * 32}"))
grounds = built(Grounds, tuples(built(Topic, texts, st.integers(0, 2**52))), texts, st.booleans())
keyed = tuples(built(KeyedSides, texts, digests, digests))
approvals = built(Approval, digests, digests, digests, keyed, st.none() | grounds)
changes = built(Change, actions, texts, texts, tuples(fields), tuples(effects), tuples(steps), st.none() | approvals)
records = built(Record, st.sampled_from(("komodo", "git")), texts, texts, texts)
causes = built(Cause, st.sampled_from(("komodo", "git", "both", "unknown")), texts, tuples(records))
resources = built(Resource, addresses, texts, tuples(changes, 2), st.booleans(), st.none() | causes)
findings = built(Finding, texts, st.sampled_from(("refusal", "warning", "note")), texts, texts, tuples(addresses))
counts = st.integers(0, 10**6)
plans = built(
    Plan,
    core=built(CoreFacts, texts, texts),
    scope=built(
        Scope,
        tuples(texts),
        tuples(texts),
        texts,
        st.booleans(),
        st.booleans(),
        texts,
        texts,
        tuples(texts),
        tuples(texts),
        tuples(built(GivenVariable, texts, st.none() | texts)),
        tuples(texts),
        texts,
        st.booleans(),
        st.booleans(),
        st.booleans(),
        st.booleans(),
        st.none() | counts,
        st.none() | counts,
    ),
    visibility=built(Visibility, texts, st.booleans(), tuples(texts)),
    resources=tuples(resources),
    waves=tuples(tuples(steps)),
    findings=tuples(findings),
    summary=built(
        Summary,
        st.dictionaries(actions.map(str), counts),
        counts,
        counts,
        st.dictionaries(st.sampled_from(("refusal", "warning")), counts),
    ),
)
results = built(StepOutcome, steps, st.sampled_from(Status), texts, texts)
refusals = built(Finding, texts, st.just("refusal"), texts, texts, tuples(addresses))
outcomes = built(Outcome, plans, tuples(results), st.none() | plans, texts, st.booleans(), tuples(refusals))
