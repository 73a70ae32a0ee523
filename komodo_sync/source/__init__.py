"""YAML and TOML text to plain nodes, each with its position."""
