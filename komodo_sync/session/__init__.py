"""Puts it together: manifests and a connection in, a plan out; a plan in, an outcome out."""

from komodo_sync.session.approval import approved_options, check_core, judged
from komodo_sync.session.backup import back_up, check_backup
from komodo_sync.session.connection import EMBEDDED, Session, connect
from komodo_sync.session.drift import drift
from komodo_sync.session.idleness import plan_once_idle
from komodo_sync.session.observation import observe, plan, unowned
from komodo_sync.session.performance import apply, exit_code
from komodo_sync.session.refusals import check_refusals, refusal_of
from komodo_sync.session.scope import Given, given_variable, plan_options

__all__ = [
    "EMBEDDED",
    "Given",
    "Session",
    "apply",
    "approved_options",
    "back_up",
    "check_backup",
    "check_core",
    "check_refusals",
    "connect",
    "drift",
    "exit_code",
    "given_variable",
    "judged",
    "observe",
    "plan",
    "plan_once_idle",
    "plan_options",
    "refusal_of",
    "unowned",
]
