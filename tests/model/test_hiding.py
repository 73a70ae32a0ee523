"""What several know and what is guessed at is looked for in the text as it was written."""

from __future__ import annotations

from komodo_sync.model.hiding import besides, knowing, known_in, without
from komodo_sync.model.known import Known


def test_who_knows_a_piece_leaves_nothing_of_the_whole() -> None:
    one, other = Known(["Nacht2024"]), Known(["Som'mer;Nacht2024"])
    for finds in ((one.places, other.places), (other.telling_places, one.learned_places)):
        assert without("a Som'mer;Nacht2024 b", *finds) == "a (secret) b"


def test_what_lies_beside_each_other_is_hidden_as_one() -> None:
    assert without("x hunter2;hunter3, hunter2", Known(["hunter2;", "hunter3"]).places) == "x (secret), hunter2"


def test_no_piece_is_left_beside_a_guess() -> None:
    line, guessed = "-p Som'mer;Nacht2024 ghcr.io", "-p (secret)'mer;Nacht2024 ghcr.io"
    assert besides([line], [guessed]) == [guessed]
    with knowing(Known(["Som'mer;Nacht2024"]).places):
        assert besides([line, "a"], [guessed, "a"]) == ["-p (secret) ghcr.io", "a"]
        assert known_in(line) == [(3, 20)]
    assert not known_in(line)


def test_a_line_that_is_told_in_another_way_is_not_told_at_all() -> None:
    with knowing(Known(["hunter2-x"]).places):
        assert besides(["  a hunter2-x"], ["  b (secret)-x"]) == ["  (secret)"]
        assert besides(["  a hunter2-x"], ["  a hunter2-x or so"]) == ["  (secret)"]


def test_what_was_hidden_before_stays_so() -> None:
    with knowing(Known(["hunter2;x"]).places):
        assert besides(["(secret) -p hunter2;x y"], ["(secret) -p (secret);x y"]) == ["(secret) -p (secret) y"]


def test_a_guess_in_the_middle_of_what_is_known() -> None:
    with knowing(Known(["ab:cd=ef@gh"]).places):
        assert besides(["failed: ab:cd=ef@gh."], ["failed: ab:(secret)@gh."]) == ["failed: (secret)."]
