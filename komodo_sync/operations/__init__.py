"""The Core's API as data: every operation, its parameters and their types."""

from komodo_sync.operations.account import ACCOUNT
from komodo_sync.operations.catalogue import (
    Group,
    Operation,
    Param,
    enums,
    executions,
    find,
    operations,
    removed,
    renamed,
)

__all__ = ["ACCOUNT", "Group", "Operation", "Param", "enums", "executions", "find", "operations", "removed", "renamed"]
