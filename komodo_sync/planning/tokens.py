"""The words and signs of a TypeScript."""

from __future__ import annotations

import re

TOKEN = re.compile(
    r"(?P<comment>//[^\n]*|/\*[\s\S]*?(?:\*/|\Z))"
    r"|(?P<pattern>(?:(?<=[(,=:&|?;\[])|(?<=[(,=:&|?;] ))/"
    r"(?:[^/\\\n\[]|\\.|\[(?:[^\]\\\n]|\\.){0,200}\]){1,200}/)"
    r"|(?P<text>\\\"[^\"\\\n]*\\\"|\"(?:[^\"\\\n]|\\[\s\S])*\"|'(?:[^'\\\n]|\\[\s\S])*'|`(?:[^`\\]|\\[\s\S])*`)"
    r"|(?P<name>[A-Za-z_$][\w$]*)|(?P<number>\d[\w.]*)|(?P<blank>[^\S\n]+)"
    r"|(?P<sign>\\[\s\S]|=>|[=!]==?|(?:\?\?|\|\||&&|\+)=|\?\?|\|\||&&|\?\.|[\s\S])"
)
GIVES = frozenset(("=", "??=", "||=", "&&=", "+="))
ELSE = frozenset(("??", "||"))
COMPARES = frozenset(("==", "===", "!=", "!=="))
GOES_ON = frozenset("=:,+?|&([{.<") | GIVES | ELSE | COMPARES | {"=>", "&&", "?."}
GOES_ON_WITH = frozenset("=:+?|&.)]}") | GIVES | ELSE | COMPARES | {"&&", "?."}
OPEN, CLOSE = frozenset("([{"), frozenset(")]}")
BODY = frozenset(("function", "class"))
ASIDE = frozenset(("else", "try", "finally", "do"))
CONTROL = frozenset(("if", "for", "while", "switch", "catch"))
WORDS = frozenset((
    "return", "await", "typeof", "case", "in", "of", "void", "yield", "throw", "new", "as", "const", "let", "var",
))  # fmt: skip
"""Words behind which a bracket is no call."""
TYPED = frozenset(("as", "satisfies"))
