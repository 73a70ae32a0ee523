"""The Core's API as data: every operation, its parameters and their types."""

from komodo_sync.operations.catalogue import (
    Operation,
    Param,
    enums,
    executions,
    find,
    operations,
    removed,
    renamed,
)

__all__ = ["Operation", "Param", "enums", "executions", "find", "operations", "removed", "renamed"]
