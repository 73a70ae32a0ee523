"""HTML put together from elements: text that is not an element already is escaped, so that none can be forgotten."""

from __future__ import annotations

import html
import re

from komodo_sync.report.layout import safe

_CODE = re.compile(r"(?<![^\s(\"'])`([^\s`](?:[^`]*[^\s`])?)`")
VOID = ("meta", "input", "br")


class Html(str):
    """Text that is HTML already, made by `element` and `joined` alone."""

    __slots__ = ()


def escaped(text: str) -> Html:
    """Any text as HTML: what cannot be seen is shown as its escape, and nothing in it is markup."""
    return text if isinstance(text, Html) else Html(html.escape(safe(text)))


def element(tag: str, /, *children: str, **attributes: str | bool | int | None) -> Html:
    """One element. An attribute's trailing underscore is dropped, others become hyphens (`class_`, `aria_label`); True
    stands alone, False and None are left out."""
    words = "".join(_attribute(key, value) for key, value in attributes.items())
    if tag in VOID:
        return Html(f"<{tag}{words}>")
    return Html(f"<{tag}{words}>{''.join(map(escaped, children))}</{tag}>")


def sentence(text: str) -> Html:
    """A message of ours: what stands in backticks is code."""
    return joined([element("code", part) if at % 2 else part for at, part in enumerate(_CODE.split(text))])


def joined(parts: list[str], between: str = "") -> Html:
    """Elements and texts one after the other."""
    return Html(escaped(between).join(map(escaped, parts)))


def verbatim(name: str, text: str) -> Html:
    """An element around a text of our own that is not HTML: a script or a style."""
    return Html(f"<{name}>{text}</{name}>")


def section(heading: str, *children: str, place: str, style: str = "") -> Html:
    """A part of the page under a heading, with an anchor."""
    title = element("h2", heading, id=f"{place}-title")
    return element("section", title, *children, id=place, class_=style or None, aria_labelledby=f"{place}-title")


def _attribute(key: str, value: str | bool | int | None) -> str:
    if value is None or value is False:
        return ""
    word = key.rstrip("_").replace("_", "-")
    return f" {word}" if value is True else f' {word}="{html.escape(safe(str(value)))}"'
