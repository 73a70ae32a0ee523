"""Procedures and actions that are run once they were changed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from komodo_sync.model.plan import Action, Step
from komodo_sync.planning.deploys.subject import when

if TYPE_CHECKING:
    from komodo_sync.planning.deploys.subject import Subject, World


def run_after_change(subject: Subject, world: World) -> str:
    """Why it is run; empty where it is not. What was changed and not run since, because something failed in between,
    is run as well; what somebody else runs by a schedule is no concern of ours."""
    address, history = subject.address, subject.running.history
    if world.writes(address, Action.CREATE):
        return "created by this plan (run_on_change)"
    update = world.payloads.get(Step(address, Action.UPDATE))
    if update is not None and update.config:
        return "changed by this plan (run_on_change)"
    if history is None:
        return ""
    if history.good is not None and history.changed != {}:
        return f"changed after it ran last ({when(history.good.at)}; run_on_change)"
    made, user = history.made, world.observed.user_id
    if history.good is None and made is not None and (history.failed is not None or (user and made.by == user)):
        return "never run to its end since it was created (run_on_change)"
    return ""
