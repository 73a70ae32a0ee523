"""Between our values and the Core's JSON: ids become names, changes become requests, failure texts become errors.

The only place where a secret is revealed.
"""
