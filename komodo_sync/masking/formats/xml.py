"""Secrets in an XML whose name stands beside them, in an attribute or in another element: `<param name="password">X`,
`<name>db.password</name><value>X</value>`."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from komodo_sync.masking.structured import Place, is_shown, positions
from komodo_sync.model.secrecy import is_public, looks_secret

if TYPE_CHECKING:
    from collections.abc import Iterator

_QUOTE = r"\\*[\"']"
_ATTRIBUTE = re.compile(
    rf"(?<![\w-])(?:[\w:-]{{0,40}}name|key|id|property|field)[ \t\r\n]*=[ \t\r\n]*(?P<quote>{_QUOTE})"
    r"(?P<key>[^\"'<>\\\n]{1,200})(?P=quote)",
    re.IGNORECASE,
)
_GIVEN = re.compile(
    rf"(?<![\w-])(?:value|content)[ \t\r\n]*=[ \t\r\n]*(?P<quote>{_QUOTE})(?P<value>(?:(?!(?P=quote))[^<])+)(?P=quote)",
    re.IGNORECASE,
)
_SHOWN = re.compile(
    r"a|abbr|b|button|dd|div|dt|em|h[1-6]|label|legend|li|option|p|section|span|t[dhr]|title", re.IGNORECASE
)
"""Elements of a page, whose text is read by everybody."""
_OPENS = re.compile(
    r"<(?P<tag>[A-Za-z][\w:.-]{0,99})(?P<attributes>(?:[ \t\r\n](?:[^<>\"']|\"[^\"<]*\"|'[^'<]*'){1,2000}+)?)>"
)
_SELF = re.compile(r"<[A-Za-z][\w:.-]{0,99}(?P<attributes>[ \t\r\n](?:[^<>\"']|\"[^\"<]*\"|'[^'<]*'){1,2000}+)")
_BLANK = r"(?:\s|\\+[nrt]|<!--(?:[^-]|-(?!->)){0,500}-->)*+"
_CDATA = r"<!\[CDATA\["
_TEXT = rf"(?:{_CDATA}(?P<data>(?:(?!\]\]>)[\s\S])+)\]\]>|(?P<text>[^<]+))"
_OWN = re.compile(rf"{_BLANK}{_TEXT}")
_VALUE = r"(?:[\w:.-]{0,60}[-_:.])?(?:value|val|string|str|text|content|data)"
_INNER = re.compile(rf"{_BLANK}<{_VALUE}(?:\s[^<>]{{0,500}})?>{_TEXT}", re.IGNORECASE)
_NAME = r"(?:[\w:.-]{0,60}[-_:.])?(?:name|key|id|property)"
_NAMED = re.compile(rf"<{_NAME}(?:\s[^<>]{{0,500}})?>\s*(?P<key>[\w.:-]{{1,200}})\s*</[\w:.-]{{1,99}}>", re.IGNORECASE)
_OTHER = (
    rf"<(?!/|{_NAME}\b|{_VALUE}\b)[A-Za-z][\w:.-]{{0,99}}(?:\s[^<>]{{0,500}})?>[^<]{{0,500}}</[\w:.-]{{1,99}}>{_BLANK}"
)
_BETWEEN = rf"{_BLANK}(?:{_OTHER}){{0,3}}"
_BESIDE = re.compile(rf"{_BETWEEN}<{_VALUE}(?:\s[^<>]{{0,500}})?>{_BLANK}{_TEXT}", re.IGNORECASE)
_FIRST = re.compile(
    rf"<{_VALUE}(?:\s[^<>]{{0,500}})?>{_BLANK}{_TEXT}</[\w:.-]{{1,99}}>{_BETWEEN}"
    rf"<{_NAME}(?:\s[^<>]{{0,500}})?>\s*(?P<key>[\w.:-]{{1,200}})\s*</",
    re.IGNORECASE,
)
_NAMES = re.compile(rf"<[A-Za-z][\w:.-]*[ \t](?:[^<>]*[ \t])?key[ \t]*=[ \t]*{_QUOTE}?$", re.IGNORECASE)
_FOLLOWS = re.compile(rf"{_QUOTE}?(?:[ \t][^<>]*)?(?<!/)>(?!\s*</)")


def xml_places(text: str) -> list[Place]:
    """Where they stand in a text."""
    if "<" not in text or ">" not in text:
        return []
    position = positions(text)
    spans = sorted({span for span in _spans(text) if span[0] < span[1]})
    return [Place(*position(start), *position(end), False, text[start:end]) for start, end in spans]


def names_element(line: str, start: int, end: int) -> bool:
    """Whether what stands there is the name of what an element holds: `<entry key="password">X</entry>`."""
    if not _NAMES.search(line, max(0, start - 300), start):
        return False
    return looks_secret(line[start:end].strip("\"'\\")) and _FOLLOWS.match(line, end) is not None


def _spans(text: str) -> Iterator[tuple[int, int]]:
    for tag in _OPENS.finditer(text):
        key = "" if tag["attributes"].endswith("/") or _SHOWN.fullmatch(tag["tag"]) else _key(tag["attributes"])
        if key and (found := _INNER.match(text, tag.end()) or _OWN.match(text, tag.end())):
            yield from _span(text, key, found)
    for tag in _SELF.finditer(text):
        if (key := _key(tag["attributes"])) and (found := _GIVEN.search(text, *tag.span("attributes"))):
            yield from _of(text, key, *found.span("value"))
    for name in _NAMED.finditer(text):
        if looks_secret(name["key"]) and (found := _BESIDE.match(text, name.end())):
            yield from _span(text, name["key"], found)
    for found in _FIRST.finditer(text):
        if looks_secret(found["key"]):
            yield from _span(text, found["key"], found)


def _key(attributes: str) -> str:
    """The name in them that promises a secret."""
    keys = (found["key"] for found in _ATTRIBUTE.finditer(attributes))
    return next((key for key in keys if looks_secret(key)), "")


def _span(text: str, key: str, found: re.Match[str]) -> Iterator[tuple[int, int]]:
    yield from _of(text, key, *found.span("data" if found["data"] else "text"))


def _of(text: str, key: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    value = text[start:end]
    start, end = start + len(value) - len(value.lstrip()), end - len(value) + len(value.rstrip())
    if start < end and not is_shown(text[start:end]) and not is_public(key, text[start:end]):
        yield start, end
