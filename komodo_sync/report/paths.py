"""Files as a whole repository names them."""

from __future__ import annotations

import posixpath


def beside(base: str, file: str) -> str:
    """`file`, relative to the folder `base`, as the repository names it; an absolute one stays as it is."""
    return posixpath.normpath(posixpath.join(base, file)) if base else file
