"""What of a value, a text or a plan may be shown: secrets are hidden, by what is known and by a guess. Pure.

A value goes through `mask`, its texts through `lines`. What is secret in a world is said by `secrets`, and `redaction`
looks at a plan last.
"""
