"""Scalars of YAML in quotes whose text is written otherwise than it is: with quotes twice, or over several lines. What
is secret in the text is hidden where it stands, and nothing else. Every secret is called hunter2."""

from __future__ import annotations

from textwrap import indent

import pytest
import yaml

from komodo_sync.masking.lines import judged, shown_lines

TEXTS = [
    ("redis-server --requirepass 'hunter2' --port 6379", "redis-server --requirepass '(secret)' --port 6379"),
    ("redis-server --requirepass 'hunter2 hunter2' --port 80", "redis-server --requirepass '(secret)' --port 80"),
    ("mysqladmin ping -u root -p'hunter2' -h db", "mysqladmin ping -u root -p(secret) -h db"),
    ("X_OPTS=--token='hunter2' -v", "X_OPTS=--token=(secret) -v"),
    ("f=redis-cli -a 'hunter2' ping", "f=redis-cli -a (secret) ping"),
    ("CREATE USER bob WITH PASSWORD 'hunter2';", "CREATE USER bob WITH PASSWORD (secret);"),
    ("psql -c \"ALTER USER bob PASSWORD 'hunter2'\" db", 'psql -c "ALTER USER bob PASSWORD (secret)" db'),
    ("sshpass -p 'hunter2' ssh me@host", "sshpass -p (secret) ssh me@host"),
    ("mysql --password='hunter2' x", "mysql --password=(secret) x"),
    ("curl -u bob:'hunter2' https://x", "curl -u bob:(secret) https://x"),
    ("exec sh -c 'PGPASSWORD=hunter2 pg_dump x'", "exec sh -c 'PGPASSWORD=(secret) pg_dump x'"),
    ("'dbpassword' => 'hunter2', 'dbhost' => 'db'", "'dbpassword' => (secret), 'dbhost' => 'db'"),
    ("{'password': 'hunter2', 'host': 'db'}", "{'password': (secret), 'host': 'db'}"),
    ("ALTER USER bob IDENTIFIED BY 'hunter2'", "ALTER USER bob IDENTIFIED BY (secret)"),
    ("it's 'public', isn't it", "it's 'public', isn't it"),
    ("echo 'a: b' 'stun:stun.example.com:3478'", "echo 'a: b' 'stun:stun.example.com:3478'"),
]
HOLDERS = {
    "value": "command: {}",
    "value and comment": "command: {} # public",
    "value behind a key in quotes": '"command": {}',
    "below its key": "command:\n  {}\nx: y",
    "item": "labels:\n  - {}\n  - x=y",
    "in brackets": "labels: [a=b, {}, x=y]",
    "in braces": "healthcheck: {{test: {}, retries: 3}}",
    "item of a compose file": "services:\n  a:\n    image: x:1\n    labels:\n      - {}\n    tty: true",
    "tagged": "command: !x {}",
    "in a comment": "# command: {}",
    "behind a template": "{{{{ if .x }}}}\ncommand: {}",
}


def twice(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


@pytest.mark.parametrize("holder", HOLDERS.values(), ids=HOLDERS)
@pytest.mark.parametrize(("text", "told"), TEXTS)
def test_a_text_whose_quotes_are_written_twice_is_read_as_what_it_stands_for(text: str, told: str, holder: str) -> None:
    lines = holder.format(twice(text)).split("\n")
    seen = shown_lines(lines)
    assert "\n".join(seen) == holder.format(twice(told))
    assert shown_lines(seen) == seen
    assert ("hunter2" in " ".join(judged("\n".join(lines)))) == (text != told)


@pytest.mark.parametrize(("text", "told"), TEXTS)
def test_so_it_is_in_a_text_that_a_text_holds(text: str, told: str) -> None:
    for head in ("configs:\n  a:\n    content: |\n", "x:\n  - |\n", 'config.file_contents = """\n'):
        for text_of in (lambda each: f"command: {twice(each)}", lambda each: f"a: {twice(f'command: {twice(each)}')}"):
            held, shown = (head + indent(text_of(each), "      ") for each in (text, told))
            assert "\n".join(shown_lines(held.split("\n"))) == shown


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("command: \"serve --requirepass 'hunter2 hunter2\\\n  \\ hunter2' --port 80\"",
         'command: "serve --requirepass \'(secret)\n  (secret)\' --port 80"'),
        ("command: \"serve --requirepass 'hunter2\n  hunter2' --port 80\"",
         'command: "serve --requirepass \'(secret)\n  (secret)\' --port 80"'),
        ("command: 'serve --requirepass ''hunter2\n  hunter2'' --port 80'",
         "command: 'serve --requirepass ''(secret)\n  (secret)'' --port 80'"),
        ("content: 'a: b\n\n  db_password: hunter2\n\n  c: d'", "content: 'a: b\n\n  db_password: (secret)\n\n  c: d'"),
        ("content: \"a: b\\ndb_password:\\\n  \\ hunter2\\nc: d\"",
         "content: \"a: b\\ndb_password:\\\n  \\ (secret)\\nc: d\""),
        ("x: \"serve --port 80\n  --name 'public words'\n  -v\"",
         "x: \"serve --port 80\n  --name 'public words'\n  -v\""),
    ],
)  # fmt: skip
def test_a_text_over_several_lines_is_read_as_one(text: str, told: str) -> None:
    assert "\n".join(shown_lines(text.split("\n"))) == told


@pytest.mark.parametrize("head", ['["sh", "-c", ', "[CMD-SHELL, "])
def test_one_that_a_shell_reads_tells_what_follows_a_password(head: str) -> None:
    text = "TOKEN='hunter2 hunter2' serve --public"
    for lead, end in (("command: " + head, "]"), ("command:\n  - sh\n  - -c\n  - ", "\nx: y")):
        told = twice(text.replace("'hunter2 hunter2'", "(secret)"))
        assert "\n".join(shown_lines(f"{lead}{twice(text)}{end}".split("\n"))) == f"{lead}{told}{end}"


def test_a_text_that_a_dumper_breaks_hides_its_password_of_words_wherever_it_is_broken() -> None:
    for far in range(80):
        command = f"serve --name {'x' * far} --requirepass 'hunter2 hunter2 hunter2' --port 6379 --verbose"
        for style in ("'", '"'):
            text = yaml.safe_dump({"command": command}, default_style=style)
            shown = "\n".join(shown_lines(text.split("\n")))
            assert "hunter2" not in shown
            assert "6379" in shown
