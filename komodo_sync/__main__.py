"""`python -m komodo_sync`."""

from komodo_sync.cli import main

main()
