"""The values that everything else speaks of: addresses, diagnostics, desired and observed resources, plans and outcomes. Standard library only."""
