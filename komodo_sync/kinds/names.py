"""What Core makes of a name on create and rename. Source: recorded exchanges, and the API's facts for 2.3."""

from __future__ import annotations

import re

from komodo_sync.kinds.spec import NameRule

WHITE_SPACE = (
    "\t\n\x0b\x0c\r \x85\xa0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a"
    "\u2028\u2029\u202f\u205f\u3000"
)
"""Unicode's White_Space, which Core trims; unlike Python's `str.strip` it has no \\x1c to \\x1f."""

_OBJECT_ID = re.compile(r"[0-9a-fA-F]{24}")
_PLAIN = re.compile(r"[a-z0-9][a-z0-9_-]*")
"""What every rule keeps as it is, and what most names are."""
_VARIABLE = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,499}")


def normal_name(rule: NameRule, name: str) -> str:
    """The name that Core would keep for `name`. Equal to `name` when it may be used as it is."""
    if _PLAIN.fullmatch(name):
        return name
    match rule:
        case NameRule.DOCKER:
            kept = re.sub(r"[^a-z0-9_-]", "_", name.strip(WHITE_SPACE).lower())
            return re.sub(r"^[^a-z0-9]+", "", kept)
        case NameRule.CONTAINER:
            kept = re.sub(r"[^A-Za-z0-9_.-]", "_", name.strip(WHITE_SPACE))
            return re.sub(r"^[^A-Za-z0-9]+", "", kept)
        case NameRule.PATH:
            return re.sub(r"[ \n]", "_", name.strip(WHITE_SPACE))
        case NameRule.GENERAL:
            return name.strip(WHITE_SPACE).replace("\n", "_")
        case NameRule.VARIABLE | NameRule.EXACT | NameRule.ACCOUNT:
            return name


def refusal(rule: NameRule, name: str) -> str:
    """Why Core would refuse `name`, empty when it would not (it may still change it)."""
    if rule is NameRule.VARIABLE:
        if not _VARIABLE.fullmatch(name):
            return "a variable's name is at most 500 letters, digits and _, and does not start with a digit"
        return ""
    if not name:
        return "a name may not be empty"
    if rule is NameRule.ACCOUNT:
        domain, _, username = name.partition("/")
        return "" if domain and username else "an account has a domain and a username"
    if len(name) == 24 and rule is not NameRule.EXACT and _OBJECT_ID.fullmatch(name):
        return "24 hexadecimal digits would be taken for an id"
    return ""
