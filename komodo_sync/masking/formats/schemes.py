"""Passwords behind the name of the scheme that they are stored by: `bob:{SSHA}X`, `me:{PLAIN}X:5000:5000::/home/me`."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from komodo_sync.masking.in_place import places_at
from komodo_sync.model.secrecy import is_reference

if TYPE_CHECKING:
    from collections.abc import Iterator

    from komodo_sync.masking.structured import Place

_ENCODED = r"(?:\.(?:b64|base64|hex))?"
_CLEAR = rf"\{{(?:plain(?:-trunc)?|clear(?:text)?|text|noop|none){_ENCODED}\}}"
_HASHED = (
    r"\{(?:(?:ldap-|plain-|salted[-_ ]?)?s?(?:md[245]|sha)[-_]?\d*|(?:hmac|cram|digest)-(?:md5|sha\d*)"
    r"|(?:(?:md5|sha\d*|blf|des|ext|x)-?)?crypt|scram-sha-\d+(?:-plus)?|(?:ssha|sha|pbkdf2)[-_]?(?:sha)?[-_]?\d*"
    r"|pbkdf2[\w@-]*|argon2[\w@-]*|[bs]crypt[\w@-]*|ntlm?|lanman|lm|nt|otp|skey|rpa|ns-mta-md5|ssha3?-?\d*|smd5|aes|enc|cipher)"
    rf"{_ENCODED}\}}"
)
_LINE = re.compile(
    rf"^[ \t]*(?:-[ \t]+)?(?P<quote>[\"']?)[\w.@%+-]+:{_CLEAR}(?P<value>[^:\n]+?)(?=(?P=quote)[ \t]*$|:)",
    re.IGNORECASE | re.MULTILINE,
)
_QUOTED = re.compile(
    rf"(?P<quote>\\*[\"'])(?:[\w.@%+-]+:)?(?<![$\w]){_CLEAR}(?P<value>(?:(?!(?P=quote))[^:\n])+)(?=(?P=quote)|:)",
    re.IGNORECASE,
)
_WORD = re.compile(rf"(?<![${{\w/-]){_CLEAR}(?P<value>(?:[^\s\"':\\]|\\(?![nrt]))+)", re.IGNORECASE)
_HASH = re.compile(
    rf"(?<![${{\w/-]){_HASHED}"
    r"(?P<value>(?=[^\s\"':;]{8}|[^\s\"':,;]*=)(?![-.])"
    r"(?:[^\s\"':,;<>\\]|,(?![\w.@-]+:[{$])(?=[\w+/=$-]+(?:[,:\s\"']|$))|:(?=[\w+/=]{16,}(?:[:\s\"']|$)))+)",
    re.IGNORECASE,
)


def scheme_places(text: str) -> Iterator[Place]:
    """Where they stand in a text."""
    if "{" not in text or "}" not in text:
        return iter(())
    spans = {
        found.span("value")
        for form in (_LINE, _QUOTED, _WORD, _HASH)
        for found in form.finditer(text)
        if not is_reference(found["value"])
    }
    return places_at(text, sorted(spans))
