"""How Core marks up what it writes into logs."""

from __future__ import annotations


def muted(text: object) -> str:
    """Of little interest."""
    return f'<span style="color: var(--mantine-color-dimmed)">{text}</span>'


def bold(text: object) -> str:
    """A name."""
    return f'<span style="font-weight: bolder">{text}</span>'


def colored(text: object, color: str) -> str:
    """In red, green or blue."""
    return f'<span style="color: var(--mantine-color-{color}-6)">{text}</span>'


def error_text(error: str, *trace: str) -> str:
    """An error with its causes."""
    text = f"{colored('ERROR', 'red')}: {error}"
    if trace:
        causes = "".join(f"\n\t{muted(number)}: {cause}" for number, cause in enumerate(trace, 1))
        text += f"\n\n{muted('TRACE')}:{causes}"
    return text


_ESCAPES = {'"': '\\"', "\\": "\\\\", "\n": "\\n", "\r": "\\r", "\t": "\\t", "\0": "\\0"}


def debugged(value: str | bool) -> str:
    """A value as Core writes it when it shows one for people who look for a fault."""
    if isinstance(value, bool):
        return "true" if value else "false"
    shown = (_ESCAPES.get(one) or (one if one.isprintable() else f"\\u{{{ord(one):x}}}") for one in value)
    return f'"{"".join(shown)}"'
