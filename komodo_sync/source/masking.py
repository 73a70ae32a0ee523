"""Source lines without the values that stand behind secret-looking names."""

from __future__ import annotations

import re
from difflib import get_close_matches
from functools import lru_cache
from typing import TYPE_CHECKING

from komodo_sync.model.known import is_telling
from komodo_sync.model.sealed import HIDDEN
from komodo_sync.model.secrecy import BETWEEN, KNOWN, is_reference, looks_secret, without_login
from komodo_sync.source.words import is_near_secret, secret_tables

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

# a word is looked at from its beginning alone: a line may be as long as a file
_PAIR = re.compile(
    r"""(?P<key>"[^"\n]*"|'[^'\n]*'|(?<![\w.\-])[\w.\-]+)(?P<sep>\s*(?:=|:(?=\s|$)|(?<=["']):)\s*)(?P<value>\S.*)?"""
)
_OWNER = re.compile(
    r"""(?P<indent>\s*)(?P<dash>(?:-[ ]+)*)(?P<key>"[^"\n]*"|'[^'\n]*'|[A-Za-z_][\w.\-]*)"""
    r"""\s*(?:=|:(?=\s|$)|(?<=["']):)"""
)
_LOGIN = re.compile(r"(//)[^/:@\s\"']*:[^/@\s\"']*@")
_ADDRESS = re.compile(r"(https?://[^/\s\"',}\]]+/)([^\s\"',}\]]+)")
_OPTION = re.compile(r"(?<![\w-])--?(?P<key>[A-Za-z][\w.-]*)[ \t]+[\"']?(?P<value>[^\s\"'\]},]+)")
_LONG = ("credential", "passkey", "password", "secret", "token")
_PARTS = re.compile(r"[a-z]{4,}")
_QUOTED = re.compile(r"`([^`\n]+)`")
_ASKED = re.compile(r"\$\{(?:env|file|var|each):[\w./-]*")
"""What a value is taken by: the name is public, whatever takes it."""
_NAMED = re.compile(r"(?<![\w.\-])(?P<key>[A-Za-z_][\w.\-]*)[\"']?[ \t]*[:=](?=(?P<value>[^\n]*))")
_WORD = re.compile(r"[^\s\"'`,;:=\[\]{}()<>|&/@!*]{6,}")
_NAME = re.compile(r"--?[a-z][a-z-]*|[A-Z]{2,}(?:_[A-Z]+\d{0,2})+")
"""How an option looks, or the name of a variable, and no secret that is worth to be looked for elsewhere."""
_REFERENCE = re.compile(r"\$\{[^{}]*\}|\[\[[^\[\]]*\]\]|\$\w+|!file\s+\S+")
_CUT = re.compile("[…⏎]")
"""Where a text goes on that is quoted on one line, and not too long."""
_GIVEN = re.compile(r"(?P<head>(?<![\w.\-])(?P<key>[A-Za-z_][\w.\-]*)=)(?P<value>[^\s`\"',]+)")
_OURS = re.compile(r"(?:^|[=:]\s*)\$\{(?:env|file|var|each):[^{}:]*\}$")
_BRACED = re.compile(r"(?:-[ ]+)+\{[ ]*[\"']?[a-z_]+[\"']?:[ ]")
"""An entry in braces, which has keys of its own."""
_BLOCK = re.compile(r"[|>][-+0-9]*\s*")
_QUOTE = re.compile(r"""'(?:[^']|'')*'|"(?:[^"\\]|\\.)*\"""")
_PLAIN_ENDS = re.compile(r",\s*(?=[\w\"'.\-]+\s*[:=])|[}\]]\s*,?\s*$")


def _hides(key: str) -> bool:
    """Whether what stands behind a key is not shown: a secret, a variable's value, which may be one, or a script that
    is a secret whole; also behind a key that is misspelt."""
    word = key.strip("\"'").rsplit(".", 1)[-1]
    if word in ("value", "secrets", "user_data") or looks_secret(word) or _is_misspelt(word):
        return True
    # the fields of a manifest are in small letters, what stands in an environment mostly is not
    return not word.isupper() and is_near_secret(word)


def _is_no_entry(key: str, value: str) -> bool:
    return key.strip("\"'") in secret_tables() and not re.match(r"[\[{&*|>\s]*(?:[{#]|$)", value)


@lru_cache(4096)
def _is_misspelt(word: str) -> bool:
    parts = _PARTS.findall(word.lower())
    # spelt right it has been judged
    return bool(get_close_matches(word.lower(), ("value",), 1, 0.8)) or any(
        get_close_matches(part, _LONG, 1, 0.81) for part in parts if part.removesuffix("s") not in _LONG
    )


def _starred(option: re.Match[str]) -> str:
    value = option["value"]
    if not looks_secret(option["key"]) or value.startswith("-") or is_reference(value):
        return option[0]
    return option[0][: -len(value)] + "*" * len(value)


def secret_lines(lines: Sequence[str]) -> bytes:
    """For each line 1 when it lies inside the value of a key that looks secret, by indentation; else 0."""
    result = bytearray(len(lines))
    owners: list[tuple[int, bool, bool]] = []
    for index, line in enumerate(lines):
        owner = _OWNER.match(line)
        kept = line.lstrip()
        if owner is None and not kept.startswith(("{", "[", "-")):
            result[index] = bool(owners) and owners[-1][1]  # goes on with the value above
            continue
        indent = len(line) - len(kept)
        while owners and owners[-1][0] >= indent + kept.startswith("-"):
            owners.pop()
        inherited = bool(owners) and owners[-1][1]
        # a text where an entry belongs is mostly the secret of it
        no_entry = owner is None and kept[:1] == "-" and not _BRACED.match(kept)
        result[index] = inherited or (no_entry and bool(owners) and owners[-1][2])
        if owner is not None:
            key = owner["key"]
            owners.append((owner.start("key"), inherited or _hides(key), key.strip("\"'") in secret_tables()))
    return bytes(result)


def masked_line(line: str, *, column: int, hidden: bool, secret: bool) -> str:
    """A line as it may be shown: the values of secret-looking keys are replaced. `hidden`: it lies inside a secret
    value and is not shown at all. `secret`: every value is replaced. A replaced value is the last thing that is shown
    when `column` (from 1) stands behind its beginning, where a caret would no longer point at what is meant. What
    stands behind the host of a URL are stars: the address of a webhook is a secret, whatever key it was given.
    So is what follows an option like --password."""
    line = _ADDRESS.sub(lambda found: found[1] + "*" * len(found[2]), line)
    line = _OPTION.sub(_starred, line)
    if hidden or (secret and not _OWNER.match(line)):
        return line[: len(line) - len(line.lstrip())] + HIDDEN
    shown, position = "", 0
    while match := _PAIR.search(line, position):
        value, start = match["value"], match.start("value")
        masked = value is not None and (secret or _hides(match["key"]) or _is_no_entry(match["key"], value))
        if not masked or _BLOCK.fullmatch(value):
            position_after = match.end("sep")
            shown, position = shown + line[position:position_after], position_after
            continue
        if start + 1 < column:
            return shown + line[position:start] + HIDDEN
        # in a collection or behind an anchor all that follows may belong to the secret
        quote = _QUOTE.match(line, start)
        open_ended = value[0] in "{[&*!" or (value[0] in "\"'" and not quote)
        end = None if open_ended else _PLAIN_ENDS.search(line, quote.end() if quote else start)
        shown, position = shown + line[position:start] + HIDDEN, end.start() if end else len(line)
    shown += line[position:]
    login = _LOGIN.search(shown)
    if login is None:
        return shown
    if login.end() < column:
        return shown[: login.end(1)] + HIDDEN
    return _LOGIN.sub(rf"\1{HIDDEN}@", shown)


def secret_words(text: str) -> Iterator[str]:
    """The words of a text behind names that promise a secret, each to the end of its line, as far as they are told from
    any others. What only says where a secret comes from is none."""
    for found in _NAMED.finditer(text):
        if looks_secret(found["key"].rsplit(".", 1)[-1]):
            yield from value_words(found["value"])


def value_words(text: str) -> Iterator[str]:
    """The same of a text that is such a value."""
    words = _WORD.findall(_REFERENCE.sub(" ", text))
    return (word for word in words if is_telling(word) and not _NAME.fullmatch(word))


def without_words(text: str, words: Collection[str], instead: str = "") -> str:
    """`text` without these words; stars keep a caret where it points, unless something stands `instead`."""
    if not words:
        return text
    return _WORD.sub(lambda found: (instead or "*" * len(found[0])) if found[0] in words else found[0], text)


def masked_message(text: str, untold: str = "", key: str = "") -> str:
    """A message as it may be shown: what it quotes is input, and may be a secret at a place that takes none. `untold`:
    what stands at its place and is not shown there, of which it quotes nothing but `key`."""
    if "=" not in text and "://" not in text and "`" not in text:
        return text
    if untold:
        untold = _ASKED.sub("", untold).replace("`", "'")
        text = _QUOTED.sub(
            lambda found: f"`{HIDDEN}`" if found[1] != key and _stands_in(found[1], untold) else found[0], text
        )
    text = _QUOTED.sub(_unquoted, text)
    text = _GIVEN.sub(_unless_told, text)
    if "://" in text and "@" in text:
        text = "".join(without_login(part) for part in BETWEEN.split(text))
    return KNOWN.sub(lambda found: f"{found['head'] or ''}{HIDDEN}", text)


def _stands_in(quoted: str, written: str) -> bool:
    """Whether what is quoted is a word of what is written, or some of them."""
    kept, *cut = _CUT.split(quoted, maxsplit=1)
    end = "" if cut else r"(?!\w)"
    return bool(kept.strip()) and re.search(rf"(?<!\w){re.escape(kept)}{end}", written) is not None


def _unquoted(found: re.Match[str]) -> str:
    from komodo_sync.masking.lines import shown_lines

    plain = found[1].isalnum() or is_reference(found[1]) or _OURS.search(found[1])
    return found[0] if plain else f"`{shown_lines([found[1]])[0]}`"


def _unless_told(found: re.Match[str]) -> str:
    value = found["value"]
    told = not looks_secret(found["key"]) or value == "value" or value.startswith((HIDDEN, "$", "[["))
    return found[0] if told else f"{found['head']}{HIDDEN}"


def without_passwords(shown: str, before: Sequence[str]) -> str:
    """What is shown of a line, `before` in front of it, without what a plan would not show of it: what commands take as
    a password is no value of a key. Stars keep a caret where it points."""
    from komodo_sync.masking.lines import shown_lines

    # a key begins anew
    told = shown_lines([*(() if _OWNER.match(shown) else before), shown])[-1]
    if told.strip() == HIDDEN:
        return told
    parts = told.split(HIDDEN)
    found = re.fullmatch("(.*?)".join(map(re.escape, parts)), shown)
    if not found:
        return shown[: len(shown) - len(shown.lstrip())] + HIDDEN
    hidden = [part if part.strip(" ,;\"'[]{}") in HIDDEN else "*" * len(part) for part in found.groups()]
    return "".join(part for pair in zip(parts, [*hidden, ""], strict=True) for part in pair)
