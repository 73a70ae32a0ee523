"""Which Core, and as whom; and where credentials never go."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from komodo_sync.errors import CredentialsError, RefusedError, UsageError
from komodo_sync.model.sealed import Sealed
from komodo_sync.settings import Connection, Settings, find_connection
from komodo_sync.settings.address import same_core

KEYS = {"KOMODO_CLI_KEY": "K-env", "KOMODO_CLI_SECRET": "S-env"}
PROFILES = """\
default_profile = "Default"
[[profile]]
name = "Default"
aliases = ["d"]
host = "https://one.example.com/"
key = "K-one"
secret = "S-one"
[[profile]]
config_profile = "Two"
config_aliases = "t, zwei"
host = "https://two.example.com"
cli_key = "K-two"
cli_secret = "S-two"
"""


@pytest.fixture
def home(tmp_path: Path) -> Path:
    folder = tmp_path / "home" / ".config" / "komodo"
    folder.mkdir(parents=True)
    (folder / "komodo.cli.toml").write_text(PROFILES)
    (tmp_path / "work").mkdir()
    return tmp_path / "home"


def connect(home: Path, environment: dict[str, str] | None = None, **flags: object) -> Connection:
    values = {"HOME": str(home), **(environment or {})}
    return find_connection(environment=values, folder=home.parent / "work", **flags)  # type: ignore[arg-type]


def revealed(connection: Connection) -> tuple[str, Sealed, Sealed]:
    """A Sealed equals its own plaintext."""
    return connection.url, connection.key, connection.secret


def test_flags_win_over_the_environment(home: Path) -> None:
    found = connect(home, KEYS | {"KOMODO_CLI_HOST": "https://env"}, url="https://flag/", key="K", secret="S")
    assert revealed(found) == ("https://flag", "K", "S")
    assert (found.url_origin, found.key_origin, found.secret_origin) == ("--url", "--key", "--secret")


def test_the_environment_wins_over_the_profile(home: Path) -> None:
    found = connect(home, KEYS | {"KOMODO_CLI_HOST": "https://env:9120"})
    assert revealed(found) == ("https://env:9120", "K-env", "S-env")
    assert found.key_origin == "KOMODO_CLI_KEY"


def test_files_of_the_environment(home: Path) -> None:
    for name in ("host", "key", "secret"):
        (home / name).write_text(f"https://{name}\n" if name == "host" else f"{name}\n")
    found = connect(home, {f"KOMODO_CLI_{name.upper()}_FILE": str(home / name) for name in ("host", "key", "secret")})
    assert revealed(found) == ("https://host", "key", "secret")
    assert str(home / "key") in found.key_origin


@pytest.mark.parametrize("content", [None, b"", b"\xff"])
def test_a_file_of_the_environment_that_is_no_use(home: Path, content: bytes | None) -> None:
    if content is not None:
        (home / "key").write_bytes(content)
    with pytest.raises(CredentialsError, match="KOMODO_CLI_KEY_FILE"):
        connect(home, {"KOMODO_CLI_KEY_FILE": str(home / "key")})


def test_the_default_profile(home: Path) -> None:
    found = connect(home)
    assert revealed(found) == ("https://one.example.com", "K-one", "S-one")
    assert "profile Default" in found.url_origin


@pytest.mark.parametrize("name", ["Two", "t", "zwei"])
def test_a_profile_by_name_or_alias(home: Path, name: str) -> None:
    assert revealed(connect(home, profile=name)) == ("https://two.example.com", "K-two", "S-two")


def test_a_profile_that_was_asked_for_wins_over_the_environment_s_host(home: Path) -> None:
    found = connect(home, {"KOMODO_CLI_HOST": "https://env"}, profile="Two")
    assert revealed(found) == ("https://two.example.com", "K-two", "S-two")


def test_a_profile_that_was_asked_for_wins_over_the_embedded_core_of_the_environment(home: Path) -> None:
    found = connect(home, {"KOMODO_CLI_HOST": "sim:core.db"}, profile="Two")
    assert revealed(found) == ("https://two.example.com", "K-two", "S-two")
    with pytest.raises(UsageError, match="Three"):
        connect(home, {"KOMODO_CLI_HOST": "sim:core.db"}, profile="Three")
    assert connect(home, {"KOMODO_CLI_HOST": "sim:core.db"}).url == "sim:core.db"


def test_no_profile_of_that_name(home: Path) -> None:
    with pytest.raises(UsageError) as caught:
        connect(home, profile="Three")
    assert "Default" in caught.value.hint
    assert "Two" in caught.value.hint


def test_values_above_the_profiles_and_several_files(home: Path) -> None:
    folder = home / ".config" / "komodo"
    (folder / "komodo.cli.toml").write_text('host = "https://top"\nkey = "K"\n')
    (folder / "z.komodo.cli.toml").write_text('secret = "S"\n')
    (folder / "other.toml").write_text("broken")
    assert revealed(connect(home)) == ("https://top", "K", "S")


def test_the_files_may_be_named(home: Path) -> None:
    (home / "mine.toml").write_text('host = "https://mine"\nkey = "K"\nsecret = "S"\n')
    assert revealed(connect(home, {"KOMODO_CLI_CONFIG_PATHS": str(home / "mine.toml")}))[0] == "https://mine"


def test_nothing_at_all(home: Path) -> None:
    (home / ".config" / "komodo" / "komodo.cli.toml").unlink()
    with pytest.raises(UsageError, match="no Core is named"):
        connect(home)
    with pytest.raises(CredentialsError, match="no API key for https://x"):
        connect(home, url="https://x")
    with pytest.raises(CredentialsError, match="no API secret for https://x"):
        connect(home, url="https://x", key="K")


@pytest.mark.parametrize("value", ["hunter2\nx", "ключhunter2", "hunter2\x00"])
@pytest.mark.parametrize("word", ["key", "secret"])
def test_a_credential_with_odd_characters_names_where_it_is_from_and_not_itself(
    home: Path, word: str, value: str
) -> None:
    variable = f"KOMODO_CLI_{word.upper()}"
    file = home / "file"
    file.write_text(value)
    rest = {"KOMODO_CLI_KEY": "K", "KOMODO_CLI_SECRET": "S"}
    for origin, environment, given in (
        (f"--{word}", rest, {word: value}),
        (variable, rest | {variable: value}, {}),
        (f"{variable}_FILE ({file})", rest | {f"{variable}_FILE": str(file)}, {}),
    ):
        with pytest.raises(CredentialsError) as caught:
            connect(home, environment, url="https://x", **given)
        assert caught.value.summary == f"the API {word} from {origin} has characters that none has"
        assert "hunter2" not in caught.value.summary + caught.value.detail + caught.value.hint


@pytest.mark.parametrize("word", ["key", "secret"])
def test_a_profile_s_credential_with_odd_characters_names_the_file(home: Path, word: str) -> None:
    file = home / ".config" / "komodo" / "komodo.cli.toml"
    written = {"key": "K", "secret": "S"} | {word: "hunter2\n"}
    file.write_text(
        "".join(f"{name} = {json.dumps(text)}\n" for name, text in ({"host": "https://x"} | written).items())
    )
    with pytest.raises(CredentialsError) as caught:
        connect(home)
    assert caught.value.summary == f"the API {word} from {file} has characters that none has"


@pytest.mark.parametrize("text", ["key = hunter2", 'key = "hunter2', "\xff"])
def test_a_broken_profile_does_not_tell_what_stands_in_it(home: Path, text: str) -> None:
    (home / ".config" / "komodo" / "komodo.cli.toml").write_bytes(text.encode("latin-1"))
    with pytest.raises(CredentialsError) as caught:
        connect(home)
    assert "hunter2" not in caught.value.summary + caught.value.detail + caught.value.hint


def test_a_profile_s_key_goes_to_no_other_host(home: Path) -> None:
    with pytest.raises(CredentialsError, match="is for https://one"):
        connect(home, url="https://other.example.com")
    assert revealed(connect(home, url="https://ONE.example.com:443"))[1] == "K-one"


def test_a_host_of_the_working_directory_gets_that_file_s_credentials_alone(home: Path) -> None:
    (home / ".config" / "komodo" / "komodo.cli.toml").unlink()
    work = home.parent / "work" / "komodo.cli.toml"
    work.write_text('host = "https://evil"\n')
    with pytest.raises(CredentialsError, match="evil"):
        connect(home, KEYS)
    work.write_text('host = "https://mine"\nkey = "K"\nsecret = "S"\n')
    assert revealed(connect(home)) == ("https://mine", "K", "S")


def test_a_host_of_the_working_directory_gets_no_credentials_of_the_home_s(home: Path) -> None:
    work = home.parent / "work" / "komodo.cli.toml"
    (home / ".config" / "komodo" / "komodo.cli.toml").write_text('host = "https://mine"\nkey = "K"\nsecret = "S"\n')
    work.write_text('host = "https://evil"\n')
    with pytest.raises(CredentialsError):
        connect(home)


@pytest.mark.parametrize(
    "url",
    [
        "komodo.example.com",
        "ftp://x",
        "https://",
        "https://u:hunter2@x",
        "https://x?a=b",
        "https://x:port",
        "https://a b",
    ],
)
def test_what_is_no_address(home: Path, url: str) -> None:
    with pytest.raises(UsageError) as caught:
        connect(home, KEYS, url=url)
    assert "hunter2" not in caught.value.summary


def test_the_embedded_core_needs_no_key(home: Path) -> None:
    (home / ".config" / "komodo" / "komodo.cli.toml").write_text("broken")
    found = connect(home, KEYS, url="sim:state")
    assert found == Connection("sim:state", Sealed(""), Sealed(""), "--url")


def settings(url: str) -> Settings:
    return Settings(root=Path("/r"), file=Path("/r/komodo-sync.yaml"), core_url=url)


@pytest.mark.parametrize(
    "url", ["https://other.example.com", "http://x.example.com", "https://x.example.com:444", "sim:here"]
)
def test_settings_for_another_core_are_refused(home: Path, url: str) -> None:
    with pytest.raises(RefusedError) as caught:
        connect(home, KEYS, url=url, settings=settings("https://x.example.com"))
    assert caught.value.exit_code == 4
    assert url in caught.value.summary


@pytest.mark.parametrize("url", ["https://x.example.com/", "HTTPS://X.example.com:443", "https://x.example.com"])
def test_settings_for_this_core_are_fine(home: Path, url: str) -> None:
    assert connect(home, KEYS, url=url, settings=settings("https://x.example.com")).key == Sealed("K-env")


def test_the_settings_url_is_never_followed(home: Path) -> None:
    (home / ".config" / "komodo" / "komodo.cli.toml").unlink()
    with pytest.raises(UsageError, match="no Core is named") as caught:
        connect(home, KEYS, settings=settings("https://x.example.com"))
    assert caught.value.detail == "core.url in the settings is compared with the Core in use, and never followed"
    assert caught.value.hint.startswith("give --url https://x.example.com, set KOMODO_CLI_HOST to it, or ")


def test_a_connection_shows_no_secret(home: Path) -> None:
    assert "K-one" not in repr(connect(home))
    assert "S-one" not in repr(connect(home))


def test_one_file_of_an_embedded_core_has_many_names(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "here").mkdir()
    monkeypatch.chdir(tmp_path / "here")
    (tmp_path / "link").symlink_to(tmp_path / "x")
    for other in ("sim:../x", "sim:./../here/../x", "sim:../link", f"sim:{tmp_path}/x/"):
        assert same_core(f"sim:{tmp_path}/x", other)
    for other in ("sim:x", "sim:", "sim:a\0b", f"https://{tmp_path}/x"):
        assert not same_core(f"sim:{tmp_path}/x", other)
    assert same_core("sim:", "sim:")
    assert not same_core("sim:", "sim:.")
