"""Where a compose text is no YAML: one reading, for what is checked before a plan, and for what a plan refuses."""

from __future__ import annotations


def flaw_of(text: str) -> int | None:
    """How many characters stand before the place at which a text is no well-formed YAML; None: it is. It builds
    nothing, so that ten thousand texts cost next to nothing."""
    # most of what is done needs no parser
    from yaml.cyaml import CParser  # type: ignore[attr-defined]
    from yaml.error import MarkedYAMLError, YAMLError

    try:
        CParser(text).raw_parse()
    except MarkedYAMLError as cause:
        return cause.problem_mark.index if cause.problem_mark else len(text)
    except YAMLError:  # a character that may stand nowhere
        return len(text)
    return None
