"""What is declared: the settings, and the manifests read with what the command line and the environment give."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from komodo_sync.cli.known import known, learn_manifests, learning
from komodo_sync.errors import SettingsError, UsageError
from komodo_sync.manifest import load
from komodo_sync.manifest.discover import real
from komodo_sync.manifest.lookup import Lookup
from komodo_sync.model.data import Data
from komodo_sync.model.secrecy import looks_secret
from komodo_sync.settings import Settings, find_settings, read_settings, with_target

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from komodo_sync.cli.options import InputOptions
    from komodo_sync.manifest import Loaded
    from komodo_sync.model.desired import Desired
    from komodo_sync.model.diagnostic import Diagnostic


class Inputs(Data, frozen=True):
    """Where manifests are, and what they are read with. `root` bounds their files; `wrong` is what is wrong with the
    settings, where somebody wants to know of the manifests all the same."""

    paths: tuple[Path, ...]
    settings: Settings | None
    root: Path
    lookup: Lookup
    overlays: tuple[str, ...] = ()
    here: Path = Path()
    target: str | None = None
    wrong: tuple[Diagnostic, ...] = ()

    def load_in(self, folder: Path) -> Loaded:
        """What would be declared if `folder` were the root: with its settings, and the same PATHs in it. Raises
        InputError and UsageError."""
        settings = None
        if self.settings is not None:
            settings = read_settings(folder / self.settings.file.name)
            settings = with_target(settings, self.target) if self.target is not None else settings
        paths = [folder / real(self.here / path).relative_to(real(self.root)) for path in self.paths]
        # with settings, PATHs narrow what is changed and not what is declared
        named = paths if settings is None else ()
        return load(named, settings=settings, root=folder, lookup=self.lookup, overlays=self.overlays)

    def load(self) -> Loaded:
        """The declared world. Raises InputError where there is nothing to read."""
        return load(self.paths, settings=self.settings, root=self.root, lookup=self.lookup, overlays=self.overlays)


def find_inputs(
    paths: tuple[Path, ...], file: Path | None, options: InputOptions, *, whatever_is_wrong: bool = False
) -> Inputs:
    """The settings in use, or PATHs alone. Raises InputError for wrong settings (with `whatever_is_wrong` only where no
    manifest can be read with them), UsageError where nothing is named."""
    here = Path.cwd()
    wrong: tuple[Diagnostic, ...] = ()
    try:
        settings = find_target(file, options.target)
    except SettingsError as error:
        if not (whatever_is_wrong and isinstance(error.settings, Settings)):
            raise
        settings, wrong = error.settings, error.diagnostics
        if options.target is not None and options.target not in settings.targets:
            raise
        settings = settings if options.target is None else with_target(settings, options.target)
    if settings is None and not paths:
        raise UsageError(
            "no manifests are named, and there is no komodo-sync.yaml here or above",
            hint="name a folder or a file, or write a komodo-sync.yaml",
        )
    lookup = make_lookup(options.env_files, options.variables, os.environ)
    root = settings.root if settings else here
    return Inputs(paths, settings, root, lookup, options.overlays, here, options.target, wrong)


def learn_manifests_of(
    settings: Path | None, target: str | None, env_files: tuple[Path, ...] = ()
) -> Callable[[], Desired | None]:
    """What the manifests of the settings in use take from outside or hold themselves is known to be secret, when
    somebody wants to know. Gives what they declare to whoever asks; None where that cannot be read. Raises UsageError
    for an env file that cannot be read."""
    from komodo_sync.cli.options import InputOptions

    make_lookup(env_files, (), {})
    return learn_manifests(lambda: find_inputs((), settings, InputOptions((), env_files, target, ())).load())


def find_target(file: Path | None, target: str | None) -> Settings | None:
    """The settings in use, as they are for `target`. Raises InputError for wrong settings, UsageError where they have
    no such target."""
    settings = find_settings(file, Path.cwd())
    if target is None:
        return settings
    if settings is None:
        raise UsageError(
            f"--target {target}: there is no komodo-sync.yaml here or above, which would say what it is",
            hint=f"write one, with targets: {{{target}: ...}}",
        )
    return with_target(settings, target)


def make_lookup(files: Sequence[Path], variables: Sequence[str], environment: Mapping[str, str]) -> Lookup:
    """What `${env:...}` and `${var:...}` name. The environment wins over dotenv files, and a later file over an earlier
    one; what is empty is not set. What is found of them is known to be secret from then on. Raises UsageError."""
    read: dict[str, str] = {}
    for file in files:
        read |= _env_file(file)
    known().learn(value for name, value in read.items() if looks_secret(name))
    given = dict(map(_variable, variables))
    known().learn(value for name, value in given.items() if looks_secret(name))
    env, text = learning(lambda name: environment.get(name) or read.get(name)), learning(Lookup().file)
    return Lookup(env, text, given)


def _variable(text: str) -> tuple[str, str]:
    name, equals, value = text.partition("=")
    if not equals or not name.strip():
        raise UsageError(f"--var {name} has no value", hint="write --var NAME=VALUE")
    return name.strip(), value


def _env_file(path: Path) -> dict[str, str]:
    """What a dotenv file says, as it stands there: nothing in it is expanded."""
    from dotenv.parser import parse_stream

    try:
        with path.open(encoding="utf-8-sig") as stream:
            bindings = list(parse_stream(stream))
    except UnicodeDecodeError:
        raise UsageError(f"--env-file {path}: the file is not UTF-8", hint="save it as UTF-8") from None
    except OSError as cause:
        reason = (cause.strerror or "it fails").lower()
        raise UsageError(f"--env-file {path}: the file cannot be read: {reason}", hint="check the path") from None
    wrong = next((item.original.line for item in bindings if item.error), None)
    if wrong is not None:
        raise UsageError(f"--env-file {path}: line {wrong} is no NAME=value", hint="mend it, or write # before it")
    return {item.key: item.value for item in bindings if item.key and item.value}
