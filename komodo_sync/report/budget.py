"""How many bytes a Markdown document may have."""

GITHUB_BYTES = 65_536
"""What a comment on GitHub may hold."""

LEAST_BYTES = 4_096
"""The smallest room that a document is ever asked to fit into."""
