"""The values that everything else speaks of: addresses, diagnostics, desired and observed resources, plans, outcomes.

Standard library only.
"""
