"""A text that a shell reads, as an item of a list behind `sh -c`: a value ends in it where the shell ends it, so that a
changed command is no changed password. Every secret here is called hunter2, or begins with that."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

import pytest

from komodo_sync.kinds import BY_CORE
from komodo_sync.masking.arguments import readings_of
from komodo_sync.masking.lines import judged, shown_lines
from komodo_sync.masking.mask import masked, shown_text
from komodo_sync.masking.secrets import judged_secrets

if TYPE_CHECKING:
    from collections.abc import Iterator

SCRIPTS = [
    ("PGPASSWORD=hunter2 pg_dump -h db -U bob gitea", "PGPASSWORD=(secret) pg_dump -h db -U bob gitea"),
    ("TOKEN=hunter2; dropdb -h prod", "TOKEN=(secret); dropdb -h prod"),
    ("PGPASSWORD=hunter2 dropdb prod && echo ok", "PGPASSWORD=(secret) dropdb prod && echo ok"),
    ("BORG_PASSPHRASE='hunter2' borg delete /repo", "BORG_PASSPHRASE=(secret) borg delete /repo"),
    ('BORG_PASSPHRASE="hunter2 x" borg delete /repo', "BORG_PASSPHRASE=(secret) borg delete /repo"),
    ("A_TOKEN='hunter2 'x\"hunter2 \"\\ hunter2 run public", "A_TOKEN=(secret) run public"),
    ("A_TOKEN=\\'hunter2 run public", "A_TOKEN=(secret) run public"),
    ("A_TOKEN=hunter2 B_KEY='hunter2 hunter2' run public", "A_TOKEN=(secret) B_KEY=(secret) run public"),
    ("export TOKEN=hunter2; dropdb -h prod", "export TOKEN=(secret); dropdb -h prod"),
    ("cd / && PGPASSWORD=hunter2 pg_dump public", "cd / && PGPASSWORD=(secret) pg_dump public"),
    ("PGPASSWORD=hunter2\npg_dump public\nTOKEN=hunter2 x", "PGPASSWORD=(secret)\npg_dump public\nTOKEN=(secret) x"),
    ("PGPASSWORD=$$PW pg_dump public", "PGPASSWORD=$$PW pg_dump public"),
    ("TOKEN=$(cat /run/x) run public", "TOKEN=$(cat /run/x) run public"),
    ("mysql -phunter2 public", "mysql -p(secret) public"),
]  # fmt: skip
SIGNS = "#&|;<>()-=,]@*%!?+^~{"
SHELLS = [
    ["sh", "-c"], ["/bin/bash", "-c"], ["bash", "-lc"], ["ash", "-ec"], ["bash", "-eu", "-o", "pipefail", "-c"],
    ["CMD-SHELL"], ["docker", "exec", "db", "sh", "-c"], ["su", "-", "bob", "-c"], ["busybox", "sh", "-c"],
]  # fmt: skip


def lists(words: list[str]) -> Iterator[str]:
    """A list of words as a compose text may hold it; the last one stands in quotes, or in a block."""
    *lead, last = words
    single = "'" + last.replace("'", "''") + "'"
    for quote in (json.dumps(last), single) if "\n" not in last else (json.dumps(last),):
        yield f"command: [{', '.join([*map(json.dumps, lead), quote])}]\nlast: y"
        yield f"command: [{', '.join([*lead, quote])}]\nlast: y"
        yield "command:\n" + "".join(f"  - {word}\n" for word in [*lead, quote]) + "last: y"
        yield "  test:\n" + "".join(f"  - {word}\n" for word in [*map(json.dumps, lead), quote, "public"]) + "last: y"
        yield "test:\n" + "".join(f"    - '{word}'\n\n" for word in lead) + f"    # x\n    - {quote} # x\nlast: y"
    yield json.dumps({"command": words, "last": "y"})
    yield json.dumps({"command": words, "last": "y"}, indent=2)
    block = "\n".join(f"      {line}" for line in last.split("\n"))
    for sign in ("|", "|-", ">-") if "\n" not in last else ("|", "|-"):
        yield "test:\n" + "".join(f"    - {word}\n" for word in lead) + f"    - {sign}\n{block}\n    - public\nlast: y"
    if "\n" not in last and ": " not in last and " #" not in last:
        yield "entrypoint:\n" + "".join(f"- {word}\n" for word in words) + "- public\nlast: y"


def alike(text: str) -> str:
    for quoted in ('\\"(secret)\\"', "''(secret)''", "'(secret)'"):
        text = text.replace(quoted, "(secret)")
    return text


@pytest.mark.parametrize(("script", "told"), SCRIPTS)
@pytest.mark.parametrize("shell", SHELLS, ids=" ".join)
def test_the_value_ends_where_the_shell_ends_it(shell: list[str], script: str, told: str) -> None:
    assert masked([*shell, script, "x"]) == [*shell, told, "x"]
    assert masked({"params": {"command": [*shell, script]}}) == {"params": {"command": [*shell, told]}}
    for text, expected in zip(lists([*shell, script]), lists([*shell, told]), strict=False):
        seen = shown_text(text)
        assert alike(seen) == alike(expected)
        assert shown_text(seen) == seen


def test_it_does_so_over_lines_too() -> None:
    text = "command:\n  - sh\n  - -c\n  - PGPASSWORD=hunter2\n    pg_dump public\n  - public\nx: y"
    assert shown_text(text) == text.replace("hunter2", "(secret)")
    text = "command:\n  - sh\n  - -c\n  - PGPASSWORD='hunter2\n    hunter2' pg_dump\n  - public\nx: y"
    assert "hunter2" not in shown_text(text)
    text = 'command:\n  - sh\n  - -c\n  - "PGPASSWORD=hunter2\n    hunter2"\n  - public\nx: y'
    assert "hunter2" not in shown_text(text)


@pytest.mark.parametrize("sign", SIGNS)
@pytest.mark.parametrize("password", ["{}hunter2", "hunter2{}Kuh7", "hunter2{}"])
@pytest.mark.parametrize("quote", ["'", '"', ""])
def test_no_piece_of_a_password_with_signs_is_told(quote: str, password: str, sign: str) -> None:
    word = password.format(f"\\{sign}" if not quote else sign)
    for script in (f"PGPASSWORD={quote}{word}{quote} pg_dump public", f"TOKEN={quote}{word}{quote}; run public"):
        [*_, told] = masked(["sh", "-c", script])
        assert not re.search("hunter2|Kuh7", told)
        assert told.endswith("public")
        for text in lists(["sh", "-c", script]):
            seen = shown_text(text)
            assert not re.search("hunter2|Kuh7", seen)
            assert "public" in seen


@pytest.mark.parametrize(
    "text",
    [
        "environment:\n  - DB_PASSWORD=hunter2 hunter2 hunter2\n  - A=b",
        'environment:\n  - "DB_PASSWORD=hunter2; hunter2 && hunter2"\n  - A=b',
        "environment:\n  - CMD=x\n  - -c\n  - DB_PASSWORD=hunter2 hunter2",
        "environment:\n  DB_PASSWORD: hunter2 hunter2",
        "command:\n  - sh\n  - run.sh\n  - -c\n  - DB_PASSWORD=hunter2 hunter2",
        "command:\n  - sh\n  - -c\nenvironment:\n  - DB_PASSWORD=hunter2 hunter2",
        "command:\n  - sh\n  - -c\n  - run\n  - DB_PASSWORD=hunter2 hunter2",
    ],
)
def test_what_no_shell_reads_is_hidden_to_its_end(text: str) -> None:
    assert "hunter2" not in shown_text(text)


def test_the_secret_is_known_by_its_value_alone() -> None:
    script = "PGPASSWORD=hunter2abc pg_dump -h db"
    assert judged(f"command:\n  - sh\n  - -c\n  - {script}") == {"hunter2abc"}
    assert judged(f'test:\n  - CMD-SHELL\n  - "{script}"') == {"hunter2abc"}
    stages = [{
        "enabled": True,
        "name": "a",
        "executions": [{
            "enabled": True,
            "execution": {"type": "RunStackService", "params": {"stack": "a", "command": ["sh", "-c", script]}},
        }],
    }]  # fmt: skip
    assert list(judged_secrets(BY_CORE["Procedure"], {"stages": stages})) == ["hunter2abc"]


def test_a_list_says_which_of_its_items_a_shell_reads() -> None:
    assert readings_of(["sh", "-c", "x", "-c", "y", 1]) == ["text", "text", "script", "text", "text", "text"]
    assert readings_of(["CMD-SHELL", "x"]) == ["text", "script"]
    assert readings_of(["CMD", "x"]) == ["text", "text"]


def test_shown_again_the_lines_stay() -> None:
    told = shown_lines(["command:", "- sh", "- -c", "- TOKEN=(secret) run"])
    assert told == ["command:", "- sh", "- -c", "- TOKEN=(secret) run"]
