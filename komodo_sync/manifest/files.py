"""What `!file` and `${file:...}` name: found beside the manifest that names it, inside the root."""

from __future__ import annotations

from typing import TYPE_CHECKING

from komodo_sync.manifest.discover import real
from komodo_sync.manifest.findings import quoted
from komodo_sync.model.data import Data, field
from komodo_sync.source.codes import Code
from komodo_sync.source.text import SourceError, read_source

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from komodo_sync.manifest.findings import Findings
    from komodo_sync.source.nodes import Scalar


class Files(Data):
    """Reads the files that manifests name. `root` is the folder that bounds them, symlinks resolved."""

    root: Path
    findings: Findings
    _texts: dict[Path, str | SourceError] = field(default_factory=dict)

    def read(self, scalar: Scalar) -> str | None:
        """The content of the file, None when that was reported as an error."""
        target = self._inside(scalar, scalar.text)
        if target is None:
            return None
        text = self._text(target, scalar.text)
        if isinstance(text, SourceError):
            self._unreadable(scalar, scalar.text, text, "a !file is relative to the file that names it")
            return None
        return text

    def secret(self, scalar: Scalar, name: str, content: Callable[[Path], str | None]) -> str | None:
        """What `${file:name}` in `scalar` is worth, without the line ends at its end; None when there is no such file,
        or when an error was reported. `content` reads a file, as `Lookup.file`."""
        target = self._inside(scalar, name)
        if target is None:
            return None
        try:
            text = content(target)
        except SourceError as cause:
            self._unreadable(scalar, name, cause, "a ${file:...} is relative to the file that names it")
            return None
        return None if text is None else text.rstrip("\r\n")

    def _unreadable(self, scalar: Scalar, name: str, cause: SourceError, way_out: str) -> None:
        found = cause.diagnostic
        way_out = found.help if found.code == Code.NOT_UTF8 else way_out
        self.findings.error(Code.FILE_MISSING, scalar, f"{quoted(name)}: {found.message}", way_out)

    def _inside(self, scalar: Scalar, name: str) -> Path | None:
        """Where `name` points to, symlinks resolved; None when that lies outside or nowhere, which is reported."""
        if not name or "\0" in name:
            message = f"{quoted(name)} can be no path" if name else "this !file names no file"
            self.findings.error(Code.FILE_MISSING, scalar, message, "write !file PATH, relative to this file")
            return None
        target, root = resolve(scalar, name), self._root_of(scalar)
        if target is not None and target.is_relative_to(root):
            return target
        self.findings.error(
            Code.FILE_OUTSIDE,
            scalar,
            f"{quoted(name)} lies outside {root.name or root}, the root of the manifests",
            "keep the file inside, or read it with settings (komodo-sync.yaml) further up",
        )
        return None

    def _root_of(self, scalar: Scalar) -> Path:
        """The root; for a manifest that was named outside of it, its own folder."""
        here = real(scalar.source.path.parent) if scalar.source.path is not None else self.root
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


def resolve(scalar: Scalar, name: str) -> Path | None:
    """Where `name` in `scalar` points to, symlinks resolved; None when it cannot be a path."""
    here = scalar.source.path
    if here is None or not name or "\0" in name:
        return None
    try:
        return real(here.parent / name)
    except OSError:
        return None
