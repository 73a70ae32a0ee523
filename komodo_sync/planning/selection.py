"""The language of `--select`: which declared resources a run is narrowed to.

    stack/web, stack/web-*, */web    kind and name
    stack, stacks                    everything of a kind
    tag:public                       what carries a tag
    server:prod-1, builder:big       what refers to one, and that one itself
    file:stacks/web.yaml             what is written in a file or folder, or takes a text from it
    changed:main                     what is written in files that differ from a git revision

`*`, `?` and `[ab]` are wildcards, also across `/`. Terms are joined by a comma or `and`: all of them must hold; `not`
before a term turns it round. What stands in quotes is taken as it is.
"""

from __future__ import annotations

import re
from difflib import get_close_matches
from enum import Enum
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING

from komodo_sync.kinds import BY_PLURAL, KINDS
from komodo_sync.model.data import Data

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping

    from komodo_sync.model.address import Address
    from komodo_sync.model.desired import Desired

_PREFIX = re.compile(r"([a-z_]+):")
_AND = re.compile(r"\s+and\s+")
_NOT = re.compile(r"not\s+")
_WILD = re.compile(r"[*?\[]")
_LISTED = 8


class What(Enum):
    """What a term looks at."""

    ADDRESS = "address"
    REFERENCE = "reference"
    TAG = "tag"
    FILE = "file"
    CHANGED = "changed"


class Term(Data, frozen=True):
    """One condition. `kind` is of a reference's target; `pattern` a wildcard pattern, or a git revision."""

    what: What
    pattern: str
    kind: str = ""
    negated: bool = False


class SelectionError(ValueError):
    """What is wrong with an expression, at which character of it (from 0), and what to write."""

    def __init__(self, message: str, position: int, help: str) -> None:  # noqa: A002
        super().__init__(message)
        self.position = position
        self.help = help


class Candidate(Data, frozen=True):
    """What a term is held against: a declared resource, or an address that stands under `absent` or `forget`."""

    address: Address
    files: Collection[str]
    tags: Collection[str] = ()
    targets: Collection[Address] = ()


def parse(text: str) -> tuple[Term, ...]:
    """The terms of one expression. Raises SelectionError."""
    return tuple(_term(piece, at) for at, piece in _pieces(text))


def picked(
    selections: Iterable[Collection[Term]], desired: Desired, changed: Mapping[str, Collection[str]]
) -> frozenset[Address]:
    """The addresses for which all terms of at least one selection hold. `changed`: the files that differ from each git
    revision, relative to the root of the manifests."""
    chosen = list(selections)
    return frozenset(
        each.address
        for each in _candidates(desired)
        if any(all(_holds(term, each, changed) != term.negated for term in terms) for terms in chosen)
    )


def nearest(term: Term, addresses: Collection[Address]) -> str:
    """What to write for an address that picked nothing: the one that is meant most likely, else those of its kind."""
    kind, _, name = term.pattern.partition("/")
    alike = sorted(each for each in addresses if term.what is What.ADDRESS and fnmatchcase(each.kind, kind))
    close = get_close_matches(name, [each.name for each in alike], 1, 0.6)
    if close:
        return f"did you mean {next(each for each in alike if each.name == close[0])}?"
    if 0 < len(alike) <= _LISTED:
        return f"declared are {', '.join(map(str, alike))}"
    return "write what declared resources have: stack/web, stack/*, tag:public, server:prod-1, file:stacks/*.yaml"


def expression(address: Address) -> str:
    """The expression that picks `address` alone."""
    name = address.name
    plain = not _WILD.search(name) and "," not in name and not _AND.search(name) and name[:1] not in "\"'"
    mark = "'" if '"' in name else '"'
    return str(address) if plain else f"{address.kind}/{mark}{name}{mark}"


def _candidates(desired: Desired) -> Iterator[Candidate]:
    for address, item in desired.resources.items():
        targets = [reference.target for reference in item.references]
        yield Candidate(address, (item.span.file, *item.files()), item.tags or (), targets)
    for mention in (*desired.absent, *desired.forget):
        yield Candidate(mention.address, (mention.span.file,))


def _holds(term: Term, each: Candidate, changed: Mapping[str, Collection[str]]) -> bool:
    match term.what:
        case What.ADDRESS:
            return fnmatchcase(str(each.address), term.pattern)
        case What.TAG:
            return any(fnmatchcase(tag, term.pattern) for tag in each.tags)
        case What.REFERENCE:
            named = [target for target in (*each.targets, each.address) if target.kind == term.kind]
            return any(fnmatchcase(target.name, term.pattern) for target in named)
        case What.FILE:
            folder = term.pattern.rstrip("/") + "/*"
            return any(fnmatchcase(file, term.pattern) or fnmatchcase(file, folder) for file in each.files)
        case What.CHANGED:
            return not set(each.files).isdisjoint(changed[term.pattern])


def _pieces(text: str) -> Iterator[tuple[int, str]]:
    """The terms as written, each with where it begins."""
    start = at = 0
    while at < len(text):
        joint = _AND.match(text, at)
        if text[at] in "\"'" and (at == start or text[at - 1] in "/:"):
            end = text.find(text[at], at + 1)
            if end < 0:
                raise SelectionError("this quote is not closed", at, f"write {text[at]} at its end too")
            at = end + 1
        elif joint or text[at] == ",":
            yield _stripped(text[start:at], start)
            start = at = joint.end() if joint else at + 1
        else:
            at += 1
    yield _stripped(text[start:], start)


def _stripped(piece: str, start: int) -> tuple[int, str]:
    return start + len(piece) - len(piece.lstrip()), piece.strip()


def _term(piece: str, at: int) -> Term:
    negation = _NOT.match(piece)
    negated = negation is not None
    if negation:
        piece, at = piece[negation.end() :], at + negation.end()
    if not piece or piece in ("and", "not"):
        raise SelectionError("a term is missing here", at, "write kind/name, as in stack/web, or tag:public")
    prefix = _PREFIX.match(piece)
    if prefix:
        word, rest = prefix[1], piece[prefix.end() :]
        if not rest:
            raise SelectionError(f"something is missing after {word}:", at + prefix.end(), f"write {word}:NAME")
        return _prefixed(word, rest, at, negated=negated)
    kind, slash, name = piece.partition("/")
    whole = kind if kind in KINDS else BY_PLURAL[kind].name if kind in BY_PLURAL else ""
    if not slash and whole:
        return Term(What.ADDRESS, f"{whole}/*", negated=negated)
    if not slash:
        raise SelectionError(f"{piece} is not kind/name", at, f"write --select 'stack/{piece}', or '*/{piece}'")
    if not name:
        raise SelectionError(f"a name is missing after {kind}/", at + len(piece), f"write {kind}/* for all of them")
    if not whole and not _WILD.search(kind):
        raise SelectionError(f"there is no kind {kind}", at, _kinds(kind))
    return Term(What.ADDRESS, f"{whole or kind}/{_literal(name)}", negated=negated)


def _prefixed(word: str, rest: str, at: int, *, negated: bool) -> Term:
    plain = {each.value: each for each in (What.TAG, What.FILE)}
    if word == What.CHANGED.value:
        revision = rest.strip("\"'")
        if not revision or revision.startswith("-"):
            hint = "write changed:main, or changed:HEAD~1"
            raise SelectionError(f"{rest} is no git revision", at + len(word) + 1, hint)
        return Term(What.CHANGED, revision, negated=negated)
    if word in plain:
        return Term(plain[word], _literal(rest), negated=negated)
    if word in KINDS:
        return Term(What.REFERENCE, _literal(rest), word, negated=negated)
    close = get_close_matches(word, [*plain, What.CHANGED.value, *KINDS], 1, 0.6)
    hint = f"did you mean {close[0]}:?" if close else "write tag:, file:, changed:, or a kind, as in server:prod-1"
    raise SelectionError(f"there is nothing to select by {word}:", at, hint)


def _kinds(word: str) -> str:
    close = get_close_matches(word, [*KINDS, *BY_PLURAL], 1, 0.6)
    return f"did you mean {close[0]}?" if close else f"one of {', '.join(KINDS)}"


def _literal(text: str) -> str:
    """A pattern; of what stands in quotes one that fits only that."""
    if len(text) > 1 and text[0] in "\"'" and text[-1] == text[0]:
        return _WILD.sub(r"[\g<0>]", text[1:-1])
    return text
