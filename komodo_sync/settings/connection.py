"""Which Core, and as whom: flags, then the environment, then km's profile.

Two rules keep credentials at home. They go to no host that came from a manifest or the settings: a host is only ever
asserted there. And those of a profile go to the host of that profile alone, as a host that a file in the working
directory names gets no credentials but that file's own: a checkout may hold such a file.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from komodo_sync.errors import CredentialsError, RefusedError, UsageError
from komodo_sync.model.data import Data
from komodo_sync.model.sealed import Sealed
from komodo_sync.settings.address import host_problem, is_simulated, same_core
from komodo_sync.settings.profile import Profile, read_profile
from komodo_sync.settings.secret_file import read_secret
from komodo_sync.wire.credentials import fits_header

if TYPE_CHECKING:
    from collections.abc import Mapping

    from komodo_sync.settings.document import Settings
    from komodo_sync.settings.profile import Entry


class Connection(Data, frozen=True):
    """A Core's address without a slash at its end, and the API key. The origins say where each came from; `key` and
    `secret` are empty for the embedded Core."""

    url: str
    key: Sealed
    secret: Sealed
    url_origin: str
    key_origin: str = ""
    secret_origin: str = ""


class _Found(Data, frozen=True):
    text: str
    origin: str
    file: Path | None = None  # of a profile


def find_connection(
    *,
    url: str | None = None,
    key: str | None = None,
    secret: str | None = None,
    profile: str | None = None,
    environment: Mapping[str, str],
    settings: Settings | None = None,
    folder: Path | None = None,
) -> Connection:
    """The connection in use. `folder` is the working directory, where km looks for its profile.

    Raises UsageError without a usable address, CredentialsError without a key, RefusedError when the settings are
    for another Core.
    """
    folder = folder or Path.cwd()
    given = {
        "host": _given(url, "--url", "KOMODO_CLI_HOST", environment),
        "key": _given(key, "--key", "KOMODO_CLI_KEY", environment),
        "secret": _given(secret, "--secret", "KOMODO_CLI_SECRET", environment),
    }
    host = given["host"]
    known = Profile("", None, None, None)
    # the embedded Core needs no key, and so no profile that nobody asked for
    if profile or (None in given.values() and (host is None or not is_simulated(host.text))):
        known = read_profile(profile or "", environment, folder)
    if host is None or (profile and url is None and known.host is not None):
        host = _of_profile(known.host, known.name)
    if host is None:
        raise _no_core(settings)
    if is_simulated(host.text):
        _assert_settings(host.text, settings)
        return Connection(host.text, Sealed(""), Sealed(""), host.origin)
    address = _checked(host)
    _assert_settings(address, settings)
    found_key = _credential("key", given["key"], known.key, host, known, folder)
    found_secret = _credential("secret", given["secret"], known.secret, host, known, folder)
    _check_characters("key", found_key)
    _check_characters("secret", found_secret)
    return Connection(
        address,
        Sealed(found_key.text),
        Sealed(found_secret.text),
        host.origin,
        found_key.origin,
        found_secret.origin,
    )


def _given(flag: str | None, name: str, variable: str, environment: Mapping[str, str]) -> _Found | None:
    """From the flag, else the file that the `_FILE` variable names, else the variable; an empty one is not there."""
    if flag:
        return _Found(flag, name)
    file = environment.get(f"{variable}_FILE")
    if file:
        try:
            text = read_secret(file)
        except ValueError as cause:
            raise CredentialsError(f"{variable}_FILE: {file} cannot be read: {cause}", hint="check the path") from None
        if not text:
            raise CredentialsError(f"{variable}_FILE: {file} is empty", hint="write the value into it")
        return _Found(text, f"{variable}_FILE ({file})")
    text = environment.get(variable, "").strip()
    return _Found(text, variable) if text else None


def _of_profile(entry: Entry | None, name: str) -> _Found | None:
    if entry is None:
        return None
    return _Found(entry.value, f"profile {name} in {entry.file}" if name else str(entry.file), entry.file)


def _credential(
    word: str, given: _Found | None, entry: Entry | None, host: _Found, profile: Profile, folder: Path
) -> _Found:
    """The key or the secret that may go to `host`."""
    kept = _of_profile(entry, profile.name)
    own_host = profile.host is not None and same_core(profile.host.value, host.text)
    foreign = host.file is not None and host.file.resolve().is_relative_to(folder.resolve())
    if given is not None and not foreign:
        return given
    if kept is not None and (own_host or profile.host is None) and (not foreign or kept.file == host.file):
        return kept
    if kept is not None and not own_host and given is None:
        assert profile.host is not None
        raise CredentialsError(
            f"the {word} in {kept.origin} is for {profile.host.value}, and {host.text} is in use",
            hint=f"give --{word} or KOMODO_CLI_{word.upper()} for this Core, or take its own profile",
        )
    if given is not None:
        raise CredentialsError(
            f"{host.file} in the working directory names {host.text}, which gets no credentials from {given.origin}",
            hint="name the Core with --url or KOMODO_CLI_HOST if you trust it",
        )
    raise CredentialsError(
        f"there is no API {word} for {host.text}",
        hint=f"give KOMODO_CLI_{word.upper()} (or its _FILE) or --{word}, or write km's komodo.cli.toml",
    )


def _check_characters(word: str, found: _Found) -> None:
    if not fits_header(found.text):
        raise CredentialsError(
            f"the API {word} from {found.origin} has characters that none has",
            hint=f"look for a line break, a space or an accent in it; copy the {word} anew as Komodo showed it",
        )


def _no_core(settings: Settings | None) -> UsageError:
    named = settings.core_url if settings is not None else ""
    where = f"--url {named}, set KOMODO_CLI_HOST to it" if named else "--url, set KOMODO_CLI_HOST"
    return UsageError(
        "no Core is named",
        detail="core.url in the settings is compared with the Core in use, and never followed" if named else "",
        hint=f"give {where}, or write km's komodo.cli.toml",
    )


def _checked(host: _Found) -> str:
    problem = host_problem(host.text)
    if problem:
        shown = "" if any(sign in host.text for sign in "@?#") else f" ({host.text})"
        raise UsageError(
            f"{host.origin} is no address of a Core{shown}: {problem}", hint="write https://komodo.example.com"
        )
    return host.text.rstrip("/")


def _assert_settings(url: str, settings: Settings | None) -> None:
    """What the settings name is asserted, never followed."""
    if settings is None:
        return
    named = sorted(target.name for target in settings.targets.values() if target.given.get("core_url"))
    if named and not settings.target and not settings.core_url:
        raise UsageError(
            f"{settings.file.name} names a Core for each of its targets, and no target is given",
            hint=" or ".join(f"--target {name}" for name in named),
        )
    if not settings.core_url or same_core(settings.core_url, url):
        return
    place = settings.spans.get("core.url")
    raise RefusedError(
        f"the settings are for {settings.core_url}, and {url} is in use",
        detail=f"core.url stands in {place}" if place else "",
        hint="connect to that Core, or change core.url",
    )
