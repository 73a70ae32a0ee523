"""`${evn:NAME}`: nearly one of ours, and most likely meant as one. Left alone as all that is not ours, and told of."""

from __future__ import annotations

import re
from difflib import get_close_matches
from typing import TYPE_CHECKING

from komodo_sync.model.diagnostic import Severity
from komodo_sync.source.codes import Code

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from komodo_sync.model.diagnostic import Diagnostic
    from komodo_sync.source.text import Source

_KINDS = ("env", "file", "var", "each")
# after the colon compose has -, ? or +, and a shell mostly a number
_NEARLY = re.compile(r"(?<!\$)\$\{(?P<word>[A-Za-z]{2,6}):(?P<name>[A-Za-z_][\w./-]*)(?::-[^}]*)?\}")


def misspelt(sources: Iterable[Source]) -> Iterator[Diagnostic]:
    """A warning for each place of these texts."""
    for source in sources:
        if "${" not in source.text or _NEARLY.search(source.text) is None:
            continue
        for number, line in enumerate(source.lines, 1):
            if line.lstrip().startswith("#"):
                continue
            for found in _NEARLY.finditer(line):
                word = found["word"]
                close = get_close_matches(word.lower(), _KINDS, 1, 0.6)
                if word not in _KINDS and close:
                    yield source.diagnostic(
                        Code.BAD_INTERPOLATION,
                        f"${{{word}:...}} is none of ours, and left as it is",
                        number,
                        found.start() + 1,
                        help=f"did you mean ${{{close[0]}:{found['name']}}}?",
                        length=found.end() - found.start(),
                        severity=Severity.WARNING,
                    )
