"""What the tests of the command line share."""

from shell import ask, core, host, pauses, shell, work

__all__ = ["ask", "core", "host", "pauses", "shell", "work"]
