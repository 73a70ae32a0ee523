"""Desired x Observed -> Plan: match, compare, effects, guard, mask, order. Pure."""
