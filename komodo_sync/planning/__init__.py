"""Desired x Observed -> Plan: match, compare, effects, guard, order. Pure."""

from komodo_sync.planning.dangling import dangling
from komodo_sync.planning.options import Limits, Options
from komodo_sync.planning.planner import make_plan

__all__ = ["Limits", "Options", "dangling", "make_plan"]
