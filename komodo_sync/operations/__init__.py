"""The Core's API as data: every operation, its parameters and their types."""
