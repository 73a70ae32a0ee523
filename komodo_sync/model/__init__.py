"""The values that everything else speaks of: addresses, diagnostics, desired and observed resources, plans, outcomes.

The standard library and msgspec alone; all of them are `data.Data`.
"""
