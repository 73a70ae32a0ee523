"""What was asked: one file a command, no logic."""
