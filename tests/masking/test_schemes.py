"""Passwords behind the scheme that they are stored by. Every one is called hunter2, every other word is told."""

from __future__ import annotations

import json

import pytest

from komodo_sync.masking.mask import shown_text

HASHED = [
    *("SHA", "SSHA", "SSHA256", "SSHA512", "SHA1", "sha", "SHA-256", "MD5", "SMD5", "md5", "PLAIN-MD5", "LDAP-MD5"),
    *("CRAM-MD5", "DIGEST-MD5", "HMAC-MD5", "MD5-CRYPT", "SHA256-CRYPT", "SHA512-CRYPT", "BLF-CRYPT", "DES-CRYPT"),
    *("CRYPT", "crypt", "X-CRYPT", "PBKDF2", "PBKDF2-SHA256", "ARGON2", "ARGON2ID", "bcrypt", "scrypt", "NTLM", "NT"),
    *("LANMAN", "LM", "OTP", "SKEY", "RPA", "SSHA.b64", "SHA512.HEX"),
]
CLEAR = ["PLAIN", "CLEARTEXT", "CLEAR", "PLAIN.b64", "cleartext", "noop", "PLAIN-TRUNC"]
LINES = [
    "bob:{%s}%s",
    "bob:{%s}%s:5000:5000::/home/bob",
    "bob@example.org:{%s}%s:5000:5000::/home/bob::userdb_quota=1G",
    'users = ["bob:{%s}%s"]',
    'users = ["bob:{%s}%s", "eva:{%s}%s"]',
    "  - 'bob:{%s}%s'",
    "- bob:{%s}%s",
    "users: ['{%s}%s']",
    "value: '{%s}%s'",
    "value = {%s}%s",
    "INSERT INTO x VALUES ('bob', '{%s}%s')",
]
LABELS = [
    "- traefik.http.middlewares.a.basicauth.users=bob:{%s}%s",
    '- "traefik.http.middlewares.a.basicauth.users=bob:{%s}%s,eva:{%s}%s"',
    "other.users: bob:{%s}%s,eva:{%s}%s",
]
SHOWS = """
image: app:{SHA}-alpine
path: /x/{md5}/abcdefghijkl
path: /x/{sha256}.tar.gz
bob:{PLAIN}$PASSWORD
bob:{SSHA}
x: ${SHA}hunter
f"{md5}"
scheme: "{PLAIN}"
mechanisms: {plain, login}
a: {text}
""".strip().splitlines()


def around(text: str) -> list[str]:
    """The text, and the same in another one."""
    return [
        text,
        f"configs:\n  c:\n    content: |\n      # public\n      {text}\n      public\n",
        "configs:\n  c:\n    content: " + json.dumps(f"public\n{text}\npublic"),
        f"a = '''\n{text}\n'''",
    ]


@pytest.mark.parametrize("line", [*LINES, *LABELS])
@pytest.mark.parametrize("scheme", HASHED)
def test_a_hash_behind_its_scheme_is_hidden(scheme: str, line: str) -> None:
    for value in ("hunter2hunter2+/hunter2==", "hunter2=", "$2y$05$hunter2hunter2"):
        for text in around(line.replace("{%s}%s", f"{{{scheme}}}{value}")):
            seen = shown_text(text)
            assert "hunter2" not in seen
            assert "(secret)" in seen
            assert seen.count("public") == text.count("public")
            assert "hunter2" not in shown_text(seen)


@pytest.mark.parametrize("line", LINES)
@pytest.mark.parametrize("scheme", CLEAR)
def test_so_is_a_password_in_clear(scheme: str, line: str) -> None:
    for value in ("hunter2", "#hunter2#", "hunter2&|;<>", "(hunter2)-=", "=hunter2]", "hunter2,hunter2"):
        for text in around(line.replace("{%s}%s", f"{{{scheme}}}{value}")):
            seen = shown_text(text)
            assert "hunter2" not in seen
            assert seen.count("public") == text.count("public")


@pytest.mark.parametrize("value", ["hunter2 hunter2", "hunter2\"'hunter2", "'hunter2", "hunter2, hunter2 ]"])
def test_in_a_file_of_users_it_goes_to_the_next_colon(value: str) -> None:
    text = f"bob:{{PLAIN}}{value}:5000:5000::/home/bob\neva:{{PLAIN}}{value}"
    told = "bob:{PLAIN}(secret):5000:5000::/home/bob\neva:{PLAIN}(secret)"
    assert shown_text(text) == told
    assert shown_text(told) == told


def test_several_hashes_of_one_user_are_hidden() -> None:
    value = "4096,hunter2hunter2hunter2==,hunter2hunter2hunter2=,hunter2hunter2hunter2="
    assert shown_text(f"bob:{{SCRAM-SHA-256}}{value}:5000::") == "bob:{SCRAM-SHA-256}(secret):5000::"


@pytest.mark.parametrize("text", SHOWS)
def test_what_only_looks_so_is_shown(text: str) -> None:
    assert shown_text(text) == text
