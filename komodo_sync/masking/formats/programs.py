"""Secrets as programs of their own syntax are told them: a FreeRADIUS' `bob Cleartext-Password := "X"`, make's
`PASSWORD ?= X`, strongSwan's `: PSK "X"`, an SNMP daemon's `rocommunity X`, `nats://X@host`, a camera's
`tapo://X@host`."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from komodo_sync.masking.shell import RUN, is_run
from komodo_sync.masking.structured import is_shown
from komodo_sync.model.secrecy import is_public, looks_secret

if TYPE_CHECKING:
    from collections.abc import Iterator

_TEXT = r"\\+\"(?:[^\"\\\n]|\\+[^\"\\\n])*+\\+\"|\"(?:[^\"\\\n]|\\.)*+\"|'[^'\n]*+'"
_PLAIN = r"(?![\w.]+\()[^\s\"',;\\](?:[^\s\"\\]|[\"'](?=\w)|[ \t]+(?![\#|&]|$)(?![\w-]+[ \t]*[:?+]?=))*"
_GIVEN = re.compile(
    rf"(?<![\w.$-])(?P<key>[A-Za-z_][\w.-]*)[ \t]*(?::{{1,3}}|\?|\+)=[ \t]*(?P<value>{_TEXT}|{RUN}|{_PLAIN})",
    re.MULTILINE,
)
_ARROW = re.compile(rf"(?<![\w.$-])(?P<key>[A-Za-z_][\w.-]*)\\*[\"']?[ \t]*=>[ \t]*(?P<value>{_TEXT})")
_WORD = rf"(?:{_TEXT}|[^\s\"'\\]+)"
_VALUE = rf"(?P<value>{_WORD})"
_AT = r"(?:^|(?<=\\n)|(?<=[\"']))[ \t]*"
_KEY_FILE = r"(?:RSA|ECDSA|BLISS|PKCS12|P12|PKCS8)[ \t]+[^\s\"'\\]+"
_FORMS = (
    re.compile(rf"(?:(?<!\S)|(?<=\\n)|(?<=[\"'])):[ \t]+(?:PSK|EAP|XAUTH|NTLM|PIN[ \t]+\S+|{_KEY_FILE})[ \t]+{_VALUE}"),
    re.compile(rf"{_AT}(?:r[ow]community6?|trapcommunity|authcommunity[ \t]+[\w,]+)[ \t]+{_VALUE}", re.MULTILINE),
    re.compile(rf"{_AT}com2sec6?(?:[ \t]+-Cn[ \t]+\S+)?[ \t]+\S+[ \t]+\S+[ \t]+{_VALUE}", re.MULTILINE),
    re.compile(
        rf"\bcreateUser[ \t]+(?:-e[ \t]+\S+[ \t]+)?{_WORD}[ \t]+(?:MD5|SHA(?:-?\d+)?)[ \t]+(?:-[ml][ \t]+)?{_VALUE}"
        rf"(?:[ \t]+(?:DES|AES[\w-]*)(?:[ \t]+(?:-[ml][ \t]+)?(?P<other>{_WORD}))?)?"
    ),
    re.compile(r"\bnats://(?P<value>[^\s\"'@/:,$\[]+)(?=@)"),
    re.compile(r"\b(?:tapo|vigi|kasa)://(?P<value>[^\s\"'@/:]+)(?=@)"),
)
_FRP = re.compile(r"\b(?:stcp|xtcp|sudp)\b")
_FRP_KEY = re.compile(r"^[ \t]*sk[ \t]*=[ \t]*(?P<value>[^\s#;]+)[ \t]*$", re.MULTILINE)
"""In a text that names one of the ways by which a frp takes it."""
_QUOTE = re.compile(r"\\*[\"']")


def program_spans(text: str) -> Iterator[tuple[int, int]]:
    """Where they stand in a text."""
    for found in (*_GIVEN.finditer(text), *_ARROW.finditer(text)) if "=" in text else ():
        key = found["key"]
        if looks_secret(key) and not (is_run(found["value"]) or is_public(key, found["value"])):
            yield from _bare(text, *found.span("value"))
    for form in (*_FORMS, _FRP_KEY) if _FRP.search(text) else _FORMS:
        for found in form.finditer(text):
            yield from _bare(text, *found.span("value"))
            if found.groupdict().get("other"):
                yield from _bare(text, *found.span("other"))


def _bare(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """A value without its quotes, unless it says only where the real one comes from."""
    if (quote := _QUOTE.match(text, start, end)) and text.endswith(quote[0], start, end):
        start, end = quote.end(), end - len(quote[0])
    if start < end and not is_shown(text[start:end]):
        yield start, end
