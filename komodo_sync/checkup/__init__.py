"""Whether everything is there that a plan and an apply need: settings, connection, Core, rights, lock."""

from komodo_sync.checkup.examination import TOPICS, examine

__all__ = ["TOPICS", "examine"]
