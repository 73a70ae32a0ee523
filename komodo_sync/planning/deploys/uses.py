"""Which variables something takes the values of when it is deployed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from komodo_sync.kinds.mentions import UNREAD, variables_in, variables_used

if TYPE_CHECKING:
    from collections.abc import Mapping

    from komodo_sync.planning.deploys.subject import Subject


def variables_of(subject: Subject) -> frozenset[str]:
    """The names that stand as `[[NAME]]` in its config or in the files that it is deployed from. What is secret is not
    looked into, but for the public part of an environment."""
    if subject.config.get(UNREAD):
        return frozenset()
    found = set(variables_of_config(subject.config))
    for file in subject.running.fetched or ():
        found |= variables_in(file.contents)
    return frozenset(found)


def variables_of_config(config: Mapping[str, Any]) -> frozenset[str]:
    """The names in a config alone."""
    return variables_used(config)
