"""komodo-sync: keeps what a Komodo Core holds equal to YAML files in git."""
