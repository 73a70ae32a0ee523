"""A Core behind a port, a folder to work in, and a shell."""

from shell import ask, core, host, pauses, shell, work

__all__ = ["ask", "core", "host", "pauses", "shell", "work"]
