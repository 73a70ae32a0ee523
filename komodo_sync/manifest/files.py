"""What a `!file` names: found beside the manifest that names it, inside the root, never interpolated."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from komodo_sync.manifest.findings import quoted
from komodo_sync.source.codes import Code
from komodo_sync.source.text import SourceError, read_source

if TYPE_CHECKING:
    from pathlib import Path

    from komodo_sync.manifest.findings import Findings
    from komodo_sync.source.nodes import Scalar


@dataclass
class Files:
    """Reads what `!file` names. `root` is the folder that bounds them, symlinks resolved."""

    root: Path
    findings: Findings
    _texts: dict[Path, str | SourceError] = field(default_factory=dict)

    def read(self, scalar: Scalar) -> str | None:
        """The content of the file, None when that was reported as an error."""
        target, root = resolve(scalar), self._root_of(scalar)
        if target is None or not target.is_relative_to(root):
            self.findings.error(
                Code.FILE_OUTSIDE,
                scalar,
                f"{quoted(scalar.text)} lies outside {root.name or root}, the root of the manifests",
                "keep the file inside, or read it with settings (komodo-sync.yaml) further up",
            )
            return None
        text = self._text(target, scalar.text)
        if isinstance(text, SourceError):
            self.findings.error(
                Code.FILE_MISSING,
                scalar,
                f"{quoted(scalar.text)}: {text.diagnostic.message}",
                "a !file is relative to the file that names it",
            )
            return None
        return text

    def _root_of(self, scalar: Scalar) -> Path:
        """The root; for a manifest that was named outside of it, its own folder."""
        here = scalar.source.path.parent.resolve() if scalar.source.path is not None else self.root
        return self.root if here.is_relative_to(self.root) else here

    def _text(self, target: Path, name: str) -> str | SourceError:
        known = self._texts.get(target)
        if known is None:
            try:
                known = read_source(target, name).text
            except SourceError as cause:
                known = cause
            self._texts[target] = known
        return known


def resolve(scalar: Scalar) -> Path | None:
    """Where a `!file` points to, symlinks resolved; None when it cannot be a path."""
    here = scalar.source.path
    if here is None or not scalar.text or "\0" in scalar.text:
        return None
    try:
        return (here.parent / scalar.text).resolve()
    except (OSError, RuntimeError):
        return None
