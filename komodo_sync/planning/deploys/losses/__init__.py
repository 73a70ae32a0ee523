"""Data that a deploy, a move, a delete or a prune leaves behind or takes: volumes, and files of hosts."""
