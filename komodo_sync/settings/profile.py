"""The profile of km, Komodo's own command line: komodo.cli.toml, read as km reads it.

Where km looks (source: its configuration): the comma-separated files and folders of KOMODO_CLI_CONFIG_PATHS, else
`~/.config/komodo` and the working directory; in a folder every file like `*komodo.cli*.*`, of which we read TOML.
Later files win, their profiles are added. A profile is chosen by its `name` or an alias, else `default_profile`; what
it leaves out is taken from the top of the file.
"""

from __future__ import annotations

import re
from fnmatch import fnmatch
from pathlib import Path
from typing import TYPE_CHECKING, Any

import tomli

from komodo_sync.errors import CredentialsError, UsageError
from komodo_sync.model.data import Data, Unshown

if TYPE_CHECKING:
    from collections.abc import Mapping

_PATHS = ("KOMODO_CLI_CONFIG_PATHS", "KOMODO_CLI_CONFIG_PATH")
_FILE_PATTERN = "*komodo.cli*.*"
_SPELLINGS = {"host": ("host",), "key": ("cli_key", "key"), "secret": ("cli_secret", "secret")}
_NAMES = ("config_profile", "name")
_ALIASES = ("config_aliases", "aliases", "alias")
_DEFAULTS = ("default_profile", "default")


class Entry(Unshown, frozen=True):
    """A value with the file that it stands in."""

    value: str
    file: Path


class Profile(Data, frozen=True):
    """What a profile says of a connection; what it does not say is None."""

    name: str
    host: Entry | None
    key: Entry | None
    secret: Entry | None


def read_profile(name: str, environment: Mapping[str, str], folder: Path) -> Profile:
    """The profile `name`, or km's default one when it is empty.

    Raises UsageError when there is no profile of that name, CredentialsError for a file that cannot be read.
    """
    base: dict[str, Entry] = {}
    profiles: list[tuple[dict[str, Any], Path]] = []
    default = ""
    for file in config_files(environment, folder):
        document = _read(file)
        base |= _entries(document, file)
        default = _text(document, _DEFAULTS) or default
        listed = document.get("profile")
        profiles += [(item, file) for item in listed if isinstance(item, dict)] if isinstance(listed, list) else []
    wanted = name or default
    if not wanted:
        return Profile("", base.get("host"), base.get("key"), base.get("secret"))
    for item, file in profiles:
        if wanted in _names(item):
            found = base | _entries(item, file)
            return Profile(wanted, found.get("host"), found.get("key"), found.get("secret"))
    known = ", ".join(sorted({word for item, _ in profiles for word in _names(item)}))
    raise UsageError(
        f"komodo.cli.toml has no profile {wanted}",
        hint=f"there are: {known}" if known else "there is none; write one, or give --url with a key",
    )


def config_files(environment: Mapping[str, str], folder: Path) -> list[Path]:
    """km's files that exist, in the order in which they win over each other, the last most."""
    named = next((environment[word] for word in _PATHS if environment.get(word)), "")
    if named:
        places = [folder / part.strip() for part in named.split(",") if part.strip()]
    else:
        home = environment.get("HOME")
        places = [*([Path(home, ".config/komodo")] if home else []), folder]
    files: list[Path] = []
    for place in places:
        if place.is_file():
            files.append(place)
        elif place.is_dir():
            found = (item for item in place.iterdir() if fnmatch(item.name, _FILE_PATTERN) and item.is_file())
            files += sorted(item for item in found if item.suffix == ".toml")
    return list(dict.fromkeys(files))


def _read(file: Path) -> dict[str, Any]:
    try:
        return tomli.loads(file.read_bytes().decode("utf-8-sig"))
    except OSError as cause:
        reason = (cause.strerror or "unreadable").lower()
        raise CredentialsError(f"{file}: the file cannot be read: {reason}", hint="check who may read it") from None
    except UnicodeDecodeError:
        raise CredentialsError(f"{file}: the file is not UTF-8", hint="save it as UTF-8") from None
    except (tomli.TOMLDecodeError, RecursionError) as cause:
        # the parser's words may quote the text, which holds secrets: only the place is told
        at = re.search(r"\(at (line \d+, column \d+)\)", str(cause))
        place = f" at {at[1]}" if at else ""
        raise CredentialsError(
            f"{file}: the file is not TOML{place}", hint="mend it, or give --url with a key"
        ) from None


def _entries(document: Mapping[str, Any], file: Path) -> dict[str, Entry]:
    return {word: Entry(text, file) for word, keys in _SPELLINGS.items() if (text := _text(document, keys))}


def _names(item: Mapping[str, Any]) -> set[str]:
    names = {_text(item, _NAMES)}
    for word in _ALIASES:
        given = item.get(word)
        names |= set(re.split(r"[,\s]+", given)) if isinstance(given, str) else set()
        names |= {text for text in given if isinstance(text, str)} if isinstance(given, list) else set()
    return names - {""}


def _text(document: Mapping[str, Any], keys: tuple[str, ...]) -> str:
    return next((document[key] for key in keys if isinstance(document.get(key), str)), "")
