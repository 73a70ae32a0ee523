"""komodo-sync.yaml, and where the connection comes from: flags, environment, profile."""
