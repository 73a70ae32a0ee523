"""White space as Core's language means it: Unicode's White_Space, which is not what `str.strip` takes.

U+001C to U+001F are none, U+0085, U+00A0 and U+2028 are, U+200B is none.
"""

from __future__ import annotations

WHITE_SPACE = (
    "\t\n\v\f\r \x85\xa0\u1680"
    "\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a"
    "\u2028\u2029\u202f\u205f\u3000"
)


def trim(text: str) -> str:
    """Without white space at both ends."""
    return text.strip(WHITE_SPACE)


def trim_end(text: str) -> str:
    """Without white space at the end."""
    return text.rstrip(WHITE_SPACE)
