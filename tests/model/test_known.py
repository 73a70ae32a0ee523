"""What is known to be secret is found in the words of others, however they write it; harmless words are left."""

from __future__ import annotations

import base64
import html
import json
import re
import shlex
import threading
from urllib.parse import quote, quote_plus

import pytest
from hypothesis import given
from hypothesis import strategies as st

from komodo_sync.model.known import Known, parts
from komodo_sync.model.sealed import HIDDEN, Sealed, Unknown

ODD = "p&ss \"w'rd\\$é<1>"
KEY = "-----BEGIN PRIVATE KEY-----\nMIIEvAIBADANBgkqh\nkiG9w0BAQEFAASCBK\n-----END PRIVATE KEY-----\n"


@pytest.mark.parametrize("secret", ["hunter2-hunter2", ODD])
@pytest.mark.parametrize(
    "write",
    [
        str, quote, quote_plus, html.escape, repr,
        lambda text: quote(text, safe=""),
        json.dumps,
        lambda text: json.dumps(text, ensure_ascii=False),
        lambda text: json.dumps(json.dumps({"a": text})),
        lambda text: html.escape(json.dumps(text)),
        lambda text: text.replace("$", "$$"),
        lambda text: base64.b64encode(text.encode()).decode(),
        lambda text: base64.urlsafe_b64encode(text.encode()).decode(),
        lambda text: base64.b64encode(f"me:{text}".encode()).decode(),
        lambda text: base64.b64encode(f"user:{text}:x".encode()).decode(),
        # Go's JSON; a browser's encodeURIComponent; a login in a URL of Rust; JSON in a URL; small letters
        lambda text: json.dumps(text, ensure_ascii=False).replace("&", "\\u0026").replace("<", "\\u003c"),
        lambda text: quote(text, safe="!'()*~"),
        lambda text: quote(text, safe="&'()*+,$"),
        lambda text: quote(json.dumps(text), safe=""),
        lambda text: re.sub("%..", lambda found: found[0].lower(), quote(text, safe="")),
        lambda text: quote(quote(text, safe=""), safe=""),
        # a shell, twice; YAML; Go's HTML; XML; what Python makes of bytes
        shlex.quote,
        lambda text: text.replace("'", "'\\''"),
        lambda text: re.sub(r"([^\w-])", r"\\\1", text),
        lambda text: text.replace("'", "''"),
        lambda text: html.escape(text, quote=False).replace('"', "&#34;").replace("'", "&#39;"),
        lambda text: html.escape(text, quote=False).replace('"', "&quot;").replace("'", "&apos;"),
        lambda text: repr(text.encode()),
        lambda text: text.replace('"', '\\"'),
    ],
)  # fmt: skip
def test_a_secret_is_found_as_tools_write_it(secret: str, write: object) -> None:
    text = write(secret)  # type: ignore[operator]
    for told in (Known([secret]).without(f"at <{text}>"), Known([Sealed(secret)]).without_telling(f"at <{text}>")):
        assert HIDDEN in told
        assert secret[:9] not in told
        assert text[4:-4] not in told


@pytest.mark.parametrize(
    ("secret", "text", "told"),
    [
        (KEY, "bad line kiG9w0BAQEFAASCBK", "bad line (secret)"),
        ("A=1\nTOKEN=abcdef9\n", "what is abcdef9?", "what is (secret)?"),
        ("export TOKEN='abcdef9'", "what is abcdef9?", "what is (secret)?"),
        ('{"a": {"b": ["leaf-9"]}}', "no leaf-9 here", "no (secret) here"),
        ("https://me:pa55word@db/app", "wrong password pa55word", "wrong password (secret)"),
        ("https://chat.example.com/hooks/T00/B00zzz99", "POST /hooks/T00/B00zzz99", "POST /(secret)"),
        ("https://chat.example.com/hooks/T00/B00zzz99", "no B00zzz99", "no (secret)"),
        ("me:pa55word", "wrong password pa55word", "wrong password (secret)"),
        (1234567, "code 1234567", "code (secret)"),
    ],
)
def test_so_are_its_parts(secret: object, text: str, told: str) -> None:
    assert Known([Sealed(secret)]).without(text) == told


@pytest.mark.parametrize(
    "word", ["true", "False", "8080", "443", "1.27.3", "v2.0", "10.0.0.1", "10.0.0.0/24", "abc", "on"]
)
def test_a_word_that_is_found_everywhere_is_looked_for_nowhere(word: str) -> None:
    assert Known([word]).without(f"port {word} of nginx:{word}") == f"port {word} of nginx:{word}"


@pytest.mark.parametrize("word", ["postgres", "production", "prod", "123456"])
@pytest.mark.parametrize("said", ["image: {}:16", "rule: Host(`{}`)"])
def test_a_plain_word_is_hidden_in_a_log_and_not_in_a_plan(word: str, said: str) -> None:
    assert_hidden_in_a_log_alone(word, said)


@pytest.mark.parametrize(
    "place",
    ["auth.example.com", "https://auth.example.com/", "db.internal:5432", "/run/secrets/my_key", "./tls/key"],
)
def test_where_something_is_found_is_hidden_in_a_log_and_not_in_a_plan(place: str) -> None:
    assert_hidden_in_a_log_alone(place, "rule: Host(`{}`)")


def assert_hidden_in_a_log_alone(secret: str, said: str) -> None:
    known = Known([secret])
    assert known.without(f"no {secret} here") == "no (secret) here"
    assert known.without_telling(said.format(secret)) == said.format(secret)


@pytest.mark.parametrize(
    "secret",
    ["https://ntfy.example.com/my-own-topic", "auth.example.com/A1b2", "/9j/4AAQSkZJRg", "correct-horse-battery"],
)
def test_what_only_resembles_it_is_hidden_there_too(secret: str) -> None:
    assert Known([secret]).without_telling(f"at {secret}") == "at (secret)"


def test_secrets_that_lie_over_each_other_are_hidden_whole() -> None:
    assert Known(["hunter2-long", "long-Password3"]).without("x hunter2-long-Password3 y") == "x (secret) y"
    assert Known(["hunter2", "p&ss-hunter2&"]).without("x p%26ss-hunter2&amp; y") == "x (secret) y"


def test_a_name_that_everybody_reads_is_told_although_a_secret_is_called_the_same() -> None:
    known = Known(["web-prod-1", "hunter2-hunter2"])
    known.allow(["web-prod-1"])
    assert known.without_telling("server: web-prod-1, hunter2-hunter2") == "server: web-prod-1, (secret)"
    assert known.and_of([]).without_telling("web-prod-1") == "web-prod-1"


def test_a_secret_is_found_in_a_text_that_is_quoted_in_many_ways() -> None:
    other = "\n".join(["a: '' $$x &amp; %41 b+c \\\\n"] * 3)
    once = json.dumps("hunter2 'q\"w")
    text = f"{other}\n# {json.dumps(json.dumps(once))} '' %41 $$ &lt;\n{other}"
    known = Known(["hunter2 'q\"w"])
    assert "hunter2" not in known.without_telling(text)
    pieces = known.pieces(text)
    assert "".join(piece for piece, _ in pieces) == text
    assert ["hunter2" in piece for piece, secret in pieces if secret] == [True]


def test_a_secret_of_nothing_but_signs_is_found() -> None:
    assert Known(["!&$%/()=?"]).without("a !&$%/()=? b") == "a (secret) b"


def test_many_backslashes_take_no_time() -> None:
    known = Known(["core1234" + "\\" * 40 + "x'" * 40])
    assert HIDDEN not in known.without("core1234" + "\\'&%41" * 20000 + "y")


def test_the_longest_is_hidden_whole() -> None:
    assert Known(["hunter2", "hunter2-long"]).without("hunter2-long and hunter2") == "(secret) and (secret)"


def test_nothing_of_it_is_told_by_itself() -> None:
    known = Known(["hunter2-hunter2"])
    assert "hunter2" not in repr(known) + str(known) + f"{known}"
    with pytest.raises(TypeError):
        Known([Unknown()])


def test_what_is_learned_later_is_asked_for_once_and_by_nobody_who_has_nothing_to_hide() -> None:
    asked: list[str] = []

    def find() -> list[str]:
        asked.append("x")
        return ["hunter2-hunter2"]

    known = Known()
    known.learn_later("it", find)
    assert known.without_learned("hunter2-hunter2") == "hunter2-hunter2"
    assert asked == []
    beside = known.and_of(["other-secret"])
    assert known.without("hunter2-hunter2") == HIDDEN
    assert known.without_telling("hunter2-hunter2") == HIDDEN
    assert asked == ["x"]
    assert beside.without("other-secret and hunter2-hunter2") == "(secret) and (secret)"
    assert known.without("other-secret") == "other-secret"


def test_who_asks_while_something_is_found_out_waits_for_it() -> None:
    begun, go_on = threading.Event(), threading.Event()

    def find() -> list[str]:
        begun.set()
        assert go_on.wait(60)
        return ["hunter2-hunter2"]

    known = Known()
    known.learn_later("it", find)
    told: list[str] = []
    threads = [threading.Thread(target=lambda: told.append(known.without("hunter2-hunter2"))) for _ in range(4)]
    for thread in threads:
        thread.start()
    assert begun.wait(60)
    go_on.set()
    for thread in threads:
        thread.join(60)
    assert told == [HIDDEN] * 4


def test_a_value_tells_it_neither_in_what_it_holds_nor_in_a_key() -> None:
    value = {"a": ["x hunter2-hunter2", 1, None], "is hunter2-hunter2": {"b": True}}
    told = {"a": ["x (secret)", 1, None], "is (secret)": {"b": True}}
    assert Known(["hunter2-hunter2"]).of_value(value) == told


@given(st.text(min_size=6, max_size=30), st.text(max_size=20), st.text(max_size=20))
def test_no_text_with_a_secret_in_it_tells_it(secret: str, before: str, after: str) -> None:
    known = Known([secret])
    for part in parts(secret):
        if known.without(part) == HIDDEN:
            assert part not in known.without(f"{before}{part}{after}").replace(HIDDEN, "\0")
    assert known.without(before) == before or secret.strip() in before or HIDDEN in known.without(before)


@given(st.lists(st.text(min_size=1, max_size=12), max_size=5), st.text(max_size=60))
def test_pieces_are_the_whole_text(secrets: list[str], text: str) -> None:
    known = Known(secrets)
    assert "".join(piece for piece, _ in known.pieces(text)) == text
    assert known.of_value({"a": [text, 1, None]})["a"][1:] == [1, None]
